"""Which column of a table holds the labels, by what the columns hold.

A pixel of paper with a little noise can look like a label. Nothing is guessed where two columns could be it, for
every image would be shifted by a pixel, and every label wrong.
"""

from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.io.csv_columns import MOSTLY, Columns
from mnist_dash.errors import DataError

_ONE_VALUE = 0.9
"""The share of one value above which a column is paper, or labels of one class."""
_HALF = 0.5
"""That share where some of the values are no digits."""


def find_label(path: Path, columns: Columns, rows: AnyNumbers, kept: list[int]) -> int:
    """The column of the labels in a table (n, columns), of which `kept` are in `rows`; raises DataError.

    A column that is named as the label, alone, is it. Of others that may be, exactly one must look like labels.
    """
    held = {at: rows[:, kept.index(at)] for at in columns.labels}
    if columns.is_named:
        return _find_named(path, columns, held)
    if _counts_on(held[columns.labels[0]]):
        raise _unclear(path, columns, f"Column {columns.name_of(columns.labels[0])} counts the rows")
    likely = [at for at, values in held.items() if _varies(values)]
    possible = [at for at, values in held.items() if at in likely or _is_mostly_digits(values)]
    if not possible:
        one = " and ".join(columns.name_of(at) for at in held)
        raise _unclear(path, columns, f"Column {one} could hold the labels, but holds other values than 0 to 9")
    # Of one class and paper; a fraction beside zeros is noise in paper.
    chosen = likely or [at for at in possible if held[at].max() > 0 and len(_digits(held[at])) == len(held[at])]
    if len(held) == 1 and len(possible) == 1:
        return possible[0]
    if len(chosen) != 1 or (len(possible) > 1 and likely and _varies(_beside(rows, kept, chosen[0]))):
        raise _unclear(path, columns, f"Columns {' and '.join(map(columns.name_of, held))} could both be the labels")
    return chosen[0]


def describe_label(columns: Columns, label: int) -> tuple[str, ...]:
    """A sentence on where the labels are, where they are not first, or first under a name that does not say so."""
    first = next(at for at in range(columns.count) if at not in columns.unused)
    if label == first and (not columns.names or (columns.is_named and len(columns.labels) == 1)):
        return ()
    others = [at for at in columns.labels if at != label] if columns.is_named else []
    note = f"The label is column {columns.name_of(label)}" + ("." if columns.names else "; there is no header.")
    return (note, *(f"Column {columns.name_of(at)} is not used." for at in others))


def _find_named(path: Path, columns: Columns, held: dict[int, AnyNumbers]) -> int:
    first = next(iter(held))
    right = [at for at, values in held.items() if _is_mostly_digits(values)]
    if len(held) == 1 or all(np.array_equal(held[first], values) for values in held.values()):
        return first
    if len(right) == 1:
        return right[0]
    raise _unclear(path, columns, f"Columns {' and '.join(map(columns.name_of, held))} could both be the labels")


def _unclear(path: Path, columns: Columns, why: str) -> DataError:
    if columns.names:
        return DataError(f"{path}: {why}. Name the right one `label` in the first line, and drop any other.")
    return DataError(
        f"{path}: {why}, and there is no header. Add a first line with a name for each of the {columns.count:,} "
        "columns, `label` for that of the labels."
    )


def _varies(values: AnyNumbers) -> bool:
    """Whether nearly all values are digits, and many of them are another than the most frequent one.

    A pixel at the border is digits with other values among them too, but most of it is paper.
    """
    digits = _digits(values)
    if not _is_mostly_digits(values):
        return False
    most = _ONE_VALUE if len(digits) == len(values) else _HALF
    return bool(np.bincount(digits).max() <= most * len(values))


def _is_mostly_digits(values: AnyNumbers) -> bool:
    """Whether the values could be labels, perhaps of one class, and a few of them wrong: paper could be that too."""
    return len(_digits(values)) >= MOSTLY * len(values)


def _digits(values: AnyNumbers) -> AnyNumbers:
    digits: AnyNumbers = values[(values >= 0) & (values < CLASSES) & (values == np.rint(values))].astype(np.int64)
    return digits


def _beside(rows: AnyNumbers, kept: list[int], label: int) -> AnyNumbers:
    """The pixel next to a label at either end: where it looks like labels too, there is noise in the paper."""
    at = kept.index(label)
    return rows[:, at + 1 if at == 0 else at - 1]


def _counts_on(values: AnyNumbers) -> bool:
    """Whether so few rows are counted that the numbers could be labels."""
    return len(values) > 2 and bool((np.diff(values.astype(np.float64)) == 1).all())
