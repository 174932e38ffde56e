"""NPZ, NumPy's file of named arrays; pickled objects are never loaded."""

from pathlib import PurePosixPath

import numpy as np

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.io.archive import open_archive
from mnist_dash.data.io.array_files import BROKEN, ZIP
from mnist_dash.data.io.limits import MAX_ARRAYS
from mnist_dash.data.io.named_arrays import combine_named, refuse_objects
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError


def read_npz_set(files: Files, _progress: Progress) -> RawDataset:
    """The arrays of one file; raises DataError with what is wrong."""
    (path,) = files
    with open_archive(path) as archive:
        size = sum(entry.file_size for entry in archive.entries)
    if size > MAX_ARRAYS:
        raise DataError(f"{path} holds {size:,} bytes; allowed are {MAX_ARRAYS:,}. Save the images as uint8.")
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as arrays:

            def load(name: str) -> AnyNumbers:
                try:
                    found: AnyNumbers = arrays[name]
                except ValueError as e:
                    if "Object arrays" in str(e):
                        raise refuse_objects(path, name) from e
                    raise
                return found

            return combine_named(path, arrays.files, load)
    except BROKEN as e:
        raise DataError(f"{path} cannot be read as NPZ: {e}. Copy or download it again.") from e


def holds_arrays_alone(names: list[str]) -> bool:
    """Whether the files of a ZIP make it an NPZ: arrays without folders, or all in one."""
    folders = {PurePosixPath(name).parent for name in names}
    return all(name.endswith(".npy") for name in names) and len(folders) <= 1


READER = FileReader(
    "NPZ", (".npz",), "one NPZ with x_train and y_train", lambda head: head.startswith(ZIP), read_npz_set
)
