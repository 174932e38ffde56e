"""Classes laid over themselves: mean, median, spread, never-inked pixels, and where two digits differ."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from mnist_dash.arrays import Floats
from mnist_dash.data.dataset import FEATURES, SIDE
from mnist_dash.figures.theme import Palette, fade, make_scale, make_template

HEIGHT = 380
"""Pixels that a figure of one class is made for; ten in two rows take the whole width of a page."""
_SPACE = 2
"""Cells between two classes."""
_COLUMNS = 5
_PIXEL = "Row %{y}, column %{x}<br>"


def plot_class_mean(values: Floats, title: str, colours: Palette, most: float = 255.0) -> go.Figure:
    """The image of a class (28, 28) from 0 to `most` as a heat map; `title` says briefly what its values are."""
    cells = _cells(values, _PIXEL + f"{title} <b>%{{z:.1f}}</b>", make_scale(colours.sequential))
    cells.update(zmin=0, zmax=most, colorbar={"title": {"text": title, "side": "right"}})
    return go.Figure(cells, _layout(colours))


def plot_class_means(
    values: Floats, digits: Sequence[int], title: str, colours: Palette, most: float = 255.0
) -> go.Figure:
    """Of the images of all classes (10, 28, 28) from 0 to `most` those of `digits`, each with its digit."""
    columns = min(_COLUMNS, len(digits))
    words = f"Digit %{{customdata[0]}}, row %{{customdata[1]}}, column %{{customdata[2]}}<br>{title} <b>%{{z:.1f}}</b>"
    shown, kept = values[list(digits)], {"colorscale": make_scale(colours.sequential), "zmin": 0, "zmax": most}
    cells = go.Heatmap(z=_joined(shown, columns, np.nan), **kept)
    places = np.indices(shown.shape)
    places[0] = np.asarray(digits)[places[0]]
    digit, row, column = (_joined(np.asarray(of), columns, -1) for of in places)
    cells.customdata = np.stack([digit, row, column], axis=2).astype(np.int16)
    cells.update(hovertemplate=f"{words}<extra></extra>", hoverongaps=False)
    cells.colorbar = {"title": {"text": title, "side": "right"}}
    return go.Figure(cells, _joined_layout(digits, columns, colours))


def plot_never_inked(inked: npt.NDArray[np.integer], images: int, colours: Palette) -> go.Figure:
    """Which pixels none of so many images inks, of how many do (28, 28): two kinds, not a scale."""
    bare = (inked == 0).astype(np.uint8)
    cells = _cells(bare, _PIXEL, [(0.0, fade(colours.muted, 0.18)), (1.0, colours.accent)])
    cells.update(zmin=0, zmax=1, showscale=False, xgap=1, ygap=1, text=inked.astype(np.int32))
    cells.hovertemplate = f"{_PIXEL}Inked in <b>%{{text:,}}</b> of {images:,} images<extra></extra>"
    layout = _layout(colours)
    layout["margin"]["t"] = 32
    words = f"<span style='color:{colours.accent}'>■</span> never inked: <b>{int(bare.sum())}</b> of {FEATURES} pixels"
    return go.Figure(cells, {**layout, "annotations": [_above(words, colours)]})


def plot_difference(values: Floats, one: int, other: int, colours: Palette) -> go.Figure:
    """The mean of digit `one` less that of the `other` (28, 28), on a scale that is even about 0."""
    most = float(np.abs(values).max()) or 1.0
    cells = _cells(values, f"{_PIXEL}{one} less {other}: <b>%{{z:+.1f}}</b>", make_scale(colours.diverging))
    ends = {"tickvals": [-most, -most / 2, 0, most / 2, most], "tickfont": {"color": colours.ink}}
    words = [
        f"<b>{other}</b> by {most:.0f}",
        f"{most / 2:.0f}",
        "equal",
        f"{most / 2:.0f}",
        f"<b>{one}</b> by {most:.0f}",
    ]
    cells.update(zmin=-most, zmax=most, colorbar={**ends, "ticktext": words})
    layout = _layout(colours)
    layout["margin"]["t"] = 32
    low, high = colours.diverging[1], colours.diverging[-2]
    words_above = (
        f"<span style='color:{high}'>■</span> more ink in {one}    <span style='color:{low}'>■</span> more in {other}"
    )
    return go.Figure(cells, {**layout, "annotations": [_above(words_above, colours)]})


def _cells(values: npt.NDArray[Any], words: str, colours: list[tuple[float, str]]) -> go.Heatmap:
    kept = values.astype(np.float32) if values.dtype.kind == "f" else values
    return go.Heatmap(z=kept, colorscale=colours, hovertemplate=f"{words}<extra></extra>")


def _joined(values: npt.NDArray[Any], columns: int, between: float) -> npt.NDArray[Any]:
    """Images (k, 28, 28) as one array in rows of `columns`, with `between` in the cells that separate them."""
    rows = -(-len(values) // columns)
    side = SIDE + _SPACE
    cells = np.full((rows * columns, side, side), between, np.float32)
    cells[: len(values), :SIDE, :SIDE] = values
    page = cells.reshape(rows, columns, side, side).swapaxes(1, 2).reshape(rows * side, columns * side)
    return page[:-_SPACE, :-_SPACE]


def _layout(colours: Palette) -> dict[str, Any]:
    axis = {"range": [-0.5, SIDE - 0.5], "tickvals": [0, 7, 14, 21, SIDE - 1], "showgrid": False, "constrain": "domain"}
    return {
        "template": make_template(colours),
        "margin": {"l": 48, "r": 8, "t": 8, "b": 48},
        "xaxis": {**axis, "title": {"text": "Column"}},
        "yaxis": {**axis, "title": {"text": "Row"}, "range": [SIDE - 0.5, -0.5], "scaleanchor": "x"},
    }


def _joined_layout(digits: Sequence[int], columns: int, colours: Palette) -> dict[str, Any]:
    side, rows = SIDE + _SPACE, -(-len(digits) // columns)
    axis = {"showgrid": False, "visible": False, "constrain": "domain"}
    return {
        "template": make_template(colours),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": {**axis, "range": [-0.5, columns * side - _SPACE - 0.5]},
        "yaxis": {**axis, "range": [rows * side - _SPACE - 0.5, -0.5], "scaleanchor": "x"},
        "annotations": [_digit(i, digit, columns, colours) for i, digit in enumerate(digits)],
    }


def _digit(place: int, digit: int, columns: int, colours: Palette) -> dict[str, Any]:
    """The digit in the upper left corner of its image, where no class has ink."""
    row, column = divmod(place, columns)
    side = SIDE + _SPACE
    corner = {"x": column * side, "y": row * side, "xanchor": "left", "yanchor": "top", "showarrow": False}
    return {**corner, "text": f"<b>{digit}</b>", "font": {"size": 14, "color": colours.ink}}


def _above(text: str, colours: Palette) -> dict[str, Any]:
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 4}
    return {**place, "text": text, "font": {"size": 13, "color": colours.ink}, "showarrow": False}
