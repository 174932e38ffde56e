"""Pictures with a table that says which digit each shows: rows of `img/x.png,4` beside the pictures themselves."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath

from mnist_dash.data.io.folders import (
    DIGITS,
    SUFFIXES,
    TEST,
    VALIDATION,
    VALIDATION_TOLD,
    File,
    Picture,
    SortedPictures,
    order_by_numbers,
)
from mnist_dash.data.io.limits import MAX_FILE, MAX_IMAGES
from mnist_dash.errors import DataError

TABLES = (".csv", ".tsv", ".txt")
SEPARATORS = ",;\t|"
NAMES = ("filename", "file", "image", "img", "path", "picture", "name", "image_id", "imageid", "id")
LABELS = ("label", "labels", "class", "target", "digit", "y")
SPLIT_COLUMNS = ("split", "set", "subset", "usage")
MOST_COLUMNS = 16
"""More are the grey values of an image rather than what is said about one."""
LOOK = 50
"""Rows by which the columns of a table are known."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows of a file, and which of their columns name the picture, its label and, where one does, its split."""

    file: File
    rows: Sequence[Sequence[str]]
    picture: int
    label: int
    split: int | None


@dataclass(slots=True)
class _Taken:
    pictures: dict[str, Picture] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    validation: bool = False


def sort_by_table(files: Sequence[File]) -> SortedPictures:
    """The pictures that tables among the files name with a digit; none where no file is such a table.

    A table is for the test split where its name, the picture's folder or a column says so. Raises DataError where
    most rows of a table name no picture that is there, or no digit.
    """
    pictures = [file for file in files if file.name.lower().endswith(SUFFIXES)]
    places = _Places(pictures)
    tables = [table for file in files if pictures for table in _tables(file, places)]
    # A table of training pictures goes first, and of a picture that stands in two tables the first one counts.
    tables.sort(key=lambda table: (_says(table.file.name, TEST), table.file.name))
    taken = _Taken()
    for table in tables:
        _take(table, places, taken)
    unnamed = [f"{file.name}: stands in no table" for file in pictures if file.name not in taken.pictures]
    ordered = sorted(taken.pictures.values(), key=lambda picture: order_by_numbers(picture.file.name))
    notes = [f"{table.file.name} says which digit each picture shows." for table in tables]
    notes += [VALIDATION_TOLD] if taken.validation else []
    return SortedPictures(tuple(ordered), (*taken.left_out, *(unnamed if tables else ())), tuple(notes))


class _Places:
    """Pictures by whatever a table may call them: the whole name, a part of its end, with its ending or without."""

    def __init__(self, pictures: Sequence[File]) -> None:
        self._whole = {file.name: file for file in pictures}
        self._last: dict[str, list[File]] = {}
        for file in pictures:
            last = PurePosixPath(file.name)
            for name in (last.name, last.stem):
                self._last.setdefault(name, []).append(file)

    def find(self, told: str, table: PurePosixPath) -> File | None:
        """The picture that a table means, below its own folder before anywhere else; None where that is not clear."""
        name = told.strip().replace("\\", "/").removeprefix("./")
        if not name:
            return None
        for place in (table.parent / name, PurePosixPath(name)):
            if str(place) in self._whole:
                return self._whole[str(place)]
        same = [file for file in self._last.get(PurePosixPath(name).name, ()) if _ends_with(file.name, name)]
        if len(same) > 1:  # train.csv means train/1.png rather than test/1.png
            same = [file for file in same if table.stem.lower() in PurePosixPath(file.name.lower()).parts]
        return same[0] if len(same) == 1 else None


def _ends_with(whole: str, name: str) -> bool:
    return f"/{whole}".endswith(f"/{name}") or f"/{PurePosixPath(whole).with_suffix('')}".endswith(f"/{name}")


def _tables(file: File, places: _Places) -> Iterator[_Table]:
    """A file as a table of pictures; nothing where it is none. What is to be handed in to Kaggle holds no truth."""
    path = PurePosixPath(file.name)
    if path.suffix.lower() not in TABLES or "submission" in path.name.lower() or file.size > MAX_FILE:
        return
    rows = _rows(file)
    if not rows or len(rows[0]) < 2:
        return
    header = [name.strip().lower() for name in rows[0]]
    some = [row for row in rows[:LOOK] if len(row) == len(header)]
    picture, found = _find_pictures(header, some, places, path)
    if not found:
        return
    label = _find_labels(path, header, picture, some)
    if label is not None:
        is_header = places.find(rows[0][picture], path) is None and _digit(rows[0][label]) is None
        split = next((at for at, name in enumerate(header) if name in SPLIT_COLUMNS), None)
        yield _Table(file, rows[1:] if is_header else rows, picture, label, split)


def _find_pictures(
    header: Sequence[str], some: Sequence[Sequence[str]], places: _Places, path: PurePosixPath
) -> tuple[int, int]:
    """The column that names pictures, and how many of some rows name one that is there."""
    found = {at: sum(places.find(row[at], path) is not None for row in some) for at in range(len(header))}
    ends = {at: sum(row[at].strip().lower().endswith(SUFFIXES) for row in some) for at in found}
    column = max(found, key=lambda at: (ends[at], found[at], header[at] in NAMES, -at))
    return column, found[column]


def _find_labels(path: PurePosixPath, header: Sequence[str], picture: int, some: Sequence[Sequence[str]]) -> int | None:
    """The column of digits, None where there is none; raises DataError where it could be more than one."""
    digits = {at: sum(_digit(row[at]) is not None for row in some) for at in range(len(header)) if at != picture}
    named = [at for at in digits if header[at] in LABELS]
    columns = named or [at for at in digits if digits[at] and digits[at] >= len(some) - 1]
    if len(columns) > 1:
        raise DataError(
            f"{path} has {len(columns)} columns that could be the digit; one must be. Name it label in the first line."
        )
    return columns[0] if columns and digits[columns[0]] else None


def _rows(file: File) -> list[list[str]]:
    content = file.read()
    coding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        lines = [line for line in content.decode(coding).splitlines() if line.strip()]
        separator = max(SEPARATORS, key=lines[0].count) if lines else ","
        if not lines or lines[0].count(separator) >= MOST_COLUMNS:
            return []
        return list(islice(csv.reader(lines, delimiter=separator), MAX_IMAGES + 1))
    except (UnicodeDecodeError, csv.Error):
        return []


def _take(table: _Table, places: _Places, taken: _Taken) -> None:
    """Add a table's pictures to those that were taken; raises DataError where most of its rows are of no use."""
    path, missed, useless = PurePosixPath(table.file.name), [], 0
    for row in table.rows:
        told = row[table.picture] if len(row) > max(table.picture, table.label) else ""
        picture = places.find(told, path)
        label = _digit(row[table.label]) if picture else None
        if picture is None or label is None:
            missed.append(_say_missed(path, told, picture, row[table.label] if picture else ""))
            useless += 1
        elif picture.name in taken.pictures:
            missed.append(f"{picture.name}: stands in {path} again; what was said first counts")
        else:
            split = _name_split(table, row, picture)
            taken.pictures[picture.name] = Picture(picture, label, split in TEST)
            taken.validation |= split in VALIDATION
    if useless > len(table.rows) / 2:
        raise DataError(
            f"{path}: {useless:,} of {len(table.rows):,} rows are of no use. The first is {missed[0]}. Mend the "
            "table, or bring the pictures that it names."
        )
    taken.left_out += missed


def _say_missed(path: PurePosixPath, told: str, picture: File | None, label: str) -> str:
    if picture is None:
        return f"{told[:100] or 'A row'!r}: is no picture that is there, though {path} names it"
    return f"{picture.name}: is {label[:20]!r} in {path}; allowed are the digits 0 to 9"


def _name_split(table: _Table, row: Sequence[str], picture: File) -> str:
    """The split of a picture by the column of its row, by its folders or by the table's name; empty for none."""
    if table.split is not None and table.split < len(row):
        return row[table.split].strip().lower()
    folders = [part.lower() for part in PurePosixPath(picture.name).parts[:-1]]
    for names in (TEST, VALIDATION):
        found = next((name for name in names if name in folders or _says(table.file.name, (name,))), None)
        if found:
            return found
    return ""


def _says(name: str, words: Sequence[str]) -> bool:
    stem = PurePosixPath(name).stem.lower()
    return any(word in stem.replace("-", "_").split("_") for word in words)


def _digit(told: str) -> int | None:
    """The digit that a field holds, a number with `.0` too."""
    told = told.strip().removesuffix(".0")
    return int(told) if told in DIGITS else None
