"""Accuracy of methods against what each of them costs: dots for what was measured, rings for what others published."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

from plotly import graph_objects as go

from mnist_dash.escaping import escape_html
from mnist_dash.figures.theme import Palette, make_template
from mnist_dash.words import percent

HEIGHT = 440
_ERRORS = (0.9, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002)
"""Shares read wrong at which the axis tells the accuracy."""
_LETTER, _LINE, _DOT = 6.4, 15, 8
"""Pixels of a letter, a line and a dot: what a name takes, and must leave free."""
_SIZE = (480, 376)
"""Pixels between the axes, about: on a phone there is less, on a laptop more."""


@dataclass(frozen=True, slots=True)
class Point:
    """An accuracy from 0 to 1, with its 95 % interval where there is one, at a `cost` above 0.

    A short `name` stands beside it; `title` and `told` say more under the pointer.
    """

    name: str
    title: str
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
    return [place, escape_html(point.title), percent(point.accuracy), escape_html(point.told)]


def _place(points: Sequence[Point]) -> dict[str, Any]:
    return {"x": [point.cost for point in points], "y": [1 - point.accuracy for point in points]}


def _name_points(points: Sequence[Point], measured: int, chosen: int | None, colours: Palette) -> list[dict[str, Any]]:
    """The names of those points that have room for one, the chosen one first."""
    width, height = _span([point.cost for point in points], 0.12), _span([1 - point.accuracy for point in points], 0.1)
    places = [(_SIZE[0] * _share(point.cost, width), _SIZE[1] * _share(1 - point.accuracy, height)) for point in points]
    taken = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in places]
    notes = []
    for place in sorted(range(len(points)), key=lambda place: (place != chosen, place)):
        found = _find_room(points[place].name, places[place], taken, must=place == chosen)
        if found:
            box, left = found
            taken.append(box)
            tone = colours.accent if place == chosen else colours.muted if place >= measured else colours.ink
            notes.append(_name(points[place], left, tone))
    return notes


def _share(value: float, span: Sequence[float]) -> float:
    return (log10(value) - span[0]) / (span[1] - span[0])


Box = tuple[float, float, float, float]


def _find_room(name: str, at: tuple[float, float], taken: Sequence[Box], *, must: bool) -> tuple[Box, bool] | None:
    """Where a name fits beside its point, and whether that is on its left; None where it would cover another."""
    long, (x, y) = _LETTER * len(name), at
    boxes = [
        ((x + _DOT, y - _LINE / 2, x + _DOT + long, y + _LINE / 2), False),
        ((x - _DOT - long, y - _LINE / 2, x - _DOT, y + _LINE / 2), True),
    ]
    inside = [found for found in boxes if found[0][0] >= 0 and found[0][2] <= _SIZE[0]]
    free = [found for found in inside if not any(_overlap(found[0], other) for other in taken)]
    return next(iter(free), (inside or boxes)[0] if must else None)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _name(point: Point, left: bool, tone: str) -> dict[str, Any]:
    return {
        "x": log10(point.cost),
        "y": log10(1 - point.accuracy),
        "text": escape_html(point.name),
        "font": {"size": 12, "color": tone},
        "showarrow": False,
        "xanchor": "right" if left else "left",
        "xshift": -_DOT if left else _DOT,
    }
