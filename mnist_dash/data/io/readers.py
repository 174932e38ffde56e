"""The list of formats that files of digits come in: whatever reads, names or combines files asks it."""

import re
from pathlib import Path

from mnist_dash.data.io import (
    arff_files,
    csv_files,
    hdf5_files,
    idx_files,
    libsvm_files,
    matlab_files,
    npy_files,
    npz_files,
    one_hot_rows,
    parquet_files,
)
from mnist_dash.data.io.array_files import open_file
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.io.reader import FileReader, Reader
from mnist_dash.data.progress import Progress

HEAD = 4096
"""First bytes of a file by which its format is known."""


def find_reader(path: Path) -> Reader | None:
    """The reader of a file by its first bytes, whatever its name; None where it is of no format that is read here."""
    with open_file(path) as stream:
        head = stream.read(HEAD)
    return next((reader for reader in READERS if reader.recognises(head)), None)


def _is_strokes(head: bytes) -> bool:
    return head.lstrip().startswith(b"{") and b'"strokes"' in head


def _read_strokes(files: Files, progress: Progress) -> RawDataset:
    # With a pen that few need.
    from mnist_dash.data.io.inkml_files import read_inkml_set
    from mnist_dash.data.io.pen_strokes import read_stroke_set

    with open_file(files[0]) as stream:
        read = read_inkml_set if _is_inkml(stream.read(HEAD)) else read_stroke_set
    return read(files, progress)


def _is_inkml(head: bytes) -> bool:
    return re.search(rb"<(\w+:)?ink\b", head) is not None and head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


STROKES = FileReader(
    "Pen strokes",
    (".jsonl", ".inkml"),
    "one JSONL or InkML of pen strokes",
    lambda head: _is_strokes(head) or _is_inkml(head),
    _read_strokes,
)
READERS: tuple[Reader, ...] = (
    npz_files.READER,
    idx_files.READER,
    npy_files.READER,
    matlab_files.READER,
    hdf5_files.READER,
    parquet_files.READER,
    arff_files.READER,
    STROKES,
    libsvm_files.READER,
    one_hot_rows.READER,
    # The last one, for any text of which the first line has commas could be rows.
    csv_files.READER,
)
"""Every format, asked in this order."""


def name_formats() -> str:
    """What people call the formats, for a sentence."""
    return ", ".join(reader.name for reader in READERS)
