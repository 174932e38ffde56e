"""A database of schema version 10, which knew no accounts, is opened: what was there is nobody's."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mnist_dash.errors import NotAllowedError
from mnist_dash.own_digits.sets import list_sets
from mnist_dash.runs.housekeeping import rename
from mnist_dash.runs.queries import run_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps.queries import sweep_of
from mnist_dash.users import Role, User
from tests.store.conftest import write_old
from tests.store.test_migration_from_4 import RUN
from tests.store.test_migration_from_9 import SCHEMA_9

# As the program wrote it at that version: sweeps, with one of them.
SCHEMA_10 = f"""{SCHEMA_9.replace("INSERT INTO version VALUES (9)", "INSERT INTO version VALUES (10)")}
CREATE TABLE sweeps (
    id INTEGER NOT NULL, name TEXT NOT NULL, base TEXT NOT NULL, space TEXT NOT NULL, sampler VARCHAR(16) NOT NULL,
    pruner VARCHAR(16) NOT NULL, seed INTEGER NOT NULL, trials INTEGER NOT NULL, next_trial INTEGER NOT NULL,
    state VARCHAR(16) NOT NULL, created FLOAT NOT NULL, begun FLOAT NOT NULL, ended FLOAT, reason TEXT, host TEXT,
    starts INTEGER NOT NULL, importance TEXT, PRIMARY KEY (id)
);
ALTER TABLE runs ADD COLUMN sweep INTEGER;
ALTER TABLE runs ADD COLUMN trial INTEGER;
ALTER TABLE runs ADD COLUMN pruned_after INTEGER;
CREATE UNIQUE INDEX trials_of_a_sweep ON runs (sweep, trial);
"""  # noqa: S608
ADA = User("a", "Ada", Role.TRAIN)


@pytest.fixture
def path(settings: Settings) -> Path:
    """The file of a database of schema version 10 with one run and one sweep."""
    run = {"score" if name == "figures" else name: value for name, value in RUN.items()}
    path = write_old(settings, SCHEMA_10, run)
    sweep = (1, "old", str(RUN["spec"]), "[]", "tpe", "none", 0, 3, 1, "done", 1.0, 1.0, 2.0, None, None, 0, None)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"INSERT INTO sweeps VALUES ({', '.join('?' * len(sweep))})", sweep)  # noqa: S608
        assert connection.execute("SELECT version FROM version").fetchall() == [(10,)]
    return path


def test_what_was_there_is_nobodys_and_for_administrators_to_change(migrated: Database) -> None:
    run_id = int(str(RUN["id"]))
    run, sweep, first = run_of(migrated, run_id), sweep_of(migrated, 1), list_sets(migrated)[0]
    assert {(one.account, one.owner) for one in (run, sweep, first)} == {("", "")}
    with pytest.raises(NotAllowedError, match="belongs to nobody who signs in here"):
        rename(migrated.acting_as(ADA), run_id, "mine")
    assert rename(migrated, run_id, "first").name == "first"
