"""A database of schema version 3, which knew no own digits, is opened with all that it holds, and takes own digits."""

from pathlib import Path

import pytest
from sqlalchemy import select

from mnist_dash.methods.spec import RunSpec
from mnist_dash.own_digits.collection import count_by_label, save
from mnist_dash.own_digits.records import label_digit
from mnist_dash.runs.queries import batches_of, epochs_of, model_at, runs_of
from mnist_dash.runs.records import Batches, Epoch, ModelFormat, RunScore, State
from mnist_dash.runs.reviews import Decision, Verdict, decisions_of
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database, open_database
from tests.drawn import SEVEN, an_answer, drawing, sketch
from tests.store.conftest import OpenedAtOnce, describe_tables, write_old

TABLES_3 = """
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
"""
SCHEMA_3 = (
    TABLES_3
    + """
INSERT INTO version VALUES (3);
INSERT INTO epochs VALUES (1, 1, 0.5, 0.75, 0.25, 0.875, 2.5, NULL);
INSERT INTO batches VALUES (1, 1, 1, 0, '[2.5, 1.25]', '[0.25, 0.5]', 0.5, 0.001, NULL, 1);
INSERT INTO models VALUES (1, 1, 'litert', X'0102');
INSERT INTO reviews VALUES (1, 7, 'relabel', 4);
"""
)
SPEC = RunSpec.of("dense_128", "mnist", epochs=1)
RUN = {
    **{"id": 1, "name": "mine", "spec": SPEC.to_json(), "state": "done", "created": 11.0, "attempt": 1, "deaths": 0},
    **{"epoch": 1, "phase": "", "stop_requested": 0, "seconds": 2.5, "best": 1, "position": 1.5, "tags": '["report"]'},
    "figures": '{"accuracy": 0.97, "low": 0.96, "high": 0.98, "images": 200}',
}


@pytest.fixture
def path(settings: Settings) -> Path:
    """The file of a database of schema version 3 with one run and all that belongs to it."""
    return write_old(settings, SCHEMA_3, RUN)


def test_everything_is_kept(migrated: Database) -> None:
    (run,) = runs_of(migrated)
    assert (run.name, run.spec, run.state, run.tags) == ("mine", SPEC, State.DONE, ("report",))
    assert (run.best, run.position, run.score) == (1, 1.5, RunScore(0.97, 0.96, 0.98, 200))
    assert epochs_of(migrated, 1) == [Epoch(1, 0.5, 0.75, 0.25, 0.875, 2.5)]
    assert batches_of(migrated, 1) == [Batches(1, 0, (2.5, 1.25), (0.25, 0.5), 0.5, 0.001)]
    assert model_at(migrated, 1, 1, ModelFormat.LITERT) == b"\x01\x02"
    assert decisions_of(migrated, 1) == {7: Decision(Verdict.RELABEL, 4)}


def test_own_digits_can_be_saved(settings: Settings, migrated: Database) -> None:
    assert count_by_label(migrated) == {}
    save(migrated, label_digit(sketch(SEVEN), 7, an_answer(), drawing(SEVEN)))
    with open_database(settings) as again:
        assert count_by_label(again) == {7: 1}
        with again.read() as connection:
            assert list(connection.scalars(select(tables.version.c.version))) == [tables.VERSION]


def test_its_tables_are_those_of_a_new_database(migrated: Database, tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path / 'new.db'}") as new:
        assert describe_tables(migrated) == describe_tables(new)


@pytest.mark.usefixtures("path")
def test_processes_that_open_it_at_once_all_succeed(settings: Settings, opened_at_once: OpenedAtOnce) -> None:
    assert opened_at_once(2) == [(0, b"")] * 2
    with open_database(settings) as database:
        assert len(runs_of(database)) == 1
