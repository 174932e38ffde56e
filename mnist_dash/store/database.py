"""The one thing that web process, supervisor and runs share."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Any, Self

from sqlalchemy import Connection, create_engine, event, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from mnist_dash.errors import StoreError
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.migration import upgrade

PATIENCE = 20
"""Seconds to wait for another process' write before giving up."""
_AGAIN = 0.02


class Database:
    """Connections to the database of runs; created with its tables at the first use.

    Raises StoreError where it cannot be opened or was written by a newer version of the program.
    """

    def __init__(self, url: str) -> None:
        """Open `url`, an SQLAlchemy URL."""
        self.url = url
        # SQLite lets whoever waits for a write ask again and again, in no order: among many some would never have it.
        self._turn: AbstractContextManager[object] = Lock() if url.startswith("sqlite") else nullcontext()
        with _explained(url):
            self._engine = create_engine(url, connect_args=_arguments(url))
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        try:
            self._create()
        except StoreError:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with _explained(self.url), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection whose writes all happen at the end, or not at all.

        One process writes at a time, and of its threads one after another.
        """
        with (
            self._turn,
            _explained(self.url),
            self._engine.connect().execution_options(write=True) as connection,
            connection.begin(),
        ):
            yield connection

    @property
    def is_shared(self) -> bool:
        """Whether other machines may use it too."""
        return self._engine.dialect.name != "sqlite"

    def __enter__(self) -> Self:
        """The database, to be closed after the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give the connections back."""
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def _create(self) -> None:
        with self.read() as connection:
            found = _schema_version(connection)
        if found != tables.VERSION:
            with self.write() as connection:
                # Looked at once more: another process may have done it meanwhile.
                self._bring_up(connection, _schema_version(connection))

    def _bring_up(self, connection: Connection, found: int | None) -> None:
        if found is None:
            tables.metadata.create_all(connection)
            connection.execute(insert(tables.version).values(version=tables.VERSION))
        elif found < tables.VERSION:
            upgrade(connection, found)
        elif found > tables.VERSION:
            raise StoreError(
                f"The database {_shown(self.url)} has schema version {found}, and this version of MNIST Dash knows "
                f"versions up to {tables.VERSION}: a newer version of the program wrote it. Use that version, or set "
                "MNIST_DASH_HOME to another folder."
            )


def _schema_version(connection: Connection) -> int | None:
    """The schema version of the tables that are there, or None where there are none."""
    if not inspect(connection).has_table(tables.version.name):
        return None
    return connection.scalar(select(tables.version.c.version))


def open_database(settings: Settings) -> Database:
    """The database that the settings name, its folder being there."""
    return Database(settings.prepare().database_url)


def _arguments(url: str) -> dict[str, Any]:
    return {"timeout": PATIENCE} if url.startswith("sqlite") else {}


def _prepare_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - a driver's own objects
    # Transactions are begun below, not by the driver, which waits with BEGIN until the first write: a read that
    # turns into a write then fails at once where another process wrote in between.
    connection.isolation_level = None
    _into_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _into_wal(connection: sqlite3.Connection) -> None:
    """Let the database be kept with a log, as it stays for good once it is.

    SQLite refuses that at once where another process is about to write, as one that does the same is, and has no
    patience of its own there.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as e:
            if e.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_AGAIN)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turn what the driver says into what happened and what to do."""
    try:
        yield
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as e:
        raise StoreError(
            f"MNIST_DASH_DB is {_shown(url)!r}, which is no database URL that can be opened here ({e}). Unset it for "
            "a file in the home folder, or give an SQLAlchemy URL such as postgresql+psycopg://user@host/name."
        ) from e
    except DatabaseError as e:
        raise StoreError(f"The database {_shown(url)} {_cause(str(e.orig))}") from e


def _shown(url: str) -> str:
    """The URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return f"…{url.rpartition('@')[2]}"


def _cause(message: str) -> str:
    for sign, cause in _CAUSES:
        if sign in message:
            return cause
    return f"could not be used ({message}). Check that it is there and reachable."


_CAUSES = (
    ("locked", f"was kept locked by another program for {PATIENCE} s. Close what holds it and try again."),
    ("readonly", "is read-only. Make the file and its folder writable, or set MNIST_DASH_HOME to another folder."),
    ("full", "could not be written: the disk is full. Nothing recorded before was lost; free space and try again."),
    ("not a database", "is no database, or is damaged. Move the file away, and a new one is created."),
    ("malformed", "is damaged. Move the file away (keep it: runs may be recovered), and a new one is created."),
    ("unable to open", "cannot be opened. Check that its folder exists and can be written."),
)
