"""The pace of a run: the learning rate that it takes its steps with, and the images that it gets through."""

from math import floor, log10

import numpy as np
from plotly import graph_objects as go

from mnist_dash.arrays import Floats
from mnist_dash.figures.axes import RIGHT, Axis, lay_out, plot_line, round_significant, round_up
from mnist_dash.figures.curves import Curves
from mnist_dash.figures.labels import HEAD, Label, annotate, label_reading
from mnist_dash.figures.series import summarise_series, thin
from mnist_dash.figures.theme import Palette, fade

HEIGHT = 190
"""Pixels that these figures are made for: they accompany the learning curves."""
_POINTS = 600
_LINEAR = 20
"""A learning rate that changes by more than this factor stands on a logarithmic axis."""


def plot_learning_rate(curves: Curves, planned: int, colours: Palette) -> go.Figure:
    """The learning rate over `planned` epochs, as it was at the end of each record; none where it is 0 or unknown."""
    known = np.flatnonzero(curves.rate > 0)
    rates = curves.rate[known]
    axis, found, kept = _rates(rates), summarise_series(rates, greater_is_better=False), known[thin(rates, _POINTS)]
    shown = plot_line(curves, curves.chunk[kept], curves.rate[kept], "learning rate", axis)
    shown.line = {"color": colours.ink, "width": 1.5}
    labels = [label_reading("latest", found, axis, colours.ink)] if found else []
    return _figure([shown], labels, axis, curves, planned, colours)


def plot_throughput(curves: Curves, planned: int, colours: Palette) -> go.Figure:
    """Images a second over `planned` epochs, with their median; the time between epochs is not counted."""
    known = np.flatnonzero(np.isfinite(curves.throughput))
    speeds = curves.throughput[known]
    kept, median = known[thin(speeds, _POINTS)], float(np.median(speeds)) if len(speeds) else None
    axis = Axis("Images/s", _count_in_words, (0.0, _ceiling(speeds)), ticks="~s", exact=",.0f")
    raw = plot_line(curves, curves.chunk[kept], curves.throughput[kept], "images a second", axis)
    # Each value is the mean over its record, which ends where it stands.
    raw.line = {"color": fade(colours.muted, 0.8), "width": 1, "shape": "vh"}
    labels = [] if median is None else [_speed(median, float(speeds[-1]), colours)]
    return _figure([raw, _level(median, curves.latest, colours)], labels, axis, curves, planned, colours)


def _figure(
    traces: list[go.Scatter], labels: list[Label], axis: Axis, curves: Curves, planned: int, colours: Palette
) -> go.Figure:
    shown = lay_out(axis, max(float(planned), curves.latest), colours, right=RIGHT, top=HEAD)
    # Small enough for the longest rates to leave the axes of all figures one below the other.
    shown["yaxis"] |= {"nticks": 4, "tickfont": {"size": 12}}
    return go.Figure(traces, shown | {"annotations": annotate(labels)})


def _rates(rates: Floats) -> Axis:
    low, high = float(rates.min(initial=np.inf)), float(rates.max(initial=0.0))
    ceiling = round_up(1.15 * high)
    if high > _LINEAR * low:
        return Axis("Learning rate", _rate_in_words, (floor(log10(low)), log10(ceiling)), log=True)
    return Axis("Learning rate", _rate_in_words, (0.0, ceiling), ticks="~g")


def _ceiling(speeds: Floats) -> float:
    """Above all but the fastest two of a hundred: a clock is not exact over a moment."""
    return round_up(1.15 * float(np.quantile(speeds, 0.98))) if len(speeds) else 1.0


def _level(value: float | None, end: float, colours: Palette) -> go.Scatter:
    known = value is not None
    return go.Scatter(
        x=[0, end] if known else [],
        y=[value, value] if known else [],
        mode="lines",
        line={"color": colours.ink, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
    )


def _speed(median: float, latest: float, colours: Palette) -> Label:
    return Label(f"median <b>{_count_in_words(median)}</b>", f"latest {_count_in_words(latest)}", colours.ink)


def _rate_in_words(value: float) -> str:
    return round_significant(value, 3)


def _count_in_words(value: float) -> str:
    return f"{float(f'{value:.3g}'):,.0f}"
