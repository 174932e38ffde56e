"""Digits that somebody has struck through: a straight stroke lies across, and reaches past all else on both sides."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Ink
from mnist_dash.sketch.pieces import find_runs
from mnist_dash.sketch.thin_pens import measure_pen


@dataclass(frozen=True, slots=True)
class _Tuning:
    """What a stroke across is like: set by hand on digits by people, as `benchmarks.struck_through` measures them."""

    # The ink is at least so wide, in pens, …
    narrowest: float = 4.0
    # … and as a share of its height: a shorter stroke may be the bar of a 7.
    narrower: float = 0.8
    # A stroke is no broader where it ends, in pens, …
    broadest: float = 2.2
    # … no more of them end at a side, as they do in noise, …
    ends: int = 6
    # … and its ink is taken away so far from its middle to either side.
    reach: float = 1.0
    # It falls or rises by no more than so much of its length: a steeper one makes a 0 a slashed 0.
    steepest: float = 0.6
    # So much of its middle line is ink.
    solid: float = 0.97
    # On each side it is longer than all other ink by so much of the ink's longer side, …
    beyond: float = 0.08
    # … which has as much as this of its height above it, and below: it is neither a foot nor a flat top.
    inside: float = 0.22
    # A stroke that is longer by this may leave less of it on one side.
    far_beyond: float = 0.2
    far_inside: float = 0.08
    # A row or column with less ink than this, in pens, is a rest of the stroke itself.
    rest: float = 0.4


_TUNED = _Tuning()

_Lines = npt.NDArray[np.float64]
"""(lines, 2): the rows of strokes at the left and at the right end of the ink."""


def is_struck_through(ink: Ink) -> bool:
    """Whether one or more straight strokes go through ink (h, w), as nobody writes a digit, but for some 4s."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return False
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = cut.shape
    pen = max(1.0, measure_pen(cut))
    lines = _find_lines_across(cut, pen)
    if width < max(_TUNED.narrowest * pen, _TUNED.narrower * height) or not len(lines):
        return False
    rest = _take_away(cut, lines, pen)
    least = _TUNED.rest * pen
    across, down = np.flatnonzero(rest.sum(axis=0) > least), np.flatnonzero(rest.sum(axis=1) > least)
    if not (across.size and down.size):
        return False
    shorter = min(across[0], width - 1 - across[-1])
    above, below = lines.mean(axis=1).min() - down[0], down[-1] - lines.mean(axis=1).max()
    side, within = max(cut.shape), min(above, below)
    return bool(
        (shorter >= _TUNED.beyond * side and within > _TUNED.inside * height)
        or (shorter >= _TUNED.far_beyond * side and within > _TUNED.far_inside * height)
    )


def _find_lines_across(cut: Ink, pen: float) -> _Lines:
    """Straight strokes from the left end of ink that fills its box to the right end."""
    width = cut.shape[1]
    edge = int(min(pen / 2, width / 8))
    left, right = edge, width - 1 - edge
    at = np.arange(left, right + 1)
    starts, ends = _find_ends(cut[:, left], pen), _find_ends(cut[:, right], pen)
    found: list[tuple[float, float]] = []
    if max(len(starts), len(ends)) > _TUNED.ends:
        return np.empty((0, 2))
    for start in starts:
        for end in ends:
            line = np.rint(np.linspace(start, end, len(at))).astype(int)
            if abs(end - start) <= _TUNED.steepest * width and cut[line, at].mean() >= _TUNED.solid:
                found.append((start, end))
    return np.array(found).reshape(-1, 2)


def _find_ends(column: Ink, pen: float) -> list[float]:
    """The middles of runs of ink in a column (h,) that are no longer than a stroke is broad."""
    return [(low + high - 1) / 2 for low, high in find_runs(column) if high - low <= _TUNED.broadest * pen]


def _take_away(cut: Ink, lines: _Lines, pen: float) -> Ink:
    """Ink without what lies on these lines."""
    height, width = cut.shape
    share = np.linspace(0, 1, width)
    rest = cut.copy()
    for start, end in lines:
        rest &= np.abs(np.arange(height)[:, np.newaxis] - (start + (end - start) * share)) > _TUNED.reach * pen
    return rest
