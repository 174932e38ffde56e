"""Rows of pixels that end with ten values of which a single one is 1: the label, as Semeion's digits have it."""

import re
from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.io.array_files import read_whole
from mnist_dash.data.io.csv_columns import is_square
from mnist_dash.data.io.limits import MAX_IMAGES
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.io.split_files import arrange_splits, combine_splits
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError

_SEPARATORS = re.compile(r"[\s,;]+")
_LEAST = 64
"""Pixels of the smallest image: of less, a row with a label in one column may have as many values."""


def is_one_hot(head: bytes) -> bool:
    """Whether the first line, which must be whole, is pixels of a square and such a label."""
    line, end, _ = head.lstrip().partition(b"\n")
    try:
        values = _split(line.decode("ascii"))
    except (UnicodeDecodeError, ValueError):
        return False
    return bool(end) and len(values) - CLASSES >= _LEAST and _fits(values)


def read_one_hot_set(files: Files, _progress: Progress) -> RawDataset:
    """The rows of one split or of both; raises DataError with the line that is wrong."""
    found = combine_splits(files, [_read(path) for path in files])
    return RawDataset(found.train, found.test, (*found.notes, "The label is the one of the last ten values that is 1."))


def _read(path: Path) -> tuple[AnyNumbers, AnyNumbers]:
    """Pixels (n, k) and one-hot labels (n, 10)."""
    lines = read_whole(path).decode("ascii", "replace").splitlines()
    if len(lines) > MAX_IMAGES:
        raise DataError(f"{path} holds {len(lines):,} lines; allowed are {MAX_IMAGES:,}. Import a part of it.")
    rows: list[list[float]] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            rows.append(_parse(path, number, line, len(rows[0]) if rows else None))
    table = np.array(rows, np.float32)
    return table[:, :-CLASSES], table[:, -CLASSES:]


def _parse(path: Path, number: int, line: str, count: int | None) -> list[float]:
    try:
        values = _split(line)
    except ValueError:
        values = []
    if not _fits(values) or count not in (None, len(values)):
        expected = f"{count:,} numbers" if count else "numbers"
        raise DataError(
            f"Line {number:,} of {path} is wrong: expected are {expected}, the pixels of a square and then ten of "
            "which one is 1 and all others are 0. Correct or drop that line."
        )
    return values


def _split(line: str) -> list[float]:
    return [float(value) for value in _SEPARATORS.split(line.strip()) if value]


def _fits(values: list[float]) -> bool:
    label = values[-CLASSES:]
    return is_square(len(values) - CLASSES) and sorted(label) == [0.0] * (CLASSES - 1) + [1.0]


READER = FileReader(
    "Semeion",
    (".data",),
    "one file of rows, each ending with a one-hot label, or two or three named as train, test and validation",
    is_one_hot,
    read_one_hot_set,
    arrange_splits,
)
