"""How many digits on photos that people really took are read, and how many cells of a real form are found.

`python -m benchmarks.real_photos`. Pages of telephone numbers by a phone, with shadows and a table's edge
(HYPJUDY/handwritten-digits-recognition), and a scanned form of 600 cells (kensanata/numbers): `../shared/hands`.
A digit is right where it stands in its line: lines and digits are put beside the truth as an edit distance puts them.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import record
from mnist_dash.arrays import Floats
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.drawing_answers import answer_sketches
from mnist_dash.models.rejection import DigitDetector, load_digit_detector
from mnist_dash.sketch.cutting import CutConfidence
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.sketch.photo import Photo, read_photo

HANDS = Path(__file__).parents[1] / ".." / "shared" / "hands"
ROWS, COLUMNS = 30, 20
STRUCK_ROW, STRUCK = 7, slice(5, 18)
"""A line strikes out the digits in these columns of that row of the form."""
GRID = np.array([[[0.0327, 0.0094], [0.9468, 0.0094]], [[0.0290, 0.9803], [0.9432, 0.9795]]])
"""Where the form's grid has its corners: upper and lower, left and right, as shares of its width and height."""


@dataclass(frozen=True, slots=True)
class Page:
    """The lines that stand on a page and those that were read, and how many digits and lines of the first are right."""

    written: list[str]
    read: list[str]
    right: int
    whole: int


def main() -> None:
    """Read the photos and the form, and write the result."""
    truth: dict[str, list[str]] = json.loads((HANDS / "photos" / "truth.json").read_text("utf-8"))
    pages = {}
    for name, lines in truth.items():
        read = read_page(HANDS / "photos" / name)
        pages[name] = Page(lines, read, count_right(lines, read), sum(line in read for line in lines))
    written = [line for lines in truth.values() for line in lines]
    form = read_photo(HANDS / "paper_form.jpg", "form", _reader()[2])
    result = {
        "digits": sum(map(len, written)),
        "digits_right": sum(page.right for page in pages.values()),
        "lines": len(written),
        "lines_whole": sum(page.whole for page in pages.values()),
        "pages": {name: asdict(page) for name, page in pages.items()},
        "cells": ROWS * COLUMNS,
        "cells_found": count_cells(form),
        "boxes_of_the_form": len(form.boxes),
        "struck_row": read_struck_row(form),
    }
    record.write("real_photos", result)


@cache
def _reader() -> tuple[Classifier, DigitDetector, CutConfidence]:
    reader, detector = load_bundled(DEFAULT), load_digit_detector()
    return reader, detector, make_cut_confidence(reader, detector)


def read_page(path: Path) -> list[str]:
    """The lines of a page as the program reads them, `?` for what it takes for no digit."""
    _, _, confidence = _reader()
    return read_lines(read_photo(path, path.name, confidence))


def read_lines(photo: Photo) -> list[str]:
    """The lines of a photo as the program reads them."""
    reader, detector, _ = _reader()
    text = answer_sketches(reader, detector, [made for ink in photo.alone if (made := preprocess(ink))]).number
    return [text[start:end] for start, end in pairwise(np.cumsum([0, *photo.lines]).tolist())]


def read_struck_row(form: Photo) -> dict[str, Any]:
    """What is read where digits are struck out, and beside them in the same row."""
    row = read_lines(form)[STRUCK_ROW]
    struck = row[STRUCK]
    return {"read": row, "struck": len(struck), "refused": struck.count("?")}


def count_right(written: Sequence[str], read: Sequence[str]) -> int:
    """The most digits that can be right when lines are put beside lines, and digits beside digits, in their order."""
    return _aligned(written, read, _in_line)


def _in_line(written: str, read: str) -> int:
    return _aligned(written, read, lambda one, other: int(one == other))


def _aligned(written: Sequence[str], read: Sequence[str], gain: Callable[[str, str], int]) -> int:
    best = np.zeros((len(written) + 1, len(read) + 1), int)
    for i, one in enumerate(written, 1):
        for j, other in enumerate(read, 1):
            best[i, j] = max(best[i - 1, j], best[i, j - 1], best[i - 1, j - 1] + gain(one, other))
    return int(best[-1, -1])


def count_cells(form: Photo) -> int:
    """How many cells of the form hold the middle of one box, and of no other."""
    held = np.zeros((ROWS, COLUMNS), int)
    for left, top, right, bottom in form.boxes:
        row, column = _cell(np.array([left + right, top + bottom]) / 2)
        if 0 <= row < ROWS and 0 <= column < COLUMNS:
            held[row, column] += 1
    return int(np.count_nonzero(held == 1))


def _cell(at: Floats) -> tuple[int, int]:
    """The row and column of a place: the grid is nearly upright, so that both shares settle in a few steps."""
    down, across = at[1], at[0]
    for _ in range(4):
        left, right = (GRID[0, side] + down * (GRID[1, side] - GRID[0, side]) for side in (0, 1))
        across = (at[0] - left[0]) / (right[0] - left[0])
        top, bottom = (GRID[side, 0] + across * (GRID[side, 1] - GRID[side, 0]) for side in (0, 1))
        down = (at[1] - top[1]) / (bottom[1] - top[1])
    return int(np.floor(down * ROWS)), int(np.floor(across * COLUMNS))


if __name__ == "__main__":
    main()
