"""The digits of a number: ink with several of them side by side becomes one piece of ink for each.

Strokes that do not touch are put together by how they stand, and what is too wide for one digit may be cut. Where a
reader can be asked, what it is sure of has the last word.
"""

from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Ink, Pixels
from mnist_dash.sketch.cutting import CutConfidence, crop, extent_of, height_of, split_touching, width_of
from mnist_dash.sketch.grouping import Group, group_strokes, join, measure_gap, measure_shared


@dataclass(frozen=True, slots=True)
class _Tuning:
    """When a reader's word parts strokes or joins them: chosen on MNIST's training digits, side by side on pages.

    No script of the choosing was kept; `benchmarks.numbers` measures on test digits what they give.
    """

    # What a reader is surer of than this stays together, …
    sure: float = 0.9
    # … and any other stroke goes apart where it is so much surer of both, …
    surer: float = 0.3
    # … and at least so sure of each.
    least: float = 0.8
    # Neighbours no further apart than this, in heights of either, …
    broken_near: float = 0.15
    # … no wider than this together, in heights, …
    broken_wide: float = 1.0
    # … and one of them not so surely a digit, are one broken digit where it is sure of that.
    broken: float = 0.7


_TUNED = _Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One digit: its `ink` (h, w) cut out, and where its box starts in the drawing, in pixels."""

    ink: Ink
    left: int
    top: int


def segment_digits(ink: Ink, confidence: CutConfidence | None = None, *, touching: bool = True) -> list[Piece]:
    """The digits in ink (h, w) from left to right; a cut confidence makes cuts between touching ones surer.

    Where no digits are `touching`, ink that hangs together is one digit, however wide.
    """
    groups = group_strokes(ink)
    if confidence:
        groups = _join_broken(_part_joined(groups, confidence), confidence)
    drawn = [group.drawn for group in groups]
    parts = [part for one in drawn for part in split_touching(one, confidence)] if touching else drawn
    digits = [_piece(part) for part in parts]
    return sorted(digits, key=lambda piece: piece.left + piece.ink.shape[1] / 2)


def _part_joined(groups: list[Group], confidence: CutConfidence) -> list[Group]:
    """The groups, but a stroke apart that a reader is surer of by itself, as a small digit beside a large one."""
    several = [group for group in groups if len(group.strokes) > 1]
    if not several:
        return groups
    sure = confidence([crop(group.drawn) for group in several])
    parted = {id(group): _part(group, float(one), confidence) for group, one in zip(several, sure, strict=True)}
    return [part for group in groups for part in parted.get(id(group), [group])]


def _part(group: Group, sure: float, confidence: CutConfidence) -> list[Group]:
    """A group of several strokes, of which a reader is so sure, or the two parts of which it is surest."""
    if sure > _TUNED.sure:
        return [group]
    ways = [
        (Group([other for j, other in enumerate(group.strokes) if j != i], group.slant), Group([stroke], group.slant))
        for i, stroke in enumerate(group.strokes)
    ]
    asked = confidence([crop(part.drawn) for way in ways for part in way]).reshape(-1, 2).min(axis=1)
    best = int(np.argmax(asked))
    return list(ways[best]) if asked[best] > max(sure + _TUNED.surer, _TUNED.least) else [group]


def _join_broken(groups: list[Group], confidence: CutConfidence) -> list[Group]:
    """The groups from left to right, but neighbours together that a reader takes for one digit and hardly for two."""
    groups = sorted(groups, key=lambda group: extent_of(group.drawn)[0])
    pairs = {i: join(groups[i], groups[i + 1]) for i in range(len(groups) - 1) if _is_close(groups[i], groups[i + 1])}
    pairs = {i: pair for i, pair in pairs.items() if _is_narrow(pair)}
    if not pairs:
        return groups
    inks = [crop(one.drawn) for i, pair in pairs.items() for one in (pair, groups[i], groups[i + 1])]
    asked = dict(zip(pairs, confidence(inks).reshape(-1, 3).tolist(), strict=True))
    joined: list[Group] = []
    i = 0
    while i < len(groups):
        together = i in pairs and _is_broken(groups[i], groups[i + 1], *asked[i])
        joined.append(pairs[i] if together else groups[i])
        i += 2 if together else 1
    return joined


def _is_close(one: Group, other: Group) -> bool:
    return min(measure_gap(one, other), measure_gap(other, one)) < _TUNED.broken_near


def _is_narrow(pair: Group) -> bool:
    return width_of(pair.drawn) < _TUNED.broken_wide * height_of(pair.drawn)


def _is_broken(one: Group, other: Group, together: float, sure_one: float, sure_other: float) -> bool:
    """Whether two are one digit, by how sure a reader is of them together and of each."""
    above = together > sure_one * sure_other and measure_shared(one.drawn, other.drawn) > 0
    return together > _TUNED.sure and (above or min(sure_one, sure_other) < _TUNED.broken)


def _piece(points: Pixels) -> Piece:
    top, left = points.min(axis=0)
    return Piece(crop(points), int(left), int(top))
