"""The digits on a sheet from left to right, each on its way to 28×28."""

from collections.abc import Collection

import numpy as np

from mnist_dash.arrays import Ink
from mnist_dash.sketch.cutting import CutConfidence
from mnist_dash.sketch.digits import Piece, segment_digits
from mnist_dash.sketch.mnist_preprocessing import Stages, Step, preprocess
from mnist_dash.sketch.sheet import Paper, Sheet


def read_sheet(sheet: Sheet, confidence: CutConfidence, without: Collection[Step] = ()) -> list[Stages]:
    """The digits that are drawn on a sheet, `without` some steps; `confidence` says how sure a cut between two is.

    On a sheet for one digit a wide letter is no number, so that nothing is cut there.
    """
    alone = separate_digits(sheet, confidence)
    return [made for ink in alone if (made := preprocess(ink, without))]


def separate_digits(sheet: Sheet, confidence: CutConfidence) -> list[Ink]:
    """A sheet of the same size for each of its digits, with that digit alone, where it was drawn."""
    if sheet.ink is None:
        return []
    pieces = segment_digits(sheet.ink, confidence, number=sheet.paper is Paper.NUMBER)
    return [_place(piece, sheet.ink.shape) for piece in pieces]


def _place(digit: Piece, shape: tuple[int, ...]) -> Ink:
    ink = np.zeros(shape, bool)
    height, width = digit.ink.shape
    ink[digit.top : digit.top + height, digit.left : digit.left + width] = digit.ink
    return ink
