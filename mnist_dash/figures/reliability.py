"""How often a model is right by how sure it is, and how many of its answers are so sure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.analysis.reliability import CertaintyBin
from mnist_dash.figures.theme import Palette, fade, make_template

HEIGHT = 460
_SPLIT = 0.3
"""The share of the height that the counts take."""


def plot_reliability(bins: Sequence[CertaintyBin], colours: Palette) -> go.Figure:
    """A dot with its 95 % interval for each bin above, the number of its answers below, both by certainty."""
    return go.Figure([_diagonal(colours), _dots(bins, colours), _counts(bins, colours)], _layout(colours))


def _diagonal(colours: Palette) -> go.Scatter:
    line = {"color": colours.muted, "width": 1.5, "dash": "dot"}
    return go.Scatter(x=[0, 100], y=[0, 100], mode="lines", line=line, hoverinfo="skip")


def _dots(bins: Sequence[CertaintyBin], colours: Palette) -> go.Scatter:
    ends = [wilson_interval(round(each.accuracy * each.images), each.images) for each in bins]
    right = 100 * np.array([each.accuracy for each in bins])
    low, high = 100 * np.array([low for low, _ in ends]), 100 * np.array([high for _, high in ends])
    return go.Scatter(
        x=[100 * each.certainty for each in bins],
        y=right,
        mode="markers",
        marker={"size": 9, "color": colours.accent},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": high - right,
            "arrayminus": right - low,
            "color": colours.muted,
            "thickness": 1.5,
            "width": 4,
        },
        customdata=[[each.images] for each in bins],
        hovertemplate="%{customdata[0]:,} answers, %{x:.1f} % sure<br><b>%{y:.1f} %</b> right<extra></extra>",
        cliponaxis=False,
    )


def _counts(bins: Sequence[CertaintyBin], colours: Palette) -> go.Bar:
    return go.Bar(
        x=[50 * (each.low + each.high) for each in bins],
        y=[each.images for each in bins],
        width=[92 * (each.high - each.low) for each in bins],
        yaxis="y2",
        marker={"color": fade(colours.accent, 0.6), "line": {"width": 0}},
        hovertemplate="<b>%{y:,}</b> answers<extra></extra>",
    )


def _layout(colours: Palette) -> dict[str, Any]:
    return {
        "template": make_template(colours),
        "margin": {"l": 66, "r": 16, "t": 12, "b": 48},
        "xaxis": {"range": [0, 102], "title": {"text": "Certainty in %"}, "anchor": "y2"},
        "yaxis": {"range": [0, 103], "domain": [_SPLIT + 0.06, 1], "title": {"text": "Right in %"}},
        "yaxis2": {"domain": [0, _SPLIT], "type": "log", "dtick": 1, "title": {"text": "Answers"}},
    }
