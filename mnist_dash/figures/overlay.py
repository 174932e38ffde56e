"""Many runs in one figure: a line each, epoch by epoch, named where it ends.

Runs that differ in their seed alone are one line, their mean, in a band from the lowest to the highest of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.arrays import Floats
from mnist_dash.escaping import escape_html
from mnist_dash.figures.axes import BOTTOM, TOP, Axis, accuracy_axis, hover_text, lay_out, loss_axis, round_up
from mnist_dash.figures.labels import shorten, spread_apart
from mnist_dash.figures.theme import Palette, fade
from mnist_dash.runs.records import Epoch

HEIGHT = 340
"""Pixels that the figure is made for."""
_DASHES = ("solid", "dash", "dot", "dashdot")
_ROW = 16
_LETTERS = 20
"""Letters of a name beside the plot; the whole name stands under the pointer."""
_LETTER = 6.2
"""Pixels of a letter there, more or less."""


class Metric(StrEnum):
    """What can be compared of runs, epoch by epoch."""

    VALIDATION_ACCURACY = "validation accuracy"
    TRAINING_ACCURACY = "training accuracy"
    VALIDATION_LOSS = "validation loss"
    TRAINING_LOSS = "training loss"


class Clock(StrEnum):
    """What a run is measured against."""

    EPOCHS = "epochs"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Track:
    """A run to be compared: its name and its finished epochs, and in `repeats` those of the same with other seeds."""

    name: str
    epochs: Sequence[Epoch]
    repeats: Sequence[Sequence[Epoch]] = ()

    @property
    def seeds(self) -> list[Sequence[Epoch]]:
        """The finished epochs of every seed, as far as all of them got: a mean of fewer would jump."""
        every = [self.epochs, *self.repeats]
        shortest = min(map(len, every))
        return [epochs[:shortest] for epochs in every]


def plot_overlay(tracks: Sequence[Track], metric: Metric, colours: Palette, clock: Clock = Clock.EPOCHS) -> go.Figure:
    """The runs' `metric` against epochs or seconds of training; a run without such figures is left out."""
    lines = [line for i, track in enumerate(tracks) if (line := _line_of(track, metric, clock, _style(i, colours)))]
    # Between the longest line and the labels there is room for the threads that lead to them.
    axis, end = _axis(lines, metric), 1.05 * max((float(line.x[-1]) for line in lines), default=1.0)
    letters = max((min(len(line.name), _LETTERS) for line in lines), default=0)
    shown = lay_out(axis, end, colours, right=round(_LETTER * (letters + 9)))
    shown["xaxis"]["title"] = {"text": "Epoch" if clock is Clock.EPOCHS else "Seconds of training"}
    shown["annotations"] = _labels(lines, axis, end, colours)
    bands = [_band(line) for line in lines if line.seeds > 1]
    return go.Figure([*bands, *(_trace(line, axis, clock) for line in lines)], shown)


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A line (n,) with the `low` and `high` of so many `seeds` around it."""

    name: str
    x: Floats
    y: Floats
    low: Floats
    high: Floats
    style: dict[str, Any]
    epoch: Floats
    seeds: int


def _style(place: int, colours: Palette) -> dict[str, Any]:
    """A colour for each of ten runs, and another dash for each ten more."""
    tens, colour = divmod(place, len(colours.digits))
    return {"color": colours.digits[colour], "dash": _DASHES[tens % len(_DASHES)], "width": 2}


def _line_of(track: Track, metric: Metric, clock: Clock, style: dict[str, Any]) -> _Line | None:
    seeds = track.seeds
    values = np.array([[_value(epoch, metric) for epoch in epochs] for epochs in seeds], np.float64)
    epoch = np.array([e.epoch for e in seeds[0]], np.float64)
    seconds = np.cumsum([[e.seconds for e in epochs] for epochs in seeds], axis=1).mean(axis=0)
    known = np.isfinite(values).all(axis=0)
    if not known.any():
        return None
    x, values = (epoch if clock is Clock.EPOCHS else seconds)[known], values[:, known]
    low, high = values.min(axis=0), values.max(axis=0)
    return _Line(track.name, x, values.mean(axis=0), low, high, style, epoch[known], len(seeds))


def _value(epoch: Epoch, metric: Metric) -> float | None:
    match metric:
        case Metric.VALIDATION_ACCURACY:
            return None if epoch.validation_accuracy is None else 100 * epoch.validation_accuracy
        case Metric.TRAINING_ACCURACY:
            return 100 * epoch.accuracy
        case Metric.VALIDATION_LOSS:
            return epoch.validation_loss
        case Metric.TRAINING_LOSS:
            return epoch.loss


def _axis(lines: Sequence[_Line], metric: Metric) -> Axis:
    """An axis for where the runs end; how they began may lie beyond it."""
    ends, peaks = [float(line.y[-1]) for line in lines], [float(line.y.max()) for line in lines]
    if metric in (Metric.VALIDATION_ACCURACY, Metric.TRAINING_ACCURACY):
        return accuracy_axis(min(ends, default=0.0) - 1)
    return loss_axis(round_up(min(2 * max(ends, default=0.0), 1.1 * max(peaks, default=0.0))))


def _trace(line: _Line, axis: Axis, clock: Clock) -> go.Scatter:
    return go.Scatter(
        x=line.x,
        y=line.y,
        name=escape_html(line.name),
        customdata=line.epoch if line.seeds == 1 else np.column_stack([line.epoch, line.low, line.high]),
        mode="lines+markers",
        line=line.style,
        marker={"size": 5 if len(line.x) <= 30 else 3},
        hovertemplate="<b>%{fullData.name}</b><br>" + _hover(line, axis, clock),
    )


def _hover(line: _Line, axis: Axis, clock: Clock) -> str:
    """What stands under the pointer, below the name."""
    after = "" if clock is Clock.EPOCHS else ", %{x:.1f} s"
    if line.seeds == 1:
        return hover_text(f"Epoch %{{customdata}}{after}", axis)
    span = f"%{{customdata[1]:{axis.exact}}} to %{{customdata[2]:{axis.exact}}}{axis.unit}"
    mean = hover_text(f"Epoch %{{customdata[0]}}{after}, mean of {line.seeds} seeds", axis)
    return mean.replace("<extra>", f"<br>Lowest to highest seed: {span}<extra>")


def _band(line: _Line) -> go.Scatter:
    """What lies between the lowest and the highest seed."""
    return go.Scatter(
        x=np.concatenate([line.x, line.x[::-1]]),
        y=np.concatenate([line.high, line.low[::-1]]),
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=fade(line.style["color"], 0.2),
        hoverinfo="skip",
    )


def _labels(lines: Sequence[_Line], axis: Axis, end: float, colours: Palette) -> list[dict[str, Any]]:
    """Names right of the plot, in the order of the lines' ends, each with a thin line to its own."""
    room, (low, high) = HEIGHT - TOP - BOTTOM, axis.span
    best = sorted(lines, key=lambda line: line.y[-1], reverse=axis.greater_is_better)[: int(room // _ROW)]
    ordered = sorted(best, key=lambda line: float(line.y[-1]))
    wanted = [(axis.at(float(line.y[-1])) - low) / (high - low) * room for line in ordered]
    heights = (low + centre / room * (high - low) for centre in spread_apart(wanted, _ROW, room))
    labels = [_label(line, height, axis, end, colours) for line, height in zip(ordered, heights, strict=True)]
    return labels + _rest(len(lines) - len(best), colours)


def _rest(count: int, colours: Palette) -> list[dict[str, Any]]:
    """How many lines have no label."""
    place = {"x": 1, "xref": "paper", "y": 0, "yref": "paper", "xanchor": "left", "yanchor": "top", "showarrow": False}
    words = {"text": f"and {count} more", "font": {"size": 12, "color": colours.muted}}
    return [place | words] if count else []


def _label(line: _Line, height: float, axis: Axis, end: float, colours: Palette) -> dict[str, Any]:
    value, tone = axis.in_words(float(line.y[-1])).removesuffix(axis.unit), line.style["color"]
    return {
        "x": float(line.x[-1]),
        "y": axis.at(float(line.y[-1])),
        "axref": "x",
        "ayref": "y",
        "ax": end,
        "ay": height,
        "text": f"<span style='color:{tone}'>●</span> <b>{value}</b> {shorten(line.name, _LETTERS)}",
        "font": {"size": 12, "color": colours.ink},
        "xanchor": "left",
        "align": "left",
        "showarrow": True,
        "arrowhead": 0,
        "arrowwidth": 1,
        "arrowcolor": fade(tone, 0.5),
    }
