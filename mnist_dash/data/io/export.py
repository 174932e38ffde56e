"""Digits as downloads: as rows, as pictures in a folder for each digit, or as arrays; each can be imported again."""

import gzip
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Images, Indices
from mnist_dash.data.checksums import idx_header
from mnist_dash.data.dataset import FEATURES, SIDE, Digits
from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import DataError
from mnist_dash.files import whole

CHUNK = 2_000
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same digits are the same bytes."""
FAST = 1
"""The zlib level for pictures and arrays of digits: twice as fast as the usual one for a tenth more bytes."""

F = TypeVar("F", bound=StrEnum)


class FileFormat(StrEnum):
    """What digits can be written as; the value is how the name of the file ends."""

    CSV = ".csv"
    NPZ = ".npz"
    IDX = ".idx.zip"
    PICTURES = ".zip"


def format_of(path: Path, formats: type[F]) -> F:
    """Which of the formats, whose values are endings, a file's name asks for; raises DataError."""
    for found in formats:
        if path.name.lower().endswith(found):
            return found
    raise DataError(f"{path} ends in {path.suffix or 'nothing'!r}; allowed are {', '.join(formats)}. Name it so.")


@contextmanager
def write_whole(path: Path) -> Iterator[IO[bytes]]:
    """The content of a file, which is there whole or not at all; raises DataError where it cannot be written."""
    try:
        with whole(path) as stream:
            yield stream
    except OSError as e:
        raise DataError(f"{path} cannot be written ({e.strerror or e}). Name a file in a folder with room.") from e


def write(path: Path, digits: Digits, test: Digits | None = None, progress: Progress = silent) -> None:
    """Write digits to a file in the format of its name, whole or not at all; a file that is there is replaced.

    A CSV file holds one split. Raises DataError.
    """
    file_format = format_of(path, FileFormat)
    if file_format is FileFormat.CSV and test is not None:
        raise DataError(f"{path} would hold two splits; a CSV file holds one. Choose train or test, or write a ZIP.")
    with write_whole(path) as stream:
        save(stream, file_format, digits, test, progress=progress)


def save(
    stream: IO[bytes],
    file_format: FileFormat,
    digits: Digits,
    test: Digits | None = None,
    *,
    index: Indices | None = None,
    progress: Progress = silent,
) -> None:
    """Write digits to a binary stream. `index` (n,) are the numbers that pictures are named by, 0 to n - 1 without."""
    match file_format:
        case FileFormat.CSV:
            _csv(stream, digits, progress)
        case FileFormat.NPZ:
            _npz(stream, digits, test)
        case FileFormat.IDX:
            _idx(stream, digits, test, progress)
        case FileFormat.PICTURES:
            _pictures(stream, digits, test, index, progress)


def _csv(stream: IO[bytes], digits: Digits, progress: Progress) -> None:
    stream.write(b",".join([b"label", *(b"pixel%d" % at for at in range(FEATURES))]) + b"\n")
    for part in _parts(len(digits), "Writing rows", progress):
        rows = np.column_stack([digits.labels[part], digits.images[part].reshape(-1, FEATURES)])
        stream.write(_text(rows))


def _text(rows: npt.NDArray[np.uint8]) -> bytes:
    """Rows as text: each number is looked up with its comma, and what is shorter than four bytes is closed up."""
    cells = _WITH_COMMA[rows]
    cells[:, -1] = _WITH_END[rows[:, -1]]
    return cells.tobytes().replace(b"\x00", b"")


_WITH_COMMA = np.array([b"%d," % value for value in range(256)])
_WITH_END = np.array([b"%d\n" % value for value in range(256)])


def _npz(stream: IO[bytes], digits: Digits, test: Digits | None) -> None:
    arrays = {"x_train": digits.images, "y_train": digits.labels}
    if test is not None:
        arrays |= {"x_test": test.images, "y_test": test.labels}
    with _archive(stream) as archive:
        for name, array in arrays.items():
            with archive.open(_entry(f"{name}.npy", zipfile.ZIP_DEFLATED), "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.ascontiguousarray(array), allow_pickle=False)


def _idx(stream: IO[bytes], digits: Digits, test: Digits | None, progress: Progress) -> None:
    splits = {"train": digits} if test is None else {"train": digits, "t10k": test}
    with _archive(stream) as archive:
        for name, split in splits.items():
            progress("Packing arrays", 0.8 if name == "t10k" else 0.0)
            for part, array in (("images-idx3", split.images), ("labels-idx1", split.labels)):
                content = gzip.compress(idx_header(array) + np.ascontiguousarray(array).tobytes(), FAST, mtime=0)
                archive.writestr(_entry(f"{name}-{part}-ubyte.gz"), content)


def _pictures(
    stream: IO[bytes], digits: Digits, test: Digits | None, index: Indices | None, progress: Progress
) -> None:
    splits = {"": digits} if test is None else {"train/": digits, "test/": test}
    with _archive(stream) as archive:
        for folder, split in splits.items():
            numbers = np.arange(len(split)) if index is None else index
            for part in _parts(len(split), f"Writing {len(split):,} pictures", progress):
                for label, number, png in zip(
                    split.labels[part], numbers[part], _pngs(split.images[part]), strict=True
                ):
                    archive.writestr(_entry(f"{folder}{label}/{number}.png"), png)


def _archive(stream: IO[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(stream, "w", compresslevel=FAST)


def _entry(name: str, packing: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type = packing
    return entry


def _parts(count: int, text: str, progress: Progress) -> Iterator[slice]:
    for start in range(0, count, CHUNK):
        progress(text, start / count)
        yield slice(start, start + CHUNK)
    progress(text, 1.0)


def _pngs(images: Images) -> Iterator[bytes]:
    """Images (n, 28, 28) as PNG files; three times as fast as an imaging library that can do more.

    Source: W3C, "Portable Network Graphics (PNG) Specification", eight-bit grey, each row led by its filter, 0.
    """
    lines = np.zeros((len(images), SIDE, SIDE + 1), np.uint8)
    lines[:, :, 1:] = images
    head = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0))
    tail = _chunk(b"IEND", b"")
    for image in lines:
        yield head + _chunk(b"IDAT", zlib.compress(image.tobytes(), FAST)) + tail


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
