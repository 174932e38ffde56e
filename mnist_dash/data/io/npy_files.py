"""NPY files of NumPy, an array each: what each is follows from the name of its file, or from its shape."""

from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import IO

import numpy as np

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.io.array_files import open_file
from mnist_dash.data.io.limits import MAX_ARRAYS
from mnist_dash.data.io.named_arrays import WHOLE, choose_names, combine_named, refuse_objects
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.io.split_files import TEST, TRAIN, VALIDATION
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError

MAGIC = b"\x93NUMPY"
FEWEST = 16
"""Values of the smallest image; rows of fewer are labels, one-hot ones for example."""
FOLDERS = ("train", "training", "test", "testing", "val", "valid", "validation")


def read_npy_set(files: Files, _progress: Progress) -> RawDataset:
    """The arrays of a few files; raises DataError with what is wrong."""
    named = {_name(path): path for path in files}
    if len(files) == 1:
        shape, _ = _header(files[0])
        raise DataError(
            f"{files[0]} is one array of shape {shape}; needed are images and labels. Give both files, such as "
            'x_train.npy and y_train.npy, or save them together: np.savez("digits.npz", x_train=x, y_train=y).'
        )
    return combine_named(files[0].parent, list(named), lambda name: read_npy(named[name]), _axes(files))


def read_npy(path: Path) -> AnyNumbers:
    """The array of a file, gzipped or not; raises DataError."""
    shape, dtype = _header(path)
    if dtype.hasobject:
        raise refuse_objects(path, path.stem)
    if prod(shape) * dtype.itemsize > MAX_ARRAYS:
        size = prod(shape) * dtype.itemsize
        raise DataError(f"{path} holds {size:,} bytes; allowed are {MAX_ARRAYS:,}. Save the images as uint8.")
    try:
        with open_file(path) as stream:
            found: AnyNumbers = np.lib.format.read_array(stream, allow_pickle=False)
            return found
    except (ValueError, MemoryError) as e:
        raise DataError(f"{path} cannot be read as an array: {e}. Copy or save it again.") from e


def _header(path: Path) -> tuple[tuple[int, ...], np.dtype[np.generic]]:
    try:
        with open_file(path) as stream:
            return _read_header(stream)
    except ValueError as e:
        raise DataError(f"{path} cannot be read as an array: {e}. Copy or save it again.") from e


def _read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[np.generic]]:
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(stream)
    return shape, dtype


def _name(path: Path) -> str:
    """What an array is called: its file without endings, after the folder where that is one of a split."""
    stem = path.name.partition(".")[0]
    return f"{path.parent.name}/{stem}" if path.parent.name.lower() in FOLDERS else stem


def _axes(files: Sequence[Path]) -> dict[str, int]:
    """1 for what can only be labels, by the names of arrays."""
    shapes = {_name(path): _header(path)[0] for path in files}
    return {name: 1 if prod(shape[1:]) < FEWEST else len(shape) for name, shape in shapes.items()}


def _arrange(files: Sequence[Path]) -> Files | None:
    """Images and labels of the training split, of the test split, and for validation; one file alone is told so."""
    if len(files) == 1:
        return tuple(files)
    named = {_name(path): path for path in files}
    chosen = choose_names(named, _axes(files)) if len(named) == len(files) else {}
    pairs = [chosen[split] for split in (TRAIN, WHOLE, VALIDATION, TEST) if len(chosen.get(split, ())) == 2]
    return tuple(named[name] for pair in pairs for name in pair) or None


READER = FileReader(
    "NPY", (".npy",), "two NPY named as images and labels", lambda head: head.startswith(MAGIC), read_npy_set, _arrange
)
