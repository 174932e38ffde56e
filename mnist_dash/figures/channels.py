"""What a layer saw: its channels as small pictures, one of them large, its filters, and units as bars."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from plotly import graph_objects as go

from mnist_dash.arrays import Floats, Images
from mnist_dash.data.dataset import SIDE
from mnist_dash.figures.digits import encode_png, frame, ink_page
from mnist_dash.figures.theme import Palette, make_scale, make_template, rgb_of

HEIGHT = 280
"""Pixels that the figure of one channel is made for."""
STRIP = 220
"""Pixels that the figure of units is made for."""
COLUMNS = 8
"""Filters in a row."""
_NAMED = 12
"""Units that each get their number below."""
_CELL, _GAP = 12, 8
_SCALE = 8
"""Pixels of a picture to each pixel of the digit; all pictures here are shown at half their size."""


def draw_channels(values: Floats) -> Images:
    """The channels of a layer (rows, columns, channels) as images (channels, 28, 28), all on one scale.

    The more ink, the farther from 0. Each is enlarged by a whole factor and stands in the middle.
    """
    tones = np.rint(255 * np.abs(values) / (np.abs(values).max() or 1)).astype(np.uint8).transpose(2, 0, 1)
    rows, columns = (max(1, SIDE // side) for side in tones.shape[1:])
    large = tones.repeat(rows, axis=1).repeat(columns, axis=2)[:, :SIDE, :SIDE]
    spare = [SIDE - side for side in large.shape[1:]]
    return np.pad(large, [(0, 0), *((room // 2, room - room // 2) for room in spare)])


def plot_channel(values: Floats, colours: Palette) -> go.Figure:
    """One channel (rows, columns) as a heat map, exact under the pointer; even about 0 where it goes below."""
    most = float(np.abs(values).max()) or 1.0
    signed = bool(values.min() < 0)
    cells = go.Heatmap(
        z=values.astype(np.float32),
        zmin=-most if signed else 0.0,
        zmax=most,
        colorscale=make_scale(colours.diverging if signed else colours.sequential),
        hovertemplate="Row %{y}, column %{x}<br><b>%{z:.2f}</b><extra></extra>",
    )
    axis = {"visible": False, "showgrid": False, "constrain": "domain", "fixedrange": True}
    rows, columns = values.shape
    layout = {
        "template": make_template(colours),
        "margin": {"l": 0, "r": 0, "t": 4, "b": 4},
        "dragmode": False,
        "xaxis": {**axis, "range": [-0.5, columns - 0.5]},
        "yaxis": {**axis, "range": [rows - 0.5, -0.5], "scaleanchor": "x"},
    }
    return go.Figure(cells, layout)


def plot_units(values: Floats, colours: Palette, names: str = "Unit") -> go.Figure:
    """The values (n,) of a layer without places, as a strip of bars."""
    tones = [colours.accent if value >= 0 else colours.diverging[1] for value in values]
    bars = go.Bar(
        x=np.arange(len(values)),
        y=values.astype(np.float32),
        marker={"color": tones, "line": {"width": 0}},
        hovertemplate=f"{names} %{{x}}: <b>%{{y:.3g}}</b><extra></extra>",
    )
    return go.Figure(bars, _strip(len(values), names, colours))


def draw_weights(filters: Floats, colours: Palette, columns: int = COLUMNS, cell: int = _CELL) -> bytes:
    """Filters (n, rows, columns) side by side as a PNG, on one scale that is even about 0, `cell` pixels a weight."""
    most = float(np.abs(filters).max()) or 1.0
    steps = np.rint(254 * (filters / most + 1) / 2).astype(np.uint8)
    tiles = steps.repeat(cell, axis=1).repeat(cell, axis=2)
    rows = -(-len(tiles) // columns)
    cells = np.full((rows * columns, tiles.shape[1] + _GAP, tiles.shape[2] + _GAP), 255, np.uint8)
    cells[: len(tiles), : tiles.shape[1], : tiles.shape[2]] = tiles
    height, width = cells.shape[1:]
    page = cells.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)
    picture = Image.fromarray(page[:, : min(columns, len(tiles)) * width])
    picture.putpalette(_ramp(colours))
    return encode_png(picture)


def weights_width(count: int, side: int, columns: int = COLUMNS, cell: int = _CELL) -> int:
    """The width in pixels at which so many filters of that side are shown."""
    return min(columns, count) * (side * cell + _GAP) // 2


def draw_receptive_field(image: npt.NDArray[np.uint8], box: tuple[int, int, int, int], colours: Palette) -> bytes:
    """An image (28, 28) as a PNG with a frame around a part of it: top, left, bottom and right, ends included."""
    page = ink_page(Image.fromarray(frame(image[np.newaxis], _SCALE, edge=2)[0]), colours).convert("RGB")
    top, left, bottom, right = (side * _SCALE for side in box)
    ends = (left, top, right + _SCALE - 1, bottom + _SCALE - 1)
    ImageDraw.Draw(page).rectangle(ends, outline=colours.accent, width=4)
    return encode_png(page)


def receptive_field_width() -> int:
    """The width in pixels at which such an image is shown."""
    return SIDE * _SCALE // 2


def _ramp(colours: Palette) -> bytes:
    """255 colours from the low end of the diverging scale to the high one, and the paper, as a PNG palette."""
    stops = np.array([rgb_of(colour) for colour in colours.diverging], np.float64)
    at, places = np.linspace(0, len(stops) - 1, 255), np.arange(len(stops))
    mixed = np.stack([np.interp(at, places, stops[:, part]) for part in range(3)], axis=1)
    return bytes(np.rint(np.vstack([mixed, rgb_of(colours.paper)])).astype(np.uint8))


def _strip(count: int, names: str, colours: Palette) -> dict[str, Any]:
    return {
        "template": make_template(colours),
        "margin": {"l": 48, "r": 8, "t": 8, "b": 40},
        "bargap": 0.15,
        "dragmode": False,
        "xaxis": {
            "title": {"text": names},
            "showgrid": False,
            "fixedrange": True,
            "range": [-0.7, count - 0.3],
            "dtick": 1 if count <= _NAMED else None,
        },
        "yaxis": {"nticks": 4, "fixedrange": True},
    }
