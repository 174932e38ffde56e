"""How much each principal component explains, one by one and together."""

from typing import Any

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from mnist_dash.figures.theme import Palette, make_template
from mnist_dash.words import percent

HEIGHT = 300
"""Pixels that the figure is made for."""
_LABELS = 84


def plot_scree(shares: npt.NDArray[np.float64], colours: Palette, shown: int = 0) -> go.Figure:
    """Shares (k,) of the variance as bars, the `shown` first ones in the accent, and their sum as a line above."""
    number, together = np.arange(1, len(shares) + 1), np.cumsum(shares)
    told = np.stack([100 * shares, 100 * together], axis=1)
    words = "Component %{x}: <b>%{customdata[0]:.2f} %</b> of the variance<br>together with those before it: "
    words += "<b>%{customdata[1]:.1f} %</b><extra></extra>"
    bars = go.Bar(x=number, y=told[:, 0], customdata=told, hovertemplate=words)
    bars.marker = {"color": [colours.accent if i <= shown else colours.muted for i in number], "line": {"width": 0}}
    line = go.Scatter(x=number, y=told[:, 1], customdata=told, hovertemplate=words, mode="lines+markers")
    line.line, line.marker = {"color": colours.ink, "width": 1.5}, {"size": 4, "color": colours.ink}
    return go.Figure([bars, line], _layout(together, shown, colours))


def _layout(together: npt.NDArray[np.float64], shown: int, colours: Palette) -> dict[str, Any]:
    count = len(together)
    shares = together.tolist()
    notes = [_note(count, shares[-1], f"together<br><b>{percent(shares[-1], 0)}</b>", colours.ink)]
    if 0 < shown < count:
        # Below its point, where the line does not run.
        below = {"xshift": 8, "yshift": -10}
        notes.append(
            _note(shown, shares[shown - 1], f"{shown} shown: <b>{percent(shares[shown - 1], 1)}</b>", colours.accent)
            | below
        )
    return {
        "template": make_template(colours),
        "bargap": 0.25,
        "margin": {"l": 56, "r": _LABELS, "t": 16, "b": 48},
        "xaxis": {"range": [0.3, count + 0.7], "title": {"text": "Principal component"}, "showgrid": False},
        "yaxis": {"range": [0, 102], "title": {"text": "Variance explained in %"}},
        "annotations": notes,
    }


def _note(x: float, share: float, text: str, colour: str) -> dict[str, Any]:
    place = {"x": x, "y": 100 * share, "xanchor": "left", "xshift": 10, "align": "left"}
    return {**place, "text": text, "font": {"size": 12, "color": colour}, "showarrow": False}
