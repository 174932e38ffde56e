"""SQLite: a file in the home, which one process writes at a time."""

import sqlite3
import time
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

_CAUSES = (
    ("readonly", "is read-only. Make the file and its folder writable, or set MNIST_DASH_HOME to another folder."),
    ("full", "could not be written: the disk is full. Nothing recorded before was lost; free space and try again."),
    ("not a database", "is no database, or is damaged. Move the file away, and a new one is created."),
    ("malformed", "is damaged. Move the file away (keep it: runs may be recovered), and a new one is created."),
    ("unable to open", "cannot be opened. Check that its folder exists and can be written."),
)
"""What SQLite says, and what it means."""
_AGAIN = 0.02


def make_engine(url: URL, patience: float) -> Engine:
    """Connections to the file; a write of another process is waited for as long as `patience` seconds."""
    engine = create_engine(url, connect_args={"timeout": patience})

    def prepare(connection: Any, _record: Any) -> None:  # noqa: ANN401 - a driver's own objects
        # Transactions are begun below, not by the driver, which waits with BEGIN until the first write: a read that
        # turns into a write then fails at once where another process wrote in between.
        connection.isolation_level = None
        _into_wal(connection, patience)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin)
    return engine


def for_reading(engine: Engine) -> Engine:
    """The same connections: whatever reads sees one moment."""
    return engine


def make_listener(_url: URL) -> None:
    """Nobody: a file tells nothing."""
    return


def find_cause(error: DBAPIError) -> str | None:
    """What befell a statement, and what to do; None where that is not known."""
    return next((cause for sign, cause in _CAUSES if sign in str(error.orig)), None)


def is_away(_error: DBAPIError) -> bool:
    """Whether the database is away and may be back: a file never is."""
    return False


def is_locked(error: DBAPIError) -> bool:
    """Whether another program held the file for too long."""
    return "locked" in str(error.orig)


def _into_wal(connection: sqlite3.Connection, patience: float) -> None:
    """Let the database be kept with a log, as it stays for good once it is.

    SQLite refuses that at once where another process is about to write, as one that does the same is, and has no
    patience of its own there.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as e:
            if e.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_AGAIN)
        else:
            return


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
