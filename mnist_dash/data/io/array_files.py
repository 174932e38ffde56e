"""The files that digits come in: IDX, NPZ and CSV, read with every check.

A reader gives uint8 digits or raises a DataError that names the file, what it holds and what it should hold:
nothing that is silently wrong may reach training.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Bytes
from mnist_dash.data.checksums import IDX
from mnist_dash.data.dataset import SIDE, Digits
from mnist_dash.data.io.limits import MAX_ARRAYS
from mnist_dash.errors import DataError

GZIP = b"\x1f\x8b"
ZIP = b"PK"
CHUNK = 1 << 20


class Format(StrEnum):
    """What MNIST itself is written in; `readers.py` knows every format that is read."""

    IDX = "IDX"
    NPZ = "NPZ"
    CSV = "CSV"


@dataclass(frozen=True, slots=True, eq=False)
class Splits:
    """The digits of a source: the training split, and the test split where there is one."""

    train: Digits
    test: Digits | None = None


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


def read_idx(path: Path, axes: int) -> Bytes:
    """The array in an IDX file of unsigned bytes, gzipped or not: `axes` is 3 for images and 1 for labels.

    Source: the format's description by LeCun, Cortes and Burges, "The MNIST database of handwritten digits".
    """
    with open_file(path) as stream:
        header = stream.read(4 + 4 * axes)
        shape = _shape(path, header, axes)
        body = _at_most(stream, min(prod(shape), MAX_ARRAYS) + 1)
    if len(body) > MAX_ARRAYS:
        raise DataError(f"{path} holds more than {MAX_ARRAYS:,} bytes; that is the most. Import a part of it.")
    if len(body) != prod(shape):
        came = "more bytes" if len(body) > prod(shape) else f"only {len(body):,} bytes"
        promised = " × ".join(f"{n:,}" for n in shape)
        raise DataError(
            f"{path} holds {came} after its header, which promises {promised} = {prod(shape):,}. "
            "The file is incomplete or altered: copy or download it again."
        )
    return np.frombuffer(body, np.uint8).reshape(shape)


def idx_axes(path: Path) -> int:
    """How many axes the array in an IDX file has: 3 for images, 1 for labels."""
    with open_file(path) as stream:
        return int.from_bytes(stream.read(4)[3:], "big")


def _shape(path: Path, header: bytes, axes: int) -> tuple[int, ...]:
    magic = IDX + bytes([axes])
    if not header.startswith(magic):
        kind = "images" if axes == 3 else "labels"
        raise DataError(
            f"{path} starts with {header[:4].hex(' ') or 'nothing'}; an IDX file of {kind} starts with "
            f"{magic.hex(' ')}. Check that this is the file of {kind}, and download it again if it is."
        )
    if len(header) < 4 + 4 * axes:
        raise DataError(f"{path} ends within its header, after {len(header)} bytes. Copy or download it again.")
    return tuple(int.from_bytes(header[at : at + 4], "big") for at in range(4, len(header), 4))


def _at_most(stream: IO[bytes], size: int) -> bytearray:
    """Up to `size` bytes, never reserving what a damaged header merely promises."""
    body = bytearray()
    while len(body) < size and (chunk := stream.read(min(CHUNK, size - len(body)))):
        body += chunk
    return body


def read_npz(path: Path) -> Splits:
    """The splits in an NPZ file under Keras' names: `x_train` and `y_train`, perhaps `x_test` and `y_test`.

    Images may be (n, 28, 28), (n, 28, 28, 1) or (n, 784) of any integer type with values from 0 to 255. Pickled
    objects are never loaded.
    """
    arrays = read_arrays(path)
    names = [name for name in ("x_train", "y_train", "x_test", "y_test") if name in arrays]
    if names not in (["x_train", "y_train"], ["x_train", "y_train", "x_test", "y_test"]):
        raise DataError(
            f"{path} holds {', '.join(arrays) or 'no arrays'}; needed are x_train and y_train, with x_test and y_test "
            "where there is a test split. Rename the arrays as in Keras' mnist.npz."
        )
    train = check_digits(path, arrays["x_train"], arrays["y_train"])
    return Splits(train, check_digits(path, arrays["x_test"], arrays["y_test"]) if "x_test" in arrays else None)


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Every array of an NPZ file by its name; raises DataError where it is damaged or holds pickled objects."""
    with open_file(path) as stream:
        if not stream.read(len(ZIP)).startswith(ZIP):
            raise DataError(f"{path} is not an NPZ file. Write one with numpy.savez, or name another file.")
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as archive:
            return dict(archive)
    except (OSError, EOFError, ValueError, KeyError, MemoryError, zipfile.BadZipFile, zlib.error) as e:
        raise DataError(f"{path} cannot be read as NPZ: {e}. Copy or download it again.") from e


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
