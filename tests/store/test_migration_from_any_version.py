"""A database of any earlier schema version is opened: its tables become today's, whoever opens it, and at once."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from tests.store.conftest import OpenedAtOnce, describe_tables, write_old
from tests.store.test_migration_from_4 import RUN
from tests.store.test_migration_from_6 import SCHEMA_6
from tests.store.test_migration_from_7 import SCHEMA_7
from tests.store.test_migration_from_8 import SCHEMA_8
from tests.store.test_migration_from_9 import SCHEMA_9
from tests.store.test_migration_from_10 import SCHEMA_10
from tests.store.test_migration_from_11 import SCHEMA_11
from tests.store.test_migration_from_12 import SCHEMA_12
from tests.store.test_migration_from_13 import SCHEMA_13
from tests.store.test_migration_from_14 import SCHEMA_14

# Those before have tests of their own: their runs had another form.
SCHEMAS = dict(
    zip(
        range(6, tables.VERSION),
        (SCHEMA_6, SCHEMA_7, SCHEMA_8, SCHEMA_9, SCHEMA_10, SCHEMA_11, SCHEMA_12, SCHEMA_13, SCHEMA_14),
        strict=True,
    )
)


@pytest.fixture(params=SCHEMAS)
def path(settings: Settings, request: pytest.FixtureRequest) -> Path:
    """The file of a database of that schema version with a run."""
    run = {"score" if name == "figures" else name: value for name, value in RUN.items()}
    path = write_old(settings, SCHEMAS[request.param], run)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version FROM version").fetchall() == [(request.param,)]
    return path


def test_its_tables_are_those_of_a_new_database(migrated: Database, tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path / 'new.db'}") as new:
        assert describe_tables(migrated) == describe_tables(new)


@pytest.mark.usefixtures("path")
def test_processes_that_open_it_at_once_all_succeed(opened_at_once: OpenedAtOnce) -> None:
    assert opened_at_once(2) == [(0, b"")] * 2
