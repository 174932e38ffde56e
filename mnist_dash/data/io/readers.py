"""The formats that files of digits come in: a row for each says how it is known, put together and read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from mnist_dash.data.checksums import IDX
from mnist_dash.data.io.array_files import ZIP, Format, idx_axes, open_file
from mnist_dash.data.io.csv_text import is_table
from mnist_dash.data.io.raw_images import Files, RawDataset, read_csv_set, read_idx_set, read_npz_set
from mnist_dash.data.progress import Progress

STROKES = "Pen strokes"
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


def _is_strokes(head: bytes) -> bool:
    return head.lstrip().startswith(b"{") and b'"strokes"' in head


def _read_strokes(files: Files, progress: Progress) -> RawDataset:
    from mnist_dash.data.io.pen_strokes import read_stroke_set  # with a pen that few need

    return read_stroke_set(files, progress)


def _arrange_rows(files: Sequence[Path]) -> Files | None:
    """One file, or training and test rows."""
    if len(files) == 2 and len(set(map(_is_test, files))) == 2:
        return tuple(sorted(files, key=_is_test))
    return _take_one(files)


def _arrange_idx(files: Sequence[Path]) -> Files | None:
    """Images and labels of the training split, then of the test split; those of one split alone are a set too."""
    if len(files) not in (2, 4):
        return None
    found = {(_is_test(path), idx_axes(path)): path for path in files}
    splits = [test for test in (False, True) if {(test, 3), (test, 1)} <= set(found)]
    arranged = tuple(found[test, axes] for test in splits for axes in (3, 1))
    return arranged if len(arranged) == len(files) else None


def _is_test(path: Path) -> bool:
    return re.search(r"t10k|test", path.name.lower()) is not None


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
        # The last one, for any text of which the first line has commas could be rows.
        Format.CSV: Reader(is_table, (".csv",), "one CSV or two named as train and test", read_csv_set, _arrange_rows),
    }
)
"""Every format by its name, asked in this order."""
