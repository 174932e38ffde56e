"""The 784 numbers that a network sees, written into their pixels."""

from typing import Any

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from mnist_dash.data.dataset import SIDE
from mnist_dash.figures.theme import MNIST_SCALE, Palette, make_template

WIDTH = 700
"""Pixels from which on every number reads, in a height of as many: the figure is square."""
_SIZE, _SMALL = 10, 9
_TURN = 118
"""From this value on a cell is bright enough that black stands out from it more than white does (WCAG 2.2)."""


def plot_numbers(image: npt.NDArray[np.uint8], colours: Palette, *, normalised: bool = False) -> go.Figure:
    """The pixels of one image (28, 28) with their values from 0 to 255 in them, or `normalised` from 0.00 to 1.00."""
    cells = go.Heatmap(
        z=image,
        zmin=0,
        zmax=255,
        colorscale=MNIST_SCALE,
        showscale=False,
        xgap=1,
        ygap=1,
        customdata=image / 255,
        hovertemplate="Row %{y}, column %{x}<br>Value <b>%{z}</b> of 255, "
        "<b>%{customdata:.4f}</b> normalised<extra></extra>",
    )
    return go.Figure([cells, *_texts(image, normalised)], _layout(colours))


def _texts(image: npt.NDArray[np.uint8], normalised: bool) -> list[go.Scatter]:
    """The values, a trace for each tone: Plotly takes 30 ms to check a colour for each of them."""
    values = image.ravel()
    tones = np.array([_tone(value) for value in range(256)])[values]
    return [_text(np.flatnonzero(tones == tone), values, tone, normalised) for tone in np.unique(tones)]


def _text(places: npt.NDArray[np.intp], values: npt.NDArray[np.uint8], tone: str, normalised: bool) -> go.Scatter:
    y, x = np.divmod(places, SIDE)
    shown = values[places].tolist()
    return go.Scatter(
        x=x,
        y=y,
        mode="text",
        text=[_normalised(value) if normalised else str(value) for value in shown],
        textfont={"size": _SMALL if normalised else _SIZE, "color": str(tone)},
        hoverinfo="skip",
    )


def _normalised(value: int) -> str:
    """Two decimals, but a plain 0 for bare paper, so that the digit stands out."""
    return f"{value / 255:.2f}" if value else "0"


def _tone(value: int) -> str:
    # Bare paper is most of the image: its zeros step back.
    return "black" if value >= _TURN else "white" if value else "rgba(255, 255, 255, 0.45)"


def _layout(colours: Palette) -> dict[str, Any]:
    axis = {"range": [-0.5, SIDE - 0.5], "tickvals": [0, 7, 14, 21, SIDE - 1], "showgrid": False, "constrain": "domain"}
    return {
        "template": make_template(colours),
        "margin": {"l": 40, "r": 4, "t": 4, "b": 40},
        "xaxis": {**axis, "title": {"text": "Column", "standoff": 4}},
        "yaxis": {**axis, "title": {"text": "Row", "standoff": 4}, "range": [SIDE - 0.5, -0.5], "scaleanchor": "x"},
    }
