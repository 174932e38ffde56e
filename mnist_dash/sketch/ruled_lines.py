"""Printed lines of ruled and squared paper: straight, thin, and longer than any stroke of a digit.

They are looked for as runs that are nearly without gaps, along rows and along columns, at the slope at which most
lines up and at slopes near it, since a page that is tilted before the camera has lines of many slopes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Darkness, Ink
from mnist_dash.sketch.pieces import close_ink, find_runs, grow_square, open_ink
from mnist_dash.sketch.struck_rows import Line, Strike, find_strikes


@dataclass(frozen=True, slots=True)
class _Tuning:
    """What passes for a printed line: chosen on imaginary photos (`benchmarks.paper`) of ruled paper.

    No script of the choosing was kept; `benchmarks.photo` measures on test digits and other seeds what they give.
    """

    # The shortest piece of a line, as a share of the picture's side along it.
    run: float = 0.2
    # The share of such a piece that must be there.
    filled: float = 0.8
    # The share of that side that a line takes in all: no stroke of a digit does.
    long: float = 0.5
    # How far beyond its pieces a line goes on, as a share of that side.
    beyond: float = 0.05
    # The least number of lines that are printed: fewer may be strokes of a large digit.
    several: int = 3
    # Rows by column: a page that is turned by 13 degrees.
    steepest: float = 0.24
    # How far from the best slope other lines of the page may be.
    near: float = 0.048
    step: float = 0.012
    # Half as many pixels as what is too broad for a printed line.
    thick: int = 5
    # Where a stroke crosses a printed line, it is darker than lines usually are by this factor, or is filled in.
    darker: float = 1.5
    # … as the darkest of them are, but for the rest of these percents.
    darkest: int = 90
    # Points by which the best slope is found.
    sample: int = 20_000


_TUNED = _Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class RuledLines:
    """The marks (h, w) on `printed` lines, and the lines between them that strike rows of digits out."""

    printed: Ink
    strikes: Sequence[Strike] = ()


def find_ruled_lines(marks: Ink) -> RuledLines:
    """Those of the marks (h, w) that lie on printed lines; none where there are not several lines."""
    small = _half(marks)
    thin = small & ~open_ink(small, _TUNED.thick)
    along, down = _along_rows(thin, small), _along_rows(_turned(thin), _turned(small), strikes=False)
    if along.count + down.count < _TUNED.several:
        return RuledLines(np.zeros_like(marks))
    lines = along.marks | down.marks.T
    large = lines.repeat(2, axis=0).repeat(2, axis=1)[: marks.shape[0], : marks.shape[1]]
    return RuledLines(np.asarray(grow_square(large) & marks), [strike.enlarge(2) for strike in along.strikes])


def take_away(lines: RuledLines, ink: Ink, dark: Darkness) -> Ink:
    """Ink without printed lines: what crosses them stays where it is darker than they are, or goes on beyond them.

    A line that strikes digits out stays where it goes through them.
    """
    if not lines.printed.any():
        return ink
    band = grow_square(lines.printed)
    sure = ink & (~band | (dark > _TUNED.darker * float(np.percentile(dark[lines.printed], _TUNED.darkest))))
    return reduce(lambda rest, strike: strike.cut(rest), lines.strikes, sure | (close_ink(sure, 7) & band & ink))


def _turned(marks: Ink) -> Ink:
    return np.ascontiguousarray(marks.T)


def _half(marks: Ink) -> Ink:
    """Half as many rows and columns, each with a mark where one of the four is: a thin line stays whole."""
    even = np.pad(marks, [(0, side % 2) for side in marks.shape])
    return np.asarray(even[::2, ::2] | even[1::2, ::2] | even[::2, 1::2] | even[1::2, 1::2])


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The marks (h, w) on printed lines along rows, how many long ones there are, and lines that strike digits out."""

    marks: Ink
    count: int = 0
    strikes: Sequence[Strike] = ()


def _along_rows(thin: Ink, marks: Ink, *, strikes: bool = True) -> _Found:
    """The `thin` ones of the marks on lines along rows, which go on behind thick ones.

    A line that strikes digits out counts as a printed one where `strikes` are not looked for.
    """
    points = np.argwhere(thin)
    length = round(_TUNED.run * thin.shape[1])
    if len(points) < length or length < 8:
        return _Found(np.zeros_like(thin))
    slope_of_most = _slope(points[:: max(1, len(points) // _TUNED.sample)])
    rows = _sheared_rows(thin.shape, slope_of_most)
    level, level_thin = _sheared(marks, rows), _sheared(thin, rows)
    lines, on_level = np.zeros_like(level), np.nonzero(level)
    for slope in np.arange(-_TUNED.near, _TUNED.near + _TUNED.step / 2, _TUNED.step):
        _add_runs(lines, on_level, slope, length)
    found = list(_find_whole(lines & level_thin, lines, length))
    struck = find_strikes(found) if strikes else {}
    printed = [line for place, line in enumerate(found) if place not in struck]
    whole = reduce(np.logical_or, (_on_way(line, level_thin) for line in printed), np.zeros_like(lines))
    shift = _shift(thin.shape[1], slope_of_most)
    return _Found(
        np.asarray(whole[rows, np.arange(thin.shape[1])]),
        sum(line.width >= _TUNED.long * thin.shape[1] for line in printed),
        [_follow(found[place], level, shift, room) for place, room in struck.items()],
    )


def _follow(line: Line, marks: Ink, shift: npt.NDArray[np.intp], room: float) -> Strike:
    """The longest piece of a line that is without gaps: runs of marks take what stands beside it for a part of it."""
    columns = np.arange(line.first, line.last + 1)
    rows = line.way(columns)
    near = np.clip(np.rint(rows).astype(np.intp) + np.array([[-1], [0], [1]]), 0, len(marks) - 1)
    runs = find_runs(marks[near, columns].any(axis=0))
    first, last = max(runs, key=lambda run: run[1] - run[0], default=(0, len(columns)))
    return Strike(columns[first:last], (rows - shift[columns])[first:last], room)


def _slope(points: npt.NDArray[np.intp]) -> float:
    """The slope at which points (n, 2) fall on the fewest lines: the sum of squares of their counts is largest."""
    slopes = np.linspace(-_TUNED.steepest, _TUNED.steepest, 81)
    rows, columns = points.T
    room = int(_TUNED.steepest * columns.max()) + 1
    alike = [float(np.square(np.bincount((rows - slope * columns + room).astype(int))).sum()) for slope in slopes]
    return float(slopes[int(np.argmax(alike))])


def _sheared_rows(shape: tuple[int, ...], slope: float) -> npt.NDArray[np.intp]:
    """(h, w): the row to which each pixel goes such that lines of this slope lie along rows."""
    shift = _shift(shape[1], slope)
    return np.asarray(np.arange(shape[0])[:, np.newaxis] + shift)


def _shift(columns: int, slope: float) -> npt.NDArray[np.intp]:
    """(columns,): by how many rows down each column goes, none of them up."""
    down = np.rint(slope * np.arange(columns)).astype(np.intp)
    return np.asarray(down.max() - down)


def _sheared(marks: Ink, rows: npt.NDArray[np.intp]) -> Ink:
    sheared = np.zeros((int(rows.max()) + 1, marks.shape[1]), bool)
    sheared[rows, np.arange(marks.shape[1])] = marks
    return sheared


def _add_runs(lines: Ink, marks: tuple[npt.NDArray[np.intp], ...], slope: float, length: int) -> None:
    """Add to lines (h, w) the marks, by row and column, on runs of at least `length` columns at a slope."""
    (rows, columns), shift = marks, _shift(lines.shape[1], slope)
    sheared = rows + shift[columns]
    level = np.zeros((len(lines) + int(shift.max()), lines.shape[1]), bool)
    level[sheared, columns] = True
    windows = _count(np.pad(level, ((0, 0), (length - 1, length - 1))), length) >= _TUNED.filled * length
    hit = np.flatnonzero(windows.any(axis=1))
    runs = np.zeros_like(level)
    runs[hit] = _count(windows[hit], length) > 0
    lines[rows, columns] |= runs[sheared, columns]


def _count(marks: Ink, length: int) -> npt.NDArray[np.int32]:
    """(h, w - length + 1): the marks in every window of so many columns."""
    counts = np.zeros((len(marks), marks.shape[1] + 1), np.int32)
    np.cumsum(marks, axis=1, out=counts[:, 1:])
    return counts[:, length:] - counts[:, :-length]


def _find_whole(thin: Ink, lines: Ink, length: int) -> Iterator[Line]:
    """The `thin` marks on runs that make up a line long enough, as a way between and beyond them.

    A stroke is a short run by itself; one that leaves the picture at its side is a line whose rest is not in view. The
    way is a parabola through the runs: paper bends.
    """
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

    gap = max(3, length // 2)
    joined = ndimage.maximum_filter1d(ndimage.binary_dilation(lines, np.ones((3, 1))).view(np.uint8), gap, axis=1)
    labels, _ = ndimage.label(joined, np.ones((3, 3)))
    labels *= thin
    for number, place in enumerate(ndimage.find_objects(labels), 1):
        if not place:
            continue
        start, end = place[1].start, place[1].stop
        leaves = start < gap or end > lines.shape[1] - gap
        if end - start >= (length if leaves else _TUNED.long * lines.shape[1]):
            rows, columns = np.nonzero(labels[place] == number)
            yield Line(start, end - 1, np.polynomial.Polynomial.fit(columns + start, rows + place[0].start, 2))


def _on_way(line: Line, marks: Ink) -> Ink:
    """The marks within a row or so of a line's way, and a little beyond its first column and its last."""
    beyond = round(_TUNED.beyond * marks.shape[1])
    columns = np.arange(max(0, line.first - beyond), min(marks.shape[1], line.last + beyond + 1))
    way = line.way(columns)
    on = np.zeros_like(marks)
    for off in (-1, 0, 1):
        rows = np.clip(np.rint(way + off).astype(np.intp), 0, len(marks) - 1)
        on[rows, columns] = marks[rows, columns]
    return on
