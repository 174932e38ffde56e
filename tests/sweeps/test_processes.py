"""Sweeps with all their processes: done to the last trial whatever is killed, and given up where it leads nowhere."""

import sys
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from mnist_dash.methods.space import Range
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process, queries
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps.control import SweepPlan, start_sweep
from mnist_dash.sweeps.queries import sweep_of, trials_of
from mnist_dash.sweeps.records import Outcome, Sweep
from tests.awaiting import until
from tests.conftest import Start
from tests.leftovers import end_workers
from tests.sweeps.conftest import Act, Learn

NEAREST = SweepPlan(RunSpec.of("nearest", "mnist"), (Range("neighbours", 1, 9, whole=True),), 4)


@pytest.fixture
def ending(settings: Settings) -> Iterator[None]:
    """Whatever a test has started ends with it, also what its processes start by themselves."""
    yield
    end_workers(settings.home)


def _processes(settings: Settings, *words: str) -> list[psutil.Process]:
    """The processes of this home whose command has these words."""
    found = []
    for one in psutil.process_iter(["cmdline", "environ", "status"]):
        here = (one.info["environ"] or {}).get("MNIST_DASH_HOME") == str(settings.home)
        if here and one.info["status"] != psutil.STATUS_ZOMBIE and set(words) <= set(one.info["cmdline"] or ()):
            found.append(one)
    return found


def _kill(settings: Settings, *words: str) -> bool:
    """Kill them all at once; whether there were any."""
    found = _processes(settings, *words)
    for one in found:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(found)
    return bool(found)


def _wait_for_trial(database: Database, sweep: Sweep, number: int) -> None:
    until(lambda: any(one.number == number and one.run.state is State.RUNNING for one in trials_of(database, sweep.id)))


@pytest.mark.slow
@pytest.mark.usefixtures("with_data", "ending")
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_every_trial_is_done_once_whatever_is_killed(settings: Settings, database: Database, start: Start) -> None:
    sweep = start_sweep(settings, database, NEAREST)
    start("worker", "--idle", "60")
    # The process of the sweep alone: the supervisor starts another one.
    _wait_for_trial(database, sweep, 1)
    assert _kill(settings, "run-sweep")
    # The supervisor alone: the process of the sweep sees to it that another one is started.
    _wait_for_trial(database, sweep, 2)
    assert _kill(settings, "worker")
    # Everything: whoever starts a supervisor next brings the sweep back.
    _wait_for_trial(database, sweep, 3)
    assert _kill(settings, "mnist_dash")
    while _kill(settings, "mnist_dash"):
        """Another one was being started while they were counted."""
    assert not _processes(settings, "mnist_dash")
    assert sweep_of(database, sweep.id).active
    start("worker", "--idle", "60")
    until(lambda: not sweep_of(database, sweep.id).active)

    ended, trials = sweep_of(database, sweep.id), trials_of(database, sweep.id)
    assert (ended.state, ended.reason, ended.next_trial) == (State.DONE, None, 5)
    assert [trial.number for trial in trials] == [1, 2, 3, 4]
    assert {trial.outcome for trial in trials} == {Outcome.DONE}
    # No trial has read a test image, and each has read its validation images.
    assert {trial.run.score for trial in trials} == {None}
    assert all(trial.accuracy is not None and trial.accuracy > 0.5 for trial in trials)
    assert {trial.run.reason for trial in trials if trial.number == 4} == {None}


@pytest.mark.slow
@pytest.mark.usefixtures("with_data", "ending")
def test_a_hopeless_trial_is_stopped_on_its_way(
    settings: Settings, database: Database, start: Start, act: Act, learn: Learn
) -> None:
    base = RunSpec.of("dense_128", "mnist", epochs=200)
    plan = SweepPlan(base, (Range("learning_rate", 1e-6, 2e-6),), 6)
    sweep = start_sweep(settings, database, plan)
    for _ in range(5):
        learn(act(sweep)[-1], [0.99] * 200)
    start("worker", "--idle", "60")
    until(lambda: not sweep_of(database, sweep.id).active)
    trial = trials_of(database, sweep.id)[-1]
    assert trial.outcome is Outcome.PRUNED
    assert trial.run.epoch < 200
    assert str(trial.run.reason).startswith(f"Pruned after epoch {trial.run.pruned_after}: it has read ")
    until(lambda: not queries.run_of(database, trial.run.id).changing)
    assert queries.run_of(database, trial.run.id).score is None
    assert process.run_log(settings, trial.run.id).exists()
