"""MNIST as the package index has it: a pickle, read only when it is bit for bit the known one, and then by three names.

It holds three pairs of images (n × 784 float32, the official byte / 256) and labels (int64): the first training
images, the rest of them, and the test images, all in the official order.
"""

import gzip
import hashlib
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from mnist_dash.arrays import Images
from mnist_dash.data.dataset import SIDE, Digits
from mnist_dash.data.io.discovery import LoadedSplits
from mnist_dash.errors import DataError

_NAMES = {
    # Under the names of the numpy that wrote it; `_reconstruct` is what today's numpy pickles arrays by.
    ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class _Unpickler(pickle.Unpickler):
    """Knows arrays and nothing else."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in _NAMES:
            raise pickle.UnpicklingError(f"it names {module}.{name}")
        return _NAMES[module, name]


def read_pickle(path: Path, sha256: str) -> LoadedSplits:
    """Both splits from a gzipped pickle with this SHA-256; raises DataError where it is another or holds no digits."""
    with path.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
            raise DataError(f"{path} does not have the known SHA-256 and is not read. Download it again.")
        stream.seek(0)
        try:
            first, rest, test = _Unpickler(gzip.GzipFile(fileobj=stream), encoding="bytes").load()
            return LoadedSplits(_digits([first, rest]), _digits([test]))
        except (pickle.UnpicklingError, EOFError, OSError, ValueError, TypeError) as e:
            raise DataError(f"{path} holds no digits: {e}. Download it again.") from e


def _digits(pairs: Iterable[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]) -> Digits:
    images, labels = zip(*((_bytes(values), numbers.astype(np.uint8)) for values, numbers in pairs), strict=True)
    return Digits(np.concatenate(images).reshape(-1, SIDE, SIDE), np.concatenate(labels))


def _bytes(values: np.ndarray[Any, Any]) -> Images:
    """The official bytes, without a second copy of 150 MB on the way."""
    images = np.empty(values.shape, np.uint8)
    np.multiply(values, 256, out=images, casting="unsafe")
    return images
