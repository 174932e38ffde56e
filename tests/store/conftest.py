"""Databases of earlier versions, and processes that open one at the same moment."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.awaiting import deadline
from tests.conftest import Python

OpenedAtOnce = Callable[[int], list[tuple[int, bytes]]]
OPEN = """
import os
import sys
from mnist_dash.store.database import open_database
from mnist_dash.settings import Settings
print("ready", flush=True)
sys.stdin.readline()
open_database(Settings.from_environment(os.environ)).close()
"""


def write_old(settings: Settings, schema: str, run: Mapping[str, object]) -> Path:
    """The file of a database with these tables and rows, and with this row of `runs`."""
    path = settings.prepare().home / "mnist-dash.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(schema)
        places = ", ".join("?" * len(run))
        connection.execute(f"INSERT INTO runs ({', '.join(run)}) VALUES ({places})", tuple(run.values()))  # noqa: S608
    return path


def describe_tables(database: Database) -> dict[str, tuple[set[str], list[str], list[str]]]:
    """Of every table its columns, what its primary key is made of, and its indexes."""
    with database.read() as connection:
        found = inspect(connection)
        return {
            table: (
                {f"{column['name']} {column['type']} {column['nullable']}" for column in found.get_columns(table)},
                found.get_pk_constraint(table)["constrained_columns"],
                sorted(str(index["name"]) for index in found.get_indexes(table)),
            )
            for table in found.get_table_names()
        }


@pytest.fixture
def opened_at_once(python: Python) -> OpenedAtOnce:
    """Lets so many processes open the database at one moment; the exit status and the last words of each."""

    def opened_at_once(count: int) -> list[tuple[int, bytes]]:
        openers = [python(OPEN) for _ in range(count)]
        for opener in openers:
            assert opener.stdout is not None
            assert opener.stdout.readline() == b"ready\n"
        for opener in openers:
            assert opener.stdin is not None
            opener.stdin.write(b"\n")
            opener.stdin.flush()
        said = [opener.communicate(timeout=deadline())[1] for opener in openers]
        return [(opener.returncode, words) for opener, words in zip(openers, said, strict=True)]

    return opened_at_once


@pytest.fixture
def migrated(settings: Settings, path: Path) -> Iterator[Database]:
    """The database of an earlier schema version at the module's `path`, opened by today's program."""
    assert path.exists()
    with open_database(settings) as database:
        yield database
