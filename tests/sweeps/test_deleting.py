"""A sweep that has ended is deleted whole, with its trials, and comes back whole; a day later all of it is gone."""

import signal
import sys
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update

from mnist_dash.errors import SweepError
from mnist_dash.runs import housekeeping, process, supervisor
from mnist_dash.runs.queries import model_at, run_of, runs_of
from mnist_dash.runs.records import ModelFormat, State
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.sweeps import controller
from mnist_dash.sweeps.control import delete_sweep, restore_sweep, resume_sweep, start_sweep, stop_sweep
from mnist_dash.sweeps.queries import sweep_of, sweeps_of, trials_of
from mnist_dash.sweeps.records import Sweep, Trial
from tests.conftest import Python
from tests.sweeps.conftest import Act, Learn
from tests.swept import a_plan

pytestmark = pytest.mark.both_databases

KILLED = """
import os
import signal
import sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from mnist_dash.runs.housekeeping import purge
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from mnist_dash.sweeps.control import delete_sweep, restore_sweep
settings = Settings.from_environment(os.environ)
database = open_database(settings)
@event.listens_for(Engine, "before_cursor_execute")
def die(_connection, _cursor, statement, *_):
    if statement.startswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "purge":
    purge(settings, database)
else:
    {"delete": delete_sweep, "restore": restore_sweep}[sys.argv[1]](database, 1)
"""
Kill = Callable[[str, str], None]


@pytest.fixture
def kill(python: Python) -> Kill:
    """Does something to the first sweep in a process that is killed just before a statement."""

    def kill(what: str, before: str) -> None:
        assert python(KILLED, what, before).wait() == -signal.SIGKILL

    return kill


@pytest.fixture
def ended(database: Database, sweep: Sweep, act: Act, learn: Learn) -> Sweep:
    """A sweep that was stopped after a done and a failed trial, with one that waited; another run stands beside it."""
    learn(act(sweep)[-1], (0.5, 0.6, 0.7))
    learn(act(sweep)[-1], (0.5,), State.FAILED)
    act(sweep)
    return stop_sweep(database, sweep.id)


def grow_older(database: Database) -> None:
    """Let everything have been deleted a day earlier."""
    with database.write() as connection:
        for table in (tables.runs, tables.sweeps):
            connection.execute(update(table).values(deleted=table.c.deleted - housekeeping.KEPT - 1))


def test_an_ended_sweep_is_put_out_of_sight_with_its_trials_and_comes_back_whole(
    settings: Settings, database: Database, ended: Sweep
) -> None:
    other, trials = start_sweep(settings, database, a_plan()), trials_of(database, ended.id)
    assert [trial.number for trial in trials] == [1, 2]
    delete_sweep(database, ended.id)
    assert ([one.id for one in sweeps_of(database)], runs_of(database)) == ([other.id], [])
    for change in (
        lambda: sweep_of(database, ended.id),
        lambda: delete_sweep(database, ended.id),
        lambda: stop_sweep(database, ended.id),
        lambda: resume_sweep(settings, database, ended.id, 3),
    ):
        with pytest.raises(SweepError, match=f"There is no sweep {ended.id}"):
            change()
    assert restore_sweep(database, ended.id) == ended
    # The one that never began was out of sight before, and stays so.
    assert trials_of(database, ended.id) == trials
    assert model_at(database, trials[0].run.id, 3, ModelFormat.KERAS) == b"checkpoint"
    assert restore_sweep(database, ended.id) == ended
    assert resume_sweep(settings, database, ended.id).active


def test_a_trial_that_was_deleted_by_itself_stays_so(database: Database, ended: Sweep) -> None:
    first, second = trials_of(database, ended.id)
    housekeeping.delete(database, [first.run.id])
    delete_sweep(database, ended.id)
    restore_sweep(database, ended.id)
    assert trials_of(database, ended.id) == [second]


def test_a_sweep_of_which_anything_is_at_work_is_not_deleted(
    database: Database, sweep: Sweep, act: Act, learn: Learn
) -> None:
    with pytest.raises(SweepError, match=r"^Sweep 1 goes on; stop it before you delete it\.$"):
        delete_sweep(database, sweep.id)
    (trial,) = act(sweep)
    run = learn(trial, (0.5,), None)
    stop_sweep(database, sweep.id)
    with pytest.raises(SweepError, match=rf"^Run {run.id}, a trial of sweep 1, is running; stop it first\.$"):
        delete_sweep(database, sweep.id)
    assert (len(sweeps_of(database)), len(trials_of(database, sweep.id))) == (1, 1)


def test_what_was_deleted_while_somebody_resumed_it_does_not_go_on(
    settings: Settings, database: Database, ended: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(*_: object) -> list[Trial]:
        # Between the look and the write another tab deletes it.
        delete_sweep(database, ended.id)
        return []

    monkeypatch.setattr("mnist_dash.sweeps.control.trials_of", look)
    with pytest.raises(SweepError, match="Sweep 1 was deleted meanwhile"):
        resume_sweep(settings, database, ended.id)
    assert not restore_sweep(database, ended.id).active


def test_the_process_of_a_sweep_ends_quietly_where_it_was_deleted_meanwhile(
    settings: Settings, database: Database, ended: Sweep
) -> None:
    delete_sweep(database, ended.id)
    assert controller.conduct(settings, database, ended.id).state is State.STOPPED


def count_rows(database: Database) -> dict[str, int]:
    """How much is left in every table that something of a sweep stands in."""
    kept = (tables.sweeps, tables.runs, tables.epochs, tables.batches, tables.models, tables.reviews)
    with database.read() as connection:
        return {one.name: connection.scalar(select(func.count()).select_from(one)) or 0 for one in kept}


def test_after_a_day_it_is_gone_for_good_with_all_that_belongs_to_it(
    settings: Settings, database: Database, ended: Sweep
) -> None:
    trials = trials_of(database, ended.id)
    logs = [process.sweep_log(settings, ended.id), *(process.run_log(settings, one.run.id) for one in trials)]
    logs[0].parent.mkdir(parents=True)
    for log in logs:
        log.write_text("said")
    delete_sweep(database, ended.id)
    housekeeping.purge(settings, database)
    assert sum(count_rows(database).values()) > 4
    assert all(log.exists() for log in logs)
    grow_older(database)
    # A supervisor that starts sees to it.
    supervisor.supervise(settings, database, idle=0)
    assert set(count_rows(database).values()) == {0}
    assert not any(log.exists() for log in logs)
    with pytest.raises(SweepError, match="There is no sweep 1"):
        restore_sweep(database, ended.id)


def test_the_number_of_a_sweep_is_not_given_again_while_a_trial_bears_it(
    settings: Settings, database: Database, ended: Sweep
) -> None:
    first, _ = trials_of(database, ended.id)
    delete_sweep(database, ended.id)
    grow_older(database)
    housekeeping.restore(database, [first.run.id])
    housekeeping.purge(settings, database)
    assert [run.id for run in runs_of(database)] == [first.run.id]
    assert start_sweep(settings, database, a_plan()).id != ended.id


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("before", ["UPDATE runs", "UPDATE sweeps"])
def test_a_deletion_that_is_killed_on_its_way_has_not_happened(
    database: Database, ended: Sweep, kill: Kill, before: str
) -> None:
    trials = trials_of(database, ended.id)
    kill("delete", before)
    assert (sweep_of(database, ended.id), trials_of(database, ended.id)) == (ended, trials)
    delete_sweep(database, ended.id)
    kill("restore", before)
    assert (sweeps_of(database), trials_of(database, ended.id)) == ([], [])
    assert restore_sweep(database, ended.id) == ended
    assert trials_of(database, ended.id) == trials


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("before", ["DELETE FROM reviews", "DELETE FROM runs", "DELETE FROM sweeps"])
def test_a_purge_that_is_killed_on_its_way_is_done_by_the_next(
    settings: Settings, database: Database, ended: Sweep, kill: Kill, before: str
) -> None:
    rows = count_rows(database)
    log = process.run_log(settings, 1)
    log.parent.mkdir(parents=True)
    log.write_text("said")
    delete_sweep(database, ended.id)
    grow_older(database)
    kill("purge", before)
    assert count_rows(database) == rows
    assert run_of(database, 1).state is State.DONE
    housekeeping.purge(settings, database)
    assert set(count_rows(database).values()) == {0}
    assert not log.exists()
