"""Rows of a CSV file or of two, with whatever stands beside them without labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers, Bytes, Labels
from mnist_dash.data.io.array_files import is_test, open_file
from mnist_dash.data.io.csv_rows import has_labels, read_table
from mnist_dash.data.io.csv_text import is_table
from mnist_dash.data.io.raw_images import Files, RawDataset, combine_pairs
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.progress import Progress, within
from mnist_dash.errors import DataError

SMALLEST = 16
"""Values of the smallest image, 4×4 pixels."""
LONG = 1_000_000
"""First bytes of a file among which its first values are counted."""


def read_csv_set(files: Files, progress: Progress) -> RawDataset:
    """The rows of one split or of both; raises DataError with the file and the line that is wrong."""
    labelled = [path for path in files if has_labels(path)]
    if not labelled or labelled[0] != files[0]:
        raise DataError(
            f"{files[0]} has images without labels, and nothing can be learnt from them. Name a file with a column of "
            f"labels too; `mnist-dash predict {files[0].name}` reads such images."
        )
    sizes = [path.stat().st_size for path in labelled]
    pairs: list[tuple[AnyNumbers, AnyNumbers]] = []
    notes: list[str] = []
    for at, path in enumerate(labelled):
        start, end = sum(sizes[:at]) / sum(sizes), sum(sizes[: at + 1]) / sum(sizes)
        table = read_table(path, progress=within(progress, start, end))
        pairs.append((table.pixels, table.labels if table.labels is not None else np.empty(0, np.uint8)))
        notes += [note if len(labelled) == 1 else f"{path.name}: {note}" for note in table.notes]
    _check_one_scale(labelled, pairs)
    ignored = tuple(f"{path.name} has no labels and is not used." for path in files if path not in labelled)
    found = combine_pairs(files[0], pairs)
    return RawDataset(found.train, found.test, (*found.notes, *notes, *ignored))


@dataclass(frozen=True, slots=True, eq=False)
class RowImages:
    """Images (n, h, w) of a table, its labels (n,) or None, and what was done to them."""

    images: Bytes
    labels: Labels | None
    notes: tuple[str, ...]


def read_csv_images(path: Path) -> RowImages:
    """The images of a table with or without labels, as 0 to 255; raises DataError with the line that is wrong."""
    table = read_table(path)
    unknown = np.zeros(len(table.pixels), np.uint8)
    found = combine_pairs(path, [(table.pixels, unknown if table.labels is None else table.labels)])
    return RowImages(found.train.images, table.labels, (*found.notes, *table.notes))


def _check_one_scale(files: list[Path], pairs: list[tuple[AnyNumbers, AnyNumbers]]) -> None:
    """Refuse one split as shares of ink and another as grey values, of which the first would become blank."""
    highest = [float(images.max(initial=0)) for images, _ in pairs]
    if min(highest) <= 1 < max(highest):
        told = " and ".join(f"{path.name} up to {high:g}" for path, high in zip(files, highest, strict=True))
        raise DataError(f"The values go in {told}; both must be of one scale, 0 to 1 or 0 to 255. Rewrite one of them.")


def _arrange_rows(files: Sequence[Path]) -> Files | None:
    """Labelled rows, or those for training and for test; then what has no labels. Short rows are no images.

    Where nothing has labels, all is handed to whoever reads it, who says so.
    """
    rows = [path for path in files if len(files) == 1 or _count_columns(path) >= SMALLEST]
    labelled = [path for path in rows if has_labels(path)] if len(rows) > 1 else rows
    if not labelled or len(labelled) == 1 or (len(labelled) == 2 and len(set(map(is_test, labelled))) == 2):
        return (*sorted(labelled, key=is_test), *(path for path in rows if path not in labelled)) or None
    return None


def _count_columns(path: Path) -> int:
    """About how many values the first line that holds any has, whatever stands between them."""
    with open_file(path) as stream:
        line = stream.read(LONG).lstrip(b"\r\n \x00").partition(b"\n")[0]
    return 1 + max(line.count(separator) for separator in b",;|\t ")


READER = FileReader("CSV", (".csv",), "one CSV or two named as train and test", is_table, read_csv_set, _arrange_rows)
