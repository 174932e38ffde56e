"""Strokes put together as a reader reads them best: their places say what is likely, and what they read as decides.

A part of a broken digit is no digit by itself, and a small digit beside a large one is: so all ways of putting
neighbours together compete, and the one whose digits are surest wins. Strokes that stand by themselves are not asked
about.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np

from mnist_dash.sketch.cutting import CutConfidence, crop, extent_of, height_of, width_of
from mnist_dash.sketch.grouping import Group, measure_gap, measure_usual

Span = tuple[int, int]
"""Strokes from the first number to the one before the second."""


@dataclass(frozen=True, slots=True)
class _Tuning:
    """What a reader's word weighs beside places: chosen on MNIST's training digits, side by side on pages.

    `benchmarks.numbers` with another seed chose them.
    """

    # Strokes no further apart than this, in heights of the higher one, may be one digit, …
    near: float = 0.2
    # … no wider than this together, in heights, …
    wide: float = 1.6
    # … of so many strokes.
    most: int = 6
    # What it costs to put strokes together that stand side by side, a natural logarithm; less, the smaller one is, …
    joined: float = 2.5
    # … and so much more for each height of the higher one that lies between them, …
    apart: float = 12.0
    # … and to part those that stand above one another.
    parted: float = 0.35
    # What is smaller than this, beside the usual digit of the line, …
    small: float = 0.4
    # … is so unlikely to be one.
    tiny: float = 2.0
    # The least that a reader's word counts for, …
    never: float = 0.01
    # … and of one stroke that is as high as a digit: it may be one in an unusual form.
    hardly: float = 0.1
    # Strokes of which a reader is surer than this are no parts of what stands beside them.
    sure: float = 0.9


_TUNED = _Tuning()
_ALONE = replace(_TUNED, joined=0.5, apart=6.0)
"""Where one digit is expected: an open 4 stands in two parts there, of which one reads as a 1.

Chosen on pen strokes of people, alone and two side by side: `benchmarks.hands` measures how many digits are taken for
several, `benchmarks.numbers` how many pairs stay two.
"""


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """Strokes from left to right, those of one group next to one another, and the size that digits here usually have.

    `groups` are spans; `tied` says of each stroke but the last whether the next one stands above or below its group.
    """

    strokes: Sequence[Group]
    groups: Sequence[Span]
    tied: Sequence[bool]
    usual: float
    tuning: _Tuning

    def join(self, span: Span) -> Group:
        return Group([one.drawn for one in self.strokes[slice(*span)]], self.strokes[0].slant)

    def find_links(self) -> list[bool]:
        """Whether each stroke but the last may be of one digit with the next one."""
        grouped = {at for start, end in self.groups for at in range(start, end - 1)}
        return [at in grouped or _measure_gap(*pair) <= _TUNED.near for at, pair in enumerate(pairwise(self.strokes))]

    def is_small(self, span: Span) -> bool:
        """Whether a span is smaller than digits of this line are."""
        return self.join(span).size < _TUNED.small * self.usual

    def is_tied(self, span: Span) -> bool:
        return all(self.tied[span[0] : span[1] - 1])

    def weigh_joints(self, span: Span) -> float:
        """What speaks against putting strokes together that stand side by side: as much as there is to the smaller."""
        pairs = zip(pairwise(self.strokes[slice(*span)]), self.tied[span[0] :], strict=False)
        return sum(self._weigh_joint(*pair) for pair, tied in pairs if not tied)

    def _weigh_joint(self, one: Group, other: Group) -> float:
        smaller = min(1.0, one.size / self.usual, other.size / self.usual)
        return smaller * (self.tuning.joined + self.tuning.apart * _measure_gap(one, other))


def regroup(groups: Sequence[Group], confidence: CutConfidence, *, number: bool = True) -> list[Group]:
    """Groups by place, put together anew where a reader is surer of other digits; more readily if no `number`."""
    ordered = sorted(groups, key=lambda group: sum(extent_of(group.drawn)))
    row = _row_of(ordered, _TUNED if number else _ALONE)
    linked = row.find_links()
    if not any(linked):
        return list(groups)
    alone = [(i, i + 1) for i in range(len(row.strokes)) if any(linked[max(0, i - 1) : i + 1])]
    sure = dict(zip(alone, _ask(row, alone, confidence), strict=True))
    several = [span for span in _spans(row, linked) if _is_worth_asking(row, span, sure)]
    sure |= dict(zip(several, _ask(row, several, confidence), strict=True))
    return [row.join(span) for span in _surest(row, sure)]


def _row_of(groups: Sequence[Group], tuning: _Tuning) -> _Row:
    parted = [
        [Group([stroke], group.slant) for stroke in sorted(group.strokes, key=lambda stroke: sum(extent_of(stroke)))]
        for group in groups
    ]
    tied = [tie for strokes in parted for tie in (*_ties(strokes), False)][:-1]
    spans = list(pairwise(accumulate(map(len, parted), initial=0)))
    return _Row([stroke for strokes in parted for stroke in strokes], spans, tied, measure_usual(groups), tuning)


def _ties(strokes: Sequence[Group]) -> list[bool]:
    """Whether what comes after each stroke but the last of a group shares columns with what came up to it."""
    extents = [extent_of(stroke.drawn) for stroke in strokes]
    return [
        max(end for _, end in extents[:at]) > min(start for start, _ in extents[at:]) for at in range(1, len(strokes))
    ]


def _measure_gap(one: Group, other: Group) -> float:
    """Columns without ink between two strokes, in heights of the higher one."""
    return min(measure_gap(one, other), measure_gap(other, one))


def _spans(row: _Row, linked: Sequence[bool]) -> list[Span]:
    """Several strokes, each linked to the next one: all of a group, or few enough and no wider than a digit."""
    count = len(row.strokes)
    few = [
        (i, j) for i in range(count) for j in range(i + 2, min(i + _TUNED.most, count) + 1) if all(linked[i : j - 1])
    ]
    whole = {span for span in row.groups if span[1] - span[0] > 1}
    return sorted(whole | {span for span in few if row.is_tied(span) or _is_narrow(row.join(span))})


def _is_narrow(group: Group) -> bool:
    return width_of(group.drawn) <= _TUNED.wide * height_of(group.drawn)


def _is_worth_asking(row: _Row, span: Span, sure: dict[Span, float]) -> bool:
    """Whether a span could win: not where it puts digits together of each of which a reader is sure."""
    unsure = any(sure[i, i + 1] < _TUNED.sure or row.is_small((i, i + 1)) for i in range(*span))
    return unsure or row.is_tied(span)


def _ask(row: _Row, spans: Sequence[Span], confidence: CutConfidence) -> list[float]:
    return np.asarray(confidence([crop(row.join(span).drawn) for span in spans])).tolist() if spans else []


def _surest(row: _Row, sure: dict[Span, float]) -> list[Span]:
    """The spans, end to end, with the greatest product of confidence, less what their places say against them."""
    best: list[tuple[float, list[Span]]] = [(0.0, [])]
    for end in range(1, len(row.strokes) + 1):
        ways = [
            (best[start][0] + _weigh(row, (start, end), sure), [*best[start][1], (start, end)])
            for start in range(end)
            if end - start == 1 or (start, end) in sure
        ]
        best.append(max(ways, key=lambda way: way[0]))
    return best[-1][1]


def _weigh(row: _Row, span: Span, sure: dict[Span, float]) -> float:
    small = row.is_small(span)
    low = height_of(row.join(span).drawn) < _TUNED.small * row.usual
    least = _TUNED.never if low or span[1] - span[0] > 1 else _TUNED.hardly
    likely = float(np.log(max(sure.get(span, 1.0), least)))
    torn = span[1] < len(row.strokes) and row.tied[span[1] - 1]
    return likely - _TUNED.tiny * small - row.weigh_joints(span) - _TUNED.parted * torn
