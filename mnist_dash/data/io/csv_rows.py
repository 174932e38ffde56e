"""Digits as rows of a CSV file, in the manner of Kaggle and of Joseph Redmon's "MNIST in CSV".

A row is a label and the grey values of a square image, 784 in MNIST's; a header line is allowed. The rows are
parsed by numpy, some megabytes at a time; only where that fails are they looked at one by one, to say which line
is wrong and how. Neither a file without line ends nor one that unpacks without end can fill the memory.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from math import isqrt
from pathlib import Path

import numpy as np

from mnist_dash.arrays import Bytes, Labels
from mnist_dash.data.dataset import CLASSES, FEATURES, Digits
from mnist_dash.data.io.array_files import bytes_taken, check_digits, open_file
from mnist_dash.data.io.limits import MAX_BYTES, MAX_IMAGES, MAX_SIDE
from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import DataError

LABEL_NAMES = ("label", "class")
BLOCK = 4_000_000
"""Characters that are read and parsed at a time."""
LONGEST = 8 * MAX_SIDE**2
"""Characters of a line of the largest image, each value quoted and with a space."""

LINES = 2 * MAX_IMAGES
"""Lines of a file, blank ones and all."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows are built: how many columns there are, which holds the label, and whether a header is first."""

    columns: int
    label: int
    named: bool

    @property
    def expected(self) -> str:
        """What a right line holds."""
        return (
            f"expected are {self.columns} whole numbers, a label from 0 to 9 and {self.columns - 1} grey values from "
            "0 to 255"
        )

    def fault(self, path: Path, lines: Sequence[str], first: int) -> DataError | None:
        """What is wrong with the first bad one of some lines, of which the first has the number `first`."""
        for number, line in enumerate(lines, first):
            problem = self._problem(next(csv.reader([line]), [])) if line.strip() else None
            if problem:
                return DataError(f"Line {number:,} of {path} {problem}; {self.expected}. Correct or drop that line.")
        return None

    def _problem(self, row: list[str]) -> str | None:
        if len(row) != self.columns:
            return f"has {len(row)} values"
        for at, value in enumerate(row):
            limit = CLASSES - 1 if at == self.label else 255
            if not (value.strip().isdecimal() and int(value[:20]) <= limit):
                return f"has {value.strip()[:20]!r} as {'label' if at == self.label else f'value {at + 1}'}"
        return None


def read_csv(path: Path) -> Digits:
    """The digits in a CSV file of 28×28 images, gzipped or not; raises DataError with the line that is wrong."""
    pixels, labels = read_rows(path, FEATURES)
    return check_digits(path, pixels, labels)


def read_rows(path: Path, features: int | None = None, progress: Progress = silent) -> tuple[Bytes, Labels]:
    """Grey values (n, features) and labels (n,), of any square image where `features` is None.

    The label is the column that the header names `label` or `class`, otherwise the first, or the last where only
    that one can be it. Raises DataError with the line that is wrong.
    """
    layout = _layout(path, features)
    parts = list(_parsed(path, layout, progress))
    rows = np.concatenate(parts) if parts else np.empty((0, layout.columns), np.uint8)
    del parts
    if not len(rows):
        raise DataError(f"{path} holds no rows; {layout.expected} in each line.")
    column = layout.label if layout.named else _label_column(rows)
    fault = Layout(layout.columns, column, layout.named)
    wrong = rows[:, column] >= CLASSES
    if wrong.any():
        raise _bad_label(path, fault, int(np.argmax(wrong)))
    return (rows[:, 1:] if column == 0 else np.delete(rows, column, axis=1)), rows[:, column].copy()


def has_labels(path: Path) -> bool:
    """False for a file of images alone, such as the `test.csv` of Kaggle's competition."""
    return not _is_square(len(_first_row(path)))


def read_header(path: Path) -> list[str]:
    """The names in the first line, in lower case; empty where the first line is a row of numbers."""
    names = [name.strip().lower() for name in _first_row(path)]
    named = any(name in LABEL_NAMES for name in names) or not any(name.isdecimal() for name in names)
    return names if named else []


def _layout(path: Path, features: int | None) -> Layout:
    names = read_header(path)
    columns = len(_first_row(path))
    if features is not None or not _is_square(columns - 1):
        columns = 1 + (features or FEATURES)
    label = next((at for at, name in enumerate(names) if name in LABEL_NAMES), 0)
    return Layout(columns, label, bool(names))


def _is_square(count: int) -> bool:
    """Whether so many values are an image from 4×4 to 512×512 pixels."""
    return 16 <= count <= MAX_SIDE**2 and isqrt(count) ** 2 == count


def _label_column(rows: Bytes) -> int:
    """The first column, or the last where that holds digits and the first does not: UCI's files are like that."""
    first, last = rows[:, 0], rows[:, -1]
    unlike = first.max() >= CLASSES or first.min() == first.max()
    return len(rows[0]) - 1 if unlike and last.max() < CLASSES and last.min() < last.max() else 0


def _first_row(path: Path) -> list[str]:
    with _text(path) as lines:
        return next(csv.reader([lines.readline(LONGEST)]), [])


@contextmanager
def _text(path: Path) -> Iterator[io.TextIOWrapper]:
    with open_file(path) as stream, io.TextIOWrapper(stream, "utf-8-sig") as lines:
        try:
            yield lines
        except (UnicodeDecodeError, csv.Error) as e:
            raise DataError(f"{path} is not a CSV file of text ({e}). Save it as CSV in UTF-8.") from e


def _parsed(path: Path, layout: Layout, progress: Progress) -> Iterator[Bytes]:
    images = 0
    for number, lines in _blocks(path, progress):
        skipped = 1 if layout.named and number == 1 else 0
        rows = _rows(path, layout, lines[skipped:], number + skipped)
        images += len(rows)
        if images > MAX_IMAGES or images * layout.columns > MAX_BYTES:
            most = min(MAX_IMAGES, MAX_BYTES // layout.columns)
            raise DataError(f"{path} holds more than {most:,} images of that size. Import a part of it.")
        yield rows


def _blocks(path: Path, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    """The lines of a file, some megabytes at a time, each time with the number of the first."""
    size = max(1, path.stat().st_size)
    number, rest, read = 1, "", 0
    with _text(path) as text:
        while block := text.read(BLOCK):
            whole, end, rest = (rest + block).rpartition("\n")
            read += len(block)
            if len(rest) > LONGEST or read > MAX_BYTES or number > LINES:
                raise _endless(path, number + whole.count("\n") + len(end))
            if end:
                lines = whole.split("\n")
                yield number, lines
                number += len(lines)
            progress(f"Reading {path.name}", min(1.0, bytes_taken(text) / size))
    yield number, [rest]


def _endless(path: Path, number: int) -> DataError:
    return DataError(
        f"Line {number:,} of {path} is too long, or too far down; allowed are {LONGEST:,} characters a line, {LINES:,} "
        f"lines and {MAX_BYTES:,} characters in all. Save it as CSV with a line for each image."
    )


def _rows(path: Path, layout: Layout, lines: list[str], first: int) -> Bytes:
    full = [line for line in lines if line.strip()]
    if not full:
        return np.empty((0, layout.columns), np.uint8)
    try:
        rows = np.loadtxt(full, np.uint8, delimiter=",", comments=None, quotechar='"', ndmin=2)
    except ValueError as e:
        reason = str(e)
    else:
        if rows.shape[1] == layout.columns:
            return rows
        reason = f"{rows.shape[1]} columns"
    fault = layout.fault(path, lines, first)
    raise fault or DataError(f"{path} cannot be read as CSV ({reason}); {layout.expected} in each line.")


def _bad_label(path: Path, layout: Layout, row: int) -> DataError:
    """The line of the row with that index, counted again: blank lines are no rows."""
    full = (
        (number + at, line)
        for number, lines in _blocks(path, silent)
        for at, line in enumerate(lines)
        if line.strip() and not (layout.named and number + at == 1)
    )
    number, line = next(islice(full, row, None))
    fault = layout.fault(path, [line], number)
    return fault or DataError(f"{path} cannot be read as CSV; {layout.expected} in each line.")
