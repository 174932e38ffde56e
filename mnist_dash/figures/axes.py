"""What the figures of runs share: axes that move seldom, values in words, and batches that know their place."""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, log10
from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.arrays import Floats, Integers
from mnist_dash.figures.curves import Curves
from mnist_dash.figures.theme import Palette, make_template

TOP, BOTTOM = 16, 48
"""Pixels above and below the axes, at every height."""
_ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
_FLOORS = np.array([0.0, 50.0, 80.0, 90.0, 95.0, 98.0, 99.0])
"""Where the accuracy axis may start, so that it moves seldom."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A vertical axis: how values are written in words, what `span` it shows (powers of ten where it is `log`).

    `unit` follows a value under the pointer; `ticks` and `exact` are the formats of the scale and under the pointer,
    in d3's notation.
    """

    title: str
    in_words: Callable[[float], str]
    span: tuple[float, float]
    unit: str = ""
    ticks: str = ""
    exact: str = ".5~g"
    greater_is_better: bool = False
    log: bool = False

    def at(self, value: float) -> float:
        """Where a value stands, in the terms of `span`: at the edge where it lies beyond."""
        return float(np.clip(log10(value) if self.log else value, *self.span))


def loss_axis(ceiling: float) -> Axis:
    """Losses from 0 to `ceiling`."""
    return Axis("Loss", _loss_in_words, (0.0, ceiling or 1.0))


def accuracy_axis(lowest: float) -> Axis:
    """Accuracies in per cent, from a round number below `lowest` up to all."""
    low = float(_FLOORS[lowest >= _FLOORS].max(initial=0))
    # Two hundredths of the axis above 100 % keep a perfect line from being cut in half.
    return Axis("Accuracy in %", _percent_in_words, (low, 100 + (100 - low) / 50), unit=" %", greater_is_better=True)


def round_up(value: float) -> float:
    """The next round number: the end of an axis that grows in steps."""
    power = 10.0 ** floor(log10(value)) if value > 0 else 1.0
    # A value that is round but for the last bits of a float is round.
    return next(step * power for step in _ROUND if value <= step * power * (1 + 1e-9))


def round_significant(value: float, digits: int) -> str:
    """`value` rounded to its first `digits`, without an exponent: 0.00012."""
    return np.format_float_positional(value, digits, unique=False, fractional=False, trim="-")


def lay_out(axis: Axis, end: float, colours: Palette, right: int) -> dict[str, Any]:
    """The layout of lines over the epochs 0 to `end`, with `right` pixels for the labels at their ends."""
    ticks = {"dtick": 1} if 2 < end <= 10 else {"nticks": 6}
    return {
        "template": make_template(colours),
        "margin": {"l": 66, "r": right, "t": TOP, "b": BOTTOM},
        "xaxis": {"range": [0, end], "title": {"text": "Epoch"}, **ticks},
        "yaxis": {
            "range": list(axis.span),
            "type": "log" if axis.log else "linear",
            "title": {"text": axis.title, "standoff": 4},
            "tickformat": axis.ticks,
            "exponentformat": "power",
        },
    }


def plot_line(curves: Curves, step: Integers, values: Floats, name: str, axis: Axis) -> go.Scatter:
    """`values` (n,) at the batches of number `step` (n,), whose place is told under the pointer."""
    return go.Scatter(
        x=(step / curves.steps).astype(np.float32),
        y=values.astype(np.float32),
        customdata=curves.places_of(step).astype(np.int32),
        mode="lines",
        hovertemplate="Epoch %{customdata[0]}, batch %{customdata[1]:,}"
        f" of {curves.steps:,}, step %{{customdata[2]:,}}<br>{hover_text(name, axis)}",
    )


def hover_text(name: str, axis: Axis) -> str:
    """What stands under the pointer: a name and the exact value."""
    return f"{name}: <b>%{{y:{axis.exact}}}</b>{axis.unit}<extra></extra>"


def _loss_in_words(value: float) -> str:
    if 0 < value < 0.01:
        return round_significant(value, 2)
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def _percent_in_words(value: float) -> str:
    return f"{value:.2f} %"
