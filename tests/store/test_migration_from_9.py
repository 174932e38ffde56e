"""A database of schema version 9, which knew no sweeps, is opened with all its runs, and takes a sweep."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.space import suggest
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import supervisor
from mnist_dash.runs.queries import run_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps import steps
from mnist_dash.sweeps.control import SweepPlan, start_sweep
from mnist_dash.sweeps.queries import sweep_of, sweeps_of, trials_of
from tests.store.conftest import write_old
from tests.store.test_migration_from_4 import RUN
from tests.store.test_migration_from_8 import SCHEMA_8

# As the program wrote it at that version: classes.
SCHEMA_9 = f"""{SCHEMA_8.replace("INSERT INTO version VALUES (8)", "INSERT INTO version VALUES (9)")}
CREATE TABLE class_rooms (
    code VARCHAR(16) NOT NULL, set_key VARCHAR(32) NOT NULL, most INTEGER NOT NULL, named BOOLEAN NOT NULL,
    is_open BOOLEAN NOT NULL, created FLOAT NOT NULL, PRIMARY KEY (code), UNIQUE (set_key),
    FOREIGN KEY(set_key) REFERENCES own_sets ("key") ON DELETE CASCADE
);
CREATE TABLE class_phones (
    code VARCHAR(16) NOT NULL, phone VARCHAR(32) NOT NULL, name TEXT NOT NULL, asked INTEGER NOT NULL,
    written TEXT NOT NULL, latest VARCHAR(32), seen FLOAT NOT NULL, PRIMARY KEY (code, phone),
    FOREIGN KEY(code) REFERENCES class_rooms (code) ON DELETE CASCADE
);
"""  # noqa: S608


@pytest.fixture
def path(settings: Settings) -> Path:
    """The file of a database of schema version 9 with one run."""
    run = {"score" if name == "figures" else name: value for name, value in RUN.items()}
    path = write_old(settings, SCHEMA_9, run)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version FROM version").fetchall() == [(9,)]
    return path


def test_the_run_is_no_trial_and_a_sweep_asks_for_others(
    migrated: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)
    before = run_of(migrated, int(str(RUN["id"])))
    assert (before.sweep, before.trial, before.pruned_after) == (None, None, None)
    assert sweeps_of(migrated) == []
    plan = SweepPlan(RunSpec.of("dense_128", "mnist"), (suggest(METHODS["dense_128"], "learning_rate"),))
    sweep = start_sweep(settings, migrated, plan)
    assert steps.add_trial(migrated, sweep, plan.base)
    # Asked for a second time, as by a process that has not heard of it.
    assert not steps.add_trial(migrated, sweep, plan.base)
    assert [trial.number for trial in trials_of(migrated, sweep.id)] == [1]
    assert sweep_of(migrated, sweep.id).next_trial == 2
