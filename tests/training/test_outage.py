"""The database's server goes away for a while: everybody waits for it, and nothing is lost or recorded twice."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Thread
from typing import IO

import pytest

from mnist_dash.cli.training import watch_run
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process, queue, supervisor
from mnist_dash.runs.queries import epochs_of, run_of
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.awaiting import deadline, until
from tests.conftest import Start
from tests.postgres import PASSWORD, Server
from tests.training.lazily import MARKS, steps_of
from tests.training.test_faults import KILLED

pytestmark = [*MARKS, pytest.mark.on_postgresql]


@pytest.fixture
def guard(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Thread]:
    """The thread of a server that looks after its runs."""
    ended = Event()
    monkeypatch.setattr(supervisor, "GUARD", 0.1)
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)
    thread = Thread(target=supervisor.guard, args=(settings, ended), daemon=True)
    thread.start()
    yield thread
    ended.set()
    thread.join(deadline())


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """A thread for somebody who watches."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_a_run_at_work_waits_for_it_and_ends_with_every_epoch_once(
    dataset_read: Settings, database: Database, away: Server, start: Start, guard: Thread, pool: ThreadPoolExecutor
) -> None:
    spec = RunSpec.of("custom", "mnist", **KILLED)
    run = queue.submit(database, spec)
    worker = start("worker", "--idle", "0.1")
    until(lambda: run_of(database, run.id).epoch >= 2)
    watching = pool.submit(watch_run, dataset_read, database, run)
    away.stop()
    log = process.run_log(dataset_read, run.id)
    until(lambda: "cannot be reached now" in log.read_text())
    assert worker.poll() is None
    away.start()
    assert worker.wait(deadline()) == 0
    done = run_of(database, run.id)
    assert (done.state, done.attempt, done.epoch, done.reason) == (State.DONE, 1, spec.epochs, None)
    assert [epoch.epoch for epoch in epochs_of(database, run.id)] == list(range(1, spec.epochs + 1))
    assert steps_of(database, done) == [(epoch, step) for epoch in range(1, spec.epochs + 1) for step in range(12)]
    assert "can be reached again" in log.read_text()
    assert PASSWORD not in log.read_text()
    assert guard.is_alive()
    assert watching.result(deadline()) == done


def test_an_attempt_that_begins_while_it_is_away_waits_for_it(
    dataset_read: Settings, database: Database, away: Server, start: Start
) -> None:
    assert dataset_read.data
    run = queue.submit(database, RunSpec.of("custom", "mnist", **KILLED))
    claimed = queue.claim(database, "this machine")
    assert claimed
    away.stop()
    attempt = start("run", str(run.id), "--attempt", str(claimed.attempt))
    assert attempt.stderr
    os.set_blocking(attempt.stderr.fileno(), False)
    said = bytearray()

    def is_waiting(told: IO[bytes]) -> bool:
        said.extend(told.read() or b"")
        return b"cannot be reached now" in said

    until(partial(is_waiting, attempt.stderr))
    away.start()
    attempt.communicate(timeout=deadline())
    done = run_of(database, run.id)
    assert (done.state, done.attempt, done.reason) == (State.DONE, 1, None)
