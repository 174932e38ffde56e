"""How a table of digits is written: its encoding, its separator, its header, and what each column holds.

The first lines tell all of it but one thing: which of two columns is the label may take every row (`csv_labels.py`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mnist_dash.data.dataset import FEATURES
from mnist_dash.data.io.csv_columns import Columns, is_label_name, is_square, name_columns, place_columns
from mnist_dash.data.io.csv_text import MANY, NEARLY_ALL, SEPARATORS, find_separator, is_number, read_sample, split_line
from mnist_dash.errors import DataError


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows are built.

    `separator` is None for any white space · `ends` is how many empty values end each row · `whole` where values are
    whole numbers · `header` where the first line names the columns · `columns` says what each of them holds.
    """

    encoding: str
    separator: str | None
    decimal_comma: bool
    ends: int
    whole: bool
    header: bool
    columns: Columns

    @property
    def dtype(self) -> npt.DTypeLike:
        """What the values of a row, row numbers too, can be parsed as."""
        return np.uint8 if self.whole and not self.columns.unused else np.float64

    @property
    def expected(self) -> str:
        """What a right line holds."""
        kind = "whole numbers" if self.whole else "numbers"
        parts = ["a row number"] * bool(self.columns.unused) + ["a label from 0 to 9"] * bool(self.columns.labels)
        told = " and ".join([*parts, f"{self.columns.pixels} grey values from 0 to 255"])
        return f"expected are {self.columns.count} {kind}, {told}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is unlike the usual, a sentence each."""
        notes = ["Read as UTF-16."] * self.encoding.startswith("utf-16")
        if self.separator != ",":
            notes.append(f"The values are separated by {SEPARATORS.get(self.separator or '', 'spaces')}.")
        notes += ["Decimal commas were read as points."] * self.decimal_comma
        notes += ["Every row ends with an empty value, which is not used."] * bool(self.ends)
        return (*notes, *self.columns.notes)

    def text_of(self, line: str) -> str:
        """A line as numpy can parse it."""
        if self.ends and self.separator:
            line = line.rstrip("\r\n ")
            for _ in range(self.ends):
                line = line.removesuffix('""').removesuffix(self.separator)
        return line.replace(",", ".") if self.decimal_comma else line

    def fields_of(self, line: str) -> list[str]:
        """The values of a line as text."""
        return split_line(self.text_of(line), self.separator)


def find_layout(path: Path, features: int | None = None) -> Layout:
    """How a table is written, of images with so many `features` where that is known; raises DataError."""
    encoding, lines = read_sample(path)
    separator = find_separator(lines)
    rows = [split_line(line, separator) for line in lines]
    header = bool(rows) and _is_header(rows[0])
    body = rows[header:]
    count = _count(body or rows, features)
    whole_rows = [row for row in body if len(row) == count]
    ends = min(_empty_ends(whole_rows), count - _named(rows[0]) if header else count) if separator else 0
    names = name_columns(rows[0] if header else (), count - ends)
    if names is None and whole_rows:
        raise _other_header(path, len(rows[0]), count - ends)
    is_decimal = separator in ("\t", ";") and any("," in line for line in lines[header:])
    values = [[value.replace(",", ".") for value in row[: count - ends]] for row in whole_rows]
    fractions = sum(any(map(_is_fraction, row)) for row in values if not "".join(row).isdecimal())
    columns = place_columns(names or (), count - ends, values, features)
    layout = Layout(encoding, separator, is_decimal, ends, 2 * fractions < max(1, len(values)), header, columns)
    if not columns.fits(features) and len(whole_rows) >= NEARLY_ALL * len(body) and body:
        raise _no_image(path, layout, features, whole_rows[0])
    return layout if columns.fits(features) else _usual(layout, features)


def _usual(layout: Layout, features: int | None) -> Layout:
    """A label and the values of an image: what is told of lines that are unlike one another."""
    columns = Columns(1 + (features or FEATURES), (0,), (), None, is_named=True)
    return Layout(layout.encoding, layout.separator, False, 0, True, layout.header, columns)


def _no_image(path: Path, layout: Layout, features: int | None, row: Sequence[str]) -> DataError:
    last = " and its last is empty" if layout.ends else ""
    named = f" By the header {layout.columns.told}." if layout.columns.told else ""
    other = "" if features else ", or of another square from 4×4 to 512×512"
    return DataError(
        f"Every row of {path} has {len(row):,} values{last}; expected are {FEATURES + 1}, a label and the grey values "
        f"of 28×28 pixels{other}.{named} Write each image whole, in a line of its own."
    )


def _other_header(path: Path, names: int, values: int) -> DataError:
    return DataError(
        f"The header of {path} names {names:,} columns, but its rows have {values:,} values. Name each column, or drop "
        "the header."
    )


def _is_header(row: Sequence[str]) -> bool:
    """Whether a row names columns: words alone, a label's name among them, or numbers that count the columns."""
    values = [value for value in row if value.strip()]
    numbers = [value for value in values if is_number(value.replace(",", "."))]
    if not numbers or any(map(is_label_name, values)):
        return bool(values)
    counted = [int(value) for value in numbers if value.strip().isdecimal()]
    steps = {after - before for before, after in pairwise(counted)}
    return len(counted) == len(numbers) >= max(MANY, len(values) - 2) and steps == {1}


def _count(rows: Sequence[Sequence[str]], features: int | None) -> int:
    """How many values most rows have; where two counts are as frequent, the one that can be an image."""
    counts = Counter(map(len, rows))
    return max(counts, key=lambda count: (counts[count], _may_fit(count, features)), default=0)


def _may_fit(count: int, features: int | None) -> bool:
    return any(is_square(count - extra) and features in (None, count - extra) for extra in range(3))


def _empty_ends(rows: Sequence[Sequence[str]]) -> int:
    """How many values at the end are empty in nearly all rows."""
    ends = sorted(next((at for at, value in enumerate(reversed(row)) if value.strip()), 0) for row in rows)
    return ends[int((1 - NEARLY_ALL) * len(ends))] if ends else 0


def _named(header: Sequence[str]) -> int:
    """How many columns a header names, up to the last that has a name."""
    return max((at for at, name in enumerate(header, 1) if name.strip()), default=0)


def _is_fraction(value: str) -> bool:
    return not value.strip().isdecimal() and is_number(value)
