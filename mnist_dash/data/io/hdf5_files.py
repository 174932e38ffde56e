"""HDF5, as usps.h5 and MATLAB's files from version 7.3 on; nothing that leads to another file is followed."""

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.io.array_files import BROKEN, open_file, read_whole
from mnist_dash.data.io.limits import MAX_ARRAYS, MAX_FILES
from mnist_dash.data.io.named_arrays import combine_named, name_arrays, refuse_objects
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.io.split_files import arrange_splits
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError

if TYPE_CHECKING:
    import h5py

MAGIC = b"\x89HDF\r\n\x1a\n"
MATLAB, MATLAB_ENDS = b"MATLAB 7.3 MAT-file", 512
"""How MATLAB begins a file, and where the HDF5 in it begins."""
MODEL = "model_weights"
"""The group by which a model of Keras is known."""


def is_hdf5(head: bytes) -> bool:
    """Whether a file begins as HDF5, after MATLAB's words or not."""
    return head.startswith(MAGIC) or (head.startswith(MATLAB) and head[MATLAB_ENDS:].startswith(MAGIC))


def read_hdf5_set(files: Files, _progress: Progress) -> RawDataset:
    """The arrays of a file, or of one for each split; raises DataError with what is wrong."""
    with ExitStack() as opened:
        held = {path: opened.enter_context(_open(path)) for path in files}
        arrays = name_arrays(files, held)

        def load(name: str) -> AnyNumbers:
            path, own = arrays[name]
            found = _load(path, own, held[path][own])
            return found.T if _is_matlab(path) else found  # MATLAB counts columns first

        return combine_named(files[0], list(arrays), load)


@contextmanager
def _open(path: Path) -> Iterator[dict[str, "h5py.Dataset"]]:
    """The arrays of a file, each read when it is asked for; any failure raises DataError."""
    import h5py  # takes a moment, and few need it

    content = read_whole(path)
    try:
        with h5py.File(io.BytesIO(content), "r") as opened:
            if MODEL in opened:
                raise DataError(f"{path} is a model of Keras, not a set of digits. Use it as a model.")
            yield dict(_list(opened))
    except BROKEN as e:
        raise DataError(f"{path} cannot be read as HDF5 ({e}). Copy it, or save it again.") from e


def _is_matlab(path: Path) -> bool:
    with open_file(path) as stream:
        return stream.read(len(MATLAB)) == MATLAB


def _list(group: "h5py.Group", above: str = "", depth: int = 0) -> Iterator[tuple[str, "h5py.Dataset"]]:
    """The arrays of a file by their names; links are not followed, so that none leads out of it or in a circle."""
    import h5py

    for count, name in enumerate(group):
        if count > MAX_FILES or depth > 8 or name.startswith("#"):  # MATLAB keeps what cells refer to under #refs#
            continue
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            continue
        found = group[name]
        if isinstance(found, h5py.Dataset):
            yield f"{above}{name}", found
        elif isinstance(found, h5py.Group):
            yield from _list(found, f"{above}{name}/", depth + 1)


def _load(path: Path, name: str, array: "h5py.Dataset") -> AnyNumbers:
    import h5py

    if array.external or array.is_virtual:
        raise DataError(f"{path}: {name} lies in another file. Save everything in one.")
    if array.size is None or array.size * max(1, array.dtype.itemsize) > MAX_ARRAYS:
        raise DataError(f"{path}: {name} is empty or has more than {MAX_ARRAYS:,} bytes. Save it as uint8.")
    if h5py.check_string_dtype(array.dtype) is not None:
        words: Any = array.asstr()[()]
        return np.asarray(words).astype(np.str_)
    if array.dtype.hasobject:
        raise refuse_objects(path, name)
    return np.asarray(array[()])


READER = FileReader(
    "HDF5",
    (".h5", ".hdf5", ".mat"),
    "one HDF5 file, or two or three named as train, test and validation",
    is_hdf5,
    read_hdf5_set,
    arrange_splits,
)
