"""A database of an earlier schema version is opened with every run, epoch, batch and model that it holds."""

import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import inspect, select

from mnist_dash.data.dataset import Digits
from mnist_dash.errors import StoreError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import load_bundled
from mnist_dash.models.registry.lookup import open_model
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import (
    batches_of,
    checkpoint_of,
    epochs_of,
    kept_epochs_of,
    model_at,
    run_of,
    runs_of,
    waiting_runs_of,
)
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Batches, Epoch, ModelFormat, RunScore, State
from mnist_dash.settings import Settings
from mnist_dash.store import database as module
from mnist_dash.store import tables
from mnist_dash.store.database import Database, open_database
from tests.runs.conftest import an_epoch
from tests.store.conftest import OpenedAtOnce

SCHEMA_1 = """
CREATE TABLE runs (
    id INTEGER NOT NULL, name TEXT NOT NULL, spec TEXT NOT NULL, state VARCHAR(16) NOT NULL, created FLOAT NOT NULL,
    started FLOAT, ended FLOAT, host TEXT, attempt INTEGER NOT NULL, deaths INTEGER NOT NULL, epoch INTEGER NOT NULL,
    phase TEXT NOT NULL, reason TEXT, stop_requested BOOLEAN NOT NULL, train_images INTEGER, steps INTEGER,
    seconds FLOAT NOT NULL, figures TEXT, PRIMARY KEY (id)
);
CREATE INDEX ix_runs_state ON runs (state);
CREATE TABLE version (version INTEGER NOT NULL);
CREATE TABLE artifacts (
    run INTEGER NOT NULL, kind VARCHAR(16) NOT NULL, content BLOB NOT NULL, PRIMARY KEY (run, kind),
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE batches (
    id INTEGER NOT NULL, run INTEGER NOT NULL, epoch INTEGER NOT NULL, step INTEGER NOT NULL, loss TEXT NOT NULL,
    accuracy TEXT NOT NULL, seconds FLOAT NOT NULL, PRIMARY KEY (id),
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE INDEX batches_of_a_run ON batches (run, epoch);
CREATE TABLE checkpoints (
    run INTEGER NOT NULL, epoch INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (run),
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE epochs (
    run INTEGER NOT NULL, epoch INTEGER NOT NULL, loss FLOAT NOT NULL, accuracy FLOAT NOT NULL, validation_loss FLOAT,
    validation_accuracy FLOAT, seconds FLOAT NOT NULL, PRIMARY KEY (run, epoch),
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO version VALUES (1);
"""
SPEC = json.dumps(
    {
        **{"method": "cnn", "data": "mnist", "epochs": 5, "batch_size": 32, "learning_rate": 0.002},
        **{"optimizer": "momentum", "train_size": 1000, "validation_split": 0.2, "seed": 7},
    }
)
FIGURES = json.dumps({"accuracy": 0.97, "low": 0.96, "high": 0.98, "images": 200})
DONE, STOPPED, INTERRUPTED, RUNNING, QUEUED, FAILED = range(1, 7)


def _run(number: int, state: str, epoch: int, **values: object) -> dict[str, object]:
    row: dict[str, object] = {
        **{"id": number, "name": f"run {number}", "spec": SPEC, "state": state, "created": 10.0 + number},
        **{"started": None, "ended": None, "host": "this machine", "attempt": 1, "deaths": 0, "epoch": epoch},
        **{"phase": "", "reason": None, "stop_requested": 0, "train_images": 800, "steps": 25, "seconds": 2.5 * epoch},
        **{"figures": None},
    }
    return row | values


RUNS = (
    _run(DONE, "done", 2, started=12.0, ended=20.0, figures=FIGURES),
    _run(STOPPED, "stopped", 1, started=12.0, ended=20.0, stop_requested=1),
    _run(INTERRUPTED, "queued", 2, phase="waiting", deaths=2, reason="Its process was killed."),
    _run(RUNNING, "running", 2, phase="training"),
    _run(QUEUED, "queued", 0, phase="waiting", host=None, attempt=0, train_images=None, steps=None),
    _run(FAILED, "failed", 0, reason="The loss became NaN.", ended=20.0),
)


def _insert(connection: sqlite3.Connection, table: str, **row: object) -> None:
    places = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values()))  # noqa: S608


@pytest.fixture
def path(settings: Settings, content: bytes) -> Path:
    """The file of a database of schema version 1 with runs in every state, two epochs each where they have any."""
    path = settings.prepare().home / "mnist-dash.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(SCHEMA_1)
    for run in RUNS:
        _insert(connection, "runs", **run)
        epochs = int(str(run["epoch"]))
        for epoch in range(1, epochs + 1):
            figures = {
                "loss": 1 / epoch,
                "accuracy": 0.5,
                "validation_loss": 0.7,
                "validation_accuracy": 1 - epoch / 10,
            }
            _insert(connection, "epochs", run=run["id"], epoch=epoch, seconds=2.5, **figures)
            values = {"loss": "[2.5, 1.25]", "accuracy": "[0.25, 0.5]", "seconds": 0.5}
            _insert(connection, "batches", run=run["id"], epoch=epoch, step=0, **values)
        if epochs:
            _insert(connection, "checkpoints", run=run["id"], epoch=epochs, content=f"keras {run['id']}".encode())
        if run["state"] == "done":
            _insert(connection, "artifacts", run=run["id"], kind="keras", content=b"keras 1")
            _insert(connection, "artifacts", run=run["id"], kind="litert", content=content)
    connection.commit()
    connection.close()
    return path


def test_every_run_is_there_with_all_that_was_known_of_it(migrated: Database) -> None:
    assert [run.id for run in runs_of(migrated)] == [6, 5, 4, 3, 2, 1]
    spec = RunSpec.from_json(SPEC)
    assert (spec.epochs, spec.optimizer, spec.schedule, spec.dropout) == (5, "momentum", "constant", 0.0)
    for old in RUNS:
        run = run_of(migrated, int(str(old["id"])))
        known = ("name", "state", "created", "started", "ended", "attempt", "epoch", "phase", "reason", "train_images")
        assert {name: getattr(run, name) for name in known} == {name: old[name] for name in known}
        assert (run.spec, run.seconds, run.stop_requested) == (spec, old["seconds"], bool(old["stop_requested"]))
        assert (run.best, run.pause_at, run.tags) == (None, None, ())
    assert run_of(migrated, DONE).score == RunScore(0.97, 0.96, 0.98, 200)


def test_epochs_and_batches_are_kept(migrated: Database) -> None:
    assert epochs_of(migrated, DONE) == [Epoch(1, 1.0, 0.5, 0.7, 0.9, 2.5), Epoch(2, 0.5, 0.5, 0.7, 0.8, 2.5)]
    assert batches_of(migrated, DONE) == [Batches(i, 0, (2.5, 1.25), (0.25, 0.5), 0.5) for i in (1, 2)]
    assert [len(epochs_of(migrated, run)) for run in range(1, 7)] == [2, 1, 2, 2, 0, 0]


def test_models_are_kept_and_answer(migrated: Database, small: Digits, content: bytes) -> None:
    assert [checkpoint_of(migrated, run) for run in range(1, 7)] == [
        *(b"keras 1", b"keras 2", b"keras 3", b"keras 4", None, None)
    ]
    assert model_at(migrated, DONE, 2, ModelFormat.LITERT) == content
    answers = open_model(migrated, str(DONE)).probabilities(small.images[:5])
    assert np.array_equal(answers, load_bundled("cnn").probabilities(small.images[:5]))


def test_a_run_is_held_by_a_process_only_where_one_can_still_live(migrated: Database) -> None:
    assert [run.id for run in runs_of(migrated) if run.host is not None] == [RUNNING]
    assert [run.id for run in runs_of(migrated) if run.changing] == [QUEUED, RUNNING, INTERRUPTED]


def test_the_queue_goes_on_in_its_old_order(migrated: Database) -> None:
    queue.mark_dead(migrated, RUNNING, 1, "Its process died.")
    later = queue.submit(migrated, RunSpec.of("random", "mnist"))
    assert [run.id for run in waiting_runs_of(migrated)] == [INTERRUPTED, RUNNING, QUEUED, later.id]
    claimed = queue.claim(migrated, "here")
    assert claimed is not None
    assert (claimed.id, claimed.attempt) == (INTERRUPTED, 2)


def test_waiting_runs_can_be_moved(migrated: Database) -> None:
    queue.move(migrated, QUEUED, -1)
    assert [run.id for run in waiting_runs_of(migrated)] == [QUEUED, INTERRUPTED]


def test_a_run_goes_on_from_its_checkpoint_and_keeps_its_best_epoch_from_there(migrated: Database) -> None:
    claimed = queue.claim(migrated, "here", INTERRUPTED)
    assert claimed is not None
    recorder = RunRecorder(migrated, claimed)
    recorder.begin(800, 25)
    recorder.epoch(an_epoch(3, accuracy=0.75), b"keras 3")
    # The first epoch read more right, but its model was not kept.
    assert run_of(migrated, INTERRUPTED).best == 2
    assert kept_epochs_of(migrated, INTERRUPTED, ModelFormat.KERAS) == [2, 3]
    assert [epoch.epoch for epoch in epochs_of(migrated, INTERRUPTED)] == [1, 2, 3]


def test_an_ended_run_is_trained_further(migrated: Database) -> None:
    further = control.train_further(migrated, DONE, 3)
    assert (further.state, further.spec.epochs, further.spec.continued) == (State.QUEUED, 5, (2,))


def test_its_tables_are_those_of_a_new_database(migrated: Database, tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path / 'new.db'}") as new:
        assert _tables(migrated) == _tables(new)


def _tables(database: Database) -> dict[str, dict[str, tuple[str, bool]]]:
    with database.read() as connection:
        found = inspect(connection)
        return {
            table: {column["name"]: (str(column["type"]), column["nullable"]) for column in found.get_columns(table)}
            for table in found.get_table_names()
        }


def test_it_is_migrated_once(settings: Settings, migrated: Database) -> None:
    before = runs_of(migrated)
    with open_database(settings) as again:
        assert runs_of(again) == before
    assert _versions(migrated) == [tables.VERSION]


def _versions(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.scalars(select(tables.version.c.version)))


@pytest.mark.usefixtures("path")
def test_processes_that_open_an_old_database_at_once_all_succeed(
    settings: Settings, opened_at_once: OpenedAtOnce
) -> None:
    assert opened_at_once(3) == [(0, b"")] * 3
    with open_database(settings) as database:
        assert _versions(database) == [tables.VERSION]
        assert [checkpoint_of(database, run) for run in (1, 2)] == [b"keras 1", b"keras 2"]


def test_a_migration_that_fails_half_way_leaves_the_old_database_as_it_was(
    settings: Settings, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _dump(path)
    connection = sqlite3.connect(path)
    # Without this table the step that reads it fails, after others that were done.
    connection.execute("DROP TABLE artifacts")
    connection.commit()
    broken = _dump(path)
    connection.close()
    with pytest.raises(StoreError):
        open_database(settings)
    assert _dump(path) == broken != before
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="was kept locked by another program"):
        open_database(settings)
    other.close()
    assert _dump(path) == broken


def _dump(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    lines = list(connection.iterdump())
    connection.close()
    return lines
