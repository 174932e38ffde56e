"""IDX, the format of MNIST itself: images and labels of a split in files of their own.

Source: the format's description by LeCun, Cortes and Burges, "The MNIST database of handwritten digits". QMNIST's
labels are rows of eight numbers, with the digit first and the writer third: Yadav and Bottou, "Cold Case: the Lost
MNIST Digits", 2019.
"""

from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import IO

import numpy as np

from mnist_dash.arrays import AnyNumbers, Writers
from mnist_dash.data.io.array_files import CHUNK, open_file
from mnist_dash.data.io.limits import MAX_ARRAYS
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.io.split_files import TEST, TRAIN, VALIDATION, combine_splits, find_split
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError

TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
"""What the third byte of a file says of its values."""
MOST_AXES = 4
QMNIST_COLUMNS, QMNIST_DIGIT, QMNIST_WRITER = 8, 0, 2


def is_idx(head: bytes) -> bool:
    """Whether a file begins with two zeros, a known type and a number of axes."""
    return head[:2] == b"\x00\x00" and len(head) > 3 and head[2] in TYPES and 1 <= head[3] <= MOST_AXES


def read_idx_set(files: Files, _progress: Progress) -> RawDataset:
    """Images and labels of one split or of both; raises DataError with the file that is wrong."""
    pairs, writers = [], []
    for images, labels in (files[at : at + 2] for at in range(0, len(files), 2)):
        found = _images(images)
        told, wrote = _labels(labels)
        pairs.append((found, told))
        writers.append(wrote)
    return combine_splits(files[::2], pairs, writers)


def _images(path: Path) -> AnyNumbers:
    if not _is_images(path):
        raise _misplaced(path, "images", "03")
    return read_idx(path)


def _labels(path: Path) -> tuple[AnyNumbers, Writers | None]:
    """Digits (n,), and who wrote each where QMNIST's labels say so."""
    if _is_images(path):
        raise _misplaced(path, "labels", "01")
    found = read_idx(path)
    if found.ndim == 1:
        return found, None
    if found.ndim != 2 or found.shape[1] != QMNIST_COLUMNS:
        raise DataError(
            f"{path} holds labels of shape {found.shape}; allowed is one for each image, or QMNIST's eight."
        )
    return found[:, QMNIST_DIGIT], found[:, QMNIST_WRITER]


def read_idx(path: Path) -> AnyNumbers:
    """The array in an IDX file of any type, gzipped or not; raises DataError where it is damaged or too large."""
    with open_file(path) as stream:
        kind, shape = _header(path, stream)
        size = prod(shape) * np.dtype(kind).itemsize
        body = _at_most(stream, min(size, MAX_ARRAYS) + 1)
    if len(body) > MAX_ARRAYS:
        raise DataError(f"{path} holds more than {MAX_ARRAYS:,} bytes; that is the most. Import a part of it.")
    if len(body) != size:
        came = "more bytes" if len(body) > size else f"only {len(body):,} bytes"
        promised = " × ".join(f"{n:,}" for n in shape)
        raise DataError(
            f"{path} holds {came} after its header, which promises {promised} = {size:,}. "
            "The file is incomplete or altered: copy or download it again."
        )
    return np.frombuffer(body, kind).reshape(shape)


def _header(path: Path, stream: IO[bytes]) -> tuple[str, tuple[int, ...]]:
    """The type of a file's values and its shape."""
    magic = stream.read(4)
    if not is_idx(magic):
        raise DataError(
            f"{path} starts with {magic.hex(' ') or 'nothing'}; an IDX file starts with 00 00, such as 00 00 08 03 for "
            "images and 00 00 08 01 for labels. Check that this is the right file, and download it again if it is."
        )
    sizes = stream.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise DataError(f"{path} ends within its header, after {4 + len(sizes)} bytes. Copy or download it again.")
    return TYPES[magic[2]], tuple(int.from_bytes(sizes[at : at + 4], "big") for at in range(0, len(sizes), 4))


def _at_most(stream: IO[bytes], size: int) -> bytearray:
    """Up to `size` bytes, never reserving what a damaged header merely promises."""
    body = bytearray()
    while len(body) < size and (chunk := stream.read(min(CHUNK, size - len(body)))):
        body += chunk
    return body


def _is_images(path: Path) -> bool:
    """Whether a file holds images rather than labels: by its axes, and where there are two by the second's length."""
    with open_file(path) as stream:
        _, shape = _header(path, stream)
    return len(shape) > 2 or (len(shape) == 2 and shape[1] > QMNIST_COLUMNS)


def _misplaced(path: Path, kind: str, axes: str) -> DataError:
    with open_file(path) as stream:
        magic = stream.read(4)
    return DataError(
        f"{path} starts with {magic.hex(' ')}; an IDX file of {kind} starts with 00 00 08 {axes}. Check that this is "
        f"the file of {kind}, and download it again if it is."
    )


def _arrange(files: Sequence[Path]) -> Files | None:
    """Images and labels for training, for validation, then for the test; those of one split alone are a set too."""
    found: dict[tuple[str, bool], Path] = {}
    for path in files:
        place = find_split(path), _is_images(path)
        if place in found:
            raise DataError(
                f"{found[place]} and {path} are both the {'images' if place[1] else 'labels'} of the "
                f"{'training' if place[0] == TRAIN else place[0]} split, and differ. Choose the files of one set."
            )
        found[place] = path
    splits = [split for split in (TRAIN, VALIDATION, TEST) if {(split, True), (split, False)} <= set(found)]
    arranged = tuple(found[split, images] for split in splits for images in (True, False))
    return arranged if arranged and len(arranged) == len(files) else None


READER = FileReader(
    "IDX",
    ("ubyte", ".idx3", ".idx2", ".idx1", ".idx", "idx2-int"),
    "the IDX files of images and labels (t10k or test in the names of the test split's, val of those for validation)",
    is_idx,
    read_idx_set,
    _arrange,
)
