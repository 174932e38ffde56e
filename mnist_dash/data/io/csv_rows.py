"""Digits as rows of a CSV file, in the manner of Kaggle and of Joseph Redmon's "MNIST in CSV".

A row is a label and the grey values of a square image, 784 in MNIST's; how the file is written is found first
(`csv_layout.py`). The rows are parsed by numpy, some megabytes at a time; only where that fails are they looked at one
by one, to say which line is wrong and how. Neither a file without line ends nor one that unpacks without end can fill
the memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers, Labels
from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.io.array_files import bytes_taken
from mnist_dash.data.io.csv_faults import find_fault
from mnist_dash.data.io.csv_labels import describe_label, find_label
from mnist_dash.data.io.csv_layout import Layout, find_layout
from mnist_dash.data.io.csv_text import LINES, LONGEST, NEARLY_ALL, open_text, tell_endless
from mnist_dash.data.io.limits import MAX_BYTES, MAX_IMAGES
from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import DataError

BLOCK = 4_000_000
"""Characters that are read and parsed at a time."""
_SCALES = (1, 16)
"""Greatest values of images that are stretched as a whole: a row beyond them among others would darken them all."""
_SOME = 0.1
"""The share of rows of one scale from which rows of another are a fault."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Pixels (n, k) as uint8, or float32 where there are fractions, labels (n,) or None, and notes on the reading."""

    pixels: AnyNumbers
    labels: Labels | None
    notes: tuple[str, ...]


def read_rows(path: Path, features: int | None = None, progress: Progress = silent) -> tuple[AnyNumbers, Labels]:
    """Pixels (n, features) and labels (n,) of a table that has labels, as `read_table` does."""
    table = read_table(path, features, progress)
    if table.labels is None:
        raise DataError(f"{path} has images without labels. Add a column `label`, or have `predict` read them.")
    return table.pixels, table.labels


def read_table(
    path: Path, features: int | None = None, progress: Progress = silent, layout: Layout | None = None
) -> Table:
    """The images, and labels where there are any, of any square size where `features` is None.

    `layout` is how the rows are built, where that is known already. Raises DataError with the line that is wrong, or
    with what is wrong with all of them.
    """
    layout = layout or find_layout(path, features)
    columns = layout.columns
    kept = [at for at in range(columns.count) if at not in columns.unused]
    parts = list(_parsed(path, layout, kept, progress))
    rows = np.concatenate(parts) if parts else np.empty((0, len(kept)), np.uint8)
    del parts
    if not len(rows):
        raise DataError(f"{path} holds no rows; {layout.expected} in each line.")
    if not columns.labels:
        return Table(_pixels(path, layout, rows, (), kept), None, layout.notes)
    label = find_label(path, columns, rows, kept)
    labels = rows[:, kept.index(label)]
    wrong = ~((labels >= 0) & (labels < CLASSES) & (labels % 1 == 0)) if labels.dtype != np.uint8 else labels >= CLASSES
    if wrong.any():
        raise _bad_rows(path, layout, wrong, label)
    beside = columns.labels if columns.is_named else (label,)
    pixels = _pixels(path, layout, rows, beside, kept)
    return Table(pixels, labels.astype(np.uint8), (*layout.notes, *describe_label(columns, label)))


def has_labels(path: Path) -> bool:
    """False for a file of images alone, such as the `test.csv` of Kaggle's competition."""
    return bool(find_layout(path).columns.labels)


def _pixels(path: Path, layout: Layout, rows: AnyNumbers, labels: tuple[int, ...], kept: list[int]) -> AnyNumbers:
    """The columns that are neither row numbers nor labels, in their order; raises DataError where scales are mixed."""
    places = [kept.index(at) for at in labels]
    pixels = rows[:, 1:] if places == [0] else np.delete(rows, places, axis=1) if places else rows
    if pixels.dtype != np.uint8 and (wrong := (pixels.min(axis=1) < 0) | (pixels.max(axis=1) > 255)).any():
        raise _bad_rows(path, layout, wrong, None)
    _check_scale(path, layout, pixels)
    return pixels if layout.columns.order is None else pixels[:, layout.columns.order]


def _check_scale(path: Path, layout: Layout, pixels: AnyNumbers) -> None:
    """Refuse shares of ink among values up to 255, which would all become blank; raises DataError."""
    sample = pixels[:: max(1, len(pixels) // 500)].max(axis=1)
    for most in _SCALES:
        if ((sample > 0) & (sample <= most)).mean() < _SOME:
            continue
        highest = pixels.max(axis=1)
        low, high = (highest > 0) & (highest <= most), highest > most
        if high.any() and low.mean() >= _SOME:
            at = int(np.argmax(high if high.sum() < low.sum() else low))
            number, _ = _line_of(path, layout, at)
            raise DataError(
                f"Line {number:,} of {path} has values up to {highest[at]:g}, where those of most other rows go "
                f"{'up to' if highest[at] > most else 'beyond'} {most}; all must be of one scale, 0 to 1 or 0 to 255. "
                "Correct or drop that line."
            )


def _parsed(path: Path, layout: Layout, kept: list[int], progress: Progress) -> Iterator[AnyNumbers]:
    images = 0
    for number, lines in _blocks(path, layout, progress):
        skipped = 1 if layout.header and number == 1 else 0
        rows = _rows(path, layout, lines[skipped:], number + skipped, kept)
        images += len(rows)
        # Fractions take four bytes each.
        most = min(MAX_IMAGES, MAX_BYTES // (len(kept) * rows.itemsize))
        if images > most:
            raise DataError(f"{path} holds more than {most:,} images of that size. Import a part of it.")
        yield rows


def _blocks(path: Path, layout: Layout, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    """The lines of a file, some megabytes at a time, each time with the number of the first."""
    size = max(1, path.stat().st_size)
    number, rest, read = 1, "", 0
    with open_text(path, layout.encoding) as text:
        while block := text.read(BLOCK):
            whole, end, rest = (rest + block).rpartition("\n")
            read += len(block)
            if len(rest) > LONGEST or read > MAX_BYTES or number > LINES:
                raise tell_endless(path, number + whole.count("\n") + len(end), MAX_BYTES)
            if end:
                lines = whole.split("\n")
                yield number, lines
                number += len(lines)
            progress(f"Reading {path.name}", min(1.0, bytes_taken(text) / size))
    yield number, [rest]


def _rows(path: Path, layout: Layout, lines: list[str], first: int, kept: list[int]) -> AnyNumbers:
    full = [line for line in lines if line.strip()]
    if not full:
        return np.empty((0, len(kept)), np.uint8)
    if layout.ends or layout.decimal_comma:
        full = [layout.text_of(line) for line in full]
    try:
        rows = np.loadtxt(full, layout.dtype, delimiter=layout.separator, comments=None, quotechar='"', ndmin=2)
    except ValueError as e:
        reason = str(e)
    else:
        if rows.shape[1] == layout.columns.count and (found := _narrow(layout, rows, kept)) is not None:
            return found
        reason = f"{rows.shape[1]} columns"
    fault = find_fault(path, layout, lines, first)
    raise fault or DataError(f"{path} cannot be read as CSV ({reason}); {layout.expected} in each line.")


def _narrow(layout: Layout, rows: AnyNumbers, kept: list[int]) -> AnyNumbers | None:
    """The columns that are kept, as uint8 where that holds them; None where a value is none that is allowed."""
    if rows.dtype == np.uint8:
        return rows
    rows = rows[:, kept] if len(kept) < rows.shape[1] else rows
    if not np.isfinite(rows).all():
        return None
    if rows.min() >= 0 and rows.max() <= 255 and (rows == np.rint(rows)).all():
        return rows.astype(np.uint8)
    return None if layout.whole else rows.astype(np.float32)


def _bad_rows(path: Path, layout: Layout, wrong: AnyNumbers, label: int | None) -> DataError:
    """What is wrong with the rows (n,) that are marked: the first one, or the file where nearly all are."""
    if wrong.mean() >= NEARLY_ALL:
        number, lines = next(_blocks(path, layout, silent))
        skipped = 1 if layout.header else 0
        found = find_fault(path, layout, lines[skipped:], number + skipped, label)
    else:
        number, line = _line_of(path, layout, int(np.argmax(wrong)))
        found = find_fault(path, layout, [line], number, label)
    return found or DataError(f"{path} cannot be read as CSV; {layout.expected} in each line.")


def _line_of(path: Path, layout: Layout, row: int) -> tuple[int, str]:
    """The number and the text of the row with that index, counted again: blank lines are no rows."""
    full = (
        (number + at, line)
        for number, lines in _blocks(path, layout, silent)
        for at, line in enumerate(lines)
        if line.strip() and not (layout.header and number + at == 1)
    )
    return next(islice(full, row, None))
