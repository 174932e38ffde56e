"""Rows of a CSV file or of two, with whatever stands beside them without labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers, Bytes, Labels
from mnist_dash.data.io.array_files import open_file
from mnist_dash.data.io.csv_layout import find_layout
from mnist_dash.data.io.csv_pairs import arrange_pairs, holds_labels, is_label_table, read_table_pairs
from mnist_dash.data.io.csv_rows import has_labels, read_table
from mnist_dash.data.io.csv_text import is_table
from mnist_dash.data.io.pen_trajectories import READ, VALUES
from mnist_dash.data.io.raw_images import Files, RawDataset, combine_pairs
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.io.split_files import TRAIN, arrange_splits, combine_splits, find_split
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.errors import DataError

SMALLEST = 16
"""Values of the smallest image, 4×4 pixels."""
BEFORE = b"\r\n \x00\xef\xbb\xbf\xff\xfe"
"""What may stand before the first values: line ends, and the mark of an encoding."""
LONG = 1_000_000
"""First bytes of a file among which its first values are counted."""


def read_csv_set(files: Files, progress: Progress) -> RawDataset:
    """The rows of one split or of both; raises DataError with the file and the line that is wrong."""
    if len(files) > 1 and holds_labels(files[1]):
        return read_table_pairs(files, progress)
    layouts = {path: find_layout(path) for path in files}
    labelled = [path for path in files if layouts[path].columns.labels]
    if not labelled or labelled[0] != files[0]:
        raise DataError(
            f"{files[0]} has images without labels, and nothing can be learnt from them. Name a file with a column of "
            f"labels too; `mnist-dash predict {files[0].name}` reads such images."
        )
    sizes = [path.stat().st_size for path in labelled]
    drawn = any(layouts[path].columns.pixels == VALUES for path in labelled)
    reading, drawing = within(progress, 0, READ if drawn else 1), within(progress, READ, 1)
    pairs: list[tuple[AnyNumbers, AnyNumbers]] = []
    notes: list[str] = []
    for at, path in enumerate(labelled):
        start, end = sum(sizes[:at]) / sum(sizes), sum(sizes[: at + 1]) / sum(sizes)
        table = read_table(path, progress=within(reading, start, end), layout=layouts[path])
        pairs.append((table.pixels, table.labels if table.labels is not None else np.empty(0, np.uint8)))
        notes += [note if len(labelled) == 1 else f"{path.name}: {note}" for note in table.notes]
    ignored = tuple(f"{path.name} has no labels and is not used." for path in files if path not in labelled)
    found = combine_splits(labelled, pairs, progress=drawing)
    return RawDataset(found.train, found.test, (*found.notes, *notes, *ignored))


@dataclass(frozen=True, slots=True, eq=False)
class RowImages:
    """Images (n, h, w) of a table, its labels (n,) or None, and what was done to them."""

    images: Bytes
    labels: Labels | None
    notes: tuple[str, ...]


def read_csv_images(path: Path, progress: Progress = silent) -> RowImages:
    """The images of a table with or without labels, as 0 to 255; raises DataError with the line that is wrong."""
    table = read_table(path, progress=within(progress, 0, READ))
    unknown = np.zeros(len(table.pixels), np.uint8)
    pair = table.pixels, unknown if table.labels is None else table.labels
    found = combine_pairs(path, [pair], progress=within(progress, READ, 1))
    return RowImages(found.train.images, table.labels, (*found.notes, *table.notes))


def _arrange_rows(files: Sequence[Path]) -> Files | None:
    """Labelled rows, those for training, validation and test; then what has no labels. Short rows are no images.

    Where nothing has labels, all is handed to whoever reads it, who says so. Raises DataError where the names of
    several labelled files do not say what each is for.
    """
    paired = arrange_pairs(files) if len(files) > 1 else None
    if paired is not None:
        return paired
    rows = [path for path in files if len(files) == 1 or _count_columns(path) >= SMALLEST]
    labelled = [path for path in rows if has_labels(path)] if len(rows) > 1 else rows
    others = [path for path in rows if path not in labelled]
    _check_training_labels(labelled, others)
    if len(labelled) < 2:
        return (*labelled, *others) or None
    return (*arrange_splits(labelled), *others)


def _check_training_labels(labelled: Sequence[Path], others: Sequence[Path]) -> None:
    """Refuse to learn from test images because those named as training images have no labels; raises DataError."""
    train = next((path for path in others if "train" in path.name.lower()), None)
    if train is not None and labelled and all(find_split(path) != TRAIN for path in labelled):
        raise DataError(
            f"{train.name} has images without labels, and {labelled[0].name}, which has labels, is not for training by "
            f"its name. Add a column of labels to {train.name}, or leave it out to learn from the other one."
        )


def _count_columns(path: Path) -> int:
    """About how many values the first line that holds any has, whatever stands between them."""
    with open_file(path) as stream:
        line = stream.read(LONG).lstrip(BEFORE).partition(b"\n")[0]
    return 1 + max(line.count(separator) for separator in b",;|\t ")


def _recognise(head: bytes) -> bool:
    return is_table(head) or is_label_table(head)


READER = FileReader(
    "CSV",
    (".csv",),
    "one CSV, or two or three named as train, test and validation",
    _recognise,
    read_csv_set,
    _arrange_rows,
)
