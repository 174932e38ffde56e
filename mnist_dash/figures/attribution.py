"""What speaks for and against an answer, laid over the digit."""

from typing import Any

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from mnist_dash.data.dataset import SIDE
from mnist_dash.figures.theme import Palette, make_scale, make_template

HEIGHT = 300
"""Pixels that the figure is made for."""
_ABOVE = 26
_EDGE = 128
"""The value at which the outline of the ink is drawn."""


def plot_attribution(
    values: npt.NDArray[np.floating], image: npt.NDArray[np.uint8], digit: int, colours: Palette
) -> go.Figure:
    """What each pixel (28, 28) of an image says for `digit`, on a scale that is even about 0, with the ink outlined."""
    most = float(np.abs(values).max()) or 1.0
    cells = go.Heatmap(
        z=values.astype(np.float32),
        zmin=-most,
        zmax=most,
        colorscale=make_scale(colours.diverging),
        showscale=False,
        hovertemplate=f"Row %{{y}}, column %{{x}}<br>Log-odds of {digit}: <b>%{{z:+.2f}}</b><extra></extra>",
    )
    return go.Figure([cells, _outline(image, colours)], _layout(digit, colours))


def _outline(image: npt.NDArray[np.uint8], colours: Palette) -> go.Contour:
    return go.Contour(
        z=image,
        contours={"start": _EDGE, "end": _EDGE, "size": 1, "coloring": "none"},
        line={"color": colours.ink, "width": 1.5, "smoothing": 0},
        showscale=False,
        hoverinfo="skip",
    )


def _layout(digit: int, colours: Palette) -> dict[str, Any]:
    axis = {"visible": False, "showgrid": False, "constrain": "domain", "fixedrange": True}
    return {
        "template": make_template(colours),
        "margin": {"l": 0, "r": 0, "t": _ABOVE, "b": 0},
        "dragmode": False,
        "xaxis": {**axis, "range": [-0.5, SIDE - 0.5]},
        "yaxis": {**axis, "range": [SIDE - 0.5, -0.5], "scaleanchor": "x"},
        "annotations": [_legend(digit, colours)],
    }


def _legend(digit: int, colours: Palette) -> dict[str, Any]:
    low, high = colours.diverging[1], colours.diverging[-2]
    words = f"<span style='color:{high}'>■</span> for {digit}    <span style='color:{low}'>■</span> against it"
    place = {"x": 0.5, "xref": "paper", "xanchor": "center", "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 4}
    return {**place, "text": words, "font": {"size": 13, "color": colours.ink}, "showarrow": False}
