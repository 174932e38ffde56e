"""MNIST in a folder or file that somebody already has, under any of its usual names."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

from mnist_dash.data.dataset import CLASSES, Digits
from mnist_dash.data.io import csv_files, idx_files, npz_files
from mnist_dash.data.io.raw_images import RawImages
from mnist_dash.data.io.reader import Reader
from mnist_dash.data.io.readers import find_reader
from mnist_dash.data.io.unknown_files import advise, describe_unknown
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError

LAYOUT = 2
"""Raised when the same files are read into other arrays, so that no older cache answers for them."""

IDX_FILES = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
CSV_FILES = (("mnist_train.csv", "mnist_test.csv"), ("train.csv", "test.csv"))
PLACES = (".", "raw", "MNIST/raw", "MNIST")
"""Where the files lie below the folder that was named: torchvision makes MNIST/raw."""
TEST_SHARE = 7
"""One image in so many becomes the test split where a source has none: 10,000 of MNIST's 70,000."""

LOOKED_FOR = (
    "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte (or .gz), "
    "mnist.npz, or mnist_train.csv and mnist_test.csv"
)


class Holdout(StrEnum):
    """Which images are for the test: the source's, or else the last seventh; or `none`, and all are for training."""

    AUTO = "auto"
    NONE = "none"


@dataclass(frozen=True, slots=True, eq=False)
class LoadedSplits:
    """Both splits of a source, and what a person must know about how they were made, or None."""

    train: Digits
    test: Digits
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The files that make up a set, in the order in which their reader takes them."""

    reader: Reader
    files: tuple[Path, ...]

    def key(self) -> str:
        """A name for these files as they are now: it changes with any path, size or time of change."""
        stats = [(path, path.stat()) for path in self.files]
        return self.prefix() + _short(f"{path}|{stat.st_size}|{stat.st_mtime_ns}" for path, stat in stats)

    def prefix(self) -> str:
        """What `key` starts with as long as the files are the same by name."""
        return f"mnist-{_short(map(str, self.files))}-"

    def load(self) -> LoadedSplits:
        """Read both splits, of MNIST's size; raises DataError where a file is broken or the parts do not fit."""
        raw, path = self.reader.read(self.files, silent), self.files[0]
        test = _take_as_mnist(path, raw.test) if raw.test is not None else None
        loaded = complete_splits(path, _take_as_mnist(path, raw.train), test)
        return replace(loaded, notice=" ".join([*raw.notes, *filter(None, [loaded.notice])]) or None)


def _take_as_mnist(path: Path, split: RawImages) -> Digits:
    """A split as it is, which nothing is done to: what is no 28×28 is refused. `path` is for errors."""
    try:
        return Digits(split.images, split.labels, split.writers)
    except DataError as e:
        raise DataError(f"{path}: {e}") from e


def _short(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join([str(LAYOUT), *parts]).encode()).hexdigest()[:12]


def find_source(path: Path) -> Source:
    """What of MNIST lies at a folder or file; raises DataError with what was found and what was looked for."""
    try:
        path = path.resolve()
        if path.is_dir():
            return _in_folder(path)
    except OSError as e:
        raise DataError(f"{path} cannot be read ({e.strerror}). Check its permissions, or name another folder.") from e
    if not path.exists():
        raise DataError(f"There is nothing at {path}. Name a folder or file with {LOOKED_FOR}.")
    return _in_file(path)


def _in_folder(folder: Path) -> Source:
    places = [folder / place for place in PLACES if (folder / place).is_dir()]
    for place in places:
        files = {file.name.lower(): file for file in sorted(place.iterdir()) if file.is_file()}
        for source in _sources(files):
            return source
    raise _incomplete(folder, places)


def _sources(files: dict[str, Path]) -> Iterator[Source]:
    idx = _idx_files(files.values())
    if len(idx) == len(IDX_FILES):
        yield Source(idx_files.READER, tuple(idx[part] for part in IDX_FILES))
    archives = [file for name, file in files.items() if name.endswith(".npz")]
    if "mnist.npz" in files or len(archives) == 1:
        yield Source(npz_files.READER, (files.get("mnist.npz", archives[0]),))
    for train, test in CSV_FILES:
        pair = [files.get(name) or files.get(f"{name}.gz") for name in (train, test)]
        if pair[0] is not None:
            yield Source(csv_files.READER, tuple(file for file in pair if file is not None))


def _idx_files(files: Iterable[Path]) -> dict[str, Path]:
    """The IDX files by the name of their part; of a file and its gzipped copy the plain one."""
    found: dict[str, Path] = {}
    for file in files:
        match = re.fullmatch(r"((?:train|t10k)-(?:images|labels))[-.](idx[13])-ubyte(?:\.gz)?", file.name.lower())
        if match:
            found.setdefault(f"{match[1]}-{match[2]}", file)
    return found


def _incomplete(folder: Path, places: Iterable[Path]) -> DataError:
    names = [str(file.relative_to(folder)) for place in places for file in sorted(place.iterdir()) if file.is_file()]
    parts = _idx_files(folder / name for name in names)
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    missing = ", ".join(f"{part}-ubyte" for part in IDX_FILES if part not in parts)
    looked = f"missing is {missing} (or .gz)" if parts else f"looked for were {LOOKED_FOR}"
    return DataError(
        f"{folder} holds no complete MNIST: found {', '.join(names[:6]) or 'no files'}{more}; {looked}. "
        "Add the files or name another folder."
    )


def _in_file(path: Path) -> Source:
    reader = find_reader(path)
    if reader is None:
        raise DataError(
            f"{path} is in no format that is read here ({describe_unknown(path)}). Name an NPZ or CSV file, or a "
            f"folder of IDX. {advise(path)}."
        )
    if reader is idx_files.READER:
        raise DataError(f"{path} is one of MNIST's four IDX files. Name their folder instead: {path.parent}")
    partner = path.with_name(path.name.replace("train", "test"))
    arranged = reader.arrange([path, partner]) if partner != path and partner.is_file() else None
    return Source(reader, arranged or (path,))


def complete_splits(path: Path, train: Digits, test: Digits | None) -> LoadedSplits:
    """Both splits, the test split held out of the training digits where the source has none; raises DataError."""
    notice = None
    if test is None:
        images, most = len(train), int(np.bincount(train.labels, minlength=CLASSES).max())
        if images and most < TEST_SHARE:
            raise DataError(
                f"{path} leaves no image for the test split, which is one in {TEST_SHARE} of each digit: it has "
                f"{images:,} images, at most {most} of one digit; needed are {TEST_SHARE} of one digit at least. Add "
                "more images, name test images of their own too, or import them with the holdout `none`: then all are "
                "for training, and nothing is tested."
            )
        train, test = hold_out(train)
        notice = (
            f"{path.name} has no test split: the last seventh of each digit, {len(test):,} of {images:,} images, "
            "is held out as one."
        )
    _check_left(path, "training", train)
    _check_left(path, "test", test)
    return LoadedSplits(train, test, notice)


def _check_left(path: Path, split: str, digits: Digits) -> None:
    if not len(digits):
        raise DataError(f"{path} leaves no image for the {split} split. Name a source with more images.")


def join_splits(path: Path, train: Digits, test: Digits | None) -> LoadedSplits:
    """All images as training images, those of the test split behind the others; raises DataError where none is left."""
    if test is not None and len(test):
        known = train.writers is not None and test.writers is not None
        writers = np.concatenate([train.writers, test.writers]) if known else None
        images, labels = np.concatenate([train.images, test.images]), np.concatenate([train.labels, test.labels])
        train = Digits(images, labels, writers)
    _check_left(path, "training", train)
    return LoadedSplits(train, train.take(slice(0)))


def hold_out(whole: Digits) -> tuple[Digits, Digits]:
    """Train and test split: the test split gets the last seventh of each digit, so that sorted files work too."""
    held = np.zeros(len(whole), bool)
    for digit in range(CLASSES):
        where = np.flatnonzero(whole.labels == digit)
        held[where[len(where) - len(where) // TEST_SHARE :]] = True
    return whole.take(~held), whole.take(held)
