"""A database of schema version 14, in which runs were found by reading all of them, is opened."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from mnist_dash.methods.audit import audit_spec
from mnist_dash.runs.finding import find_audits, find_methods, find_newest, find_repeats, find_tags
from mnist_dash.runs.queries import runs_of
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from tests.store.conftest import write_old
from tests.store.test_migration_from_4 import RUN, SPEC
from tests.store.test_migration_from_13 import SCHEMA_13
from tests.trained import trained

# As the program wrote it at that version: named data sets and the last words of runs are there for all machines.
SCHEMA_14 = f"""{SCHEMA_13.replace("INSERT INTO version VALUES (13)", "INSERT INTO version VALUES (14)")}
ALTER TABLE runs ADD COLUMN data_digest VARCHAR(64);
CREATE TABLE data_sets (id INTEGER NOT NULL, name VARCHAR(40) NOT NULL, digest VARCHAR(64) NOT NULL,
    files TEXT NOT NULL, created FLOAT NOT NULL, account TEXT DEFAULT '' NOT NULL, owner TEXT DEFAULT '' NOT NULL,
    deleted FLOAT, PRIMARY KEY (id));
CREATE UNIQUE INDEX data_sets_by_name ON data_sets (name) WHERE deleted IS NULL;
CREATE TABLE data_set_parts (data_set INTEGER NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (data_set, number), FOREIGN KEY(data_set) REFERENCES data_sets (id) ON DELETE CASCADE);
CREATE TABLE machines (host TEXT NOT NULL, seen FLOAT NOT NULL, PRIMARY KEY (host));
CREATE TABLE run_outputs (run INTEGER NOT NULL, content TEXT NOT NULL, PRIMARY KEY (run),
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE);
"""  # noqa: S608
AUDIT = audit_spec("mnist", folds=3)


@pytest.fixture
def path(settings: Settings) -> Path:
    """The file of a database of schema version 14 with a run and an audit, of which one has a tag."""
    run = {"score" if name == "figures" else name: value for name, value in RUN.items()}
    path = write_old(settings, SCHEMA_14, run)
    audit = run | {"id": 2, "spec": AUDIT.to_json(), "tags": '["kept"]', "position": 2.0}
    with closing(sqlite3.connect(path)) as connection, connection:
        places = ", ".join("?" * len(audit))
        connection.execute(f"INSERT INTO runs ({', '.join(audit)}) VALUES ({places})", tuple(audit.values()))  # noqa: S608
        assert connection.execute("SELECT version FROM version").fetchall() == [(14,)]
    return path


def test_its_runs_are_found_as_those_that_come_after_are(migrated: Database) -> None:
    new = trained(migrated, SPEC)
    assert [run.id for run in find_newest(migrated)] == [run.id for run in runs_of(migrated)] == [new.id, 2, 1]
    assert [run.id for run in find_repeats(migrated, SPEC)] == [new.id, 1]
    assert [run.id for run in find_audits(migrated, "mnist")] == [2]
    assert find_methods(migrated) == sorted({SPEC.method, AUDIT.method})
    assert find_tags(migrated) == ["kept"]


def test_what_they_are_found_by_is_taken_from_their_specs(migrated: Database) -> None:
    runs = tables.runs.c
    with migrated.read() as connection:
        rows = connection.execute(select(runs.method, runs.data, runs.folds).order_by(runs.id)).all()
    assert [tuple(row) for row in rows] == [(SPEC.method, "mnist", 0), (AUDIT.method, "mnist", 3)]
