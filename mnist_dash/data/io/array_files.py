"""Opening files, gzipped or not, with every check: whatever goes wrong is a DataError that names the file."""

import gzip
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import numpy.typing as npt

from mnist_dash.data.dataset import SIDE, Digits
from mnist_dash.data.io.limits import MAX_ARRAYS
from mnist_dash.errors import DataError

GZIP = b"\x1f\x8b"
ZIP = b"PK"
CHUNK = 1 << 20
BROKEN = (
    *(OSError, EOFError, MemoryError, RuntimeError, NotImplementedError, AttributeError, TypeError, ValueError),
    *(LookupError, ArithmeticError, zlib.error, zipfile.BadZipFile, struct.error),
)
"""What well-kept libraries raise for files that are damaged: they believe what is promised until it fails."""


@contextmanager
def open_file(path: Path) -> Iterator[IO[bytes]]:
    """The content of a file, gzipped or not; any failure while it is read raises DataError."""
    try:
        with path.open("rb") as raw:
            zipped = raw.read(len(GZIP)) == GZIP
            raw.seek(0)
            with cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if zipped else raw as stream:
                yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile) as e:
        raise DataError(f"{path} is damaged: {e}. Copy or download it again.") from e
    except OSError as e:
        raise DataError(f"{path} cannot be read ({e.strerror or e}). Check the file and its permissions.") from e


def bytes_taken(text: io.TextIOWrapper) -> int:
    """How many bytes of its file have been taken by text over a stream from `open_file`."""
    stream: Any = text.buffer
    return int(getattr(stream, "fileobj", stream).tell())


def read_whole(path: Path) -> bytes:
    """The whole content of a file, gzipped or not; raises DataError where it is larger than arrays may be."""
    with open_file(path) as stream:
        content = stream.read(MAX_ARRAYS + 1)
    if len(content) > MAX_ARRAYS:
        raise DataError(f"{path} holds more than {MAX_ARRAYS:,} bytes; that is the most. Import a part of it.")
    return content


def is_test(path: Path) -> bool:
    """Whether a file is of the test split by its name, or by its folder's where its own says nothing."""
    name = path.name.lower()
    if re.search(r"t10k|test", name):
        return True
    return "train" not in name and path.parent.name.lower() in ("test", "testing", "t10k")


def check_digits(path: Path, images: npt.NDArray[Any], labels: npt.NDArray[Any]) -> Digits:
    """Images (n, 28, 28), (n, 28, 28, 1) or (n, 784) and labels (n,) of any integer type; `path` is for errors."""
    if images.ndim > 1 and images.shape[1:] in ((SIDE, SIDE, 1), (SIDE * SIDE,)):
        images = images.reshape(-1, SIDE, SIDE)
    try:
        return Digits(_narrow(images), _narrow(labels))
    except DataError as e:
        raise DataError(f"{path}: {e}") from e


def _narrow(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if array.dtype.kind not in "iu" or not array.size:
        return array
    low, high = int(array.min()), int(array.max())
    if low < 0 or high > 255:
        raise DataError(f"The values run from {low} to {high}; allowed are whole numbers from 0 to 255.")
    return array.astype(np.uint8, copy=False)
