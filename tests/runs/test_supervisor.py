"""Queued runs are started, dead ones are taken up again, and one supervisor a home is enough."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process, queue, supervisor
from mnist_dash.runs.database import Database
from mnist_dash.runs.history import epochs_of, run_of, runs_of
from mnist_dash.runs.journal import Journal
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.supervisor import THIS_MACHINE, Supervisor, supervise
from mnist_dash.settings import Settings
from tests.awaiting import until
from tests.conftest import Start

GUESS = RunSpec.of("random", "mnist")
LEARN = RunSpec.of("dense_128", "mnist", epochs=3)
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


def _ended(database: Database, run: Run) -> Run:
    until(lambda: not run_of(database, run.id).state.active)
    return run_of(database, run.id)


def _killed(worker: "subprocess.Popen[bytes]", when: Callable[[], bool] = lambda: True) -> None:
    """Kill the process of the run that the worker started, as soon as `when` is true."""
    until(lambda: psutil.Process(worker.pid).children() and when())
    psutil.Process(worker.pid).children()[0].send_signal(signal.SIGKILL)


def test_a_queued_run_is_done_in_a_process_of_its_own(with_data: Settings, database: Database, start: Start) -> None:
    run = queue.submit(database, GUESS)
    worker = start("worker", "--idle", "0.1")
    assert worker.wait(60) == 0
    done = run_of(database, run.id)
    assert (done.state, done.attempt, done.host, done.reason) == (State.DONE, 1, THIS_MACHINE, None)
    assert done.figures is not None
    assert done.figures.images == 200
    assert f"Run {run.id}, Random guess (random): done" in process.run_log(with_data, run.id).read_text()


@on_posix
def test_a_run_whose_process_is_killed_is_taken_up_again_with_the_reason(
    with_data: Settings, database: Database, start: Start
) -> None:
    run = queue.submit(database, GUESS)
    worker = start("worker", "--idle", "0.1")
    _killed(worker)
    assert worker.wait(60) == 0
    done = run_of(database, run.id)
    assert (done.state, done.attempt) == (State.DONE, 2)
    assert done.reason is not None
    assert done.reason.startswith("Its process was killed (by a person, or by the system when memory ran out)")
    assert with_data.data is not None


@on_posix
@pytest.mark.training
@pytest.mark.usefixtures("with_data")
def test_a_network_whose_process_is_killed_goes_on_and_has_every_epoch_once(database: Database, start: Start) -> None:
    run = queue.submit(database, LEARN)
    worker = start("worker", "--idle", "0.1")
    _killed(worker, lambda: run_of(database, run.id).epoch >= 1)
    assert worker.wait(90) == 0
    done = run_of(database, run.id)
    assert (done.state, done.attempt, done.epoch) == (State.DONE, 2, 3)
    assert [epoch.epoch for epoch in epochs_of(database, run.id)] == [1, 2, 3]
    assert done.reason is not None
    assert "all before it are kept. The run was queued again, to go on from there." in done.reason
    assert done.figures is not None


@pytest.mark.usefixtures("with_data")
def test_of_two_supervisors_one_ends_at_once(database: Database, start: Start) -> None:
    workers = [start("worker", "--idle", "2") for _ in range(2)]
    until(lambda: any(worker.poll() is not None for worker in workers))
    refused, living = sorted(workers, key=lambda worker: worker.poll() is None)
    assert refused.wait(1) == 2
    assert refused.stderr is not None
    said = refused.stderr.read().decode()
    assert said.startswith("mnist_dash: A worker for ")
    assert said.endswith(" is at work already; one is enough. Nothing was started.\n")
    assert living.poll() is None
    run = queue.submit(database, GUESS)
    assert living.wait(60) == 0
    assert run_of(database, run.id).state is State.DONE


def test_a_supervisor_that_nobody_needs_any_more_ends(settings: Settings, start: Start) -> None:
    assert start("worker", "--idle", "0").wait(60) == 0
    assert not process.is_held(process.supervisor_lock(settings))


def test_a_run_that_is_queued_while_the_supervisor_is_ending_is_still_started(
    with_data: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    late: list[Run] = []
    work = Supervisor.work

    def and_then_one_more(self: Supervisor, idle: float) -> None:
        work(self, idle)
        if not late:
            assert process.is_held(process.supervisor_lock(with_data))
            late.append(queue.submit(database, GUESS))

    monkeypatch.setattr(Supervisor, "work", and_then_one_more)
    assert supervise(with_data, database, idle=0)
    assert run_of(database, late[0].id).state is State.DONE


def test_a_run_that_was_queued_before_a_supervisor_without_patience_is_done(
    with_data: Settings, database: Database
) -> None:
    run = queue.submit(database, GUESS)
    assert supervise(with_data, database, idle=0)
    assert run_of(database, run.id).state is State.DONE


def test_ensuring_a_supervisor_starts_one_where_none_lives(
    with_data: Settings, database: Database, detached: list["subprocess.Popen[bytes]"]
) -> None:
    run = queue.submit(database, GUESS)
    supervisor.ensure(with_data)
    assert len(detached) == 1
    assert _ended(database, run).state is State.DONE
    supervisor.ensure(with_data)
    assert len(detached) == 1
    if sys.platform != "win32":
        assert os.getsid(detached[0].pid) == detached[0].pid


def test_ensuring_a_supervisor_while_one_is_starting_starts_no_other(
    settings: Settings, children: "list[Child]"
) -> None:
    supervisor.ensure(settings)
    supervisor.ensure(settings)
    assert len(children) == 1
    mark = process.supervisor_start(settings)
    an_hour_ago, tomorrow = time.time() - 3_600, time.time() + 86_400
    for count, when in ((2, an_hour_ago), (3, tomorrow)):
        os.utime(mark, (when, when))
        supervisor.ensure(settings)
        assert len(children) == count


@on_posix
def test_a_run_is_buried_that_died_while_no_supervisor_lived(with_data: Settings, database: Database) -> None:
    run = queue.submit(database, GUESS)
    queue.claim(database, THIS_MACHINE)
    assert supervise(with_data, database, idle=0)
    done = run_of(database, run.id)
    assert (done.state, done.attempt) == (State.DONE, 2)
    assert done.reason is not None
    assert done.reason.startswith("Its process died while nobody watched. ")


@dataclass
class Child:
    """A process that lives until it is told its exit status."""

    code: int | None = None

    def poll(self) -> int | None:
        return self.code


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    """Stands for the processes that are started: none is."""
    children: list[Child] = []

    def start(arguments: list[str], _log: Path, *, detached: bool = False) -> Child:
        assert detached == ("worker" in arguments)
        children.append(Child())
        return children[-1]

    monkeypatch.setattr(process, "start", start)
    return children


def _states(database: Database) -> list[str]:
    return [run.state for run in reversed(runs_of(database))]


def test_no_more_runs_are_started_than_there_are_slots(
    settings: Settings, database: Database, children: list[Child]
) -> None:
    runs = [queue.submit(database, GUESS) for _ in range(3)]
    watching = Supervisor(replace(settings, slots=2), database)
    assert watching.tick()
    assert watching.tick()
    assert _states(database) == ["running", "running", "queued"]
    Journal(database, run_of(database, runs[0].id)).end(State.DONE, {}, None)
    assert watching.tick()
    assert _states(database) == ["done", "running", "queued"]
    children[0].code = 0
    assert watching.tick()
    assert _states(database) == ["done", "running", "running"]
    assert len(children) == 3


def test_a_run_that_another_process_works_on_fills_a_slot(
    settings: Settings, database: Database, children: list[Child]
) -> None:
    first, _ = queue.submit(database, GUESS), queue.submit(database, GUESS)
    queue.claim(database, THIS_MACHINE, first.id)
    watching = Supervisor(settings, database)
    with process.run_lock(settings, first.id):
        assert watching.tick()
        assert _states(database) == ["running", "queued"]
    Journal(database, run_of(database, first.id)).end(State.DONE, {}, None)
    assert watching.tick()
    assert _states(database) == ["done", "running"]
    assert len(children) == 1


def test_the_runs_of_another_machine_are_left_alone(
    settings: Settings, database: Database, children: list[Child]
) -> None:
    queue.submit(database, GUESS)
    elsewhere = queue.claim(database, "another machine")
    assert elsewhere is not None
    assert not Supervisor(settings, database).tick()
    assert run_of(database, elsewhere.id) == elsewhere
    assert children == []


@pytest.mark.parametrize(
    ("code", "log", "reason"),
    [
        (-9, "", "Its process was killed (by a person, or by the system when memory ran out)."),
        (137, "", "Its process was killed (by a person, or by the system when memory ran out)."),
        (-9, "cuInit: UNKNOWN ERROR", "Its process was killed (by a person, or by the system when memory ran out)."),
        (-15, "", "Its process was ended by signal 15."),
        (1, "Traceback …\nMemoryError: 3 GB\n\n", "Its process ended with exit status 1; its last line was “Memory"),
        (3, "x" * 900, f"Its process ended with exit status 3; its last line was “{'x' * 200}”."),
        (3, "\n \n", "Its process ended with exit status 3."),
    ],
)
def test_the_reason_of_a_death_is_what_is_known_of_it(
    settings: Settings, database: Database, children: list[Child], code: int, log: str, reason: str
) -> None:
    run = queue.submit(database, GUESS)
    watching = Supervisor(settings, database)
    watching.tick()
    path = process.run_log(settings, run.id)
    path.parent.mkdir(exist_ok=True)
    path.write_text(log)
    children[0].code = code
    watching.tick()
    again = run_of(database, run.id)
    assert (again.attempt, len(children)) == (2, 2)
    assert again.reason is not None
    assert again.reason.startswith(reason)
