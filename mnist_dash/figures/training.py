"""Learning curves: loss and accuracy, batch by batch and epoch by epoch, on one axis in epochs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.arrays import Floats
from mnist_dash.figures.axes import (
    RIGHT,
    Axis,
    accuracy_axis,
    error_axis,
    hover_text,
    lay_out,
    log_loss_axis,
    loss_axis,
    plot_line,
)
from mnist_dash.figures.curves import Curves
from mnist_dash.figures.labels import HEAD, Label, annotate, label_reading
from mnist_dash.figures.series import sample_evenly, smooth, summarise_series, thin
from mnist_dash.figures.theme import Palette, fade

HEIGHT = 300
"""Pixels that these figures are made for: they are what a run is watched by."""
SPAN = 50
"""Batches that a smoothed value is the mean of, unless another number is asked for; 1 does not smooth."""
_SMOOTH_POINTS = 600
_EPOCH_POINTS = 400


def plot_error(curves: Curves, planned: int, colours: Palette, span: int = SPAN) -> go.Figure:
    """The error of training and validation images over `planned` epochs: 100 % less their accuracy, logarithmic.

    What changes late, when nearly all is right, is seen as well as how it began. Batches are smoothed over `span`.
    """
    accuracies = (curves.batch_accuracy, curves.accuracy, curves.val_accuracy)
    lines = _Lines(*(100 * (1 - of) for of in accuracies))
    return _figure(curves, lines, error_axis(lines.scale_of(span)), planned, colours, span)


def plot_accuracy(curves: Curves, planned: int, colours: Palette, span: int = SPAN) -> go.Figure:
    """The accuracy of training and validation images, in per cent, from 0 or a round number up to all."""
    lines = _Lines(100 * curves.batch_accuracy, 100 * curves.accuracy, 100 * curves.val_accuracy)
    lowest = float(lines.of_epochs.min()) if len(lines.of_epochs) else 0.0
    return _figure(curves, lines, accuracy_axis(lowest), planned, colours, span)


def plot_loss(
    curves: Curves, planned: int, colours: Palette, span: int = SPAN, *, logarithmic: bool = True
) -> go.Figure:
    """The loss of training and validation images, as `plot_error` shows their error, or from 0 on a linear axis."""
    lines = _Lines(curves.batch_loss, curves.loss, curves.val_loss)
    if logarithmic:
        axis = log_loss_axis(lines.scale_of(span))
    else:
        seen = lines.of_epochs if len(lines.of_epochs) else lines.batches[np.isfinite(lines.batches)]
        axis = loss_axis(1.15 * float(seen.max(initial=0.0)))
    return _figure(curves, lines, axis, planned, colours, span)


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    batches: Floats
    training: Floats
    validation: Floats

    @property
    def of_epochs(self) -> Floats:
        """The finite values of all epochs; empty until there are two, since one point makes no scale."""
        values = np.concatenate([self.training, self.validation])
        return values[np.isfinite(values)] if len(self.training) > 1 else values[:0]

    def scale_of(self, span: int) -> Floats:
        """The values that a scale is made for: all epochs', or the smoothed batches' as long as these are too few."""
        if len(self.of_epochs):
            return self.of_epochs
        return smooth(self.batches, span, sample_evenly(len(self.batches), _SMOOTH_POINTS))


def _figure(curves: Curves, lines: _Lines, axis: Axis, planned: int, colours: Palette, span: int) -> go.Figure:
    end, best = max(float(planned), curves.latest), _best(curves, lines, axis)
    labels = _labels(lines, axis, colours, span)
    marks = _best_marks(best, axis, end, colours) if best else {"annotations": []}
    marks["annotations"] += annotate(labels)
    traces = [
        *_batches(curves, lines.batches, axis, colours, span),
        _epochs(curves.epoch, lines.training, colours.ink, "training", axis),
        _epochs(curves.epoch, lines.validation, colours.accent, "validation", axis),
        _ring(best, axis, colours),
    ]
    return go.Figure(traces, {**lay_out(axis, end, colours, right=RIGHT, top=HEAD), **marks})


def _batches(curves: Curves, values: Floats, axis: Axis, colours: Palette, span: int) -> list[go.Scatter]:
    """The single batches, stronger where they stand alone, and their smoothed line."""
    peaks, spread = thin(values), sample_evenly(len(values) if span > 1 else 0, _SMOOTH_POINTS)
    raw = plot_line(curves, curves.step[peaks], values[peaks], "batch", axis)
    mean = plot_line(curves, curves.step[spread], smooth(values, span, spread), f"mean of {span} batches", axis)
    raw.line = {"color": fade(colours.muted, 0.22 if len(spread) else 0.7), "width": 1}
    mean.line = {"color": colours.muted, "width": 1.5}
    return [raw, mean]


def _epochs(x: Floats, y: Floats, colour: str, name: str, axis: Axis) -> go.Scatter:
    kept = thin(y, _EPOCH_POINTS)
    moved = axis.log and bool((y <= 0).any())
    return go.Scatter(
        x=x[kept].astype(np.float32),
        y=axis.lift_zeros(y[kept]).astype(np.float32),
        customdata=y[kept].astype(np.float32) if moved else None,
        mode="lines+markers" if len(x) <= 100 else "lines",
        line={"color": colour, "width": 2},
        marker={"size": 8 if len(x) <= 30 else 4},
        cliponaxis=False,
        hovertemplate=f"Epoch %{{x}}<br>{hover_text(name, axis, 'customdata' if moved else 'y')}",
    )


def _best(curves: Curves, lines: _Lines, axis: Axis) -> tuple[float, float] | None:
    """The best epoch and its value: on validation images, or on training images where none were held out."""
    values = lines.validation if np.isfinite(lines.validation).any() else lines.training
    found = summarise_series(values, greater_is_better=axis.greater_is_better)
    return (float(curves.epoch[found.best]), float(values[found.best])) if found and len(curves.epoch) > 1 else None


def _ring(best: tuple[float, float] | None, axis: Axis, colours: Palette) -> go.Scatter:
    return go.Scatter(
        x=[best[0]] if best else [],
        y=axis.lift_zeros(np.array([best[1]])) if best else [],
        mode="markers",
        marker={"symbol": "circle-open", "size": 16, "color": colours.accent, "line": {"width": 2}},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _best_marks(best: tuple[float, float], axis: Axis, end: float, colours: Palette) -> dict[str, Any]:
    """The words for the ring, at the side of the plot from which the lines come least, and a line to it."""
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
    line_of_stem = {"color": fade(colours.accent, 0.5), "width": 1, "dash": "dot"}
    return {"annotations": [note], "shapes": [stem | {"line": line_of_stem}]}


def _labels(lines: _Lines, axis: Axis, colours: Palette, span: int) -> list[Label]:
    """Labels of the two lines of epochs; of the batches only until an epoch is done."""
    named = [(lines.training, "training", colours.ink), (lines.validation, "validation", colours.accent)]
    if not len(lines.training):
        every = np.arange(len(lines.batches))
        named = [(smooth(lines.batches, span, every), "batches", colours.muted)]
    readings = [
        (name, summarise_series(y, greater_is_better=axis.greater_is_better), colour) for y, name, colour in named
    ]
    return [label_reading(name, values, axis, colour) for name, values, colour in readings if values]
