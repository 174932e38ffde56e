"""What stands where on a form, in millimetres: x to the right and y down from the upper left corner of its first box.

There is one layout, which A4 and Letter both hold, so that a photo need not tell which of them it shows.
"""

from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Points

VERSION = 1
"""Counts up with every change of the layout, and stands in the corner marks."""
ROWS, COLUMNS = 20, 10
WIDTH, HEIGHT = 12.0, 9.6
"""Of a box."""
ACROSS, DOWN = 16.0, 11.0
"""From one box to the next."""
SIDE = 14.0
"""Of a corner mark, without the paper around it."""
GRID = (COLUMNS - 1) * ACROSS + WIDTH, (ROWS - 1) * DOWN + HEIGHT
"""Width and height from the first box to the last."""
_OUT = 18.0
"""From the grid to the outer side of a corner mark."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box by its number from 0, line by line, its upper left corner, and the digit that is to be written in it."""

    number: int
    left: float
    top: float
    digit: int


BOXES = tuple(
    Box(row * COLUMNS + column, column * ACROSS, row * DOWN, column % 10)
    for row in range(ROWS)
    for column in range(COLUMNS)
)
"""All boxes: each line asks for every digit once."""
MARKS = (
    (-_OUT, -_OUT),
    (GRID[0] + _OUT - SIDE, -_OUT),
    (-_OUT, GRID[1] + _OUT - SIDE),
    (GRID[0] + _OUT - SIDE, GRID[1] + _OUT - SIDE),
)
"""The upper left corner of each corner mark: above left and right, below left and right."""
LABEL = (GRID[0] - 17.0, -_OUT, 16.8)
"""Left, top and side of the code that tells set and writer."""
AREA = (-_OUT, -_OUT, GRID[0] + _OUT, GRID[1] + _OUT)
"""Left, top, right and bottom of all that is printed but words."""


def find_corners(mark: int) -> Points:
    """The corners (4, 2) of a corner mark, from its upper left one clockwise."""
    left, top = MARKS[mark]
    return np.array([(left, top), (left + SIDE, top), (left + SIDE, top + SIDE), (left, top + SIDE)])
