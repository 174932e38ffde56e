"""A database of schema version 4, whose columns bore other names, is opened with everything that it holds."""

from pathlib import Path

import pytest
from sqlalchemy import select

from mnist_dash.methods.spec import RunSpec
from mnist_dash.own_digits.collection import count_by_label
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import batches_of, epochs_of, kept_epochs_of, model_at, run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Answers, Batches, Epoch, EpochDetails, ModelFormat, RunScore, State
from mnist_dash.settings import Settings
from mnist_dash.store import migration, tables
from mnist_dash.store.database import Database, open_database
from tests.store.conftest import OpenedAtOnce, describe_tables, write_old
from tests.store.test_migration_from_3 import TABLES_3

ONCE = [[int(label == answer) for answer in range(10)] for label in range(10)]
# As the program wrote it at that version: one table more than before.
SCHEMA_4 = f"""{TABLES_3}
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
    return write_old(settings, SCHEMA_4, RUN)


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
        assert describe_tables(migrated) == describe_tables(new)


def test_a_database_that_has_the_new_names_already_is_left_alone(migrated: Database) -> None:
    before = describe_tables(migrated)
    with migrated.write() as connection:
        migration.upgrade(connection, 4)
    assert describe_tables(migrated) == before
    assert run_of(migrated, 1).score == RunScore(0.97, 0.96, 0.98, 200)


@pytest.mark.usefixtures("path")
def test_processes_that_open_it_at_once_all_succeed(settings: Settings, opened_at_once: OpenedAtOnce) -> None:
    assert opened_at_once(2) == [(0, b"")] * 2
    with open_database(settings) as database:
        assert len(runs_of(database)) == 1
        with database.read() as connection:
            assert list(connection.scalars(select(tables.version.c.version))) == [tables.VERSION]
