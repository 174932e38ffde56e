"""A database of schema version 12, in which no sweep could be deleted, is opened: each is there and can be."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps.control import delete_sweep, restore_sweep
from mnist_dash.sweeps.queries import sweeps_of
from tests.store.conftest import write_old
from tests.store.test_migration_from_4 import RUN
from tests.store.test_migration_from_11 import SCHEMA_11

# As the program wrote it at that version: when epochs were finished, the turns of people, and whose sweeps are free.
SCHEMA_12 = f"""{SCHEMA_11.replace("INSERT INTO version VALUES (11)", "INSERT INTO version VALUES (12)")}
ALTER TABLE sweeps ADD COLUMN unlimited BOOLEAN DEFAULT '0' NOT NULL;
ALTER TABLE epochs ADD COLUMN finished FLOAT;
CREATE INDEX runs_of_an_account ON runs (account, started);
"""  # noqa: S608


@pytest.fixture
def path(settings: Settings) -> Path:
    """The file of a database of schema version 12 with a run and a sweep that has ended."""
    run = {"score" if name == "figures" else name: value for name, value in RUN.items()}
    path = write_old(settings, SCHEMA_12, run)
    sweep = (1, "old", str(RUN["spec"]), "[]", "tpe", "none", 0, 3, 1, "done", 1.0, 1.0, 2.0, None, None, 0, None)
    with closing(sqlite3.connect(path)) as connection, connection:
        row = (*sweep, "a", "Ada", 0)
        connection.execute(f"INSERT INTO sweeps VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
        assert connection.execute("SELECT version FROM version").fetchall() == [(12,)]
    return path


def test_a_sweep_is_there_and_can_be_deleted(migrated: Database) -> None:
    assert [(sweep.id, sweep.owner) for sweep in sweeps_of(migrated)] == [(1, "Ada")]
    delete_sweep(migrated, 1)
    assert sweeps_of(migrated) == []
    assert restore_sweep(migrated, 1).name == "old"
