"""The process of a paused run waits for a while, goes on at once, and loses nobody's command when it leaves."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from mnist_dash.errors import RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import Run, State
from mnist_dash.store.database import Database
from mnist_dash.training import pause
from mnist_dash.training.pause import wait
from tests.awaiting import deadline, until


@pytest.fixture
def run(database: Database, spec: RunSpec) -> Run:
    """A run at work that was asked to pause."""
    queue.submit(database, spec, pause_at=0)
    run = queue.claim(database, "here")
    assert run is not None
    return run


@pytest.fixture
def recorder(database: Database, run: Run) -> RunRecorder:
    """Its recorder."""
    return RunRecorder(database, run)


@pytest.mark.parametrize(
    ("act", "command"),
    [
        (lambda database: control.resume(database, 1, 1), Command.GO_ON),
        (lambda database: control.resume(database, 1, 1, step=True), Command.GO_ON),
        (lambda database: control.stop(database, 1), Command.STOP),
    ],
    ids=["resume", "step", "stop"],
)
def test_it_waits_until_something_else_is_wanted(
    database: Database, run: Run, recorder: RunRecorder, act: Callable[[Database], Run], command: Command
) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait, recorder)
        until(lambda: run_of(database, run.id).state is State.PAUSED)
        assert run_of(database, run.id).host == "here"
        act(database)
        assert waiting.result(deadline()) is command
    assert (run_of(database, run.id).state, run_of(database, run.id).host) == (State.RUNNING, "here")


def test_it_leaves_when_nobody_has_come_for_long_enough(database: Database, run: Run, recorder: RunRecorder) -> None:
    started = time.monotonic()
    assert wait(recorder, linger=0.3) is Command.PAUSE
    assert time.monotonic() - started >= 0.3
    left = run_of(database, run.id)
    assert (left.state, left.host) == (State.PAUSED, None)
    assert control.resume(database, run.id, 1).state is State.QUEUED


@pytest.mark.parametrize(("step", "pause_at"), [(False, None), (True, 1)])
def test_a_run_that_is_resumed_in_the_very_moment_of_leaving_goes_on_here(
    database: Database,
    run: Run,
    recorder: RunRecorder,
    monkeypatch: pytest.MonkeyPatch,
    step: bool,
    pause_at: int | None,
) -> None:
    leave = RunRecorder.leave

    def resumed_just_before(self: RunRecorder) -> bool:
        if run_of(database, run.id).state is State.PAUSED:
            assert control.resume(database, run.id, 1, step=step).state is State.RUNNING
        return leave(self)

    monkeypatch.setattr(RunRecorder, "leave", resumed_just_before)
    assert wait(recorder, linger=0.0) is Command.GO_ON
    going = run_of(database, run.id)
    assert (going.state, going.host, going.attempt, going.pause_at) == (State.RUNNING, "here", 1, pause_at)


def test_a_run_that_is_resumed_just_after_leaving_is_queued_and_not_lost(
    database: Database, run: Run, recorder: RunRecorder
) -> None:
    assert wait(recorder, linger=0.0) is Command.PAUSE
    control.resume(database, run.id, 1)
    again = queue.claim(database, "here")
    assert again is not None
    assert (again.id, again.attempt) == (run.id, 2)
    assert RunRecorder(database, again).phase("training") is Command.GO_ON


def test_it_does_not_pause_where_that_is_wanted_no_more(database: Database, run: Run, recorder: RunRecorder) -> None:
    assert recorder.phase("training") is Command.PAUSE
    control.resume(database, run.id, 1)
    assert wait(recorder) is Command.GO_ON
    assert run_of(database, run.id).state is State.RUNNING


def test_it_ends_where_another_process_took_the_run(
    database: Database, run: Run, recorder: RunRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pause, "GLANCE", 0.01)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait, recorder)
        until(lambda: run_of(database, run.id).state is State.PAUSED)
        control.resume(database, run.id, 0)
        assert queue.claim(database, "elsewhere") is not None
        with pytest.raises(RunError, match="was taken over or ended"):
            waiting.result(deadline())
    assert run_of(database, run.id).host == "elsewhere"
