"""Strokes put together into digits by how they stand: above one another, or a little part beside something larger."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from mnist_dash.arrays import Ink, Pixels
from mnist_dash.sketch.cutting import extent_of, height_of, width_of
from mnist_dash.sketch.pieces import label_pieces

SPECK = 100
"""A stroke this many times smaller than the largest one is dust."""
MOST = 60
"""Of more strokes only the largest are looked at: each is held against each, and a sheet of dots is no number."""


@dataclass(frozen=True, slots=True)
class _Tuning:
    """Which strokes are one digit: chosen on MNIST's training digits, side by side on pages.

    No script of the choosing was kept; `benchmarks.numbers` measures on test digits what they give. How writing leans
    was tried on the pages of `benchmarks.real_photos` too.
    """

    # Columns by row by which writing may lean, …
    slants: tuple[float, ...] = (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    # … where its strokes are narrower by this share when they are set upright.
    narrower: float = 0.94
    # Strokes that share this much of the narrower one's width stand above one another: one digit.
    shared: float = 0.25
    # A stroke this much lower than the digit beside it is a part of that digit, such as the bar of a 5, …
    part: float = 0.35
    # … with less ink than this share of its ink, …
    part_ink: float = 0.2
    # … or of any height, with as little ink as this, …
    scrap: float = 0.05
    # … or so much wider than high, as no digit is, and above the middle of the digit beside it, …
    flat: float = 1.6
    # … where it is no further away than this, in heights of that digit.
    near: float = 0.2
    # What stands apart and is this much lower than digits of the line are is a dot, a dash or dirt.
    dot: float = 0.2


_TUNED = _Tuning()


class Group:
    """Strokes of one digit: their pixels as they were `drawn`, and the same ones set `upright` where writing leans."""

    def __init__(self, strokes: Sequence[Pixels], slant: float) -> None:
        self.strokes, self.slant = strokes, slant
        self.drawn = strokes[0] if len(strokes) == 1 else np.concatenate(strokes)
        columns = self.drawn[:, 1] + slant * self.drawn[:, 0]
        self.upright = np.column_stack([self.drawn[:, 0], np.rint(columns).astype(np.intp)])

    @property
    def size(self) -> int:
        """The longer side of its box, in pixels."""
        return max(height_of(self.drawn), width_of(self.drawn))


def group_strokes(ink: Ink) -> list[Group]:
    """The strokes in ink (h, w), without dust, dots and dashes, those of one digit together."""
    strokes = _strokes(ink)
    slant = _slant_of(strokes) if len(strokes) > 1 else 0.0
    groups: list[Group] = reduce(_with, [Group([stroke], slant) for stroke in strokes], [])
    usual = measure_usual(groups)
    return [group for group in groups if height_of(group.drawn) >= _TUNED.dot * usual]


def measure_usual(groups: Sequence[Group]) -> float:
    """The size that digits of a line usually have."""
    return float(np.median([group.size for group in groups])) if groups else 0.0


def _strokes(ink: Ink) -> list[Pixels]:
    """Connected ink without dust, the highest first, so that parts find the digit that they belong to."""
    labels, sizes = label_pieces(ink)
    if not sizes.any():
        return []
    points = np.argwhere(labels)
    label = labels[labels > 0]
    ordered = points[np.argsort(label, kind="stable")]
    strokes = np.split(ordered, np.cumsum(sizes[1:])[:-1])
    strokes = sorted(strokes, key=len, reverse=True)[:MOST]
    largest = len(strokes[0])
    return sorted((stroke for stroke in strokes if len(stroke) * SPECK >= largest), key=height_of, reverse=True)


def _slant_of(strokes: list[Pixels]) -> float:
    """Columns by row by which strokes lean to the right: set upright, they take the fewest columns one by one."""

    def widths(slant: float) -> int:
        return sum(int(np.ptp(np.rint(stroke[:, 1] + slant * stroke[:, 0]))) + 1 for stroke in strokes)

    best = min(_TUNED.slants, key=widths)
    return best if widths(best) < _TUNED.narrower * widths(0) else 0.0


def _with(groups: list[Group], stroke: Group) -> list[Group]:
    """The groups, with one more stroke in the group that it belongs to, or in one of its own."""
    nearness = [_nearness(group, stroke) for group in groups]
    if not any(nearness):
        return [*groups, stroke]
    owner = int(np.argmax(nearness))
    return [join(group, stroke) if i == owner else group for i, group in enumerate(groups)]


def join(one: Group, other: Group) -> Group:
    """Both together."""
    return Group([*one.strokes, *other.strokes], one.slant)


def _nearness(group: Group, stroke: Group) -> float:
    """How much a stroke belongs to a group; 0 where it does not.

    What is too much to be a part must stand above or below the group in upright writing too: the tail of a leaning 7
    reaches under the digit before it.
    """
    part, shared = _is_part(group.drawn, stroke.drawn), measure_shared(group.drawn, stroke.drawn)
    if not part:
        shared = min(shared, measure_shared(group.upright, stroke.upright))
    if shared >= _TUNED.shared:
        return 1 + shared
    gap = measure_gap(group, stroke)
    return 1 - gap if gap < _TUNED.near and part else 0.0


def measure_gap(group: Group, stroke: Group) -> float:
    """Columns without ink between two, in heights of the first."""
    (left, right), (start, end) = extent_of(group.drawn), extent_of(stroke.drawn)
    return max(left - end, start - right, 0) / height_of(group.drawn)


def measure_shared(group: Pixels, stroke: Pixels) -> float:
    """The columns over which both stand, as a share of the narrower one's; below 0 where they are apart."""
    (left, right), (start, end) = extent_of(group), extent_of(stroke)
    return (min(right, end) - max(left, start)) / min(right - left, end - start)


def _is_part(group: Pixels, stroke: Pixels) -> bool:
    """Whether a stroke is too little to be a digit beside this one."""
    ink = len(stroke) / len(group)
    little = ink < _TUNED.part_ink and height_of(stroke) < _TUNED.part * height_of(group)
    return ink < _TUNED.scrap or little or (_is_flat(stroke) and stroke[:, 0].mean() < group[:, 0].mean())


def _is_flat(stroke: Pixels) -> bool:
    """Whether a stroke lies down, as the bar of a 5 does that was drawn apart."""
    return width_of(stroke) > _TUNED.flat * height_of(stroke)
