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

    No script of the choosing was kept; `benchmarks.numbers` measures on test digits what they give.
    """

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
    groups: list[Pixels] = reduce(_with, _strokes(ink), [])
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


def _with(groups: list[Pixels], stroke: Pixels) -> list[Pixels]:
    """The groups, with one more stroke in the group that it belongs to, or in one of its own."""
    nearness = [_nearness(group, stroke) for group in groups]
    if not any(nearness):
        return [*groups, stroke]
    owner = int(np.argmax(nearness))
    return [np.concatenate([group, stroke]) if i == owner else group for i, group in enumerate(groups)]


def _nearness(group: Pixels, stroke: Pixels) -> float:
    """How much a stroke belongs to a group; 0 where it does not."""
    (left, right), (start, end) = extent_of(group), extent_of(stroke)
    shared = (min(right, end) - max(left, start)) / min(right - left, end - start)
    if shared >= _TUNED.shared:
        return 1 + shared
    gap = max(left - end, start - right, 0) / height_of(group)
    return 1 - gap if gap < _TUNED.near and _is_part(group, stroke) else 0.0


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
