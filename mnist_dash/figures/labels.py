"""Labels at the ends of lines instead of a legend, moved apart where they would cover each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mnist_dash.escaping import escape_html
from mnist_dash.figures.axes import BOTTOM, TOP, Axis
from mnist_dash.figures.series import Reading

_HEIGHT = 38
"""Pixels of a label of two rows."""


@dataclass(frozen=True, slots=True)
class Label:
    """What stands at the end of a line: `y` is a value of the axis, `small` a second row or nothing."""

    y: float
    text: str
    small: str
    colour: str


def label_reading(name: str, values: Reading, axis: Axis, colour: str) -> Label:
    """The latest value of a line, and below it the least and the greatest."""
    latest, least, greatest = map(axis.in_words, (values.latest, values.least, values.greatest))
    return Label(values.latest, f"{name} <b>{latest}</b>", f"{least} to {greatest}" if least < greatest else "", colour)


def annotate(labels: Sequence[Label], x: float, axis: Axis, height: int) -> list[dict[str, Any]]:
    """The labels right of `x`, in a figure of `height` pixels, each as near to its value as the others allow."""
    room, (low, high) = height - TOP - BOTTOM, axis.span
    ordered = sorted(labels, key=lambda label: label.y)
    wanted = [(axis.at(label.y) - low) / (high - low) * room for label in ordered]
    placed = zip(ordered, wanted, spread_apart(wanted, _HEIGHT, room), strict=True)
    return [_annotation(label, x, axis.at(label.y), given - pixel) for label, pixel, given in placed]


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


def _annotation(label: Label, x: float, y: float, shift: float) -> dict[str, Any]:
    small = f"<br><span style='font-size:11px'>{label.small}</span>" if label.small else ""
    return {
        "x": x,
        "y": y,
        "text": label.text + small,
        "font": {"size": 13, "color": label.colour},
        "showarrow": False,
        "xanchor": "left",
        "xshift": 10,
        "yshift": shift,
        "align": "left",
    }
