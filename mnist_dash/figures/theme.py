"""The one source of colour: what `.streamlit/config.toml` says, for figures as for the pages around them."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Streamlit loads it with the first canvas or table. Plotly looks for it among the loaded modules and would take it half
# loaded, where another visitor's page is just loading it: an import waits for the whole. Every figure imports this
# module; the import of a package alone waits for nobody who is still loading it.
import pandas as pandas  # type: ignore[import-untyped]

from mnist_dash.place import APP

CONFIG = APP / ".streamlit" / "config.toml"

FONT = '"Source Sans", sans-serif'
"""Streamlit's own face, which it serves itself; its figures are tabular."""

MNIST_SCALE = ((0.0, "black"), (1.0, "white"))
"""Pixel values as MNIST shows them, white on black in both themes."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme as `#rrggbb`.

    `paper` is the page, `panel` a surface on it, `ink` text and digits, `line` borders and grids, `muted` what
    steps back, `accent` what can be done or has won (as text and line, so that it reads on paper), `right` and
    `wrong` answers only. `digits` holds one colour a class, `sequential` and `diverging` ten steps each.
    """

    paper: str
    panel: str
    ink: str
    line: str
    muted: str
    accent: str
    right: str
    wrong: str
    digits: tuple[str, ...]
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]


@lru_cache(maxsize=2)
def load_palette(dark: bool) -> Palette:
    """The palette of the dark or the light theme."""
    theme = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]["dark" if dark else "light"]
    return Palette(
        paper=theme["backgroundColor"],
        panel=theme["secondaryBackgroundColor"],
        ink=theme["textColor"],
        line=theme["borderColor"],
        muted=theme["grayColor"],
        accent=theme["linkColor"],
        right=theme["greenColor"],
        wrong=theme["redColor"],
        digits=tuple(theme["chartCategoricalColors"]),
        sequential=tuple(theme["chartSequentialColors"]),
        diverging=tuple(theme["chartDivergingColors"]),
    )


def rgb_of(colour: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255 of `#rrggbb`."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def fade(colour: str, opacity: float) -> str:
    """`colour` with an opacity from 0 to 1, in CSS notation."""
    red, green, blue = rgb_of(colour)
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


def make_scale(colours: tuple[str, ...]) -> list[tuple[float, str]]:
    """A Plotly colour scale of equally spaced `colours`."""
    return [(i / (len(colours) - 1), colour) for i, colour in enumerate(colours)]


@lru_cache(maxsize=2)
def make_template(colours: Palette) -> Any:  # noqa: ANN401 - Plotly carries no types
    """The Plotly template of every figure: no background, a quiet grid, the page's face, labels that read."""
    from plotly import graph_objects as go

    return go.layout.Template(layout=_layout(colours), data={"heatmap": [{"colorbar": _colour_bar(colours)}]})


def _layout(colours: Palette) -> dict[str, Any]:
    clear = fade(colours.paper, 0)
    return {
        "paper_bgcolor": clear,
        "plot_bgcolor": clear,
        "font": {"family": FONT, "size": 14, "color": colours.ink},
        "colorway": list(colours.digits),
        "colorscale": {"sequential": make_scale(colours.sequential), "diverging": make_scale(colours.diverging)},
        "margin": {"l": 56, "r": 16, "t": 16, "b": 48},
        "xaxis": _axis(colours),
        "yaxis": _axis(colours),
        "showlegend": False,
        "dragmode": "zoom",
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": colours.panel,
            "bordercolor": colours.line,
            "font": {"family": FONT, "size": 14, "color": colours.ink},
            "align": "left",
        },
        "modebar": {"bgcolor": clear, "color": colours.muted, "activecolor": colours.accent},
        "separators": ".,",
    }


def _axis(colours: Palette) -> dict[str, Any]:
    return {
        "gridcolor": fade(colours.line, 0.6),
        "linecolor": colours.line,
        # Invisible ticks: only the space between a scale and its plot.
        "ticks": "outside",
        "ticklen": 5,
        "tickcolor": fade(colours.line, 0),
        "tickfont": {"size": 13, "color": colours.muted},
        "title": {"font": {"size": 13, "color": colours.muted}, "standoff": 8},
        "zeroline": False,
        "automargin": True,
    }


def _colour_bar(colours: Palette) -> dict[str, Any]:
    return {"thickness": 12, "outlinewidth": 0, "tickfont": {"size": 12, "color": colours.muted}}
