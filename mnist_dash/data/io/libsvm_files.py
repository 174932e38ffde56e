"""LIBSVM, as the digits of USPS and others are kept for it: a label, then number and value of pixels, a line each.

Pixels that a line does not name are 0. USPS itself goes from −1, paper, to 1, ink, and counts its labels from 1.
"""

import re
from collections.abc import Iterator, Sequence
from math import ceil, sqrt
from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers, Float32s
from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.io.array_files import open_file
from mnist_dash.data.io.limits import MAX_BYTES, MAX_IMAGES, MAX_SIDE
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.io.split_files import arrange_splits, combine_splits
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError

_BEGINS = re.compile(rb"\s*[-+]?\d+(\.0*)?(\s+\d+:[-+.\deE]+){2}")
_LONGEST = 16 * MAX_SIDE**2
"""Characters of a line."""
_STEP = 500
"""Images between two reports of progress."""


def is_libsvm(head: bytes) -> bool:
    """Whether a file begins with a label and numbered values."""
    return _BEGINS.match(head) is not None


def read_libsvm_set(files: Files, progress: Progress) -> RawDataset:
    """The lines of one split or of both; raises DataError with the file and the line that is wrong."""
    parts = [list(_read_lines(path, progress)) for path in files]
    for path, lines in zip(files, parts, strict=True):
        if not lines:
            raise DataError(f"{path} holds no lines; needed is a label and NUMBER:VALUE for each pixel in each.")
    features = max(int(line[1::2].max(initial=1)) for lines in parts for line in lines)
    side = ceil(sqrt(features))
    pixels, labels = zip(*(_fill(lines, side * side) for lines in parts), strict=True)
    notes = []
    if min(float(rows.min()) for rows in pixels) < 0:
        pixels = tuple(_shift(path, rows) for path, rows in zip(files, pixels, strict=True))
        notes.append("Values from −1 to 1 became 0 to 1.")
    if min(map(np.min, labels)) >= 1 and max(map(np.max, labels)) == CLASSES:
        labels = tuple(each - 1 for each in labels)
        notes.append("Labels from 1 to 10 became the digits 0 to 9.")
    found = combine_splits(files, list(zip(pixels, labels, strict=True)))
    return RawDataset(found.train, found.test, (*found.notes, *notes))


def _read_lines(path: Path, progress: Progress) -> Iterator[Float32s]:
    """Each line as a label and then number and value by turns; raises DataError with the one that is wrong."""
    read = 0
    with open_file(path) as stream:
        for number, line in enumerate(iter(lambda: stream.readline(_LONGEST + 1), b""), 1):
            read += len(line)
            if len(line) > _LONGEST or number > MAX_IMAGES or read > MAX_BYTES:
                raise DataError(f"Line {number:,} of {path} is too long, or too far down. Import a part of it.")
            if number % _STEP == 1:
                progress(f"Reading {path.name}", 0)
            if line.strip():
                yield _parse(path, number, line)


def _parse(path: Path, number: int, line: bytes) -> Float32s:
    values = line.replace(b":", b" ").split()
    try:
        found = np.array(values, np.float32)
    except ValueError:
        found = np.empty(0, np.float32)
    places = found[1::2]
    if len(found) % 2 == 0 or not np.isfinite(found).all() or not ((places >= 1) & (places <= MAX_SIDE**2)).all():
        raise DataError(
            f"Line {number:,} of {path} is no label with NUMBER:VALUE for each pixel, numbers from 1 to "
            f"{MAX_SIDE**2:,}. Correct or drop it."
        )
    return found


def _fill(lines: Sequence[Float32s], features: int) -> tuple[AnyNumbers, AnyNumbers]:
    """Pixels (n, features) and labels (n,)."""
    if len(lines) * features > MAX_BYTES:
        raise DataError(f"There are {len(lines):,} images of {features:,} values; that is too much. Import a part.")
    pixels = np.zeros((len(lines), features), np.float32)
    for row, line in enumerate(lines):
        pixels[row, line[1::2].astype(np.int64) - 1] = line[2::2]
    return pixels, np.array([line[0] for line in lines])


def _shift(path: Path, pixels: AnyNumbers) -> AnyNumbers:
    low, high = float(pixels.min()), float(pixels.max())
    if low < -1 or high > 1:
        raise DataError(f"{path}: The values run from {low:g} to {high:g}; allowed are −1 to 1, 0 to 1 or 0 to 255.")
    return (pixels + 1) / 2


READER = FileReader(
    "LIBSVM",
    (".libsvm", ".svm", ".t"),
    "one LIBSVM, or two or three, the one for the test ending in .t",
    is_libsvm,
    read_libsvm_set,
    arrange_splits,
)
