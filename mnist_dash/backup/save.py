"""The whole home into one file, while runs are at work."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from mnist_dash import VERSION
from mnist_dash.backup.archive import RECORD, Contents, File, Record, copy_file, count_contents, list_files
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.data.store import named_sets
from mnist_dash.errors import BackupError
from mnist_dash.files import whole
from mnist_dash.settings import DATABASE, Settings
from mnist_dash.store import tables
from mnist_dash.store.copying import copy_database
from mnist_dash.store.database import open_database

_COPIED = 0.3
"""The share of the work that the copy of the database is; to pack all files is the rest."""


def back_up(settings: Settings, target: Path, progress: Progress = silent) -> Contents:
    """Write what a home holds to `target`, whole or not at all; what is in it.

    The database is as it was at one moment; whatever is recorded afterwards is not in it. Beside the target there
    must be room for a copy of the database. Raises BackupError, StoreError, SettingsError.
    """
    if settings.db is None and not (settings.home / DATABASE).exists():
        raise BackupError(f"There is nothing to back up in {settings.home}. Check MNIST_DASH_HOME.")
    try:
        with open_database(settings) as database, tempfile.TemporaryDirectory(dir=target.parent) as aside:
            copied = Settings(home=Path(aside))
            copy_database(database, copied.home / DATABASE, within(progress, 0, _COPIED))
            with open_database(copied) as copy:
                contents = count_contents(settings, copy)
            with whole(target) as stream, ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=1) as archive:
                files = dict(_pack(settings, archive, copied.home / DATABASE, within(progress, _COPIED, 1)))
                archive.writestr(RECORD, Record(VERSION, tables.VERSION, time.time(), files).to_json())
    except OSError as e:
        raise BackupError(
            f"{target} cannot be written ({e.strerror or e}), and nothing is kept of it. Free space there (up to twice "
            "as much as the database has, while it is written), or name a file in a folder with room."
        ) from e
    progress("Written", 1.0)
    return contents


def _pack(settings: Settings, archive: ZipFile, copy: Path, progress: Progress) -> Iterator[tuple[str, File]]:
    # No data set is made or removed meanwhile; logs grow, and the oldest results may go.
    with named_sets.hold_sets(settings):
        paths = {DATABASE: copy} | {name: settings.home / name for name in list_files(settings.home)}
        there, packed = sum(path.stat().st_size for path in paths.values() if path.exists()), 0

        def tell(count: int) -> None:
            nonlocal packed
            packed += count
            progress("Packing", min(1.0, packed / there))

        for name, path in paths.items():
            if path.exists():
                yield name, _add(archive, path, name, tell)


def _add(archive: ZipFile, path: Path, name: str, tell: Callable[[int], None]) -> File:
    # Models are most of a database, and hardly get smaller: to pack them takes three times as long for nothing.
    plain = ZipInfo(name, time.localtime()[:6]) if name == DATABASE else name
    with path.open("rb") as source, archive.open(plain, "w", force_zip64=True) as member:
        return copy_file(source, member, tell)
