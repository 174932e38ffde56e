"""What lines are called instead of a legend: above their plot, and places for names that would cover each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mnist_dash.escaping import escape_html
from mnist_dash.figures.axes import Axis
from mnist_dash.figures.series import Reading

HEAD = 52
"""Pixels above a plot for labels of two rows."""
_COLUMN = 148
"""Pixels of a label: two of them stand side by side on a phone."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is said of a line, with a `small` second row or nothing."""

    text: str
    small: str
    colour: str


def label_reading(name: str, values: Reading, axis: Axis, colour: str) -> Label:
    """The latest value of a line, and below it the least and the greatest."""
    latest, least, greatest = map(axis.in_words, (values.latest, values.least, values.greatest))
    return Label(f"{name} <b>{latest}</b>", f"{least} to {greatest}" if least < greatest else "", colour)


def annotate(labels: Sequence[Label]) -> list[dict[str, Any]]:
    """The labels side by side above the plot, whose whole width the lines have; each begins with its line's colour."""
    return [_annotation(label, place * _COLUMN) for place, label in enumerate(labels)]


def spread_apart(wanted: Sequence[float], size: float, room: float) -> list[float]:
    """Centres for things of `size` in `room`, in the order of `wanted` and as near to it as least squares come.

    With each thing's own place in the row taken off, this is isotonic regression by pooling adjacent violators:
    Barlow, Bartholomew, Bremner and Brunk, "Statistical Inference under Order Restrictions" (1972).
    """
    pools: list[tuple[float, int]] = []
    for i, centre in enumerate(wanted):
        total, count = centre - i * size, 1
        while pools and pools[-1][0] * count > total * pools[-1][1]:
            total, count = total + pools[-1][0], count + pools.pop()[1]
        pools.append((total, count))
    fitted = [total / count for total, count in pools for _ in range(count)]
    low, high = size / 2, room - size / 2 - (len(wanted) - 1) * size
    return [i * size + max(low, min(high, centre)) for i, centre in enumerate(fitted)]


def shorten(name: str, letters: int) -> str:
    """A name in at most so many letters, as HTML: what is left out is its middle, since names differ at their ends."""
    if len(name) > letters:
        name = f"{name[: letters // 2].rstrip()}…{name[len(name) + 1 - (letters + 1) // 2 :].lstrip()}"
    return escape_html(name)


def _annotation(label: Label, right: int) -> dict[str, Any]:
    small = f"<span style='font-size:12px'>{label.small or ' '}</span>"
    return {
        "x": 0,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "text": f"● {label.text}<br>{small}",
        "font": {"size": 14, "color": label.colour},
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "bottom",
        "xshift": right,
        "yshift": 4,
        "align": "left",
    }
