"""What MNIST-C (arXiv 1906.02337) puts on top of a digit: mud, a dotted line and a zigzag."""

import numpy as np
import scipy  # type: ignore[import-untyped]  # ndimage is loaded where it is first used: 300 ms that few commands need

from mnist_dash.arrays import Float32s, Float64s, Floats
from mnist_dash.data.dataset import SIDE

SPATTER = (
    (0.65, 0.3, 4, 0.69, 0.6),
    (0.65, 0.3, 3, 0.68, 0.6),
    (0.65, 0.3, 2, 0.68, 0.5),
    (0.65, 0.3, 1, 0.65, 1.5),
    (0.67, 0.4, 1, 0.65, 1.5),
)
"""Of each severity: mean and standard deviation of the noise, the width in pixels of the Gaussian that smooths it,
above which level it is mud, and the width of the Gaussian that softens the mud."""
_THIN = 0.8
"""Mud that covers less of a pixel is none."""
_MUD = 63 / 255
"""The grey level of mud."""
_BREADTH = 2.3
"""Pixels above and below the middle of a line at which nothing is left of its ink, by far."""
_RISE = 5
"""Rows by which a zigzag may rise or fall from the left to the right."""
_TOOTH = 2.0
"""Pixels of a zigzag: the height of its teeth, and half the way from one to the next."""
_ENDS = 2, 25
"""Columns where a zigzag begins and ends."""


def spatter(
    ink: Float32s, rng: np.random.Generator, mean: float, spread: float, smooth: float, level: float, soft: float
) -> Floats:
    """Ink (n, 28, 28) from 0 to 1 under blots of mud."""
    liquid = scipy.ndimage.gaussian_filter(rng.normal(mean, spread, ink.shape), (0, smooth, smooth), mode="nearest")
    mud = scipy.ndimage.gaussian_filter((liquid > level).astype(np.float32), (0, soft, soft), mode="nearest")
    mud[mud < _THIN] = 0
    return np.asarray(ink * (1 - mud) + _MUD * mud)


def add_dotted_line(ink: Float32s, rng: np.random.Generator) -> Floats:
    """Ink (n, 28, 28) from 0 to 1 with a line from any row on the left to any on the right, dotted by columns."""
    start, end = rng.integers(SIDE - 1, size=(2, len(ink))).astype(np.float64)
    zero = np.zeros(len(ink))
    line = _draw_lines(zero, start, zero + SIDE - 1, end)
    line[:, :, np.arange(SIDE) // 2 % 2 == 0] = 0
    return ink + line


def add_zigzag(ink: Float32s, rng: np.random.Generator) -> Floats:
    """Ink (n, 28, 28) from 0 to 1 with a zigzag across it that begins in any row and rises or falls by up to 5."""
    start = rng.integers(SIDE - 1, size=len(ink)).astype(np.float64)
    rise, run = rng.integers(-_RISE, _RISE, len(ink)), _ENDS[1] - _ENDS[0]
    length, angle = np.hypot(run, rise), np.arctan2(rise, run)
    along, up = _corners(length)
    columns = _ENDS[0] + np.cos(angle) * along - np.sin(angle) * up
    rows = start + np.sin(angle) * along + np.cos(angle) * up
    ends = zip(columns[:-1], rows[:-1], columns[1:], rows[1:], strict=True)
    return np.asarray(ink + sum(_draw_lines(*each) for each in ends))


def _corners(length: Float64s) -> tuple[Float64s, Float64s]:
    """How far along and beside its axis the corners (k, n) of zigzags lie that are from 23 to 25 pixels long."""
    teeth = np.arange(int((_ENDS[1] - _ENDS[0] - _TOOTH) // (2 * _TOOTH)) + 1)
    # Where the recipe stops short of the axis, its last piece goes as far beside it as this.
    rest = length % (2 * _TOOTH)
    along = [np.zeros(len(length)), *(np.full(len(length), (2 * i + 1) * _TOOTH) for i in teeth), length]
    up = [np.zeros(len(length)), *(np.full(len(length), (-1) ** i * _TOOTH) for i in teeth)]
    return np.array(along), np.array([*up, up[-1] / (2 * rest)])


def _draw_lines(left: Float64s, top: Float64s, right: Float64s, bottom: Float64s) -> Floats:
    """Ink (n, 28, 28) from 0 to 1 of a line each, from column `left` and row `top` (n,) to `right` and `bottom` (n,).

    Ink fades with the distance above and below, as 1 + log(1 - distance / 2.3).
    """
    left, top, right, bottom = (end[:, np.newaxis, np.newaxis] for end in (left, top, right, bottom))
    columns, rows = np.arange(SIDE), np.arange(SIDE)[:, np.newaxis]
    away = np.abs(rows - top - (bottom - top) / (right - left) * (columns - left))
    ink = np.clip(1 + np.log(np.maximum(1 - away / _BREADTH, np.exp(-1))), 0, 1)
    return np.where((columns >= np.floor(left)) & (columns < np.ceil(right)), ink, 0)
