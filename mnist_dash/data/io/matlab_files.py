"""MATLAB's files up to version 7.2, such as mnist-original.mat; later ones are HDF5 (`hdf5_files.py`)."""

import io
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.io.array_files import BROKEN, read_whole
from mnist_dash.data.io.limits import MAX_ARRAYS
from mnist_dash.data.io.named_arrays import combine_named, name_arrays
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.io.split_files import arrange_splits
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError

MAGIC = b"MATLAB 5.0 MAT-file"
BYTES = {"int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "single": 4, "logical": 1}
"""Bytes of a value of each class; others have 8."""
NUMBERS = (*BYTES, "double", "int64", "uint64", "char")


def read_matlab_set(files: Files, _progress: Progress) -> RawDataset:
    """The arrays of a file, or of one for each split; raises DataError with what is wrong."""
    classes = {path: {name: (shape, kind) for name, shape, kind in _ask(path, "whosmat")} for path in files}
    arrays = name_arrays(files, classes)

    def load(name: str) -> AnyNumbers:
        path, own = arrays[name]
        return _load(path, own, *classes[path][own])

    return combine_named(files[0], list(arrays), load)


def _load(path: Path, name: str, shape: tuple[int, ...], kind: str) -> AnyNumbers:
    size = prod(shape) * BYTES.get(kind, 8)
    if size > MAX_ARRAYS:
        raise DataError(f"{path}: {name} has {size:,} bytes; allowed are {MAX_ARRAYS:,}. Save it as uint8.")
    if kind not in NUMBERS:
        raise DataError(f"{path}: {name} is a {kind}; needed are numbers. Save it as a matrix.")
    return np.asarray(_ask(path, "loadmat", variable_names=[name])[name])


def _ask(path: Path, function: str, **options: object) -> Any:  # noqa: ANN401 - as the library does
    from scipy.io import matlab  # type: ignore[import-untyped] # takes a moment, and few need it

    content = read_whole(path)
    try:
        return getattr(matlab, function)(io.BytesIO(content), **options)
    except (*BROKEN, matlab.MatReadError) as e:
        raise DataError(f"{path} cannot be read as MATLAB's ({e}). Copy it, or save it again.") from e


READER = FileReader(
    "MATLAB",
    (".mat",),
    "one MATLAB file, or two or three named as train, test and validation",
    lambda head: head.startswith(MAGIC),
    read_matlab_set,
    arrange_splits,
)
