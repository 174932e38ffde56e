"""Figures of a sweep: the best so far over its trials, its trials as lines, and what matters."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.escaping import escape_html
from mnist_dash.figures.axes import RIGHT, Axis, error_axis, lay_out
from mnist_dash.figures.theme import Palette, fade, make_scale, make_template
from mnist_dash.methods.registry import HYPERPARAMETERS
from mnist_dash.methods.space import Dimension, Options, Space
from mnist_dash.sweeps.records import Outcome, Trial
from mnist_dash.words import percent

HEIGHT = 300
PARALLEL_HEIGHT = 340
_BAR = 34
"""Pixels of a bar with the space around it."""
_READ = (Outcome.DONE, Outcome.PRUNED)
_LETTERS = 18
"""Of a value on an axis of the parallel coordinates; layers can be longer."""


def title_of(name: str) -> str:
    """What people call a setting."""
    return HYPERPARAMETERS[name].label


def list_read(trials: Sequence[Trial]) -> list[Trial]:
    """The trials that have ended with something read: done, or given up on the way."""
    return [trial for trial in trials if trial.outcome in _READ and trial.accuracies]


def plot_best(trials: Sequence[Trial], space: Space, wanted: int, colours: Palette) -> go.Figure:
    """The validation error of each ended trial as a dot, hollow where given up, and the least so far as a line."""
    ended = list_read(trials)
    errors = np.array([100 * (1 - trial.accuracies[-1]) for trial in ended])
    axis, number = error_axis(errors), np.array([trial.number for trial in ended])
    counted = np.array(
        [error if trial.accuracy is not None else np.inf for trial, error in zip(ended, errors, strict=True)]
    )
    shown = axis.lift_zeros(errors)
    dots = go.Scatter(x=number, y=shown, mode="markers", customdata=[_describe(trial, space) for trial in ended])
    done = [trial.accuracy is not None for trial in ended]
    dots.marker = {
        "size": 8,
        "symbol": ["circle" if one else "circle-open" for one in done],
        "color": [colours.ink if one else colours.muted for one in done],
    }
    dots.hovertemplate = "%{customdata}<extra></extra>"
    best = np.minimum.accumulate(counted) if len(counted) else counted
    there = np.isfinite(best)
    line = go.Scatter(x=number[there], y=axis.lift_zeros(best[there]), mode="lines", hoverinfo="skip")
    line.line = {"color": colours.accent, "width": 2, "shape": "hv"}
    end = max([wanted, *number.tolist()])
    return go.Figure([line, dots], _layout_best(axis, end, colours))


def _layout_best(axis: Axis, end: int, colours: Palette) -> dict[str, Any]:
    found = lay_out(axis, end, colours, RIGHT)
    found["xaxis"] |= {"range": [0.5, end + 0.5], "title": {"text": "Trial"}}
    return {**found, "uirevision": "best"}


def _describe(trial: Trial, space: Space) -> str:
    values = [
        f"{escape_html(title_of(name))}: {escape_html(_write(value))}"
        for name, value in trial.read_values(space).items()
    ]
    told = f"Trial {trial.number}: <b>{percent(trial.accuracies[-1])}</b> of the validation images"
    given_up = [f"given up after epoch {trial.run.epoch}"] if trial.accuracy is None else []
    return "<br>".join([told, *given_up, *values])


def _write(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def plot_parallel(trials: Sequence[Trial], space: Space, colours: Palette) -> go.Figure:
    """Each ended trial as a line through the values that it tried, to what it read, in the colour of that."""
    ended = list_read(trials)
    read = [100 * trial.accuracies[-1] for trial in ended]
    axes = [_axis(one, [trial.read_values(space)[one.name] for trial in ended]) for one in space]
    low = min(read, default=0.0)
    axes.append(
        {"label": "Validation in %", "values": read, "range": [low, max([*read, low + 0.01])], "tickformat": ".4~g"}
    )
    lines = go.Parcoords(
        dimensions=axes,
        line={"color": read, "colorscale": make_scale(colours.sequential), "cmin": low, "cmax": max(read, default=1.0)},
        labelfont={"size": 13, "color": colours.ink},
        # A rim in the colour of the paper keeps the lines off the numbers; Plotly's own is light on a dark page.
        tickfont={"size": 12, "color": colours.muted, "shadow": ", ".join([f"0 0 3px {colours.paper}"] * 3)},
        rangefont={"size": 12, "color": fade(colours.paper, 0)},
        unselected={"line": {"color": colours.line, "opacity": 0.3}},
    )
    layout = {"template": make_template(colours), "margin": {"l": 84, "r": 72, "t": 44, "b": 20}, "uirevision": "lines"}
    return go.Figure([lines], layout)


def _axis(dimension: Dimension, values: Sequence[Any]) -> dict[str, Any]:
    """One axis of the parallel coordinates: words stand at whole numbers, and a logarithm at its powers of ten."""
    label = escape_html(title_of(dimension.name))
    if isinstance(dimension, Options):
        places = list(range(len(dimension.values)))
        words = [escape_html(_write(value)[:_LETTERS]) for value in dimension.values]
        chosen = [dimension.values.index(value) for value in values]
        return {"label": label, "values": chosen, "range": [0, len(places) - 1], "tickvals": places, "ticktext": words}
    low, high = dimension.low, dimension.high
    if not dimension.log:
        return {"label": label, "values": list(values), "range": [low, high], "tickformat": ".4~g"}
    decades = [10.0**power for power in range(ceil(log10(low) + 0.15), floor(log10(high) - 0.15) + 1)]
    ticks = [low, *decades, high]
    found = {"label": label, "values": [log10(value) for value in values], "range": [log10(low), log10(high)]}
    return found | {"tickvals": [log10(tick) for tick in ticks], "ticktext": [f"{tick:g}" for tick in ticks]}


def plot_importance(importance: Mapping[str, float], colours: Palette) -> go.Figure:
    """The share of each setting as a bar, the largest above."""
    ordered = sorted(importance.items(), key=lambda pair: pair[1])
    shares = [100 * share for _, share in ordered]
    bars = go.Bar(x=shares, y=[escape_html(title_of(name)) for name, _ in ordered], orientation="h")
    bars.text, bars.textposition = [percent(share / 100, 0) for share in shares], "outside"
    bars.cliponaxis, bars.hovertemplate = False, "%{y}: <b>%{x:.1f} %</b><extra></extra>"
    bars.marker = {"color": colours.accent, "line": {"width": 0}}
    return go.Figure(
        [bars],
        {
            "template": make_template(colours),
            "bargap": 0.35,
            "margin": {"l": 8, "r": 48, "t": 4, "b": 4},
            "xaxis": {"range": [0, max([*shares, 1.0])], "visible": False},
            "yaxis": {"tickfont": {"color": colours.ink}},
        },
    )


def height_of_importance(settings: int) -> int:
    """Pixels that so many bars take."""
    return _BAR * settings + 8
