"""Images in one table and their labels in another, a row each, as ARDIS has them: labels are one-hot rows of ten."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.io.array_files import open_file, read_whole
from mnist_dash.data.io.csv_rows import has_labels, read_table
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.split_files import TEST, TRAIN, VALIDATION, combine_splits, find_split
from mnist_dash.data.progress import Progress, within
from mnist_dash.errors import DataError

_HEAD = 4096


def is_label_table(head: bytes) -> bool:
    """Whether the first line is ten numbers of which one is 1 and all others are 0."""
    line = head.lstrip().partition(b"\n")[0].replace(b",", b" ").replace(b";", b" ")
    try:
        values = sorted(float(value) for value in line.split())
    except ValueError:
        return False
    return values == [0.0] * (CLASSES - 1) + [1.0]


def holds_labels(path: Path) -> bool:
    """Whether a file is such a table."""
    with open_file(path) as stream:
        return is_label_table(stream.read(_HEAD))


def arrange_pairs(files: Sequence[Path]) -> Files | None:
    """Images and labels for training, for validation, then for the test; None where no file holds labels alone.

    Raises DataError where the names do not say which labels are whose.
    """
    labels = [path for path in files if holds_labels(path)]
    if not labels:
        return None
    images = [path for path in files if path not in labels and not has_labels(path)]
    splits = [
        ([path for path in images if find_split(path) == split], [path for path in labels if find_split(path) == split])
        for split in (TRAIN, VALIDATION, TEST)
    ]
    there = [split for split in splits if any(split)]
    if any((len(some), len(theirs)) != (1, 1) for some, theirs in there):
        names = ", ".join(path.name for path in files[:4])
        raise DataError(
            f"{names}: there are {len(images)} tables of images and {len(labels)} of labels; allowed is one of each, "
            "or two or three of each, those for the test with test in their names and those for validation with val. "
            "Bring them together, or leave some out."
        )
    return tuple(path for some, theirs in there for path in (*some, *theirs))


def read_table_pairs(files: Files, progress: Progress) -> RawDataset:
    """The images and labels of arranged files, by turns; raises DataError with the file that is wrong."""
    pairs, notes = [], []
    for at, (images, labels) in enumerate(zip(files[::2], files[1::2], strict=True)):
        share = 2 / len(files)
        table = read_table(images, progress=within(progress, at * share, (at + 1) * share))
        pairs.append((table.pixels, _read_labels(labels)))
        notes.append(f"The labels of {images.name} are those of {labels.name}.")
    found = combine_splits(files[::2], pairs)
    return RawDataset(found.train, found.test, (*found.notes, *notes))


def _read_labels(path: Path) -> AnyNumbers:
    text = read_whole(path).decode("ascii", "replace").replace(",", " ").replace(";", " ")
    try:
        found: AnyNumbers = np.loadtxt(io.StringIO(text), ndmin=2)
    except ValueError as e:
        raise DataError(
            f"{path} cannot be read as labels ({e}); expected are ten numbers a line, one of them 1."
        ) from e
    return found
