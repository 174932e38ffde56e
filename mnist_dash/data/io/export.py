"""Digits as downloads: as rows, as pictures in a folder for each digit, or as arrays; each can be imported again."""

import gzip
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Indices
from mnist_dash.data.checksums import idx_header
from mnist_dash.data.dataset import FEATURES, Digits
from mnist_dash.data.io.png_files import FAST, encode_pngs
from mnist_dash.data.io.reader import Writer
from mnist_dash.data.io.readers import READERS
from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import DataError
from mnist_dash.files import whole

CHUNK = 2_000
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same digits are the same bytes."""
F = TypeVar("F", bound=StrEnum)


class FileFormat(StrEnum):
    """What digits can be written as; the value is how the name of the file ends."""

    CSV = ".csv"
    NPZ = ".npz"
    IDX = ".idx.zip"
    PICTURES = ".zip"
    PARQUET = ".parquet"


ONE_SPLIT = (FileFormat.CSV, FileFormat.PARQUET)
"""Formats of which a file holds one split."""


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

    A CSV or Parquet file holds one split. A test split without images is none. Raises DataError.
    """
    file_format = format_of(path, FileFormat)
    if file_format in ONE_SPLIT and test:
        name = file_format.name if file_format is FileFormat.CSV else file_format.name.capitalize()
        raise DataError(f"{path} would hold two splits; a {name} file holds one. Choose train or test, or write a ZIP.")
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
    """Write digits to a binary stream; a test split without images is none.

    `index` (n,) are the numbers that pictures are named by, 0 to n - 1 without.
    """
    test = test or None
    match file_format:
        case FileFormat.CSV:
            _csv(stream, digits, progress)
        case FileFormat.NPZ:
            _npz(stream, digits, test)
        case FileFormat.IDX:
            _idx(stream, digits, test, progress)
        case FileFormat.PICTURES:
            _pictures(stream, digits, test, index, progress)
        case _:
            _find_writer(file_format)(stream, digits, progress)


def _find_writer(file_format: FileFormat) -> Writer:
    """What writes a split in a format, by the list of those that are read."""
    return next(reader.write for reader in READERS if file_format in reader.suffixes and reader.write)


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
                    split.labels[part], numbers[part], encode_pngs(split.images[part]), strict=True
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
