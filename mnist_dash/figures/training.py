"""Learning curves: loss and accuracy, batch by batch and epoch by epoch, on one axis in epochs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.figures.series import Reading, Series, reading, smoothed, thinned
from mnist_dash.figures.theme import Palette, faded, template
from mnist_dash.runs.records import Batches, Epoch

HEIGHT = 220
"""Pixels that these figures are made for: two of them, one above the other, fit a laptop's screen."""
_PLOT_HEIGHT = HEIGHT - 64
"""Pixels between the axes, which the labels at the lines' ends share."""
_LABEL_HEIGHT = 38
_FLOORS = np.array([0.0, 50.0, 80.0, 90.0, 95.0, 98.0, 99.0])
"""Where the accuracy axis may start, so that it moves seldom."""


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """What a run has shown so far; accuracies from 0 to 1, NaN where nothing was held out.

    `batch_x` is the time of each batch in epochs, so that 1.5 stands in the middle of the second epoch.
    """

    batch_x: Series
    batch_loss: Series
    batch_accuracy: Series
    epoch: Series
    loss: Series
    accuracy: Series
    val_loss: Series
    val_accuracy: Series


def curves_of(steps: int, batches: Sequence[Batches], epochs: Sequence[Epoch]) -> Curves:
    """The curves of recorded batches and epochs, with `steps` batches in each epoch."""
    return Curves(
        batch_x=_joined([batch.epoch - 1 + (batch.step + 1 + np.arange(len(batch.loss))) / steps for batch in batches]),
        batch_loss=_joined([np.array(batch.loss) for batch in batches]),
        batch_accuracy=_joined([np.array(batch.accuracy) for batch in batches]),
        epoch=_column([e.epoch for e in epochs]),
        loss=_column([e.loss for e in epochs]),
        accuracy=_column([e.accuracy for e in epochs]),
        val_loss=_column([e.validation_loss for e in epochs]),
        val_accuracy=_column([e.validation_accuracy for e in epochs]),
    )


def loss(curves: Curves, planned: int, colours: Palette) -> go.Figure:
    """The loss of training and held-out images over `planned` epochs."""
    lines = _Lines(curves.batch_x, curves.batch_loss, curves.epoch, curves.loss, curves.val_loss)
    return _figure(lines, _Axis("Loss", _loss_in_words, False, (0, _loss_ceiling(lines))), planned, colours)


def accuracy(curves: Curves, planned: int, colours: Palette) -> go.Figure:
    """The accuracy of training and held-out images, in per cent, over `planned` epochs."""
    percent = [100 * values for values in (curves.batch_accuracy, curves.accuracy, curves.val_accuracy)]
    lines = _Lines(curves.batch_x, percent[0], curves.epoch, percent[1], percent[2])
    floor = _accuracy_floor(lines)
    # Two hundredths of the axis above 100 % keep a perfect line from being cut in half.
    span = (floor, 100 + (100 - floor) / 50)
    return _figure(lines, _Axis("Accuracy in %", _accuracy_in_words, True, span), planned, colours)


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    batch_x: Series
    batches: Series
    epoch: Series
    training: Series
    validation: Series

    @property
    def of_epochs(self) -> Series:
        """The finite values of all epochs; empty until there are two, since one point makes no scale."""
        values = np.concatenate([self.training, self.validation])
        return values[np.isfinite(values)] if len(self.epoch) > 1 else values[:0]


@dataclass(frozen=True, slots=True)
class _Axis:
    title: str
    in_words: Callable[[float], str]
    greater_is_better: bool
    span: tuple[float, float]


def _figure(lines: _Lines, axis: _Axis, planned: int, colours: Palette) -> go.Figure:
    best = _best(lines, axis)
    traces = [
        _line(*thinned(lines.batch_x, lines.batches), faded(colours.muted, 0.22), "batch", axis, width=1),
        _line(*smoothed(lines.batch_x, lines.batches), colours.muted, "batches, smoothed", axis, width=1.5),
        _points(lines.epoch, lines.training, colours.ink, "training", axis),
        _points(lines.epoch, lines.validation, colours.accent, "held out", axis),
        _ring(best, colours),
    ]
    end = max(planned, float(lines.batch_x.max(initial=1.0)), float(lines.epoch.max(initial=1.0)))
    figure = go.Figure(traces, {**_layout(axis, end, colours), **_best_note(best, axis, end, colours)})
    for label in _apart(_ends(lines, axis, colours), axis):
        figure.add_annotation(label)
    return figure


def _line(x: Series, y: Series, colour: str, name: str, axis: _Axis, width: float) -> go.Scatter:
    return go.Scatter(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        mode="lines",
        line={"color": colour, "width": width},
        hovertemplate=f"Epoch %{{x:.2f}}<br>{name}: <b>%{{y:.4~g}}</b>{_unit(axis)}<extra></extra>",
    )


def _points(x: Series, y: Series, colour: str, name: str, axis: _Axis) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker={"size": 8 if len(x) <= 30 else 4},
        cliponaxis=False,
        hovertemplate=f"Epoch %{{x}}<br>{name}: <b>%{{y:.5~g}}</b>{_unit(axis)}<extra></extra>",
    )


def _unit(axis: _Axis) -> str:
    return " %" if axis.title.endswith("%") else ""


def _best(lines: _Lines, axis: _Axis) -> tuple[float, float] | None:
    """The best epoch and its value: on held-out images, or on training images where none were held out."""
    values = lines.validation if np.isfinite(lines.validation).any() else lines.training
    found = reading(values, greater_is_better=axis.greater_is_better)
    return (float(lines.epoch[found.best]), float(values[found.best])) if found and len(lines.epoch) > 1 else None


def _ring(best: tuple[float, float] | None, colours: Palette) -> go.Scatter:
    return go.Scatter(
        x=[best[0]] if best else [],
        y=[best[1]] if best else [],
        mode="markers",
        marker={"symbol": "circle-open", "size": 16, "color": colours.accent, "line": {"width": 2}},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _best_note(best: tuple[float, float] | None, axis: _Axis, end: float, colours: Palette) -> dict[str, Any]:
    """The words for the ring, at the side of the plot from which the lines come least, and a line to it."""
    if best is None:
        return {}
    x, side = best[0], 0 if axis.greater_is_better else 1
    note = {
        "x": x,
        "y": side,
        "yref": "paper",
        "yanchor": "top" if side else "bottom",
        "text": f"best: epoch {x:.0f}, {axis.in_words(best[1])}",
        "font": {"size": 12, "color": colours.accent},
        "showarrow": False,
        "xanchor": "right" if x > end / 2 else "left",
        "xshift": -4 if x > end / 2 else 4,
    }
    stem = {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    line = {"color": faded(colours.accent, 0.5), "width": 1, "dash": "dot"}
    return {"annotations": [note], "shapes": [{**stem, "line": line}]}


def _ends(lines: _Lines, axis: _Axis, colours: Palette) -> list[dict[str, Any]]:
    """Labels at the ends of the lines; that of the batches only until an epoch is done."""
    named = [
        (lines.epoch, lines.training, "training", colours.ink),
        (lines.epoch, lines.validation, "held out", colours.accent),
    ]
    if not len(lines.epoch):
        named = [(*smoothed(lines.batch_x, lines.batches), "batches", colours.muted)]
    found = [(x, reading(y, greater_is_better=axis.greater_is_better), name, colour) for x, y, name, colour in named]
    return [_end(float(x[-1]), values, name, axis, colour) for x, values, name, colour in found if values]


def _end(x: float, values: Reading, name: str, axis: _Axis, colour: str) -> dict[str, Any]:
    latest, least, greatest = map(axis.in_words, (values.latest, values.least, values.greatest))
    between = f"<br><span style='font-size:11px'>{least} to {greatest}</span>" if values.least < values.greatest else ""
    return {
        "x": x,
        "y": float(np.clip(values.latest, *axis.span)),
        "text": f"{name} <b>{latest}</b>{between}",
        "font": {"size": 13, "color": colour},
        "showarrow": False,
        "xanchor": "left",
        "xshift": 10,
        "align": "left",
    }


def _apart(labels: list[dict[str, Any]], axis: _Axis) -> list[dict[str, Any]]:
    """The labels, moved apart and into the axes where they would cover each other or be cut."""
    low, high = axis.span
    ordered = sorted(labels, key=lambda label: float(label["y"]))
    bottom = 0.0
    for label in ordered:
        wanted = (label["y"] - low) / (high - low) * _PLOT_HEIGHT
        placed = max(wanted, bottom + _LABEL_HEIGHT / 2)
        label["yshift"], bottom = placed - wanted, placed + _LABEL_HEIGHT / 2
    for label in ordered:
        label["yshift"] -= max(0.0, bottom - _PLOT_HEIGHT)
    return ordered


def _layout(axis: _Axis, end: float, colours: Palette) -> dict[str, Any]:
    ticks = {"dtick": 1} if 2 < end <= 10 else {"nticks": 6}
    return {
        "template": template(colours),
        "margin": {"l": 56, "r": 128, "t": 16, "b": 48},
        "xaxis": {"range": [0, end], "title": {"text": "Epoch"}, **ticks},
        "yaxis": {"range": list(axis.span), "title": {"text": axis.title}},
    }


def _loss_ceiling(lines: _Lines) -> float:
    """A little above the worst epoch, or above the worst batch until two epochs are done."""
    values = lines.of_epochs if len(lines.of_epochs) else lines.batches[np.isfinite(lines.batches)]
    return 1.15 * float(values.max(initial=0.0)) or 1.0


def _accuracy_floor(lines: _Lines) -> float:
    return float(_FLOORS[lines.of_epochs.min() >= _FLOORS].max()) if len(lines.of_epochs) else 0.0


def _loss_in_words(value: float) -> str:
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def _accuracy_in_words(value: float) -> str:
    return f"{value:.2f} %"


def _joined(parts: list[Any]) -> Series:
    return np.concatenate(parts).astype(np.float64) if parts else np.empty(0)


def _column(values: Sequence[float | None]) -> Series:
    return np.array([np.nan if value is None else value for value in values], np.float64)
