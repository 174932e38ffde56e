"""Rows of digits that a line strikes out: one that lies between printed lines, and is shorter than they are.

Such a line is no printed one. It is cut between the digits that it goes through, so that each has a stroke of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Float64s, Ink
from mnist_dash.sketch.pieces import find_runs


@dataclass(frozen=True, slots=True)
class _Tuning:
    """What strikes out: set by hand on the form of `benchmarks.real_photos`, which has such a row."""

    # Printed lines, at least so many, are longer than it …
    several: int = 5
    # … by this, as a share of their usual length, …
    shorter: float = 0.85
    # … and as far apart as usual, or by this factor more, where it lies between two of them, …
    wider: float = 1.4
    # … no nearer to either than this, in usual distances.
    apart: float = 0.15
    # So much of the distance above it and below, as a share, is looked at for digits.
    room: float = 0.4
    # It is drawn so much further than it goes, as a share of that: some begin on the first digit, …
    past: float = 0.5
    # … is alone where there is no more ink than this, as a multiple of its breadth, …
    alone: float = 1.5
    # … and between two digits so much of it is cut out.
    cut: float = 0.4


_TUNED = _Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A straight line or a slightly bent one: the first and last of its columns, and its row by column."""

    first: int
    last: int
    way: np.polynomial.Polynomial

    @property
    def width(self) -> int:
        """The columns that it takes."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, eq=False)
class Strike:
    """A line that strikes digits out: its `rows` (n,) by `columns` (n,), and how many rows beside it digits take."""

    columns: npt.NDArray[np.intp]
    rows: Float64s
    room: float

    def enlarge(self, times: int) -> "Strike":
        """The same line in a picture of so many times the rows and columns."""
        columns = np.arange(self.columns[0] * times, (self.columns[-1] + 1) * times)
        return Strike(columns, np.interp(columns / times, self.columns, self.rows) * times, self.room * times)

    def cut(self, ink: Ink) -> Ink:
        """Ink (h, w) with the line drawn through each of its digits, past it on both sides, and not between them.

        Printed lines that cross it have taken some of it away.
        """
        height, width = ink.shape
        past = round(_TUNED.past * self.room)
        columns = np.arange(max(0, self.columns[0] - past), min(width, self.columns[-1] + past + 1))
        level = np.interp(columns, self.columns, self.rows)
        far = np.arange(-round(self.room), round(self.room) + 1)
        around = ink[np.clip(np.rint(level).astype(np.intp) + far[:, np.newaxis], 0, height - 1), columns]
        thick = around.sum(axis=0)
        # Where the line is alone, there is as much ink as it is broad.
        broad = max(1.0, float(np.percentile(thick[thick > 0], 25))) if thick.any() else 1.0
        drawn = np.ones(len(columns), bool)
        for start, end in find_runs(thick <= _TUNED.alone * broad):
            if start and end < len(columns):
                half = max(1, round(_TUNED.cut * (end - start) / 2))
                drawn[max(start, (start + end) // 2 - half) : min(end, (start + end) // 2 + half)] = False
        off = np.abs(np.arange(height)[:, np.newaxis] - level)
        rest = ink.copy()
        # More than its breadth is cut, since it may not lie quite where it is taken to lie.
        rest[:, columns] &= drawn | (off > broad / 2 + 1.5)
        rest[:, columns] |= drawn & (off <= broad / 2)
        return rest


def find_strikes(lines: Sequence[Line]) -> dict[int, float]:
    """Which of the lines, by their place, strike out, and the rows beside each that digits take."""
    usual = float(np.median([line.width for line in lines])) if lines else 0.0
    short = [place for place, line in enumerate(lines) if line.width < _TUNED.shorter * usual]
    printed = [line for place, line in enumerate(lines) if place not in short]
    if len(printed) < _TUNED.several:
        return {}
    found = {}
    for place in short:
        line = lines[place]
        middle = (line.first + line.last) / 2
        levels = np.sort([float(each.way(middle)) for each in printed])
        distance, at = float(np.median(np.diff(levels))), float(line.way(middle))
        next_one = int(np.searchsorted(levels, at))
        if 0 < next_one < len(levels):
            above, below = at - levels[next_one - 1], levels[next_one] - at
            if above + below <= _TUNED.wider * distance and min(above, below) >= _TUNED.apart * distance:
                found[place] = _TUNED.room * distance
    return found
