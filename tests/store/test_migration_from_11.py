"""A database of schema version 11, which counted nobody's minutes, is opened: what was trained then costs nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mnist_dash.runs.quotas import read_use
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps.queries import sweep_of
from tests.store.conftest import write_old
from tests.store.test_migration_from_4 import RUN
from tests.store.test_migration_from_10 import SCHEMA_10

_OWNED = ("sweeps", "runs", "imported_models", "votes", "own_sets", "own_digits")
# As the program wrote it at that version: accounts, and people by name with runs and sweeps.
SCHEMA_11 = "\n".join(
    [
        SCHEMA_10.replace("INSERT INTO version VALUES (10)", "INSERT INTO version VALUES (11)"),
        *(f"ALTER TABLE {table} ADD COLUMN account TEXT DEFAULT '' NOT NULL;" for table in _OWNED),
        *(f"ALTER TABLE {table} ADD COLUMN owner TEXT DEFAULT '' NOT NULL;" for table in ("sweeps", "runs")),
    ]
)


@pytest.fixture
def path(settings: Settings) -> Path:
    """The file of a database of schema version 11 with Ada's run and two sweeps, one of them nobody's."""
    run = {"score" if name == "figures" else name: value for name, value in RUN.items()}
    path = write_old(settings, SCHEMA_11, run | {"account": "a", "owner": "Ada"})
    sweep = ("old", str(RUN["spec"]), "[]", "tpe", "none", 0, 3, 1, "running", 1.0, 1.0, 2.0, None, None, 0, None)
    places = ", ".join("?" * (len(sweep) + 3))
    with closing(sqlite3.connect(path)) as connection, connection:
        for number, account in ((1, ""), (2, "a")):
            connection.execute(f"INSERT INTO sweeps VALUES ({places})", (number, *sweep, account, account))  # noqa: S608
        epoch = (RUN["id"], 9, 0.5, 0.9, 60.0)
        connection.execute("INSERT INTO epochs (run, epoch, loss, accuracy, seconds) VALUES (?, ?, ?, ?, ?)", epoch)
        assert connection.execute("SELECT version FROM version").fetchall() == [(11,)]
    return path


def test_what_was_trained_before_counts_for_nobody(migrated: Database) -> None:
    with migrated.read() as connection:
        assert read_use(connection, "a").seconds == 0.0


def test_a_sweep_that_is_nobodys_is_free(migrated: Database) -> None:
    assert [sweep_of(migrated, number).unlimited for number in (1, 2)] == [True, False]


def test_the_turns_of_the_queue_are_found_in_an_index(migrated: Database) -> None:
    query = "EXPLAIN QUERY PLAN SELECT account, max(started) FROM runs WHERE account IN ('a', 'b') GROUP BY account"
    with migrated.read() as connection:
        (plan,) = connection.exec_driver_sql(query).all()
    assert "USING COVERING INDEX runs_of_an_account" in plan[3]
