"""The formats that files of digits come in: a row for each says how it is known, put together and read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from mnist_dash.data.checksums import IDX
from mnist_dash.data.io.array_files import ZIP, Format, idx_axes, open_file
from mnist_dash.data.io.csv_rows import has_labels
from mnist_dash.data.io.raw_images import Files, RawDataset, read_csv_set, read_idx_set, read_npz_set
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError

STROKES = "Pen strokes"
SMALLEST = 16
"""Values of the smallest image, 4×4 pixels."""
LONG = 1_000_000
"""Bytes of a first line whose values are counted."""
HEAD = 4096
"""First bytes of a file by which its format is known."""


def _take_one(files: Sequence[Path]) -> Files | None:
    return tuple(files) if len(files) == 1 else None


@dataclass(frozen=True, slots=True)
class Reader:
    """One format.

    `recognises` the first bytes of its files, unpacked where they are gzipped · `suffixes` end their names, where
    others may lie beside them · `allowed` says in words which files make a set · `read` gives their arrays, or raises
    DataError · `arrange` puts files in the order in which they are read, None where they are no set.
    """

    recognises: Callable[[bytes], bool]
    suffixes: tuple[str, ...]
    allowed: str
    read: Callable[[Files, Progress], RawDataset]
    arrange: Callable[[Sequence[Path]], Files | None] = _take_one


def recognise_format(path: Path) -> str | None:
    """The format of a file by its first bytes, whatever its name; None where it is none that is read here."""
    with open_file(path) as stream:
        head = stream.read(HEAD)
    return next((name for name, reader in READERS.items() if reader.recognises(head)), None)


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


def _arrange_idx(files: Sequence[Path]) -> Files | None:
    """Images and labels of the training split, then of the test split; those of one split alone are a set too."""
    found: dict[tuple[bool, int], Path] = {}
    for path in files:
        place = is_test(path), idx_axes(path)
        if place in found:
            raise DataError(
                f"{found[place]} and {path} are both the {'images' if place[1] == 3 else 'labels'} of the "
                f"{'test' if place[0] else 'training'} split, and differ. Choose the files of one set."
            )
        found[place] = path
    splits = [test for test in (False, True) if {(test, 3), (test, 1)} <= set(found)]
    arranged = tuple(found[test, axes] for test in splits for axes in (3, 1))
    return arranged if arranged and len(arranged) == len(files) else None


def is_test(path: Path) -> bool:
    """Whether a file is of the test split by its name, or by its folder's where its own says nothing."""
    name = path.name.lower()
    if re.search(r"t10k|test", name):
        return True
    return "train" not in name and path.parent.name.lower() in ("test", "testing", "t10k")


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        Format.NPZ: Reader(lambda head: head.startswith(ZIP), (".npz",), "one NPZ", read_npz_set),
        Format.IDX: Reader(
            lambda head: head.startswith(IDX),
            ("ubyte", ".idx3", ".idx1", ".idx"),
            "the IDX files of images and labels (t10k or test in the names of the test split's)",
            read_idx_set,
            _arrange_idx,
        ),
        STROKES: Reader(_is_strokes, (".jsonl",), "one JSONL of pen strokes", _read_strokes),
        # The last one, for any text with a comma in its first line could be rows.
        Format.CSV: Reader(_is_rows, (".csv",), "one CSV or two named as train and test", read_csv_set, _arrange_rows),
    }
)
"""Every format by its name, asked in this order."""
