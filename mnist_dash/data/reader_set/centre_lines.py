"""Centre lines of the ink in images of digits: what a pen would have followed."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image as Picture
from scipy import ndimage  # type: ignore[import-untyped]

from mnist_dash.arrays import Float64s, Image, Images, Ink
from mnist_dash.data.dataset import SIDE

FINER = 4
"""Pixels of a centre line to each of the image's 28."""
HOLE, LOOP = 60, 5
"""Grey levels and pixels of the image: what a small loop's hole is. Chosen on training digits."""

Inks = npt.NDArray[np.bool_]
"""(n, height, width): true where there is ink."""
Levels = npt.NDArray[np.int16]
"""(n, height, width): 0 is paper, 255 is full ink."""


def enlarge(image: Image, times: float) -> Ink:
    """The ink of an image (28, 28), `times` as large, with smooth borders."""
    side = round(SIDE * times)
    return np.asarray(Picture.fromarray(image).resize((side, side), Picture.Resampling.BICUBIC)) > 127


def open_loops(images: Images) -> Inks:
    """The ink of images (n, 28, 28), FINER times as large, with the holes of small loops as open as they were written.

    A broad pen leaves such a hole grey, and what counts as ink at half of full tone would lose the loop: where the
    image is `HOLE` darker than the strokes around it, within `LOOP` pixels, there is paper.
    """
    side = SIDE * FINER
    fine = np.stack(
        [np.asarray(Picture.fromarray(image).resize((side, side), Picture.Resampling.BICUBIC)) for image in images]
    ).astype(np.int16)
    return np.asarray((fine > 127) & (close_by_disc(fine, LOOP * FINER // 2) - fine < HOLE))


def close_by_disc(images: Levels, radius: int) -> Levels:
    """Images (n, h, w) closed by a disc: what is darker than all around it, and has no room for the disc, is filled.

    The same as SciPy's `grey_closing` to the bit, and ten times as fast: a disc is made of rows.
    """
    return _filter_by_disc(_filter_by_disc(images, radius, np.maximum), radius, np.minimum)


def _filter_by_disc(images: Levels, radius: int, pick: np.ufunc) -> Levels:
    along = ndimage.maximum_filter1d if pick is np.maximum else ndimage.minimum_filter1d
    height, padded = images.shape[1], np.pad(images, ((0, 0), (radius, radius), (0, 0)), mode="symmetric")
    found = images
    for reach in range(radius + 1):
        half = math.isqrt(radius**2 - reach**2)
        rows = along(padded, 2 * half + 1, axis=2)
        for down in {-reach, reach}:
            found = pick(found, rows[:, radius + down : radius + down + height])
    return found


def thin(inks: Inks) -> Inks:
    """Centre lines of ink: what Zhang and Suen's algorithm leaves (1984), "A fast parallel algorithm for thinning".

    Borders are peeled off in turn from the south-east and the north-west; ends and connections stay.
    """
    line = np.pad(inks, ((0, 0), (1, 1), (1, 1)))
    before = -1
    while before != (before := int(line.sum())):
        for table in _PEELS:
            line[:, 1:-1, 1:-1] &= ~table[_around(line)]
    return line[:, 1:-1, 1:-1]


_CLOCKWISE = np.array([(0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0)])
"""(8, 2): rows and columns of a pixel's neighbours in the 3×3 around it, from the north."""
_FORWARD = 2, 3, 4, 5
"""Those of them to the east and south: they see each pair of neighbours once."""


def _around(line: Inks) -> npt.NDArray[np.uint8]:
    """(n, h, w): a bit for each neighbour of each pixel, of lines (n, h + 2, w + 2)."""
    height, width = line.shape[1] - 2, line.shape[2] - 2
    code = np.zeros((len(line), height, width), np.uint8)
    for bit, (row, column) in enumerate(_CLOCKWISE):
        code |= line[:, row : row + height, column : column + width].view(np.uint8) << np.uint8(bit)
    return code


def _peel(kept: Sequence[tuple[int, ...]]) -> npt.NDArray[np.bool_]:
    """(256,): which neighbourhoods let a pixel go; one stays whose neighbours in any of `kept` are all ink."""
    bits = (np.arange(256)[:, None] >> np.arange(8) & 1).astype(bool)
    many = bits.sum(axis=1)
    once = (~bits & np.roll(bits, -1, axis=1)).sum(axis=1) == 1
    inner = np.any([bits[:, sides].all(axis=1) for sides in kept], axis=0)
    return np.asarray((many >= 2) & (many <= 6) & once & ~inner)


_PEELS = _peel(((0, 2, 4), (2, 4, 6))), _peel(((0, 2, 6), (0, 4, 6)))


def find_segments(line: Ink) -> Float64s:
    """(s, 2, 2): from and to, x and y, of each pair of neighbours on a centre line; a dot goes to itself."""
    around = _around(np.pad(line, 1)[None])[0]
    starts = [np.argwhere(line & (around >> bit & 1 == 1)) for bit in _FORWARD]
    pairs = [
        np.stack([start, start + _CLOCKWISE[bit] - 1], axis=1) for bit, start in zip(_FORWARD, starts, strict=True)
    ]
    dots = np.argwhere(line & (around == 0))
    return np.concatenate([*pairs, np.stack([dots, dots], axis=1)])[:, :, ::-1].astype(float)
