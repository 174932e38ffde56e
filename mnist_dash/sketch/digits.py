"""The digits of a number: ink with several of them side by side becomes one piece of ink for each.

Strokes that do not touch are put together by how they stand, and what is too wide for one digit may be cut. Where a
reader can be asked, what it is sure of has the last word.
"""

from dataclasses import dataclass

from mnist_dash.arrays import Ink, Pixels
from mnist_dash.sketch.cutting import CutConfidence, crop, split_touching
from mnist_dash.sketch.grouping import group_strokes
from mnist_dash.sketch.regrouping import regroup


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One digit: its `ink` (h, w) cut out, and where its box starts in the drawing, in pixels."""

    ink: Ink
    left: int
    top: int


def segment_digits(ink: Ink, confidence: CutConfidence | None = None, *, number: bool = True) -> list[Piece]:
    """The digits in ink (h, w) from left to right; a cut confidence makes cuts between touching ones surer.

    Where no `number` is expected but one digit, ink that hangs together is one, however wide, and parts that stand
    apart are one more readily.
    """
    groups = group_strokes(ink)
    if confidence:
        groups = regroup(groups, confidence, number=number)
    drawn = [group.drawn for group in groups]
    parts = [part for one in drawn for part in split_touching(one, confidence)] if number else drawn
    digits = [_piece(part) for part in parts]
    return sorted(digits, key=lambda piece: piece.left + piece.ink.shape[1] / 2)


def _piece(points: Pixels) -> Piece:
    top, left = points.min(axis=0)
    return Piece(crop(points), int(left), int(top))
