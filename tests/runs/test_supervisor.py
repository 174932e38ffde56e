"""Queued runs are started, dead ones are taken up again, and one supervisor a home is enough."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Semaphore, Thread

import psutil
import pytest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.store import named_sets
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, process, queries, queue, supervisor
from mnist_dash.runs.outputs import output_of
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.supervisor import Supervisor, host_of, supervise
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.awaiting import deadline, until
from tests.conftest import Start
from tests.runs.conftest import Child

pytestmark = pytest.mark.both_databases

GUESS = RunSpec.of("random", "mnist")
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
    assert worker.wait(deadline()) == 0
    done = run_of(database, run.id)
    assert (done.state, done.attempt, done.host, done.reason) == (State.DONE, 1, None, None)
    assert done.score is not None
    assert done.score.images == 200
    assert f"Run {run.id}, Random guess (random): done" in process.run_log(with_data, run.id).read_text()


@on_posix
def test_a_run_whose_process_is_killed_is_taken_up_again_with_the_reason(
    with_data: Settings, database: Database, start: Start
) -> None:
    run = queue.submit(database, GUESS)
    worker = start("worker", "--idle", "0.1")
    _killed(worker)
    assert worker.wait(deadline()) == 0
    done = run_of(database, run.id)
    assert (done.state, done.attempt) == (State.DONE, 2)
    assert done.reason is not None
    assert done.reason.startswith("Its process was killed (by a person, or by the system when memory ran out)")
    assert with_data.data is not None


def _is_at(database: Database, run_id: int, attempt: int) -> bool:
    return run_of(database, run_id).attempt == attempt


def _is_buried(database: Database, run_id: int, attempt: int) -> bool:
    run = run_of(database, run_id)
    return run.host is None or run.attempt > attempt


@on_posix
@pytest.mark.usefixtures("with_data")
def test_a_run_whose_process_is_killed_three_times_fails_with_the_reason(database: Database, start: Start) -> None:
    run = queue.submit(database, GUESS)
    worker = start("worker", "--idle", "0.1")
    for attempt in (1, 2, 3):
        _killed(worker, partial(_is_at, database, run.id, attempt))
        until(partial(_is_buried, database, run.id, attempt))
    assert worker.wait(deadline()) == 0
    failed = run_of(database, run.id)
    assert (failed.state, failed.attempt, failed.host) == (State.FAILED, 3, None)
    assert failed.reason is not None
    assert failed.reason.startswith("Its process was killed (by a person, or by the system when memory ran out). This")
    assert "This was death 3 in the same epoch, so it was given up." in failed.reason


@pytest.mark.usefixtures("with_data")
def test_of_two_supervisors_one_ends_at_once(database: Database, start: Start) -> None:
    # Idle for longer than it takes to see the other one refused, also on a machine that is busy.
    workers = [start("worker", "--idle", "10") for _ in range(2)]
    until(lambda: any(worker.poll() is not None for worker in workers))
    refused, living = sorted(workers, key=lambda worker: worker.poll() is None)
    assert refused.wait(deadline()) == 2
    assert refused.stderr is not None
    said = refused.stderr.read().decode()
    assert said.startswith("mnist_dash: A worker for ")
    assert said.endswith(" is at work already; one is enough. Nothing was started.\n")
    assert living.poll() is None
    run = queue.submit(database, GUESS)
    assert living.wait(deadline()) == 0
    assert run_of(database, run.id).state is State.DONE


def test_a_supervisor_that_nobody_needs_any_more_ends(settings: Settings, start: Start) -> None:
    assert start("worker", "--idle", "0").wait(deadline()) == 0
    assert not process.is_held(process.supervisor_lock(settings))


@pytest.mark.slow
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


@pytest.mark.slow
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


def test_ensuring_a_supervisor_while_one_is_starting_starts_no_other(settings: Settings, children: list[Child]) -> None:
    supervisor.ensure(settings)
    supervisor.ensure(settings)
    assert len(children) == 1
    mark = process.supervisor_start(settings)
    an_hour_ago, tomorrow = time.time() - 3_600, time.time() + 86_400
    for count, when in ((2, an_hour_ago), (3, tomorrow)):
        os.utime(mark, (when, when))
        supervisor.ensure(settings)
        assert len(children) == count


@pytest.mark.slow
@on_posix
def test_a_run_is_buried_that_died_while_no_supervisor_lived(with_data: Settings, database: Database) -> None:
    run = queue.submit(database, GUESS)
    queue.claim(database, host_of(with_data, database))
    assert supervise(with_data, database, idle=0)
    done = run_of(database, run.id)
    assert (done.state, done.attempt) == (State.DONE, 2)
    assert done.reason is not None
    assert done.reason.startswith("Its process died while nobody watched. ")


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
    RunRecorder(database, run_of(database, runs[0].id)).end(State.DONE, {}, None)
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
    queue.claim(database, host_of(settings, database), first.id)
    watching = Supervisor(settings, database)
    with process.run_lock(settings, first.id):
        assert watching.tick()
        assert _states(database) == ["running", "queued"]
    RunRecorder(database, run_of(database, first.id)).end(State.DONE, {}, None)
    assert watching.tick()
    assert _states(database) == ["done", "running"]
    assert len(children) == 1


def _pause(database: Database, run: Run) -> None:
    control.pause(database, run.id)
    RunRecorder(database, run_of(database, run.id)).pause(attached=True)


def test_a_paused_run_takes_no_slot_while_its_process_waits(
    settings: Settings, database: Database, children: list[Child]
) -> None:
    first, second, _ = (queue.submit(database, GUESS) for _ in range(3))
    watching = Supervisor(settings, database)
    watching.tick()
    _pause(database, first)
    assert watching.tick()
    assert _states(database) == ["paused", "running", "queued"]
    assert len(children) == 2
    # Paused one after the other, all of them wait; resumed, one goes on and the next ones queue.
    _pause(database, second)
    assert control.resume(database, first.id, 1).state is State.RUNNING
    assert watching.tick()
    assert _states(database) == ["running", "paused", "queued"]
    assert control.resume(database, second.id, 1).state is State.QUEUED


def test_a_supervisor_stays_while_a_paused_process_waits_for_a_person(
    settings: Settings, database: Database, children: list[Child]
) -> None:
    run = queue.submit(database, GUESS)
    watching = Supervisor(settings, database)
    watching.tick()
    _pause(database, run)
    assert watching.tick()
    RunRecorder(database, run_of(database, run.id)).leave()
    children[0].code = 0
    assert not watching.tick()


def test_a_paused_run_whose_process_dies_stays_paused_and_goes_on_later(
    settings: Settings, database: Database, children: list[Child]
) -> None:
    run = queue.submit(database, GUESS)
    watching = Supervisor(settings, database)
    watching.tick()
    _pause(database, run)
    children[0].code = -9
    watching.tick()
    paused = run_of(database, run.id)
    assert (paused.state, paused.host, len(children)) == (State.PAUSED, None, 1)
    control.resume(database, run.id, 1)
    watching.tick()
    assert (run_of(database, run.id).state, run_of(database, run.id).attempt) == (State.RUNNING, 2)
    assert len(children) == 2


def test_a_stopped_run_that_still_tests_its_model_takes_a_slot_until_its_process_is_gone(
    settings: Settings, database: Database, children: list[Child]
) -> None:
    run, _ = queue.submit(database, GUESS), queue.submit(database, GUESS)
    watching = Supervisor(settings, database)
    watching.tick()
    RunRecorder(database, run_of(database, run.id)).stop()
    watching.tick()
    assert _states(database) == ["stopped", "queued"]
    children[0].code = -9
    watching.tick()
    stopped = run_of(database, run.id)
    assert (stopped.state, stopped.host, stopped.phase, stopped.changing) == (State.STOPPED, None, "", False)
    assert _states(database) == ["stopped", "running"]


def test_the_third_death_in_one_epoch_fails_the_run_with_its_last_words(
    settings: Settings, database: Database, children: list[Child]
) -> None:
    run = queue.submit(database, GUESS)
    watching = Supervisor(settings, database)
    path = process.run_log(settings, run.id)
    path.parent.mkdir(parents=True)
    for death in (1, 2, 3):
        watching.tick()
        assert (run_of(database, run.id).state, len(children)) == (State.RUNNING, death)
        path.write_text(f"starting\nkilled by fault {death}\n")
        children[-1].code = 1
    watching.tick()
    failed = run_of(database, run.id)
    assert (failed.state, failed.attempt, len(children)) == (State.FAILED, 3, 3)
    path.unlink()
    assert output_of(database, run.id) == "starting\nkilled by fault 3"
    assert failed.reason is not None
    assert failed.reason.startswith("Its process ended with exit status 1; its last line was “killed by fault 3”. This")


@pytest.mark.on_postgresql
def test_two_homes_of_one_machine_look_after_their_own_runs_alone(
    settings: Settings, database: Database, children: list[Child]
) -> None:
    first, second = queue.submit_all(database, [GUESS] * 2)
    here = Supervisor(settings, database)
    there = Supervisor(replace(settings, home=settings.home.with_name("other")), database)
    assert here.tick()
    assert there.tick()
    assert _states(database) == ["running", "running"]
    assert run_of(database, first.id).host != run_of(database, second.id).host
    children[0].code = -9
    there.tick()
    assert run_of(database, first.id).attempt == 1
    here.tick()
    assert (run_of(database, first.id).attempt, run_of(database, second.id).attempt) == (2, 1)


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


def test_the_guard_starts_a_supervisor_while_runs_wait_and_ends_when_it_is_told(
    settings: Settings, database: Database, spec: RunSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ended = Event(), Event()
    monkeypatch.setattr(supervisor, "GUARD", 0.01)
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: asked.set())
    thread = Thread(target=supervisor.guard, args=(settings, ended), daemon=True)
    thread.start()
    assert not asked.wait(0.2)
    queue.submit(database, spec)
    assert asked.wait(deadline())
    ended.set()
    thread.join(deadline())
    assert not thread.is_alive()


@pytest.mark.on_postgresql
def test_the_guard_lets_other_machines_have_what_was_brought_before(
    settings: Settings, small: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_sets.save(replace(settings, db=None), "mine", Dataset("mine", small, small, "a test"))
    other, ended = replace(settings, home=settings.home.with_name("other")), Event()
    monkeypatch.setattr(supervisor, "GUARD", 0.01)
    thread = Thread(target=supervisor.guard, args=(settings, ended), daemon=True)
    thread.start()
    until(lambda: "mine" in named_sets.names(other))
    ended.set()
    thread.join(deadline())


@pytest.mark.on_postgresql
def test_a_supervisor_lets_other_machines_have_what_was_brought_before(
    settings: Settings, database: Database, small: Digits
) -> None:
    named_sets.save(replace(settings, db=None), "mine", Dataset("mine", small, small, "a test"))
    assert supervisor.supervise(settings, database, idle=0)
    assert named_sets.names(replace(settings, home=settings.home.with_name("other"))) == ("mine",)


@pytest.mark.on_sqlite
def test_the_guard_outlives_a_database_that_cannot_be_used(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.home.mkdir()
    (settings.home / "mnist-dash.db").write_bytes(b"no database" * 1_000)
    ended = Event()
    monkeypatch.setattr(supervisor, "GUARD", 0.01)
    thread = Thread(target=supervisor.guard, args=(settings, ended), daemon=True)
    thread.start()
    until(lambda: "is no database" in caplog.text)
    assert thread.is_alive()
    ended.set()
    thread.join(deadline())


def test_the_guard_opens_the_database_once_and_writes_nothing_while_nothing_waits(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, looked, ended = [], Semaphore(0), Event()

    def look(database: Database, *states: State) -> bool:
        looked.release()
        return queries.has_runs(database, *states)

    def opening(settings: Settings) -> Database:
        opened.append(open_database(settings))
        return opened[-1]

    monkeypatch.setattr(supervisor, "GUARD", 0.01)
    monkeypatch.setattr(supervisor, "has_runs", look)
    monkeypatch.setattr(supervisor, "open_database", opening)
    thread = Thread(target=supervisor.guard, args=(settings, ended), daemon=True)
    thread.start()
    try:
        assert all(looked.acquire(timeout=deadline()) for _ in range(2))
        before = _files(settings.home)
        assert all(looked.acquire(timeout=deadline()) for _ in range(20))
        assert _files(settings.home) == before
        assert len(opened) == 1
    finally:
        ended.set()
        thread.join(deadline())


def _files(home: Path) -> dict[Path, tuple[int, int]]:
    """When each file and folder of a home was last written, and how large it is."""
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in (home, *home.rglob("*"))}
