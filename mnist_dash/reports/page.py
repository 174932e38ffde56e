"""One HTML file that holds all that it shows: words, tables, figures, and what draws them."""

import base64
import gzip
import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mnist_dash.errors import ModelError
from mnist_dash.escaping import printable
from mnist_dash.figures.theme import load_palette
from mnist_dash.place import find_plotly

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure as Plotly's JSON, its height in pixels, and what it shows; a `square` one is no wider than high."""

    plot: str
    height: int
    words: str
    square: bool = False


def escape(text: object) -> str:
    """Text that people wrote, as it stands."""
    return html.escape(printable(text))


def write_list(facts: Mapping[str, object]) -> str:
    """Names and what they are, in two columns."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return f"<dl>{rows}</dl>"


def write_table(caption: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; the first cell of each row names it."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def write_figure(figure: Figure) -> str:
    """A figure, which the browser draws when it opens the file."""
    # Within a script no text may end it.
    plot = figure.plot.replace("<", "\\u003c")
    kind = ' class="square"' if figure.square else ""
    return (
        f'<figure{kind}><div class="plot" style="height:{figure.height}px" role="img" '
        f'aria-label="{escape(figure.words)}"></div><script type="application/json">{plot}</script>'
        f"<figcaption>{escape(figure.words)}</figcaption></figure>"
    )


def write_page(title: str, parts: Iterable[str]) -> bytes:
    """The whole file; raises ModelError where plotly.js is missing."""
    tones = load_palette(dark=False)
    colours = "".join(
        f"--{name}:{getattr(tones, name)};" for name in ("paper", "panel", "ink", "line", "muted", "accent")
    )
    style = f":root{{{colours}}}{(_HERE / 'report.css').read_text('utf-8')}"
    return "".join(
        (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>{style}</style></head><body><main>",
            *parts,
            "</main>",
            f'<script type="text/plain" id="library">{_pack_library()}</script>',
            f"<script>{(_HERE / 'report.js').read_text('utf-8')}</script></body></html>\n",
        )
    ).encode()


@lru_cache(maxsize=1)
def _pack_library() -> str:
    """plotly.js in a third of its size, as text."""
    path = find_plotly()
    if path is None or not path.is_file():
        raise ModelError("plotly.js is missing, with which a report draws. Install plotly again: `make setup`.")
    return base64.b64encode(gzip.compress(path.read_bytes(), mtime=0)).decode("ascii")
