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
RIGHT = 20
"""Pixels right of a plot without labels there: half of the last number of its scale."""
_ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
_STEPS = np.array([1.0, 2.0, 5.0, 10.0])
"""Where a logarithmic axis may start and end within a decade."""
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

    def lift_zeros(self, values: Floats, below: float = 0.0) -> Floats:
        """`values` as they are drawn: what is 0 stands at the edge of a logarithmic axis, or decades `below` it."""
        return np.where(values <= 0, 10 ** (self.span[0] - below), values) if self.log else values


_DECADE_OF_TICKS, _CLOSE = 0.31, 0.6
"""Decades to a tick from which on Plotly names 1, 2 and 5, and decades that have room for more of them."""


def loss_axis(ceiling: float) -> Axis:
    """Losses from 0 to `ceiling`."""
    return Axis("Loss", _loss_in_words, (0.0, ceiling or 1.0))


def log_loss_axis(seen: Floats) -> Axis:
    """Losses by their powers of ten, over what was `seen` of them."""
    return Axis("Loss", _loss_in_words, _decades(seen, (0.1, 5.0)), ticks="~g", log=True)


def error_axis(seen: Floats) -> Axis:
    """Errors, what is missing from an accuracy of 100 %, by their powers of ten, over what was `seen` of them."""
    return Axis("Error in %", _percent_in_words, _decades(seen, (1.0, 100.0)), unit=" %", ticks="~g", log=True)


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


def _decades(seen: Floats, otherwise: tuple[float, float]) -> tuple[float, float]:
    """The powers of ten between which all that is above 0 lies, with a little room; they move in round steps."""
    above = seen[np.isfinite(seen) & (seen > 0)]
    low, high = (0.9 * float(above.min()), 1.1 * float(above.max())) if len(above) else otherwise
    lowest, highest = 10.0 ** floor(log10(low)), 10.0 ** floor(log10(high))
    return (
        log10(lowest * float(_STEPS[lowest * _STEPS <= low * (1 + 1e-9)].max(initial=1.0))),
        log10(highest * float(_STEPS[highest * _STEPS >= high * (1 - 1e-9)].min(initial=10.0))),
    )


def round_significant(value: float, digits: int) -> str:
    """`value` rounded to its first `digits`, without an exponent: 0.00012."""
    return np.format_float_positional(value, digits, unique=False, fractional=False, trim="-")


def lay_out(axis: Axis, end: float, colours: Palette, right: int, top: int = TOP) -> dict[str, Any]:
    """The layout of lines over the epochs 0 to `end`, with `right` or `top` pixels for their labels."""
    ticks = {"dtick": 1} if 2 < end <= 10 else {"nticks": 6}
    return {
        "template": make_template(colours),
        "margin": {"l": 66, "r": right, "t": top, "b": BOTTOM},
        "xaxis": {"range": [0, end], "title": {"text": "Epoch"}, **ticks},
        "yaxis": {
            "range": list(axis.span),
            "type": "log" if axis.log else "linear",
            "title": {"text": axis.title, "standoff": 4},
            "tickformat": axis.ticks,
            "exponentformat": "power",
            **_limit_ticks(axis),
        },
    }


def _limit_ticks(axis: Axis) -> dict[str, int]:
    """So few ticks over a decade and more that Plotly names 1, 2 and 5 of each, and not 7, 8 and 9 over one another."""
    decades = axis.span[1] - axis.span[0]
    return {"nticks": floor(decades / _DECADE_OF_TICKS)} if axis.log and decades > _CLOSE else {}


def plot_line(curves: Curves, step: Integers, values: Floats, name: str, axis: Axis) -> go.Scatter:
    """`values` (n,) at the batches of number `step` (n,), whose place and exact value are told under the pointer."""
    places, moved = curves.places_of(step).astype(np.int32), axis.log and bool((values <= 0).any())
    return go.Scatter(
        x=(step / curves.steps).astype(np.float32),
        y=axis.lift_zeros(values, below=1).astype(np.float32),
        customdata=np.column_stack([places, values]).astype(np.float32) if moved else places,
        mode="lines",
        hovertemplate="Epoch %{customdata[0]}, batch %{customdata[1]:,}"
        f" of {curves.steps:,}, step %{{customdata[2]:,}}<br>"
        + hover_text(name, axis, "customdata[3]" if moved else "y"),
    )


def hover_text(name: str, axis: Axis, value: str = "y") -> str:
    """What stands under the pointer: a name and the exact value."""
    return f"{name}: <b>%{{{value}:{axis.exact}}}</b>{axis.unit}<extra></extra>"


def _loss_in_words(value: float) -> str:
    if 0 < value < 0.01:
        return round_significant(value, 2)
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def _percent_in_words(value: float) -> str:
    return f"{value:.2f} %"
