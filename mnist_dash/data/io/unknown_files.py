"""Files of no format that is read here: what they are, and how whoever has one makes digits of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mnist_dash.data.io.array_files import open_file

SHOWN = 16
"""First bytes that are told of a file that nobody knows."""
HEAD = 512
_SAVE = 'numpy.savez("digits.npz", x_train=x, y_train=y)'
_UNPACK = "Unpack it, and bring the folder or a ZIP of it"
_PICTURE = "A picture alone has no label: put each into a folder named after its digit, and bring the folder"
_PICKLE = (
    "Nothing is unpickled here, for that runs whatever the file says. If you made it yourself, convert it by Python: "
    f'import numpy, pickle; x, y = pickle.load(open("digits.pkl", "rb")); {_SAVE}'
)
_TORCH = (
    "Nothing is unpickled here. If it holds images and labels, convert it by Python: import numpy, torch; "
    f'x, y = torch.load("digits.pt")[:2]; x, y = x.numpy(), y.numpy(); {_SAVE}'
)
_MODEL = "It is a model rather than digits: bring it where models are taken in"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of file by its first bytes, or those from `at` on, or by names among the files of a ZIP."""

    name: str
    remedy: str
    begins: tuple[bytes, ...] = ()
    at: int = 0
    entries: tuple[str, ...] = ()


KINDS = (
    _Kind("a PDF", "Save the digits that it shows as PNG, each into a folder named after its digit", (b"%PDF",)),
    _Kind("an older PyTorch file", _TORCH, (b"\x80\x02\x8a\x0al\xfc\x9cF",)),
    _Kind("a pickle", _PICKLE, (*(b"\x80" + bytes([version]) for version in range(2, 6)), b"(dp", b"(lp", b"cnumpy")),
    _Kind("a 7z archive", _UNPACK, (b"7z\xbc\xaf\x27\x1c",)),
    _Kind("a RAR archive", _UNPACK, (b"Rar!\x1a\x07",)),
    _Kind("packed by zstd", _UNPACK, (b"\x28\xb5\x2f\xfd",)),
    _Kind("a PNG picture", _PICTURE, (b"\x89PNG",)),
    _Kind("a JPEG picture", _PICTURE, (b"\xff\xd8\xff",)),
    _Kind("a GIF picture", _PICTURE, (b"GIF8",)),
    _Kind("a WEBP picture", _PICTURE, (b"WEBP",), 8),
    _Kind("a BMP picture", _PICTURE, (b"BM",)),
    _Kind("a TIFF picture", _PICTURE, (b"II*\x00", b"MM\x00*")),
    _Kind("a TensorFlow Lite model", _MODEL, (b"TFL3",), 4),
    _Kind("a web page", "Download the file itself", (b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML")),
    _Kind("a pointer of Git LFS", "The file itself is elsewhere: run git lfs pull", (b"version https://git-lfs",)),
    _Kind("an SQLite database", "Save the table as CSV", (b"SQLite format 3",)),
    _Kind(
        "Arrow or Feather",
        'Convert it by Python: import pandas; pandas.read_feather("digits.feather").to_parquet("digits.parquet")',
        (b"ARROW1", b"FEA1"),
    ),
    _Kind(
        "MATLAB's of version 4, or a text of it",
        "Save it again: save('digits.mat', 'x_train', 'y_train', '-v7')",
        (b"MATLAB", b"# Created by Octave"),
    ),
    _Kind("R's", 'Save it by R: write.csv(digits, "digits.csv", row.names = FALSE)', (b"RDX", b"X\n\x00\x00")),
    _Kind(
        "JSON",
        'Convert it by Python: import pandas; pandas.read_json("digits.json").to_csv("digits.csv", index=False)',
        (b"{", b"["),
    ),
    _Kind("a PyTorch file", _TORCH, entries=("data.pkl", "version")),
    _Kind("a model of Keras", _MODEL, entries=("model.weights.h5", "config.json")),
    _Kind("a table of Excel", "Save it as CSV", entries=("xl/workbook.xml",)),
    _Kind(
        "a document",
        "Save the pictures in it, each into the folder of its digit",
        entries=("word/document.xml",),
    ),
)
ELSE = "Save the images as PNG in a folder for each digit, or as arrays by Python: import numpy; " + _SAVE
"""What helps whatever it is."""


def describe_unknown(path: Path) -> str:
    """What a file is that no reader knows: its kind, or its first bytes, and its size."""
    with open_file(path) as stream:
        head = stream.read(HEAD)
    size = f"{path.stat().st_size:,} bytes"
    kind = _find(head)
    if kind:
        return f"{kind.name}, {size}"
    if not head:
        return "no known format: it is empty"
    begin = head[:SHOWN]
    is_text = begin.isascii() and begin.decode("ascii").replace("\n", " ").isprintable()
    shown = repr(begin.decode("ascii")) if is_text else begin.hex(" ")
    return f"no known format, {size} that begin with {shown}"


def advise(path: Path) -> str:
    """How to make digits of a file that no reader knows."""
    with open_file(path) as stream:
        kind = _find(stream.read(HEAD))
    return kind.remedy if kind else ELSE


def describe_archive(names: Iterable[str]) -> tuple[str, str] | None:
    """What a ZIP is in truth by the names in it, and how to make digits of it; None where it is files in a ZIP."""
    last = [f"/{name}" for name in names]
    for kind in KINDS:
        if kind.entries and all(any(name.endswith(f"/{entry}") for name in last) for entry in kind.entries):
            return kind.name, kind.remedy
    return None


def _find(head: bytes) -> _Kind | None:
    begin = head.lstrip()
    for kind in KINDS:
        if kind.begins and (head[kind.at :].startswith(kind.begins) or (not kind.at and begin.startswith(kind.begins))):
            return kind
    return None
