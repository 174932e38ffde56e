"""MATLAB's files up to version 7.2, such as mnist-original.mat; later ones are HDF5 (`hdf5_files.py`)."""

import io
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.io.array_files import BROKEN, read_whole
from mnist_dash.data.io.limits import MAX_ARRAYS
from mnist_dash.data.io.named_arrays import combine_named
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError

MAGIC = b"MATLAB 5.0 MAT-file"
BYTES = {"int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "single": 4, "logical": 1}
"""Bytes of a value of each class; others have 8."""
NUMBERS = (*BYTES, "double", "int64", "uint64", "char")


def read_matlab_set(files: Files, _progress: Progress) -> RawDataset:
    """The arrays of one file; raises DataError with what is wrong."""
    (path,) = files
    content = read_whole(path)
    classes = {name: (shape, kind) for name, shape, kind in _ask(path, "whosmat", content)}
    sizes = {name: prod(shape) * BYTES.get(kind, 8) for name, (shape, kind) in classes.items()}

    def load(name: str) -> AnyNumbers:
        if sizes[name] > MAX_ARRAYS:
            raise DataError(f"{path}: {name} has {sizes[name]:,} bytes; allowed are {MAX_ARRAYS:,}. Save it as uint8.")
        if classes[name][1] not in NUMBERS:
            raise DataError(f"{path}: {name} is a {classes[name][1]}; needed are numbers. Save it as a matrix.")
        return np.asarray(_ask(path, "loadmat", content, variable_names=[name])[name])

    return combine_named(path, list(classes), load)


def _ask(path: Path, function: str, content: bytes, **options: object) -> Any:  # noqa: ANN401 - as the library does
    from scipy.io import matlab  # type: ignore[import-untyped] # takes a moment, and few need it

    try:
        return getattr(matlab, function)(io.BytesIO(content), **options)
    except (*BROKEN, matlab.MatReadError) as e:
        raise DataError(f"{path} cannot be read as MATLAB's ({e}). Copy it, or save it again.") from e


READER = FileReader("MATLAB", (".mat",), "one MATLAB file", lambda head: head.startswith(MAGIC), read_matlab_set)
