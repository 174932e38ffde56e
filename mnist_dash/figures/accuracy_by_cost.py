"""Accuracy of methods against what each of them costs: dots for what was measured, rings for what others published."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

from plotly import graph_objects as go

from mnist_dash.escaping import escape_html
from mnist_dash.figures.labels import shorten
from mnist_dash.figures.theme import Palette, make_template
from mnist_dash.words import percent

HEIGHT = 440
_ERRORS = (0.9, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002)
"""Shares read wrong at which the axis tells the accuracy."""
_LETTERS = 26
_APART = (0.17, 0.05)
"""Shares of the width and the height within which a second name would cover the first."""


@dataclass(frozen=True, slots=True)
class Point:
    """An accuracy from 0 to 1, with its 95 % interval where there is one, at a `cost` above 0; `told` says more."""

    name: str
    accuracy: float
    cost: float
    told: str
    interval: tuple[float, float] | None = None


def plot_accuracy_by_cost(
    measured: Sequence[Point], published: Sequence[Point], cost: str, chosen: int | None, colours: Palette
) -> go.Figure:
    """Both axes are logarithmic: each step upwards makes the mistakes fewer by one and the same share.

    The first value of each measured point's `customdata` is its place; the `chosen` one stands out.
    """
    traces = [_draw_published(published, colours), _draw_measured(measured, chosen, colours)]
    points = [*measured, *published]
    layout = {
        "template": make_template(colours),
        "margin": {"l": 72, "r": 24, "t": 12, "b": 52},
        "xaxis": {
            "type": "log",
            "title": {"text": cost},
            "range": _span([point.cost for point in points], 0.12),
            "dtick": 1,
            "tickformat": "~s",
        },
        "yaxis": {
            "type": "log",
            "title": {"text": "Test accuracy", "standoff": 4},
            "range": _span([1 - point.accuracy for point in points], 0.1)[::-1],
            "tickvals": _ERRORS,
            "ticktext": [f"{100 * (1 - error):g} %" for error in _ERRORS],
        },
        "annotations": _name_points(points, len(measured), chosen, colours),
        "uirevision": cost,
    }
    return go.Figure(traces, layout)


def _span(values: Sequence[float], room: float) -> list[float]:
    """The decades from the lowest to the highest value, with a share of `room` on both sides."""
    low, high = log10(min(values)), log10(max(values))
    spread = max(high - low, 0.5)
    return [low - room * spread, high + room * spread]


def _draw_measured(points: Sequence[Point], chosen: int | None, colours: Palette) -> go.Scatter:
    ends = [point.interval or (point.accuracy, point.accuracy) for point in points]
    return go.Scatter(
        **_place(points),
        mode="markers",
        marker={
            "size": [13 if place == chosen else 9 for place in range(len(points))],
            "color": [colours.accent if place == chosen else colours.ink for place in range(len(points))],
        },
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [point.accuracy - low for point, (low, _) in zip(points, ends, strict=True)],
            "arrayminus": [high - point.accuracy for point, (_, high) in zip(points, ends, strict=True)],
            "color": colours.muted,
            "thickness": 1.2,
            "width": 3,
        },
        customdata=[_tell(place, point) for place, point in enumerate(points)],
        hovertemplate=_HOVER,
    )


def _draw_published(points: Sequence[Point], colours: Palette) -> go.Scatter:
    return go.Scatter(
        **_place(points),
        mode="markers",
        marker={"size": 9, "symbol": "circle-open", "color": colours.muted, "line": {"width": 1.5}},
        # No places among the measured ones: a click on them chooses nothing.
        customdata=[_tell(-1, point) for point in points],
        hovertemplate=_HOVER,
    )


_HOVER = "<b>%{customdata[1]}</b><br>%{customdata[2]}<br>%{customdata[3]}<extra></extra>"


def _tell(place: int, point: Point) -> list[object]:
    return [place, escape_html(point.name), percent(point.accuracy), escape_html(point.told)]


def _place(points: Sequence[Point]) -> dict[str, Any]:
    return {"x": [point.cost for point in points], "y": [1 - point.accuracy for point in points]}


def _name_points(points: Sequence[Point], measured: int, chosen: int | None, colours: Palette) -> list[dict[str, Any]]:
    """The names of those points that have room for one, the chosen one first."""
    order = sorted(range(len(points)), key=lambda place: (place != chosen, place))
    width = _span([point.cost for point in points], 0.12)
    height = _span([1 - point.accuracy for point in points], 0.1)
    taken: list[tuple[float, float]] = []
    for place in order:
        at = _share(points[place].cost, width), _share(1 - points[place].accuracy, height)
        if all(abs(at[0] - x) > _APART[0] or abs(at[1] - y) > _APART[1] for x, y in taken):
            taken.append(at)
        else:
            order = [other for other in order if other != place]
    return [_name(points[place], place >= measured, place == chosen, width, colours) for place in order]


def _share(value: float, span: Sequence[float]) -> float:
    return (log10(value) - span[0]) / (span[1] - span[0])


def _name(point: Point, published: bool, chosen: bool, width: Sequence[float], colours: Palette) -> dict[str, Any]:
    right = _share(point.cost, width) > 0.55
    tone = colours.accent if chosen else colours.muted if published else colours.ink
    return {
        "x": log10(point.cost),
        "y": log10(1 - point.accuracy),
        "text": shorten(point.name, _LETTERS),
        "font": {"size": 12, "color": tone},
        "showarrow": False,
        "xanchor": "right" if right else "left",
        "xshift": -10 if right else 10,
    }
