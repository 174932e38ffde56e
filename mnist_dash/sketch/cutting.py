"""Ink too wide for one digit, cut where that crosses the least ink if several digits are the likelier reading.

Every way of cutting is weighed: how usual the shapes are, what a reader says of them, and how much ink is cut.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Ink, Pixels

CutConfidence = Callable[[list[Ink]], npt.NDArray[np.floating]]
"""How sure a reader is, from 0 to 1, that each ink is one digit: (n,)."""


@dataclass(frozen=True, slots=True)
class _Tuning:
    """How cuts are weighed: chosen on MNIST's training digits, side by side on pages.

    No script of the choosing was kept; `benchmarks.numbers` measures on test digits what they give.
    """

    # Width by height from which a piece may be more than one digit; half of all digits are under 0.75.
    wide: float = 0.9
    # The usual width by height of a digit; a wider one is the less likely.
    usual: float = 0.75
    # How widely the logarithm of width by height varies among digits, …
    spread: float = 0.25
    # … and what it says beside a cut confidence, which has seen the shape.
    spread_sure: float = 0.3
    # What a cut must gain in plausibility, a natural logarithm.
    price: float = 1.0
    # What more a cut would cost that runs through ink over its whole height.
    ink_price: float = 14.0
    # Columns by row: how far cuts may lean.
    slopes: tuple[float, ...] = (-0.4, -0.2, 0.0, 0.2, 0.4)
    # The least that a cut confidence counts for.
    never: float = 1e-6
    # The places at which a piece may be cut.
    cuts: int = 10
    # The narrowest thing that may be cut off, in heights of the piece.
    sliver: float = 0.1
    # Where the confidence that a piece is one digit is above this, no part of it is asked about.
    sure: float = 0.9
    # Rows of the drawing in which cuts are looked for.
    coarse: int = 64
    # Width by height above which no confidence is asked for a part: nothing so wide is one digit.
    widest: float = 1.6


_TUNED = _Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """A line at column `at` in row 0 that leans by `slope`; `cost` is the ink on it as a share of the height."""

    at: float
    slope: float
    cost: float

    def right(self, points: Pixels) -> npt.NDArray[np.bool_]:
        """(n,): whether each point lies to the right of the line."""
        return np.asarray(points[:, 1] - self.slope * points[:, 0] >= self.at)


def split_touching(points: Pixels, confidence: CutConfidence | None) -> list[Pixels]:
    """A group as one digit or as several, whichever is likeliest."""
    if width_of(points) < _TUNED.wide * height_of(points):
        return [points]
    whole = float(confidence([crop(points)])[0]) if confidence else 0.0
    if whole > _TUNED.sure:
        return [points]
    # Cuts are found on a coarse drawing, in which the same lines cross the same ink.
    step = max(1, height_of(points) // _TUNED.coarse)
    coarse = _coarse(points, step)
    lines = _cuts(coarse)
    spans = {(i, j): _between(coarse, lines, i, j) for j in range(1, len(lines) + 2) for i in range(j)}
    spans = {span: inside for span, inside in spans.items() if len(inside)}
    chosen = _likeliest(_plausible(spans, confidence, whole), _prices(lines))
    lines = [replace(line, at=line.at * step) for line in lines]
    return [inside for span in chosen if len(inside := _between(points, lines, *span))]


def _coarse(points: Pixels, step: int) -> Pixels:
    """The points of a drawing `step` times as small, each once."""
    small = points // step
    columns = int(small[:, 1].max()) + 1
    return np.stack(np.divmod(np.unique(small[:, 0] * columns + small[:, 1]), columns), axis=1)


def _cuts(points: Pixels) -> list[_Cut]:
    """The cheapest cuts from left to right, at most one in each window of an eighth of the height."""
    height, step = height_of(points), max(1, height_of(points) // 8)
    margin = _TUNED.sliver * height
    left, right = extent_of(points)
    leaning = [line for slope in _TUNED.slopes for line in _profile(points, slope, height)]
    middle = (points[:, 0].min() + points[:, 0].max()) / 2
    windows: dict[int, _Cut] = {}
    for line in leaning:
        column = line.at + line.slope * middle
        if left + margin <= column <= right - margin:
            window = int(column - left) // step
            windows[window] = min(windows.get(window, line), line, key=lambda cut: cut.cost)
    cheapest = sorted(windows.items(), key=lambda item: item[1].cost)[: _TUNED.cuts]
    return [line for _, line in sorted(cheapest, key=lambda item: item[0])]


def _profile(points: Pixels, slope: float, height: int) -> list[_Cut]:
    """Every cut of one slope."""
    columns = np.rint(points[:, 1] - slope * points[:, 0]).astype(np.intp)
    first = int(columns.min())
    shares = np.bincount(columns - first) / height
    return [_Cut(first + i, slope, float(share)) for i, share in enumerate(shares)]


def _between(points: Pixels, lines: Sequence[_Cut], start: int, end: int) -> Pixels:
    """The points from cut `start` to cut `end`; 0 is the left border, and one more than there are cuts the right."""
    if start:
        points = points[lines[start - 1].right(points)]
    if end <= len(lines):
        points = points[~lines[end - 1].right(points)]
    return points


def _plausible(
    spans: dict[tuple[int, int], Pixels], confidence: CutConfidence | None, whole: float
) -> dict[tuple[int, int], float]:
    """The natural logarithm of how likely each span is one digit, by its shape and by the cut confidence.

    The `whole`, however wide, was asked about before.
    """
    shape = np.array([width_of(points) / height_of(points) for points in spans.values()])
    spread = _TUNED.spread_sure if confidence else _TUNED.spread
    likely = -0.5 * (np.maximum(0, np.log(shape / _TUNED.usual)) / spread) ** 2
    if confidence:
        every = max(spans, key=lambda span: span[1] - span[0])
        asked = (shape <= _TUNED.widest) & [span != every for span in spans]
        sure = np.where([span == every for span in spans], whole, 0.0)
        if asked.any():
            sure[asked] = confidence([crop(points) for points, ask in zip(spans.values(), asked, strict=True) if ask])
        likely += np.log(np.maximum(sure, _TUNED.never))
    return dict(zip(spans, likely.tolist(), strict=True))


def _prices(lines: Sequence[_Cut]) -> list[float]:
    """What a digit that ends at each cut costs; the right border is free."""
    return [0.0, *(_TUNED.price + _TUNED.ink_price * line.cost for line in lines), 0.0]


def _likeliest(likely: dict[tuple[int, int], float], prices: Sequence[float]) -> list[tuple[int, int]]:
    """The spans, end to end, with the greatest sum of plausibility less prices."""
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    for end in range(1, len(prices)):
        ways = [
            (best[start][0] + likely[start, end] - prices[end], [*best[start][1], (start, end)])
            for start in range(end)
            if (start, end) in likely
        ]
        best.append(max(ways, default=(-np.inf, [])))
    return best[-1][1]


def extent_of(points: Pixels) -> tuple[int, int]:
    """The columns from the first with ink up to the one after the last."""
    return int(points[:, 1].min()), int(points[:, 1].max()) + 1


def height_of(points: Pixels) -> int:
    """The rows from the highest ink to the lowest."""
    return int(np.ptp(points[:, 0])) + 1


def width_of(points: Pixels) -> int:
    """The columns from the first with ink to the last."""
    return int(np.ptp(points[:, 1])) + 1


def crop(points: Pixels) -> Ink:
    """Ink (h, w) of just these points, in their box."""
    top, left = points.min(axis=0)
    ink = np.zeros((height_of(points), width_of(points)), bool)
    ink[points[:, 0] - top, points[:, 1] - left] = True
    return ink
