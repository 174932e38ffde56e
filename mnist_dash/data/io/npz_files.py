"""NPZ, NumPy's file of named arrays; pickled objects are never loaded."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.lib.npyio import NpzFile

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.io.archive import open_archive
from mnist_dash.data.io.array_files import BROKEN, ZIP
from mnist_dash.data.io.limits import MAX_ARRAYS
from mnist_dash.data.io.named_arrays import combine_named, name_arrays, refuse_objects
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader, take_one
from mnist_dash.data.io.split_files import arrange_splits
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError

_ENTRY = b"PK\x03\x04"
_NAME_LENGTH, _NAME_STARTS = slice(26, 28), 30
"""Where the name of a ZIP's first file stands behind its signature."""


def read_npz_set(files: Files, _progress: Progress) -> RawDataset:
    """The arrays of a file, or of one for each split; raises DataError with what is wrong."""
    arrays = name_arrays(files, {path: _list(path) for path in files})
    with _explained(files[0]):
        return combine_named(files[0], list(arrays), lambda name: _load(*arrays[name]))


def _list(path: Path) -> list[str]:
    """The names of a file's arrays."""
    with open_archive(path) as archive:
        size = sum(entry.file_size for entry in archive.entries)
    if size > MAX_ARRAYS:
        raise DataError(f"{path} holds {size:,} bytes; allowed are {MAX_ARRAYS:,}. Save the images as uint8.")
    with _open(path) as arrays:
        return list(arrays.files)


def _load(path: Path, name: str) -> AnyNumbers:
    with _open(path) as arrays:
        try:
            found: AnyNumbers = arrays[name]
        except ValueError as e:
            if "Object arrays" in str(e):
                raise refuse_objects(path, name) from e
            raise
        return found


@contextmanager
def _open(path: Path) -> Iterator[NpzFile]:
    """The arrays of a file, each read when it is asked for."""
    with _explained(path), path.open("rb") as raw, np.load(raw, allow_pickle=False) as arrays:
        yield arrays


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except BROKEN as e:
        raise DataError(f"{path} cannot be read as NPZ: {e}. Copy or download it again.") from e


def holds_arrays_alone(names: list[str]) -> bool:
    """Whether the files of a ZIP make it an NPZ: arrays without folders, or all in one."""
    folders = {PurePosixPath(name).parent for name in names}
    return all(name.endswith(".npy") for name in names) and len(folders) <= 1


def _is_npz(head: bytes) -> bool:
    """Whether a ZIP's first file is an array; of one that is damaged nobody can say, and reading it tells.

    Other programs' files are ZIPs too: networks of PyTorch and Keras, documents.
    """
    if not head.startswith(_ENTRY):
        return head.startswith(ZIP)
    length = int.from_bytes(head[_NAME_LENGTH], "little")
    name = head[_NAME_STARTS : _NAME_STARTS + length]
    return not name or len(name) < length or name.endswith(b".npy")


def _arrange(files: Sequence[Path]) -> Files | None:
    """One file, or one for each split; other ZIPs begin alike, and several of those are no set."""
    named = all(path.suffix.lower() == ".npz" for path in files)
    return arrange_splits(files) if named else take_one(files)


READER = FileReader(
    "NPZ",
    (".npz",),
    "one NPZ with x_train and y_train, or two or three named as train, test and validation",
    _is_npz,
    read_npz_set,
    _arrange,
)
