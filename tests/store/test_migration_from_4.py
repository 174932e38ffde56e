"""A database of schema version 4, whose columns bore other names, is opened with everything that it holds."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from mnist_dash.methods.spec import RunSpec
from mnist_dash.own_digits.collection import count_by_label
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import batches_of, epochs_of, kept_epochs_of, model_at, run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Answers, Batches, Epoch, EpochDetails, ModelFormat, RunScore, State
from mnist_dash.settings import Settings
from mnist_dash.store import migration, tables
from mnist_dash.store.database import Database, open_database
from tests.store.conftest import OpenedAtOnce

ONCE = [[int(label == answer) for answer in range(10)] for label in range(10)]
# As the program wrote it at that version.
SCHEMA_4 = f"""
CREATE TABLE runs (
    id INTEGER NOT NULL, name TEXT NOT NULL, spec TEXT NOT NULL, state VARCHAR(16) NOT NULL, created FLOAT NOT NULL,
    started FLOAT, ended FLOAT, host TEXT, attempt INTEGER NOT NULL, deaths INTEGER NOT NULL, epoch INTEGER NOT NULL,
    phase TEXT NOT NULL, reason TEXT, stop_requested BOOLEAN NOT NULL, train_images INTEGER, steps INTEGER,
    seconds FLOAT NOT NULL, figures TEXT, best INTEGER, pause_at INTEGER, position FLOAT DEFAULT '0' NOT NULL,
    tags TEXT DEFAULT '[]' NOT NULL, deleted FLOAT, PRIMARY KEY (id)
);
CREATE INDEX ix_runs_state ON runs (state);
CREATE TABLE version (version INTEGER NOT NULL);
CREATE TABLE batches (
    id INTEGER NOT NULL, run INTEGER NOT NULL, epoch INTEGER NOT NULL, step INTEGER NOT NULL, loss TEXT NOT NULL,
    accuracy TEXT NOT NULL, seconds FLOAT NOT NULL, rate FLOAT, answers TEXT, attempt INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE INDEX batches_of_a_run ON batches (run, epoch);
CREATE TABLE epochs (
    run INTEGER NOT NULL, epoch INTEGER NOT NULL, loss FLOAT NOT NULL, accuracy FLOAT NOT NULL, validation_loss FLOAT,
    validation_accuracy FLOAT, seconds FLOAT NOT NULL, insight TEXT, PRIMARY KEY (run, epoch),
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE models (
    run INTEGER NOT NULL, epoch INTEGER NOT NULL, form VARCHAR(16) NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (run, epoch, form), FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE reviews (
    run INTEGER NOT NULL, image INTEGER NOT NULL, verdict VARCHAR(16) NOT NULL, label INTEGER,
    PRIMARY KEY (run, image), FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE own_digits (
    "key" VARCHAR(32) NOT NULL, label INTEGER, created FLOAT NOT NULL, source VARCHAR(16) NOT NULL,
    without TEXT NOT NULL, program TEXT NOT NULL, model TEXT NOT NULL, title TEXT NOT NULL, run INTEGER, epoch INTEGER,
    read INTEGER NOT NULL, probabilities TEXT NOT NULL, image BLOB NOT NULL, ink BLOB NOT NULL, strokes TEXT,
    PRIMARY KEY ("key")
);
CREATE INDEX ix_own_digits_created ON own_digits (created);
CREATE INDEX ix_own_digits_model ON own_digits (model);
INSERT INTO version VALUES (4);
INSERT INTO epochs VALUES (1, 1, 0.5, 0.75, 0.25, 0.875, 2.5, '{{"confusion": {ONCE},
    "answers": {{"digits": [7, 2], "shares": [0.75, 0.5]}}, "dead": [["dense", 0.25]]}}');
INSERT INTO epochs VALUES (1, 2, 0.25, 0.75, 0.5, 0.75, 2.5, NULL);
INSERT INTO batches VALUES (1, 1, 1, 0, '[2.5, 1.25]', '[0.25, 0.5]', 0.5, 0.001, NULL, 1);
INSERT INTO models VALUES (1, 1, 'keras', X'01');
INSERT INTO models VALUES (1, 2, 'keras', X'0102');
INSERT INTO models VALUES (1, 2, 'litert', X'010203');
INSERT INTO own_digits VALUES ('d4810c52ad1cc559', 7, 12.0, 'drawn', '', '0.1.0', 'cnn', 'Model cnn', NULL, NULL, 7,
    '[0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.91, 0.01, 0.01]', zeroblob(784), zeroblob(784), NULL);
"""  # noqa: S608
SPEC = RunSpec.of("dense_128", "mnist", epochs=2)
RUN = {
    **{"id": 1, "name": "mine", "spec": SPEC.to_json(), "state": "done", "created": 11.0, "attempt": 1, "deaths": 0},
    **{"epoch": 2, "phase": "", "stop_requested": 0, "seconds": 5.0, "best": 1, "position": 1.0, "tags": "[]"},
    "figures": '{"accuracy": 0.97, "low": 0.96, "high": 0.98, "images": 200}',
}


@pytest.fixture
def path(settings: Settings) -> Path:
    """The file of a database of schema version 4 with one tested run and all that belongs to it."""
    path = settings.prepare().home / "mnist-dash.db"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA_4)
    places = ", ".join("?" * len(RUN))
    connection.execute(f"INSERT INTO runs ({', '.join(RUN)}) VALUES ({places})", tuple(RUN.values()))  # noqa: S608
    connection.commit()
    connection.close()
    return path


def test_everything_is_kept_under_todays_names(migrated: Database) -> None:
    (run,) = runs_of(migrated)
    assert (run.spec, run.state, run.best, run.score) == (SPEC, State.DONE, 1, RunScore(0.97, 0.96, 0.98, 200))
    details = EpochDetails(tuple(map(tuple, ONCE)), Answers((7, 2), (0.75, 0.5)), (("dense", 0.25),))
    assert epochs_of(migrated, 1) == [
        Epoch(1, 0.5, 0.75, 0.25, 0.875, 2.5, details),
        Epoch(2, 0.25, 0.75, 0.5, 0.75, 2.5),
    ]
    assert batches_of(migrated, 1) == [Batches(1, 0, (2.5, 1.25), (0.25, 0.5), 0.5, 0.001)]
    assert kept_epochs_of(migrated, 1, ModelFormat.KERAS) == [1, 2]
    assert model_at(migrated, 1, 2, ModelFormat.LITERT) == b"\x01\x02\x03"
    assert count_by_label(migrated) == {7: 1}


def test_its_run_goes_on(migrated: Database) -> None:
    control.train_further(migrated, 1, 1)
    run = queue.claim(migrated, "here")
    assert run is not None
    recorder = RunRecorder(migrated, run)
    recorder.begin(800, 25)
    details = EpochDetails(tuple(map(tuple, ONCE)), Answers((3,), (0.5,)), ())
    recorder.epoch(Epoch(3, 0.125, 0.75, 0.125, 0.9375, 2.5, details), b"keras 3")
    assert epochs_of(migrated, 1)[-1].details == details
    recorder.end(State.DONE, {(3, ModelFormat.LITERT): b"litert 3"}, RunScore(0.98, 0.97, 0.99, 200))
    assert run_of(migrated, 1).score == RunScore(0.98, 0.97, 0.99, 200)
    assert model_at(migrated, 1, 3, ModelFormat.LITERT) == b"litert 3"


def test_its_tables_are_those_of_a_new_database(migrated: Database, tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path / 'new.db'}") as new:
        assert _tables(migrated) == _tables(new)


def _tables(database: Database) -> dict[str, tuple[set[str], list[str], list[str]]]:
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


def test_a_database_that_has_the_new_names_already_is_left_alone(migrated: Database) -> None:
    before = _tables(migrated)
    with migrated.write() as connection:
        migration.upgrade(connection, 4)
    assert _tables(migrated) == before
    assert run_of(migrated, 1).score == RunScore(0.97, 0.96, 0.98, 200)


@pytest.mark.usefixtures("path")
def test_processes_that_open_it_at_once_all_succeed(settings: Settings, opened_at_once: OpenedAtOnce) -> None:
    assert opened_at_once(2) == [(0, b"")] * 2
    with open_database(settings) as database:
        assert len(runs_of(database)) == 1
        with database.read() as connection:
            assert list(connection.scalars(select(tables.version.c.version))) == [tables.VERSION]
