"""A backup back into an empty home: unpacked aside, looked at, and put in its place at the end, or not at all."""

import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from mnist_dash.backup.archive import FOLDERS, TAKEN, Contents, Record, copy_file, count_contents, read_record
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.errors import BackupError, MnistDashError
from mnist_dash.models.registry.kept_files import check_keras_files
from mnist_dash.settings import DATABASE, Settings
from mnist_dash.store.copying import check_columns, check_copy
from mnist_dash.store.database import open_database
from mnist_dash.words import join_words, size

_UNPACKED = 0.9
"""The share of the work that unpacking is; to look at what came is the rest."""


def restore(settings: Settings, source: Path, progress: Progress = silent) -> Contents:
    """Fill an empty home from a backup, whole or not at all; what is in it.

    An older database is brought to today's schema version. Runs that were at work belong to processes that are not
    there: the next supervisor lets them go on after their last finished epoch. Raises BackupError where the home has
    something, and where the file is none that `back_up` wrote, or is cut, damaged, too new, or would run code.
    """
    _check_home(settings)
    try:
        with source.open("rb") as stream, _explain(source), ZipFile(stream) as archive:
            record = read_record(archive)
            with _stage(settings, record) as staged:
                _unpack(archive, record, staged.home, within(progress, 0, _UNPACKED))
                progress("Looking at what came", _UNPACKED)
                contents = _check_contents(staged)
                _put_in_place(staged.home, settings.home)
    except OSError as e:
        raise BackupError(
            f"{e.filename or settings.home} cannot be read or written ({e.strerror or e}). Nothing was restored. Check "
            "the path, its permissions and the room on its disk."
        ) from e
    progress("Restored", 1.0)
    return contents


def _check_home(settings: Settings) -> None:
    if settings.db is not None:
        raise BackupError("MNIST_DASH_DB names a database elsewhere; a backup comes back into a home. Unset it.")
    there = [name for name in (DATABASE, *FOLDERS) if _is_taken(settings.home / name)]
    if there:
        raise BackupError(
            f"{settings.home} is no empty home: it has {join_words(there)}. Nothing was changed. Name an empty or new "
            "folder by MNIST_DASH_HOME, or move away what is there while no app is running."
        )


def _is_taken(path: Path) -> bool:
    return any(path.iterdir()) if path.is_dir() else path.exists()


@contextmanager
def _explain(source: Path) -> Iterator[None]:
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as e:
        raise BackupError(f"{source} is no whole backup: it is no ZIP, or cut short or damaged. {TAKEN}") from e
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as e:
        raise BackupError(f"{source} is no backup of MNIST Dash, or a damaged one. {TAKEN}") from e


@contextmanager
def _stage(settings: Settings, record: Record) -> Iterator[Settings]:
    """A home aside within the home, on its disk; nothing remains of it, nor of a home that was not there before."""
    is_new = not settings.home.exists()
    settings.prepare()
    incoming = settings.home / "incoming"
    try:
        _check_room(settings.home, record)
        incoming.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="restore-", dir=incoming) as aside:
            yield replace(settings, home=Path(aside))
    finally:
        # Neither goes where something is in it.
        for folder in (incoming, settings.home) if is_new else (incoming,):
            with suppress(OSError):
                folder.rmdir()


def _check_room(home: Path, record: Record) -> None:
    room = shutil.disk_usage(home).free
    if record.bytes > room:
        raise BackupError(
            f"The backup holds {size(record.bytes)}, and {home} has room for {size(room)}. Free space there, or name a "
            "folder on another disk by MNIST_DASH_HOME."
        )


def _unpack(archive: ZipFile, record: Record, home: Path, progress: Progress) -> None:
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        progress("Unpacking", done / max(1, record.bytes))

    for name, told in record.files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as member, path.open("wb") as stream:
            found = copy_file(member, stream, tell)
            stream.flush()
            os.fsync(stream.fileno())
        if found != told:
            raise BackupError(f"{name} in the backup is damaged: its checksum differs. {TAKEN}")


def _check_contents(staged: Settings) -> Contents:
    """Look at a database by strangers before it is one's own, and bring it to today's schema version."""
    try:
        check_copy(staged.home / DATABASE)
        with open_database(staged) as database:
            check_columns(database)
            check_keras_files(database)
            return count_contents(staged, database)
    except MnistDashError as e:
        raise BackupError(f"The backup cannot be restored. {e}") from e


def _put_in_place(staged: Path, home: Path) -> None:
    """Rename what was unpacked, the database last: it is what makes a home of a folder. All of it, or nothing."""
    moved: list[str] = []
    try:
        for name in (*(folder for folder in FOLDERS if (staged / folder).exists()), DATABASE):
            with suppress(FileNotFoundError):
                # Windows renames no folder to the place of an empty one.
                (home / name).rmdir()
            (staged / name).rename(home / name)
            moved.append(name)
    except OSError:
        for name in moved:
            (home / name).rename(staged / name)
        raise
