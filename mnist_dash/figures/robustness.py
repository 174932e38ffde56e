"""Accuracy against how much digits are put under stress, a line for each model."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.analysis.robustness import Robustness
from mnist_dash.escaping import escape_html
from mnist_dash.figures.theme import Palette, fade, make_template

HEIGHT = 380
_GUESS = 10


def plot_robustness(found: Robustness, names: Sequence[str], title: str, colours: Palette) -> go.Figure:
    """Lines with the band of their 95 % intervals; the first model has the accent. `title` is that of the x axis."""
    tones = [colours.accent, *(colours.digits[at] for at in (1, 4, 6, 8, 2, 0))]
    traces = [
        trace
        for row, (name, right) in enumerate(zip(names, found.right, strict=True))
        for trace in _draw(found, right, name, tones[row % len(tones)])
    ]
    return go.Figure(traces, _layout(found, title, colours))


def _draw(found: Robustness, right: Any, name: str, tone: str) -> tuple[go.Scatter, go.Scatter]:  # noqa: ANN401
    low, high = 100 * np.array([wilson_interval(int(count), found.images) for count in right]).T
    band = go.Scatter(
        x=[*found.levels, *found.levels[::-1]],
        y=[*high, *low[::-1]],
        mode="lines",
        fill="toself",
        fillcolor=fade(tone, 0.14),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )
    line = go.Scatter(
        x=found.levels,
        y=100 * right / found.images,
        name=escape_html(name),
        showlegend=True,
        mode="lines+markers",
        line={"color": tone, "width": 2.5},
        marker={"size": 7},
        hovertemplate=f"{escape_html(name)}: <b>%{{y:.1f}} %</b><extra></extra>",
    )
    return band, line


def _layout(found: Robustness, title: str, colours: Palette) -> dict[str, Any]:
    guess = {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": _GUESS, "y1": _GUESS}
    room = 0.03 * float(found.levels[-1])
    return {
        "template": make_template(colours),
        "margin": {"l": 56, "r": 16, "t": 40, "b": 48},
        "hovermode": "x unified",
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "xaxis": {"range": [-room, float(found.levels[-1]) + room], "title": {"text": title}},
        "yaxis": {"range": [0, 102], "title": {"text": "Read right in %"}},
        "shapes": [{**guess, "line": {"color": colours.muted, "width": 1, "dash": "dot"}}],
        "annotations": [
            {
                "text": "guessing",
                "x": 1,
                "xref": "paper",
                "y": _GUESS,
                "xanchor": "right",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"color": colours.muted},
            }
        ],
    }
