"""A whole copy of the SQLite database, taken while others write; and a copy by others, before it is opened as ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import inspect

from mnist_dash.data.progress import Progress
from mnist_dash.errors import StoreError
from mnist_dash.store import tables
from mnist_dash.store.database import Database

_PAGES = 2_000
"""Pages that are copied between two words to whoever waits: 8 MB."""


def copy_database(database: Database, target: Path, progress: Progress) -> None:
    """Write what is committed at this moment into a new file, and prove that it is whole; raises StoreError.

    Runs go on writing meanwhile: the copy reads in one transaction, whose state no write changes.
    """
    if database.is_shared:
        raise StoreError(
            "MNIST_DASH_DB names a database on a server, which a backup cannot hold. Save that one with its own "
            "program (PostgreSQL's is pg_dump), and copy the home folder beside it."
        )
    with _explain_copying(target), database.read() as connection, closing(sqlite3.connect(target)) as copy:
        source = cast("sqlite3.Connection", connection.connection.driver_connection)
        # A transaction begins with its first read: without it, whatever is written meanwhile would start the copy anew.
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        # What a power cut leaves of a copy is thrown away.
        copy.execute("PRAGMA synchronous=OFF")
        source.backup(copy, pages=_PAGES, progress=lambda _, left, whole: progress("Copying runs", 1 - left / whole))
        (said,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise StoreError(f"The database {database.url} is damaged ({said}), and so would the copy be. Nothing is kept.")


def check_copy(path: Path) -> None:
    """Raise StoreError where a file that came from elsewhere is no database of this program, before it is opened.

    Views and triggers, of which the program has none, would act whenever it reads or writes.
    """
    with _explain_copying(path), closing(sqlite3.connect(path)) as connection:
        kinds = dict(connection.execute("SELECT type, name FROM sqlite_master"))
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    foreign = kinds.get("trigger") or kinds.get("view")
    if foreign:
        raise StoreError(f"Its database has a trigger or view ({foreign[:80]!r}), which this program never makes.")
    if not {tables.version.name, tables.runs.name} <= names:
        raise StoreError("Its database is none of this program: it has no tables of runs.")


def check_columns(database: Database) -> None:
    """Raise StoreError where an open database lacks a table or column of today's."""
    with database.read() as connection:
        inspector = inspect(connection)
        there = {name: {column["name"] for column in inspector.get_columns(name)} for name in tables.metadata.tables}
    for table in tables.metadata.sorted_tables:
        lacking = {column.name for column in table.columns} - there[table.name]
        if lacking:
            raise StoreError(f"Its database lacks {table.name}.{min(lacking)}: it is damaged, or none of this program.")


@contextmanager
def _explain_copying(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as e:
        remedy = "Free space there" if "full" in str(e) or "I/O" in str(e) else "Check that it is whole"
        raise StoreError(f"The copy of the database at {path} could not be used ({e}). {remedy}, and try again.") from e
