"""Named data sets in a database that several machines share: put there whole, found, fetched and removed.

A set is a row, and its files are cut into parts, all written in one transaction: nobody ever sees half a set, whatever
is killed meanwhile. A copy in a home says by a file of its own of which set it is one.

All raises UnreachableError where the database's server is away, and StoreError.
"""

import atexit
import hashlib
import json
import re
import time
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, and_, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql

from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import DataError, StoreError
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from mnist_dash.store.shared_tables import data_set_parts, data_sets

PART = 4 << 20
"""Bytes of a part: what a home holds in memory while it fetches."""
MARK = "shared.json"
"""The file of a copy with the digest of the set that it is a copy of."""
_FILE = re.compile(r"[a-z_]+\.(npy|json)")
_SET = data_sets.c


@dataclass(frozen=True, slots=True)
class File:
    """A file of a set: its name, its bytes, and their SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SharedSets:
    """What the database knows: the digests of the sets that are there, by name, and names and digests of deleted ones.

    Of the deleted ones those alone whose names were asked for. Whose those are that are there: account and name.
    """

    there: dict[str, str]
    owners: dict[str, tuple[str, str]]
    deleted: frozenset[tuple[str, str]]

    def is_gone(self, name: str, digest: str | None) -> bool:
        """Whether that set was deleted, and is not there again."""
        return digest is not None and (name, digest) in self.deleted and self.there.get(name) != digest


def list_shared(settings: Settings, names: Collection[str] = ()) -> SharedSets:
    """The sets that are there, and which were deleted of those that were called as one of `names`."""
    wanted = or_(_SET.deleted.is_(None), _SET.name.in_(names))
    with _database(settings).read() as connection:
        told = select(_SET.name, _SET.digest, _SET.deleted, _SET.account, _SET.owner)
        rows = connection.execute(told.where(wanted)).all()
    return SharedSets(
        there={row.name: row.digest for row in rows if row.deleted is None},
        owners={row.name: (row.account, row.owner) for row in rows if row.deleted is None},
        deleted=frozenset((row.name, row.digest) for row in rows if row.deleted is not None),
    )


def read_mark(folder: Path) -> str | None:
    """The digest of the shared set of which a folder is a copy; None where it is nobody's."""
    try:
        told = json.loads((folder / MARK).read_text("utf-8"))["digest"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return told if isinstance(told, str) else None


def write_mark(folder: Path, digest: str) -> None:
    """Make a folder a copy of the shared set with that digest; raises OSError."""
    (folder / MARK).write_text(json.dumps({"digest": digest}), "utf-8")


def put(settings: Settings, name: str, folder: Path, digest: str, owner: tuple[str, str]) -> bool:
    """Put a set there as it stands in a folder, which becomes its copy; false where another one has that name.

    `owner` is the account and the name of whoever it is. Raises OSError where the folder cannot be read.
    """
    files = [_describe(path) for path in sorted(folder.iterdir()) if _FILE.fullmatch(path.name) and path.name != MARK]
    told = json.dumps([[file.name, file.size, file.sha256] for file in files])
    row = {"name": name, "digest": digest, "files": told, "created": time.time()}
    row |= dict(zip(("account", "owner"), owner, strict=True))
    add = postgresql.insert(data_sets).values(row)
    add = add.on_conflict_do_nothing(index_elements=[_SET.name], index_where=_SET.deleted.is_(None))
    # Nothing else has to wait: who puts another one of that name there waits for the index alone.
    with _database(settings).write(in_turn=False) as connection:
        number = connection.scalar(add.returning(_SET.id))
        if number is None:
            return False
        for part, content in enumerate(_cut(folder, files)):
            connection.execute(insert(data_set_parts).values(data_set=number, number=part, content=content))
        # Before the set is there: a mark of a set that nobody knows means nothing.
        write_mark(folder, digest)
    return True


def fetch(settings: Settings, name: str, folder: Path, progress: Progress = silent) -> None:
    """Fill an empty folder with the files of a set, every one of them verified, and mark it as a copy.

    Raises DataError where there is none of that name, or it is damaged there, and OSError.
    """
    with _database(settings).read() as connection:
        wanted = select(_SET.id, _SET.digest, _SET.files).where(_SET.name == name, _SET.deleted.is_(None))
        row = connection.execute(wanted).one_or_none()
        if row is None:
            raise DataError(f"The data set {name!r} was deleted on another machine. Choose another, or import it.")
        files = _read_files(name, row.files)
        whole, done, first = sum(file.size for file in files) or 1, 0, 0
        for file in files:
            checksum, count = hashlib.sha256(), _count_parts(file)
            with (folder / file.name).open("xb") as stream:
                for part in _parts(connection, name, row.id, first, count):
                    progress(f"Fetching {name} from the database", done / whole)
                    stream.write(part)
                    checksum.update(part)
                    done += len(part)
            if checksum.hexdigest() != file.sha256:
                raise _damaged(name, file.name)
            first += count
    write_mark(folder, row.digest)


def remove(settings: Settings, name: str) -> None:
    """Remove a set for all machines; one that is not there is no error."""
    there = and_(_SET.name == name, _SET.deleted.is_(None))
    with _database(settings).write() as connection:
        number = connection.scalar(select(_SET.id).where(there).with_for_update())
        connection.execute(delete(data_set_parts).where(data_set_parts.c.data_set == number))
        connection.execute(update(data_sets).where(_SET.id == number).values(deleted=time.time()))


def _parts(connection: Connection, name: str, number: int, first: int, count: int) -> Iterator[bytes]:
    table = data_set_parts.c
    for part in range(first, first + count):
        content = connection.scalar(select(table.content).where(table.data_set == number, table.number == part))
        try:
            # What would be more than a part is cut off, and noticed by the checksum as is what is missing.
            yield zlib.decompressobj().decompress(content or b"", PART)
        except zlib.error as e:
            raise _damaged(name, f"part {part}") from e


def _cut(folder: Path, files: list[File]) -> Iterator[bytes]:
    for file in files:
        with (folder / file.name).open("rb") as stream:
            for _ in range(_count_parts(file)):
                # As they are the server would try to make them smaller itself, and take seven times as long.
                yield zlib.compress(stream.read(PART), 1)


def _count_parts(file: File) -> int:
    return -(-file.size // PART)


def _describe(path: Path) -> File:
    with path.open("rb") as stream:
        return File(path.name, path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())


def _read_files(name: str, told: str) -> list[File]:
    """The files of a set as its row tells them; raises DataError where they are none that a set has."""
    try:
        files = [File(str(file), int(size), str(sha256)) for file, size, sha256 in json.loads(told)]
    except (ValueError, TypeError) as e:
        raise _damaged(name, "its list of files") from e
    names = [file.name for file in files]
    if len(set(names)) < len(names) or not all(_FILE.fullmatch(file) and file != MARK for file in names):
        raise _damaged(name, "its list of files")
    return files


def _damaged(name: str, what: str) -> DataError:
    return DataError(
        f"The data set {name!r} is damaged in the database ({what}), and nothing of it was taken. Delete it and import "
        "it again, or restore the database from a backup."
    )


@dataclass(slots=True)
class _Kept:
    lock: Lock
    database: Database | None = None


_KEPT = _Kept(Lock())
"""The database that this process has open: a new connection at every look would take longer than the look."""


def _database(settings: Settings) -> Database:
    if not settings.shares_database:
        raise StoreError("MNIST_DASH_DB names no database that machines share; data sets stay in their home.")
    with _KEPT.lock:
        kept = _KEPT.database
        if kept is None or kept.url != settings.database_url:
            if kept is not None:
                kept.close()
            kept = _KEPT.database = open_database(settings)
            atexit.register(kept.close)
        return kept
