"""The procedure that made MNIST from NIST's scans, stage by stage.

Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", and Yadav and Bottou, "Cold
case: the lost MNIST digits" (2019), who recovered its details: binary ink is cut out, grown to a square,
area-averaged to 20×20, scaled to full contrast and placed in 28×28 by its centre of mass.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

SIDE = 28
BOX = 20

Ink = npt.NDArray[np.bool_]
"""(height, width): true where there is ink."""
Grey = npt.NDArray[np.float64]
"""Ink as a share from 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """One sketch on its way to 28×28: what was drawn, and what each step made of it.

    `ink` (h, w) · `cut` its bounding box · `square` the box grown to a square · `small` (20, 20) from 0 to
    1 · `image` (28, 28) uint8, ready for a network · `offset` (row, column) at which `small` was placed.
    """

    ink: Ink
    cut: Ink
    square: Ink
    small: Grey
    image: npt.NDArray[np.uint8]
    offset: tuple[int, int]


def stages(ink: Ink) -> Stages | None:
    """Every stage from binary ink (h, w) to a 28×28 image; None where there is no ink."""
    if not ink.any():
        return None
    cut = _cut(ink)
    square = _square(cut)
    small = _shrink(square)
    row, column = _offset(small.sum(axis=1)), _offset(small.sum(axis=0))
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[row : row + BOX, column : column + BOX] = np.rint(small * 255).astype(np.uint8)
    return Stages(ink, cut, square, small, image, (row, column))


def _cut(ink: Ink) -> Ink:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _square(cut: Ink) -> Ink:
    height, width = cut.shape
    side = max(height, width)
    square = np.zeros((side, side), bool)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = cut
    return square


def _shrink(square: Ink) -> Grey:
    weights = _area_weights(len(square))
    small = weights @ square.astype(np.float64) @ weights.T
    return np.asarray(small / small.max())


@lru_cache(maxsize=256)
def _area_weights(side: int) -> Grey:
    """(20, side): row i holds the share of each source pixel in target pixel i; each row sums to 1."""
    edges = np.linspace(0, side, BOX + 1)
    left, right = edges[:-1, np.newaxis], edges[1:, np.newaxis]
    pixels = np.arange(side)
    overlap = np.clip(np.minimum(right, pixels + 1) - np.maximum(left, pixels), 0, None)
    return np.asarray(overlap * (BOX / side))


def _offset(mass: Grey) -> int:
    """Where a side of the 20×20 box starts: its centre of mass lands at 15 of 28 minus the fraction.

    All 10,000 official test images lie in [14, 15), in rows and in columns. Rounding keeps a symmetric drawing in
    its place whatever its size: its centre is 10 but for the last bits of a float.
    """
    centre = round(float(mass @ (np.arange(BOX) + 0.5) / mass.sum()), 9)
    return int(np.clip(int(15 - centre), 0, SIDE - BOX))
