"""A database of schema version 13, which kept no data sets and no digest of what runs learn from, is opened."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from mnist_dash.runs.queries import runs_of
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.store.shared_tables import data_sets
from tests.store.conftest import write_old
from tests.store.test_migration_from_4 import RUN
from tests.store.test_migration_from_12 import SCHEMA_12

# As the program wrote it at that version: sweeps can be deleted.
SCHEMA_13 = f"""{SCHEMA_12.replace("INSERT INTO version VALUES (12)", "INSERT INTO version VALUES (13)")}
ALTER TABLE sweeps ADD COLUMN deleted FLOAT;
"""  # noqa: S608


@pytest.fixture
def path(settings: Settings) -> Path:
    """The file of a database of schema version 13 with a run."""
    path = write_old(
        settings, SCHEMA_13, {"score" if name == "figures" else name: value for name, value in RUN.items()}
    )
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version FROM version").fetchall() == [(13,)]
    return path


def test_its_run_goes_on_without_a_digest_and_there_is_no_data_set(migrated: Database) -> None:
    assert [run.id for run in runs_of(migrated)] == [RUN["id"]]
    with migrated.read() as connection:
        assert connection.scalars(select(tables.runs.c.data_digest)).all() == [None]
        assert connection.execute(select(data_sets)).all() == []
