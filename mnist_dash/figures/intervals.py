"""Test accuracies side by side, each with the interval in which it may just as well have come out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.analysis.run_titles import title_of
from mnist_dash.analysis.seeds import SeedGroup
from mnist_dash.escaping import escape_html
from mnist_dash.figures.labels import shorten
from mnist_dash.figures.theme import Palette, fade, make_template
from mnist_dash.words import percent

_ROW = 28
_TOP, _BOTTOM = 8, 48
_LETTERS = 24


@dataclass(frozen=True, slots=True)
class Interval:
    """The accuracy of a run or a group of runs, from 0 to 1, with its 95 % interval; `of` says of how many what.

    `parts` are the accuracies that it is the mean of.
    """

    name: str
    accuracy: float
    low: float
    high: float
    of: str
    parts: Sequence[float] = ()


def describe_group(group: SeedGroup, title: str = "") -> Interval | None:
    """A group as a row of the figure; None where it has not been tested."""
    score = group.runs[0].score
    if group.is_several:
        of = f"mean of {len(group.tested)} seeds"
        return Interval(title or title_of(group), *group.interval, of, tuple(group.accuracies))
    if score is None:
        return None
    return Interval(title_of(group), score.accuracy, score.low, score.high, f"{score.images:,} test images")


def height(rows: int) -> int:
    """The pixels that a figure of so many rows is made for."""
    return _TOP + _BOTTOM + _ROW * max(rows, 1)


def plot_intervals(
    rows: Sequence[Interval], colours: Palette, title: str = "Test accuracy in %", *, rivals: bool = True
) -> go.Figure:
    """A dot and a whisker for each row, from above.

    Where they are `rivals`, the best, the first among equals, stands out, and the band is its interval.
    """
    best = max(range(len(rows)), key=lambda i: rows[i].accuracy, default=None) if rivals else None
    return go.Figure([_dots(rows, best, colours), *_parts(rows, colours)], _layout(rows, best, title, colours))


def _parts(rows: Sequence[Interval], colours: Palette) -> list[go.Scatter]:
    """A small ring for each accuracy that a row is the mean of; nothing where none is a mean."""
    places = [(100 * part, i) for i, row in enumerate(rows) for part in row.parts]
    if not places:
        return []
    x, y = zip(*places, strict=True)
    marker = {"size": 5, "symbol": "circle-open", "color": colours.muted}
    hover = "One seed: <b>%{x:.2f} %</b><extra></extra>"
    return [go.Scatter(x=x, y=y, mode="markers", marker=marker, hovertemplate=hover, cliponaxis=False)]


def _dots(rows: Sequence[Interval], best: int | None, colours: Palette) -> go.Scatter:
    accuracy, low, high = (100 * np.array([getattr(row, of) for row in rows]) for of in ("accuracy", "low", "high"))
    tones = [colours.accent if i == best else colours.ink for i in range(len(rows))]
    return go.Scatter(
        x=accuracy,
        y=np.arange(len(rows)),
        mode="markers",
        marker={"size": 9, "color": tones},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": high - accuracy,
            "arrayminus": accuracy - low,
            "color": colours.muted,
            "thickness": 1.5,
            "width": 4,
        },
        customdata=[[escape_html(row.name), row.of, percent(row.low), percent(row.high)] for row in rows],
        hovertemplate="<b>%{customdata[0]}</b>, %{customdata[1]}<br><b>%{x:.2f} %</b>, "
        "95 % interval %{customdata[2]} to %{customdata[3]}<extra></extra>",
        cliponaxis=False,
    )


def _layout(rows: Sequence[Interval], best: int | None, title: str, colours: Palette) -> dict[str, Any]:
    return {
        "template": make_template(colours),
        "margin": {"l": 56, "r": 72, "t": _TOP, "b": _BOTTOM},
        "xaxis": {"range": _span(rows), "title": {"text": title}, "nticks": 5},
        "yaxis": {
            "range": [max(len(rows), 1) - 0.5, -0.5],
            "tickvals": list(range(len(rows))),
            "ticktext": [shorten(row.name, _LETTERS) for row in rows],
            "tickfont": {"color": colours.ink},
            "showgrid": False,
            "fixedrange": True,
        },
        "annotations": [_accuracy(i, row, i == best, colours) for i, row in enumerate(rows)],
        "shapes": [] if best is None else [_band(rows[best], colours)],
    }


def _span(rows: Sequence[Interval]) -> list[float]:
    low = 100 * min((end for row in rows for end in (row.low, *row.parts)), default=0.0)
    high = 100 * max((end for row in rows for end in (row.high, *row.parts)), default=1.0)
    room = 0.06 * (high - low)
    return [max(0.0, low - room), min(100.0, high + room)]


def _accuracy(place: int, row: Interval, best: bool, colours: Palette) -> dict[str, Any]:
    return {
        "x": 1,
        "xref": "paper",
        "y": place,
        "text": f"<b>{percent(row.accuracy)}</b>" if best else percent(row.accuracy),
        "font": {"color": colours.accent if best else colours.ink},
        "showarrow": False,
        "xanchor": "right",
        "xshift": 70,
    }


def _band(best: Interval, colours: Palette) -> dict[str, Any]:
    sides = {"x0": 100 * best.low, "x1": 100 * best.high, "y0": 0, "y1": 1, "yref": "paper"}
    return {"type": "rect", **sides, "fillcolor": fade(colours.accent, 0.1), "line": {"width": 0}, "layer": "below"}
