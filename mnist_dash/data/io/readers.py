"""The list of formats that files of digits come in: whatever reads, names or combines files asks it."""

from collections.abc import Sequence
from pathlib import Path

from mnist_dash.data.io import (
    arff_files,
    hdf5_files,
    idx_files,
    matlab_files,
    npy_files,
    npz_files,
    parquet_files,
)
from mnist_dash.data.io.array_files import is_test, open_file
from mnist_dash.data.io.csv_rows import has_labels
from mnist_dash.data.io.raw_images import Files, RawDataset, read_csv_set
from mnist_dash.data.io.reader import FileReader, Reader
from mnist_dash.data.progress import Progress

SMALLEST = 16
"""Values of the smallest image, 4×4 pixels."""
LONG = 1_000_000
"""Bytes of a first line whose values are counted."""
HEAD = 4096
"""First bytes of a file by which its format is known."""


def find_reader(path: Path) -> Reader | None:
    """The reader of a file by its first bytes, whatever its name; None where it is of no format that is read here."""
    with open_file(path) as stream:
        head = stream.read(HEAD)
    return next((reader for reader in READERS if reader.recognises(head)), None)


def _is_rows(head: bytes) -> bool:
    return b"," in head.partition(b"\n")[0] and b"\x00" not in head


def _is_strokes(head: bytes) -> bool:
    return head.lstrip().startswith(b"{") and b'"strokes"' in head


def _read_strokes(files: Files, progress: Progress) -> RawDataset:
    from mnist_dash.data.io.pen_strokes import read_stroke_set  # with a pen that few need

    return read_stroke_set(files, progress)


def _arrange_rows(files: Sequence[Path]) -> Files | None:
    """Labelled rows, or those for training and for test; then what has no labels. Short rows are no images."""
    rows = [path for path in files if len(files) == 1 or _count_columns(path) > SMALLEST]
    labelled = [path for path in rows if has_labels(path)] if len(rows) > 1 else rows
    if len(labelled) == 1 or (len(labelled) == 2 and len(set(map(is_test, labelled))) == 2):
        return (*sorted(labelled, key=is_test), *(path for path in rows if path not in labelled))
    return None


def _count_columns(path: Path) -> int:
    """About how many values the first line holds, whatever stands between them."""
    with open_file(path) as stream:
        line = stream.readline(LONG)
    return 1 + max(line.count(separator) for separator in b",;\t ")


STROKES = FileReader("Pen strokes", (".jsonl",), "one JSONL of pen strokes", _is_strokes, _read_strokes)
CSV = FileReader("CSV", (".csv",), "one CSV or two named as train and test", _is_rows, read_csv_set, _arrange_rows)
READERS: tuple[Reader, ...] = (
    npz_files.READER,
    idx_files.READER,
    npy_files.READER,
    matlab_files.READER,
    hdf5_files.READER,
    parquet_files.READER,
    arff_files.READER,
    STROKES,
    # The last one, for any text with a comma in its first line could be rows.
    CSV,
)
"""Every format, asked in this order."""


def name_formats() -> str:
    """What people call the formats, for a sentence."""
    return ", ".join(reader.name for reader in READERS)
