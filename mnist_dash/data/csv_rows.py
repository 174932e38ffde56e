"""Digits as rows of a CSV file, in the manner of Kaggle and of Joseph Redmon's "MNIST in CSV".

A row is a label and 784 grey values; a header line is allowed. The rows are parsed in one sweep by numpy; only
where that fails are they read again one by one, to say which line is wrong and how.
"""

import csv
import io
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from mnist_dash.data.dataset import CLASSES, FEATURES, Digits
from mnist_dash.data.formats import Bytes, digits, opened
from mnist_dash.errors import DataError

COLUMNS = 1 + FEATURES
LABEL_NAMES = ("label", "class")
EXPECTED = f"expected are {COLUMNS} whole numbers, a label from 0 to 9 and 784 grey values from 0 to 255"


def read_csv(path: Path) -> Digits:
    """The digits in a CSV file, gzipped or not; raises DataError with the line that is wrong.

    The label is the column that the header names `label` or `class`, otherwise the first.
    """
    names = header(path)
    column = next((at for at, name in enumerate(names) if name in LABEL_NAMES), 0)
    try:
        rows = _parsed(path, skip=1 if names else 0)
    except ValueError as e:
        raise _fault(path, column, bool(names), str(e)) from e
    if rows.size and (rows.shape[1] != COLUMNS or rows[:, column].max() >= CLASSES):
        raise _fault(path, column, bool(names), f"{rows.shape[1]} columns")
    if not rows.size:
        raise DataError(f"{path} holds no rows; {EXPECTED} in each line.")
    return digits(path, np.delete(rows, column, axis=1), rows[:, column].copy())


def has_labels(path: Path) -> bool:
    """False for a file of images alone, such as the `test.csv` of Kaggle's competition."""
    return len(_first_row(path)) != FEATURES


def header(path: Path) -> list[str]:
    """The names in the first line, in lower case; empty where the first line is a row of numbers."""
    names = [name.strip().lower() for name in _first_row(path)]
    named = any(name in LABEL_NAMES for name in names) or not any(name.isdecimal() for name in names)
    return names if named else []


def _first_row(path: Path) -> list[str]:
    with _text(path) as lines:
        return next(csv.reader(lines), [])


@contextmanager
def _text(path: Path) -> Iterator[io.TextIOWrapper]:
    with opened(path) as stream, io.TextIOWrapper(stream, "utf-8-sig", newline="") as lines:
        try:
            yield lines
        except (UnicodeDecodeError, csv.Error) as e:
            raise DataError(f"{path} is not a CSV file of text ({e}). Save it as CSV in UTF-8.") from e


def _parsed(path: Path, skip: int) -> Bytes:
    with _text(path) as text:
        lines = (line for line in itertools.islice(text, skip, None) if line.strip())
        first = next(lines, None)
        if first is None:
            return np.empty((0, COLUMNS), np.uint8)
        rows = itertools.chain([first], lines)
        return np.loadtxt(rows, np.uint8, delimiter=",", comments=None, quotechar='"', ndmin=2)


def _fault(path: Path, column: int, named: bool, reason: str) -> DataError:
    """What is wrong with the first bad row; `reason` where every row by itself looks right."""
    with _text(path) as lines:
        rows = csv.reader(lines)
        for row in rows:
            blank = len(row) < 2 and not "".join(row).strip()
            skipped = blank or (named and rows.line_num == 1)
            problem = None if skipped else _problem(row, column)
            if problem:
                return DataError(f"Line {rows.line_num:,} of {path} {problem}; {EXPECTED}. Correct or drop that line.")
    return DataError(f"{path} cannot be read as CSV ({reason}); {EXPECTED} in each line.")


def _problem(row: list[str], column: int) -> str | None:
    if len(row) != COLUMNS:
        return f"has {len(row)} values"
    for at, value in enumerate(row):
        limit = CLASSES - 1 if at == column else 255
        if not (value.strip().isdecimal() and int(value) <= limit):
            return f"has {value.strip()[:20]!r} as {'label' if at == column else f'value {at + 1}'}"
    return None
