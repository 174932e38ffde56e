"""Pictures in a folder for each digit, on the disk or in a ZIP: which belong to which digit and split.

Allowed is `7/any.png`, in `train` and `test` folders or not, in a folder for each writer or not, and with one folder
around all of it or not.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.io.archive import Archive
from mnist_dash.data.io.limits import MAX_FILE, MAX_FILES
from mnist_dash.errors import DataError

DIGITS = tuple(map(str, range(CLASSES)))
TRAIN, TEST = ("train", "training"), ("test", "testing")
VALIDATION = ("val", "valid", "validation")
"""Training images that somebody holds out while learning; a run here draws its own."""
SPLITS = (*TRAIN, *TEST, *VALIDATION)
VALIDATION_TOLD = "Pictures in folders for validation became training images."
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
_NUMBER = re.compile(r"0*[1-9][0-9]{1,3}")
"""A number of more than one digit, as folders are called by the class of their pictures."""
JUNK = ("thumbs.db", "desktop.ini")
SUFFIXES_SAID = "PNG, JPEG, WEBP, GIF or BMP"
LAYOUT = f"a folder for each digit, named 0 to 9, with {SUFFIXES_SAID} images"


@dataclass(frozen=True, slots=True)
class File:
    """A file by its name below the folder or archive, with `/`; `read` gives its bytes or raises DataError."""

    name: str
    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that shows a digit, for the training or the test split; `writer` is a number where writers are known."""

    file: File
    label: int
    test: bool
    writer: int | None = None


@dataclass(frozen=True, slots=True)
class SortedPictures:
    """What was found: the pictures in their order, why other files were left out, and what else is to be told."""

    pictures: tuple[Picture, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...] = ()


def list_folder(folder: Path) -> list[File]:
    """All files below a folder; links are not followed and hidden files are not listed. Raises DataError."""
    files = []
    for path in _below(folder):
        size = path.lstat().st_size
        files.append(File(path.relative_to(folder).as_posix(), size, partial(_content, path)))
        if len(files) > MAX_FILES:
            raise DataError(f"{folder} holds more than {MAX_FILES:,} files. Import a part of it.")
    return files


def list_archive(archive: Archive) -> list[File]:
    """All files of an archive, hidden ones left aside."""
    return [
        File(entry.filename, entry.file_size, partial(archive.content, entry))
        for entry in archive.entries
        if not _is_junk(entry.filename)
    ]


def sort_pictures(files: Iterable[File]) -> SortedPictures:
    """Which files show which digit, in the order of their names, numbers in them by their value.

    Whatever the digit, 2.png comes before 10.png, so that a written set comes back in its own order.
    """
    found = [(file, _place(file.name)) for file in sorted(files, key=lambda file: order_by_numbers(file.name))]
    around = _around([place for _, place in found if place])
    pictures, left_out, seen = [], [], _Copies()
    for file, place in found:
        reason = _reason(file, place, around)
        if place and not reason and len(around) > 1:
            reason = seen.name_original(file, place)
        if place and not reason:
            writer = around.index(place.wrap) if len(around) > 1 else None
            pictures.append(Picture(file, place.label, place.test, writer))
        else:
            left_out.append(f"{file.name}: {reason}")
    notes = tuple(_notes([place for _, place in found if place], around))
    if pictures:
        notes = (*notes, *_tell_other_classes(file.name for file, place in found if place is None))
    return SortedPictures(tuple(pictures), tuple(left_out), notes)


def _notes(places: Sequence["_Place"], around: Sequence[str]) -> Iterator[str]:
    if any(place.validation for place in places):
        yield VALIDATION_TOLD
    if len(around) > 1:
        names = [PurePosixPath(wrap).name for wrap in around[:4]]
        more = f" and {len(around) - 4:,} more" if len(around) > 4 else ""
        yield f"The digits lie in folders of {len(around):,} writers: {', '.join(names)}{more}."


def _tell_other_classes(names: Iterable[str]) -> Iterator[str]:
    """That folders go on beyond 9: signs of another kind are often kept by the numbers of their classes."""
    folders = {PurePosixPath(name).parent.name for name in names if name.lower().endswith(SUFFIXES)}
    numbers = [int(folder) for folder in folders if _NUMBER.fullmatch(folder)]
    if numbers:
        yield (
            f"Beside 0 to 9 there are folders with pictures up to {max(numbers):,}. Where those are numbers of "
            "classes, of letters for instance, what was taken are no digits."
        )


def folder_names(files: Iterable[File]) -> str:
    """The names of the folders that files lie in, for a message."""
    names = sorted({PurePosixPath(file.name).parent.name or "no folder" for file in files})
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"{', '.join(names[:8]) or 'no files'}{more}"


@dataclass(frozen=True, slots=True)
class _Place:
    wrap: str
    label: int
    test: bool
    validation: bool


def _place(name: str) -> _Place | None:
    """The folder around, digit and split that a name says, or None."""
    *folders, digit, _ = ["", *PurePosixPath(name).parts]
    if digit not in DIGITS:
        return None
    # The split is the last folder, or the last but one where the last is the writer.
    splits = [at for at in (len(folders) - 1, len(folders) - 2) if at > 0 and folders[at].lower() in SPLITS]
    split = folders.pop(splits[0]).lower() if splits else ""
    return _Place("/".join(folders), int(digit), split in TEST, split in VALIDATION)


def _around(places: Sequence[_Place]) -> list[str]:
    """The folder around most of the digits' folders, or all folders beside it: each is a writer's."""
    wraps = Counter(place.wrap for place in places)
    if not wraps:
        return [""]
    most = wraps.most_common(1)[0][0]
    return sorted(wrap for wrap in wraps if wrap and _parent(wrap) == _parent(most)) if most else [most]


def _parent(wrap: str) -> str:
    return wrap.rpartition("/")[0]


class _Copies:
    """Which pictures of several folders are the same under the same name: one copied folder is no other writer."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int, int], list[File]] = {}

    def name_original(self, file: File, place: _Place) -> str | None:
        """What a picture is a copy of, in words; None where it is none."""
        alike = self._seen.setdefault((PurePosixPath(file.name).name, place.label, file.size), [])
        alike.append(file)
        if len(alike) == 1:
            return None
        content = file.read()
        original = next((other for other in alike[:-1] if other.read() == content), None)
        return None if original is None else f"is a copy of {original.name}"


def _reason(file: File, place: _Place | None, around: Sequence[str]) -> str | None:
    if place is None:
        return "lies in no folder of a digit"
    if place.wrap not in around:
        return f"lies in another folder than most, which are in {around[0].strip('/') or 'the first'}"
    if not file.name.lower().endswith(SUFFIXES):
        return f"is no picture by its name; allowed are {', '.join(SUFFIXES)}"
    return f"has {file.size:,} bytes; allowed are {MAX_FILE:,}" if file.size > MAX_FILE else None


def order_by_numbers(name: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """What names are sorted by: the last part's numbers by their value."""
    pieces = re.findall(r"[0-9]+|[^0-9]+", PurePosixPath(name).name)
    numbered = ((int(piece[:18]), "") if piece.isdecimal() else (-1, piece.lower()) for piece in pieces)
    return tuple(numbered), name


def _below(folder: Path) -> Iterator[Path]:
    def fail(e: OSError) -> None:
        raise DataError(f"{e.filename} cannot be read ({e.strerror}). Check its permissions.") from e

    for top, folders, names in os.walk(folder, onerror=fail, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (Path(top, name) for name in names if not _is_junk(name))
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _is_junk(name: str) -> bool:
    """What systems leave in folders by themselves: .DS_Store, __MACOSX, Thumbs.db."""
    parts = name.split("/")
    return any(part.startswith((".", "__MACOSX")) for part in parts) or parts[-1].lower() in JUNK


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_FILE)
    except OSError as e:
        raise DataError(f"{path} cannot be read ({e.strerror}). Check its permissions.") from e
