"""What a network mistakes for what: errors in colour, right answers only counted, so that they drown nothing."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from mnist_dash.figures.theme import Palette, fade, make_scale, make_template

HEIGHT = 340
"""Pixels that the figure is made for; it is square, and reads from a width of 320 on."""
_MOST = 0.1
"""The share of a digit's images at which an error has its full colour: in every matrix, so that they compare."""
_TURN = 0.48
"""Where on the scale the words in a cell change from ink to paper."""


def plot_confusion(
    matrix: Sequence[Sequence[int]], colours: Palette, chosen: tuple[int, int] | None = None
) -> go.Figure:
    """`matrix[label][answer]` (n, n) counts images: a row for each label, errors coloured by their share of the row.

    The cell of the `chosen` label and answer has a frame. The first value of a cell's `customdata` is its place, row by
    row.
    """
    counts = np.asarray(matrix, np.int64)
    images = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(images, 1)
    right = np.eye(len(counts), dtype=bool)
    # The square root spreads the small shares, which are most of them.
    errors = np.where((counts > 0) & ~right, np.sqrt(np.minimum(shares / _MOST, 1)), np.nan)
    ground = _cells(right.astype(float), [(0.0, fade(colours.line, 0.2)), (1.0, fade(colours.right, 0.16))])
    cells = np.arange(counts.size).reshape(counts.shape)
    ground.customdata = np.stack([cells, counts, np.broadcast_to(images, counts.shape), 100 * shares], axis=2)
    ground.hovertemplate = "%{y} read as %{x}: <b>%{customdata[1]:,}</b> of %{customdata[2]:,} (%{customdata[3]:.1f} %)"
    ground.hovertemplate += "<extra></extra>"
    shade = _cells(errors, make_scale(colours.sequential))
    shade.hoverinfo = "skip"
    layout = _layout(len(counts), colours)
    if chosen is not None:
        layout["shapes"] = [_frame(*chosen, colours)]
    return go.Figure([ground, shade, _words(counts, errors, colours)], layout)


def _frame(label: int, answer: int, colours: Palette) -> dict[str, Any]:
    sides = {"x0": answer - 0.5, "x1": answer + 0.5, "y0": label - 0.5, "y1": label + 0.5}
    return {"type": "rect", **sides, "line": {"color": colours.accent, "width": 2.5}}


def _cells(values: npt.NDArray[np.float64], colours: list[tuple[float, str]]) -> go.Heatmap:
    return go.Heatmap(z=values, zmin=0, zmax=1, colorscale=colours, showscale=False, xgap=1, ygap=1)


def _words(counts: npt.NDArray[np.int64], errors: npt.NDArray[np.float64], colours: Palette) -> go.Scatter:
    label, answer = np.nonzero(counts)
    tones = np.where(errors > _TURN, colours.paper, colours.ink)
    np.fill_diagonal(tones, colours.right)
    return go.Scatter(
        x=answer,
        y=label,
        mode="text",
        text=counts[label, answer],
        textfont={"size": 12, "color": tones[label, answer]},
        hoverinfo="skip",
    )


def _layout(classes: int, colours: Palette) -> dict[str, Any]:
    axis = {
        "tickvals": list(range(classes)),
        "tickfont": {"size": 13, "color": colours.ink},
        "range": [-0.5, classes - 0.5],
        "constrain": "domain",
        "fixedrange": True,
        "showgrid": False,
    }
    label = {"title": {"text": "Label", "standoff": 4}, "range": [classes - 0.5, -0.5], "scaleanchor": "x"}
    return {
        "template": make_template(colours),
        "margin": {"l": 44, "r": 8, "t": 8, "b": 44},
        "dragmode": False,
        "xaxis": {**axis, "title": {"text": "Answer", "standoff": 4}},
        "yaxis": {**axis, **label},
    }
