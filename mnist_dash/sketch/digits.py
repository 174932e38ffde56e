"""The digits of a number: ink with several of them side by side becomes one piece of ink for each.

Strokes that do not touch are put together where they stand above one another; what is too wide for one digit may be
cut.
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from mnist_dash.arrays import Ink, Pixels
from mnist_dash.sketch.cutting import CutConfidence, crop, extent_of, height_of, split_touching, width_of
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
    groups = _group(_strokes(ink))
    parts = [part for group in groups for part in split_touching(group, confidence)] if touching else groups
    digits = [_piece(part) for part in parts]
    return sorted(digits, key=lambda piece: piece.left + piece.ink.shape[1] / 2)


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


@dataclass(frozen=True, slots=True, eq=False)
class _Strokes:
    """Strokes of one digit: their pixels as they were `drawn`, and the same ones set `upright` where writing leans."""

    drawn: Pixels
    upright: Pixels


def _group(strokes: list[Pixels]) -> list[Pixels]:
    """Strokes that are one digit, put together."""
    if len(strokes) < 2:
        return strokes
    slant = _slant_of(strokes)
    alone = [_Strokes(stroke, _set_upright(stroke, slant)) for stroke in strokes]
    groups: list[_Strokes] = reduce(_with, alone, [])
    return [group.drawn for group in groups]


def _set_upright(stroke: Pixels, slant: float) -> Pixels:
    return np.column_stack([stroke[:, 0], np.rint(stroke[:, 1] + slant * stroke[:, 0]).astype(np.intp)])


def _slant_of(strokes: list[Pixels]) -> float:
    """Columns by row by which strokes lean to the right: set upright, they take the fewest columns one by one."""

    def widths(slant: float) -> int:
        return sum(int(np.ptp(np.rint(stroke[:, 1] + slant * stroke[:, 0]))) + 1 for stroke in strokes)

    best = min(_TUNED.slants, key=widths)
    return best if widths(best) < _TUNED.narrower * widths(0) else 0.0


def _with(groups: list[_Strokes], stroke: _Strokes) -> list[_Strokes]:
    """The groups, with one more stroke in the group that it belongs to, or in one of its own."""
    nearness = [_nearness(group, stroke) for group in groups]
    if not any(nearness):
        return [*groups, stroke]
    owner = int(np.argmax(nearness))
    joined = _Strokes(*(np.concatenate(pair) for pair in zip(_pixels(groups[owner]), _pixels(stroke), strict=True)))
    return [joined if i == owner else group for i, group in enumerate(groups)]


def _pixels(strokes: _Strokes) -> tuple[Pixels, Pixels]:
    return strokes.drawn, strokes.upright


def _nearness(group: _Strokes, stroke: _Strokes) -> float:
    """How much a stroke belongs to a group; 0 where it does not.

    What is too much to be a part must stand above or below the group in upright writing too: the tail of a leaning 7
    reaches under the digit before it.
    """
    part, shared = _is_part(group.drawn, stroke.drawn), _shared(group.drawn, stroke.drawn)
    if not part:
        shared = min(shared, _shared(group.upright, stroke.upright))
    if shared >= _TUNED.shared:
        return 1 + shared
    (left, right), (start, end) = extent_of(group.drawn), extent_of(stroke.drawn)
    gap = max(left - end, start - right, 0) / height_of(group.drawn)
    return 1 - gap if gap < _TUNED.near and part else 0.0


def _shared(group: Pixels, stroke: Pixels) -> float:
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


def _piece(points: Pixels) -> Piece:
    top, left = points.min(axis=0)
    return Piece(crop(points), int(left), int(top))
