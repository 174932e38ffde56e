"""A process that was ready before it knew its run does it as one that was started for it, and may die at any moment."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

import psutil
import pytest

from mnist_dash.cli.processes import READY
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process, queue
from mnist_dash.runs.pace import read_first_pace
from mnist_dash.runs.queries import batches_of, epochs_of, model_at, run_of
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.runs.spare import announce_run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.awaiting import deadline, until
from tests.conftest import Start
from tests.leftovers import end_workers
from tests.training.lazily import MARKS, steps_of

pytestmark = [
    *MARKS,
    pytest.mark.slow,
    pytest.mark.usefixtures("spared"),
    pytest.mark.both_databases,
    pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL"),
]
SPEC = RunSpec.of(
    "custom", "mnist", layers="conv 8 3, norm, pool 2, flatten, dense 32", dropout=0.3, epochs=2, batch_size=40
)


@pytest.fixture
def worker(dataset_read: Settings, start: Start) -> Iterator[subprocess.Popen[bytes]]:
    """A supervisor that has time; whatever it started ends with the test."""
    yield start("worker", "--idle", "300")
    end_workers(dataset_read.home)


def _spare(settings: Settings, worker: subprocess.Popen[bytes], before: int | None = None) -> psutil.Process:
    """The process that is kept ready, another one than `before`, as soon as it has been started."""
    announce_run(settings)

    def find() -> psutil.Process | None:
        found = [one for one in psutil.Process(worker.pid).children() if one.pid != before and _is_spare(one)]
        return found[0] if found else None

    found = until(find)
    assert found is not None
    return found


def _is_spare(one: psutil.Process) -> bool:
    # One that ends between two looks is none any more.
    with suppress(psutil.NoSuchProcess):
        return one.status() != psutil.STATUS_ZOMBIE and "spare" in one.cmdline()
    return False


def _is_ready(settings: Settings) -> bool:
    return READY in process.spare_log(settings).read_text()


def _done(database: Database, run: Run) -> Run:
    until(lambda: not run_of(database, run.id).changing)
    done = run_of(database, run.id)
    assert done.state is State.DONE
    steps = steps_of(database, done)
    assert steps == [(epoch, step) for epoch in (1, 2) for step in range(len(steps) // 2)]
    return done


def _figures(database: Database, run: Run) -> list[object]:
    """All that a run has found, but for the clock."""
    batches = batches_of(database, run.id)
    epochs = [(one.loss, one.accuracy, one.validation_loss, one.details) for one in epochs_of(database, run.id)]
    models = [model_at(database, run.id, 2, ModelFormat.LITERT)]
    return [[loss for some in batches for loss in some.loss], epochs, models, run.score]


def test_its_figures_and_its_log_are_those_of_a_process_that_was_started_for_the_run(
    dataset_read: Settings, database: Database, worker: subprocess.Popen[bytes]
) -> None:
    fresh = _done(database, queue.submit(database, SPEC))
    assert read_first_pace(dataset_read) is None
    kept = _spare(dataset_read, worker)
    until(lambda: _is_ready(dataset_read))
    # No machine that does this is a hundred times quicker or slower than two cores.
    assert 0.01 < (read_first_pace(dataset_read) or 0) < 100
    run = queue.submit(database, SPEC)
    until(lambda: run_of(database, run.id).attempt == 1)
    assert kept.is_running()
    # Until it had a run it held no lock; now it holds that one.
    until(lambda: process.is_held(process.run_lock(dataset_read, run.id)))
    ready = _done(database, run)
    assert _figures(database, ready) == _figures(database, fresh)
    said = [process.run_log(dataset_read, one.id).read_text() for one in (fresh, ready)]
    assert READY in said[1]
    last = [text.strip().splitlines()[-1] for text in said]
    assert last[1] == last[0].replace(f"Run {fresh.id}", f"Run {ready.id}")
    # It has done its run and ends; another one takes its place.
    assert psutil.wait_procs([kept], timeout=deadline())[1] == []
    assert _spare(dataset_read, worker, kept.pid).is_running()


def test_killed_before_it_knows_a_run_it_takes_none_with_it(
    dataset_read: Settings, database: Database, worker: subprocess.Popen[bytes]
) -> None:
    kept = _spare(dataset_read, worker)
    kept.send_signal(signal.SIGKILL)
    # Until it is gone it can still be told a run.
    assert psutil.wait_procs([kept], timeout=deadline())[1] == []
    run = _done(database, queue.submit(database, SPEC))
    assert (run.attempt, run.reason) == (1, None)


@pytest.mark.parametrize("while_it", ["loads", "works"])
def test_killed_once_it_was_told_its_run_is_done_by_another(
    dataset_read: Settings, database: Database, worker: subprocess.Popen[bytes], while_it: str
) -> None:
    kept = _spare(dataset_read, worker)
    run = queue.submit(database, SPEC)
    until(lambda: run_of(database, run.id).attempt == 1)
    if while_it == "works":
        until(lambda: run_of(database, run.id).epoch >= 1)
    kept.send_signal(signal.SIGKILL)
    done = _done(database, run)
    # Where it had not been told yet, another process has the first attempt.
    assert (done.attempt, done.reason) == (1, None) or done.attempt == 2
    assert done.attempt == 2 or while_it == "loads"
    if done.reason:
        assert done.reason.startswith("Its process was killed (by a person, or by the system when memory ran out)")


@pytest.mark.parametrize("told", [False, True])
def test_where_its_supervisor_is_killed_it_ends_with_it_or_with_its_run(
    dataset_read: Settings, database: Database, worker: subprocess.Popen[bytes], told: bool
) -> None:
    kept = _spare(dataset_read, worker)
    run = queue.submit(database, SPEC) if told else None
    if run:
        until(partial(process.is_held, process.run_lock(dataset_read, run.id)))
    worker.send_signal(signal.SIGKILL)
    worker.wait(deadline())
    assert psutil.wait_procs([kept], timeout=2 * deadline())[1] == []
    if run:
        assert _done(database, run).attempt == 1
