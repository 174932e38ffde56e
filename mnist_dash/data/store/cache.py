"""Arrays kept as `.npy` and memory-mapped read-only, so that a start takes milliseconds and sessions share one copy.

Each set has a folder under `home/data`. It is made aside and takes its name when it is complete, under a lock that
guards the making, so that processes that start at once do it once. A damaged folder is made again.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import numpy.typing as npt

from mnist_dash.data.checksums import PARTS, arrays_of
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import DataError
from mnist_dash.files import whole
from mnist_dash.settings import Settings

PART = ".part"
"""How the name ends of a folder that is being made; no set's name holds a dot."""
GLANCE = 0.2
"""Seconds between two tries to get a lock that another process holds."""
META = ("name", "origin", "official", "sha256", "notice")
WRITERS = "train_writers"
"""Writers of the training images, where they are known: the test images are never divided."""

Make = Callable[[Path], Dataset]
"""Makes a data set; it may fill the empty folder that it is given, which is gone afterwards."""


def folder_of(settings: Settings, key: str) -> Path:
    """Where the set with this key is cached."""
    return settings.home / "data" / key


def load(folder: Path) -> Dataset | None:
    """A cached set, memory-mapped read-only; None where it is missing or damaged."""
    try:
        # Sets of an earlier version do not say whether they have writers, and have none.
        meta = {WRITERS: False} | json.loads((folder / "meta.json").read_text("utf-8"))
        arrays = {part: _map(folder, part) for part in PARTS}
        writers = _map(folder, WRITERS) if meta[WRITERS] else None
        train = Digits(arrays["train_images"], arrays["train_labels"], writers)
        test = Digits(arrays["test_images"], arrays["test_labels"])
        return Dataset(train=train, test=test, **{field: meta[field] for field in META})
    except (OSError, EOFError, ValueError, KeyError, TypeError, DataError):
        return None


def _map(folder: Path, part: str) -> npt.NDArray[Any]:
    return np.asarray(np.load(folder / f"{part}.npy", mmap_mode="r"))


def load_or_make(settings: Settings, key: str, make: Make, progress: Progress = silent) -> Dataset:
    """The set cached under `key`; where there is none, what `make` makes, cached from then on.

    Raises SettingsError where the home cannot be written, DataError where the disk is full, and what `make` raises.
    """
    folder = folder_of(settings, key)
    cached = load(folder)
    if cached is not None:
        return cached
    with make_writable(settings, folder.parent), lock_folder(folder, progress):
        return load(folder) or _made(folder, make)


def discard_older(settings: Settings, prefix: str, key: str) -> None:
    """Remove the sets whose key starts with `prefix`, except `key`: what files held before they were changed."""
    for folder in (settings.home / "data").glob(f"{prefix}*"):
        if folder.is_dir() and not folder.name.startswith(key):
            # Windows keeps files that another process still maps; they go the next time.
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def make_writable(settings: Settings, folder: Path) -> Iterator[None]:
    """A folder in the home, made where it is missing; what the system refuses meanwhile raises DataError."""
    settings.prepare()
    try:
        folder.mkdir(exist_ok=True)
        yield
    except OSError as e:
        raise DataError(
            f"{folder} cannot be written ({e.strerror or e}). Free about 150 MB there, or set MNIST_DASH_HOME "
            "to a folder with room that you can write."
        ) from e


@contextmanager
def lock_folder(folder: Path, progress: Progress = silent) -> Iterator[None]:
    """Guards the making and removing of a folder against other processes and threads."""
    lock = filelock.FileLock(folder.with_name(f"{folder.name}.lock"))
    seconds = 0.0
    while not lock.is_locked:
        try:
            lock.acquire(timeout=seconds)
        except filelock.Timeout:
            # Told again and again, since what it raises is how somebody stops waiting.
            progress("Another process is preparing the images; waiting for it", 0.0)
            seconds = GLANCE
    try:
        yield
    finally:
        lock.release()


@contextmanager
def replace_folder(folder: Path) -> Iterator[tuple[Path, Path]]:
    """A folder to fill, which takes its name when all went well, and a scratch folder that never remains."""
    aside = folder.with_name(f"{folder.name}{PART}")
    remove(aside)
    try:
        scratch, complete = aside / "scratch", aside / "complete"
        scratch.mkdir(parents=True)
        complete.mkdir()
        yield complete, scratch
        remove(folder)
        complete.rename(folder)
    finally:
        remove(aside)


def remove(folder: Path) -> None:
    """Remove a folder where it is there."""
    if folder.exists():
        shutil.rmtree(folder)


def _made(folder: Path, make: Make) -> Dataset:
    with replace_folder(folder) as (complete, scratch):
        write(complete, make(scratch))
    return read_back(folder)


def read_back(folder: Path) -> Dataset:
    """A set that was just written; raises DataError where the disk has lost it."""
    made = load(folder)
    if made is None:
        raise DataError(
            f"{folder} cannot be read back after writing. Check the disk, or set MNIST_DASH_HOME to another."
        )
    return made


def write(folder: Path, dataset: Dataset) -> None:
    """Write a set's arrays and what is known about it; raises OSError."""
    parts: dict[str, npt.NDArray[Any]] = dict(zip(PARTS, arrays_of(dataset.train, dataset.test), strict=True))
    if dataset.train.writers is not None:
        parts[WRITERS] = dataset.train.writers
    for part, array in parts.items():
        with (folder / f"{part}.npy").open("wb") as stream:
            np.save(stream, array, allow_pickle=False)
            _settle(stream.fileno(), stream.flush)
    meta = {field: getattr(dataset, field) for field in META}
    with (folder / "meta.json").open("w", encoding="utf-8") as text:
        json.dump(meta | {"sha256": dict(dataset.sha256), WRITERS: WRITERS in parts}, text, indent=1)
        _settle(text.fileno(), text.flush)


def note(folder: Path, **told: str) -> None:
    """Add to what is known about a set that is written, whole or not at all; raises OSError."""
    known = json.loads((folder / "meta.json").read_text("utf-8"))
    with whole(folder / "meta.json") as stream:
        stream.write(json.dumps(known | told, indent=1).encode())
        _settle(stream.fileno(), stream.flush)


def recall(folder: Path, name: str) -> str:
    """What was noted about a set under a name; empty where nothing was, or it cannot be read."""
    try:
        told = json.loads((folder / "meta.json").read_text("utf-8"))[name]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return told if isinstance(told, str) else ""


def _settle(descriptor: int, flush: Callable[[], None]) -> None:
    """Bring a file to the disk, so that a power cut after the rename cannot leave a hole under a complete name."""
    flush()
    os.fsync(descriptor)
