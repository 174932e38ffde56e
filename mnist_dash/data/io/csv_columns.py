"""What each column of a table of digits holds, by what the header calls it and by how many columns there are.

Beside the pixels of a square there may be a label and row numbers. An image with and without a label has never the
same number of values as another square, so that the number alone tells whether there are labels.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isqrt

import numpy as np

from mnist_dash.arrays import Float64s, Indices
from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.io.limits import MAX_SIDE

LABEL_NAMES = ("label", "labels", "class", "classes", "target", "digit", "digits", "y")
_MAYBE_LABEL = "number"
"""A label, or the number of a row: what the column holds decides."""
MOSTLY = 0.75
"""The share of digits from which a column is taken for labels, a few of them wrong."""
_ROW_NUMBER = re.compile(r"unnamed[: ].*|index|id|idx|(image|row)[_ ]?(id|index|number)?|#|nr\.?|no\.?")
_PIXEL = re.compile(r"(\D*?)(\d+)(?:(\D+)(\d+))?")


@dataclass(frozen=True, slots=True)
class Columns:
    """`count` columns: row numbers are `unused`, some are or may be `labels`, and the others are pixels.

    `labels` are none where there is no label; of those that are named as one (`is_named`) all but one are not used,
    of the others all but one are pixels. `order` sorts the pixels where their names are out of order. `names` are
    those of the header, as they were written.
    """

    count: int
    labels: tuple[int, ...]
    unused: tuple[int, ...]
    order: Indices | None
    is_named: bool
    names: tuple[str, ...] = ()

    @property
    def pixels(self) -> int:
        """How many columns are pixels."""
        return self.count - len(self.unused) - (len(self.labels) if self.is_named else bool(self.labels))

    def fits(self, features: int | None) -> bool:
        """Whether the pixels are an image, of so many values where that is known."""
        return is_square(self.pixels) and features in (None, self.pixels)

    def name_of(self, column: int) -> str:
        """A column in words: its number from 1, and its name."""
        named = f", {self.names[column][:40]!r}" if self.names and self.names[column] else ""
        return f"{column + 1:,}{named}"

    @property
    def told(self) -> str:
        """What the header calls a label or a row number, in words."""
        labels = [f"{self.name_of(column)} is a label" for column in self.labels if self.names]
        numbers = [f"{self.name_of(column)} is a row number" for column in self.unused]
        return " and ".join(f"column {text}" for text in [*labels, *numbers])

    @property
    def notes(self) -> tuple[str, ...]:
        """What is unlike the usual, a sentence each."""
        notes = [f"Column {self.name_of(at)} is a row number and is not used." for at in self.unused]
        notes += ["The pixels were put in the order that the header gives."] * (self.order is not None)
        return tuple(notes)


def is_square(count: int) -> bool:
    """Whether so many values are an image from 4×4 to 512×512 pixels."""
    return 16 <= count <= MAX_SIDE**2 and isqrt(count) ** 2 == count


def is_label_name(name: str) -> bool:
    """Whether a column of that name holds labels."""
    return name.strip().lower() in LABEL_NAMES


def name_columns(header: Sequence[str], count: int) -> tuple[str, ...] | None:
    """A name for each of so many columns; None where the header has another number of them.

    Empty names at the end are dropped. R leaves out the name of the first column where that is a row number.
    """
    names = [name.strip() for name in header]
    while len(names) > count and not names[-1]:
        names.pop()
    if names and len(names) == count - 1:
        names.insert(0, "")
    return tuple(names) if len(names) in (0, count) else None


def place_columns(names: Sequence[str], count: int, values: Sequence[Sequence[str]], features: int | None) -> Columns:
    """What so many columns hold; `values` are those of the first rows. Where nothing fits, `Columns.fits` is false."""
    sample = _Sample(values)
    lowered = [name.lower() for name in names]
    numbers = [at for at, name in enumerate(lowered) if _ROW_NUMBER.fullmatch(name) or (not name and at == 0)]
    labels = [at for at, name in enumerate(lowered) if name in LABEL_NAMES]
    counting = [at for at in (*labels, *_found(lowered, _MAYBE_LABEL)) if sample.counts_on(at)]
    labels = [at for at in labels if at not in counting]
    numbers = sorted({*numbers, *counting})
    found = Columns(count, tuple(labels), tuple(numbers), None, bool(labels), tuple(names))
    return _in_order(found if found.fits(features) else _place_rest(found, sample, features))


def _place_rest(named: Columns, sample: "_Sample", features: int | None) -> Columns:
    """The columns where one or two of them are neither pixels nor named as what they are."""
    left = [at for at in range(named.count) if at not in (*named.labels, *named.unused)]
    unlike = _unlike_pixels(named, left)
    ends = unlike if len(unlike) == 1 else (left[:1] + left[-1:])
    for at in ends:
        if sample.counts_on(at) and (found := _with_number(named, at)).fits(features):
            return found
    if named.labels:
        return named
    labelled = replace(named, labels=tuple(ends))
    if labelled.fits(features):
        return labelled
    first = left[0] if left else 0
    both = replace(_with_number(named, first), labels=tuple(left[1:2] + left[-1:]))
    return both if both.fits(features) and sample.differs(first) else named


def _with_number(columns: Columns, at: int) -> Columns:
    return replace(columns, unused=tuple(sorted({*columns.unused, at})))


def _unlike_pixels(named: Columns, left: Sequence[int]) -> list[int]:
    """The columns whose names are not made like those of most others."""
    if not named.names:
        return []
    stems = {at: match[1] if (match := _PIXEL.fullmatch(named.names[at])) else None for at in left}
    usual, often = Counter(stems.values()).most_common(1)[0] if stems else (None, 0)
    return [at for at in left if stems[at] != usual] if usual is not None and 2 * often > len(left) else []


def _found(names: Sequence[str], wanted: str) -> list[int]:
    return [at for at, name in enumerate(names) if name == wanted]


def _in_order(columns: Columns) -> Columns:
    """The columns with the order of their pixels, where each has a number and they do not ascend."""
    pixels = [at for at in range(columns.count) if at not in (*columns.labels, *columns.unused)]
    matches = [_PIXEL.fullmatch(name) for name in columns.names] if columns.names else []
    chosen = [matches[at] for at in pixels] if matches else []
    places = [(int(found[2]), int(found[4] or 0)) for found in chosen if found]
    if len(places) < len(chosen) or len(set(places)) < len(places) or len({found[1] for found in chosen if found}) != 1:
        return columns
    # Which of two numbers is the row is not known where they ascend either way.
    if places in (sorted(places), sorted(places, key=lambda place: place[::-1])):
        return columns
    return replace(columns, order=np.array(sorted(range(len(places)), key=places.__getitem__), np.int64))


class _Sample:
    """The values of the first rows, asked by column."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        """Keep them."""
        self.rows = rows

    def counts_on(self, column: int) -> bool:
        """Whether the values count the rows, beyond what a label can be; a row may be missing now and then.

        What counts on with a gap and is digits for the most part is labels, one of which is wrong.
        """
        values = self._whole(column)
        if values is None or len(values) < 2 or values.max() < CLASSES:
            return False
        most = 1.5 * len(values) if (values < CLASSES).mean() < MOSTLY else len(values) - 1
        return bool((np.diff(values) >= 1).all() and values[-1] - values[0] <= most)

    def differs(self, column: int) -> bool:
        """Whether all values are whole, different, and in part beyond what a label can be: row numbers in any order."""
        values = self._whole(column)
        return values is not None and len(values) > 1 and len(np.unique(values)) == len(values)

    def _whole(self, column: int) -> Float64s | None:
        try:
            values = np.array([float(row[column]) for row in self.rows])
        except (ValueError, IndexError):
            return None
        return values if np.isfinite(values).all() and (values == np.rint(values)).all() else None
