"""Digits that people wrote with a pen on a tablet, stroke by stroke: how they are told, and drawn on the sheet.

A line of JSON for each: its `label`, who wrote it (`donor`) and `strokes`, lists of [x, y] with x to the right and y
down. UNIPEN's isolated digits have come in this form: Guyon, Schomaker, Plamondon, Liberman and Janet, "UNIPEN project
of on-line data exchange and recognizer benchmarks" (ICPR 1994), CC BY 4.0.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Stroke
from mnist_dash.data.dataset import CLASSES, Digits
from mnist_dash.data.reader_set.redrawing import draw_on_sheet, draw_placements, preprocess_inks
from mnist_dash.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class PenDigit:
    """A digit by somebody: `strokes` in any unit."""

    label: int
    donor: str
    strokes: tuple[Stroke, ...]


def parse_pen_digits(lines: Iterable[str]) -> tuple[PenDigit, ...]:
    """The digits that lines of JSON tell; raises DataError with the line's number where one tells none."""
    return tuple(_parse(line, number) for number, line in enumerate(lines, 1))


def _parse(line: str, number: int) -> PenDigit:
    try:
        row = json.loads(line)
        label, donor = row["label"], row["donor"]
        strokes = tuple(np.asarray(stroke, np.float64) for stroke in row["strokes"])
        told = label in range(CLASSES) and isinstance(donor, str) and bool(strokes)
        told = told and all(
            stroke.ndim == 2 and stroke.shape[1] == 2 and bool(np.isfinite(stroke).all()) for stroke in strokes
        )
    except (ValueError, TypeError, KeyError, IndexError):
        told = False
    if not told:
        raise DataError(
            f"Line {number:,} is {line[:60]!r}; allowed is a JSON object with a label from 0 to 9, a donor's name and "
            "strokes, each a list of points [x, y]. Correct or drop that line."
        )
    return PenDigit(int(label), donor, strokes)


def draw_pen_digits(digits: Sequence[PenDigit], seed: int) -> Digits:
    """Each digit drawn once on the sheet, at a place and size and by a pen of its own; at least one digit."""
    placed = draw_placements(len(digits), seed)
    inks = (
        draw_on_sheet(digit.strokes, placed.pen[i], placed.side[i], placed.corner[i]) for i, digit in enumerate(digits)
    )
    return Digits(preprocess_inks(inks), np.array([digit.label for digit in digits], np.uint8))
