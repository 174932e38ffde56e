"""The procedure that made MNIST from NIST's scans, stage by stage.

Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", and Yadav and Bottou, "Cold
case: the lost MNIST digits" (2019), who recovered its details: binary ink is cut out, grown to a square,
area-averaged to 20×20, scaled to full contrast and placed in 28×28 by its centre of mass.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Ink, InkShare

SIDE = 28
BOX = 20


class Step(StrEnum):
    """What can be left out of the procedure, to see what it is good for."""

    CUT = "cut"
    """Cut the ink out of the sheet; without it the whole sheet is taken."""
    SQUARE = "square"
    """Grow the box to a square; without it the ink is stretched to one."""
    MARGIN = "margin"
    """Shrink to 20×20 and leave a margin; without it the ink fills all of 28×28."""
    CENTRE = "centre"
    """Place by the centre of mass; without it by the middle of the box."""


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """One sketch on its way to 28×28: what was drawn, and what each step made of it.

    `ink` (h, w) · `cut` its bounding box · `square` the box grown to a square · `small` (20, 20) from 0 to
    1, or (28, 28) without a margin · `image` (28, 28) uint8, ready for a network · `offset` (row, column) at which
    `small` was placed.
    """

    ink: Ink
    cut: Ink
    square: Ink
    small: InkShare
    image: npt.NDArray[np.uint8]
    offset: tuple[int, int]


def preprocess(ink: Ink, without: Collection[Step] = ()) -> Stages | None:
    """Every stage from binary ink (h, w) to a 28×28 image, `without` some of the steps; None where there is no ink.

    A step that is left out hands on what came before it: `cut` is the whole ink, `square` the box as it is.
    """
    if not ink.any():
        return None
    cut = ink if Step.CUT in without else _cut(ink)
    square = cut if Step.SQUARE in without else _square(cut)
    small = _shrink(square, SIDE if Step.MARGIN in without else BOX)
    place = _middle if Step.CENTRE in without else _offset
    row, column = place(small.sum(axis=1)), place(small.sum(axis=0))
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[row : row + len(small), column : column + len(small)] = np.rint(small * 255).astype(np.uint8)
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


def _shrink(ink: Ink, side: int) -> InkShare:
    height, width = ink.shape
    small = _area_weights(height, side) @ ink.astype(np.float64) @ _area_weights(width, side).T
    return np.asarray(small / small.max())


@lru_cache(maxsize=256)
def _area_weights(source: int, target: int) -> InkShare:
    """(target, source): row i holds the share of each source pixel in target pixel i; each row sums to 1."""
    edges = np.linspace(0, source, target + 1)
    left, right = edges[:-1, np.newaxis], edges[1:, np.newaxis]
    pixels = np.arange(source)
    overlap = np.clip(np.minimum(right, pixels + 1) - np.maximum(left, pixels), 0, None)
    return np.asarray(overlap * (target / source))


def _offset(mass: InkShare) -> int:
    """Where a side of the 20×20 box starts: its centre of mass lands at 15 of 28 minus the fraction.

    All 10,000 official test images lie in [14, 15), in rows and in columns. Rounding keeps a symmetric drawing in
    its place whatever its size: its centre is 10 but for the last bits of a float.
    """
    centre = round(float(mass @ (np.arange(len(mass)) + 0.5) / mass.sum()), 9)
    return int(np.clip(int(15 - centre), 0, SIDE - len(mass)))


def _middle(mass: InkShare) -> int:
    """Where a side starts whose middle is that of the image, wherever its mass lies."""
    return (SIDE - len(mass)) // 2
