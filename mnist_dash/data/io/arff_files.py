"""ARFF, as Weka and OpenML keep MNIST: a header with the attributes, then a row of values for each image."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.io.array_files import bytes_taken, open_file
from mnist_dash.data.io.limits import MAX_BYTES, MAX_IMAGES, MAX_SIDE
from mnist_dash.data.io.pen_trajectories import READ, VALUES
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.io.split_files import arrange_splits, combine_splits
from mnist_dash.data.progress import Progress, within
from mnist_dash.errors import DataError

LABELS = ("class", "label", "target", "digit", "y")
MOST_ATTRIBUTES = MAX_SIDE**2 + 1
LONGEST = 200
"""Characters of a line of the header that are looked at."""
ROWS = 5_000
"""Rows that are parsed at a time."""
CONVERT = (
    'import pandas, scipy.io.arff; pandas.DataFrame(scipy.io.arff.loadarff("digits.arff")[0]).to_csv("digits.csv", '
    "index=False)"
)


def is_arff(head: bytes) -> bool:
    """Whether a file begins with the name of its relation, after comments or not."""
    return re.match(rb"(\s|%[^\n]*\n)*@relation\b", head.removeprefix(b"\xef\xbb\xbf"), re.IGNORECASE) is not None


def read_arff_set(files: Files, progress: Progress) -> RawDataset:
    """The rows of one split or of both; raises DataError with what is wrong."""
    drawn = any(_count(path) == VALUES + 1 for path in files)
    reading, each = within(progress, 0, READ if drawn else 1), 1 / len(files)
    pairs = [_read(path, within(reading, at * each, (at + 1) * each)) for at, path in enumerate(files)]
    return combine_splits(files, pairs, progress=within(progress, READ, 1))


def _count(path: Path) -> int:
    """How many attributes a file has."""
    with _text(path) as text:
        return len(_attributes(path, text)[0])


def _read(path: Path, progress: Progress) -> tuple[AnyNumbers, AnyNumbers]:
    """The values (n, k) of a file without the digit, and the digits (n,)."""
    with _text(path) as text:
        names, nominal = _attributes(path, text)
        label = _label(path, names, nominal)
        rows = list(_rows(path, text, len(names), progress))
    if not rows:
        raise DataError(f"{path} holds no rows after @DATA. Save it again.")
    table = np.concatenate(rows)
    return np.delete(table, label, axis=1), table[:, label]


@contextmanager
def _text(path: Path) -> Iterator[io.TextIOWrapper]:
    try:
        with open_file(path) as stream, io.TextIOWrapper(stream, "utf-8-sig") as text:
            yield text
    except UnicodeDecodeError as e:
        raise DataError(f"{path} is not text ({e}). Save it as ARFF in UTF-8.") from e


def _attributes(path: Path, text: io.TextIOWrapper) -> tuple[list[str], list[bool]]:
    """The names of all attributes, and whether each is one of named values, up to the line before the rows."""
    names: list[str] = []
    nominal: list[bool] = []
    while line := text.readline(100_000):
        told = line.strip()
        if told.lower().startswith("@data"):
            return names, nominal
        match = re.match(r"@attribute\s+('[^']*'|\"[^\"]*\"|\S+)\s+(.*)", told, re.IGNORECASE)
        if match:
            names.append(match[1].strip("'\"").lower())
            nominal.append(match[2].startswith("{"))
        elif told and not told.startswith("%") and not told.lower().startswith("@relation"):
            raise DataError(f"{path} has {told[:LONGEST]!r} in its header; expected is @ATTRIBUTE or @DATA. Mend it.")
        if len(names) > MOST_ATTRIBUTES:
            break
    raise DataError(f"{path} has no @DATA after up to {MOST_ATTRIBUTES:,} attributes. Copy or download it again.")


def _label(path: Path, names: list[str], nominal: list[bool]) -> int:
    """The attribute that is the digit: by its name, or the only one of named values."""
    named = [at for at, name in enumerate(names) if name in LABELS]
    found = named if len(named) == 1 else [at for at, is_nominal in enumerate(nominal) if is_nominal]
    if len(found) != 1:
        raise DataError(f"{path} has {len(found)} attributes that could be the digit; one must be. Name it class.")
    return found[0]


def _rows(path: Path, text: io.TextIOWrapper, columns: int, progress: Progress) -> Iterator[AnyNumbers]:
    """The values below @DATA (n, columns), some thousands of rows at a time."""
    import pandas as pd  # type: ignore[import-untyped] # takes a moment, and few need it

    size, count = max(1, path.stat().st_size), 0
    try:
        parts = pd.read_csv(
            text,
            header=None,
            names=list(range(columns)),
            index_col=False,
            comment="%",
            quotechar="'",
            skipinitialspace=True,
            skip_blank_lines=True,
            chunksize=ROWS,
            dtype=np.float32,
        )
        for part in parts:
            count += len(part)
            if count > MAX_IMAGES or count * columns > MAX_BYTES:
                raise DataError(f"{path} holds more than {MAX_IMAGES:,} images, or too large ones. Import a part.")
            progress(f"Reading {path.name}", min(1.0, bytes_taken(text) / size))
            yield _narrow(part.to_numpy())
    except (ValueError, OverflowError, MemoryError, csv.Error) as e:
        raise DataError(
            f"{path} has rows that are not {columns:,} numbers each ({str(e)[:LONGEST]}). Sparse and other rows are "
            f"converted by Python: {CONVERT}"
        ) from e


def _narrow(rows: AnyNumbers) -> AnyNumbers:
    """Values as bytes where they are whole and fit, a quarter of the memory."""
    if np.isnan(rows).any():
        raise ValueError("values are missing")
    narrow = rows.astype(np.uint8) if rows.min() >= 0 and rows.max() <= 255 else rows
    return narrow if (narrow == rows).all() else rows


READER = FileReader(
    "ARFF",
    (".arff",),
    "one ARFF, or two or three named as train, test and validation",
    is_arff,
    read_arff_set,
    arrange_splits,
)
