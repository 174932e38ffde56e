"""A process is kept ready while somebody may start a run, for one run, and where there is memory for it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Semaphore, Thread

import psutil
import pytest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process, queue, spare, starting, supervisor
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.spare import Spare, announce_run
from mnist_dash.runs.supervisor import Supervisor
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.awaiting import deadline, until
from tests.conftest import Python, end

NETWORK, GUESS = RunSpec.of("dense_128", "mnist"), RunSpec.of("random", "mnist")
STAND_IN = """
import sys
print("Ready for a run.", flush=True)
order = sys.stdin.readline()
print(f"heard {order!r}", flush=True)
if order: sys.stdin.read()
"""
"""What waits as a spare does, without TensorFlow; once told its run it ends with its input."""
AT_WORK = STAND_IN.replace("sys.stdin.read()", "__import__('threading').Event().wait(60)")
"""The same, but once told its run it is at work until it is killed."""
WATCH = """
import sys, threading
from pathlib import Path
from mnist_dash.runs.spare import Spare, announce_run
from mnist_dash.runs import process
from mnist_dash.settings import Settings
settings = Settings(home=Path(sys.argv[1]))
process.make_command = lambda *_: [sys.executable, "-c", sys.argv[2]]
announce_run(settings)
kept = Spare(settings)
kept.look(calm=True)
print(kept._process.pid, flush=True)
threading.Event().wait(60)
"""
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
Processes = list[subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with memory to spare."""
    monkeypatch.setattr(process, "read_free_memory", lambda: 2 * spare.ROOM)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    """The processes that were started, stand-ins all of them; whatever still lives ends with the test."""
    started: Processes = []
    original = process.start

    def start(_words: list[str], log: Path, *, detached: bool = False, told: bool = False) -> subprocess.Popen[bytes]:
        started.append(original([sys.executable, "-c", STAND_IN], log, detached=detached, told=told))
        return started[-1]

    monkeypatch.setattr(process, "start", start)
    yield started
    for child in started:
        end(child)


@pytest.fixture
def at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that has been taken goes on until its process is killed."""
    monkeypatch.setattr(sys.modules[__name__], "STAND_IN", AT_WORK)


@pytest.fixture
def kept(settings: Settings, started: Processes) -> Iterator[Spare]:
    """The spare of nobody's supervisor, a run announced; it is one of those that are `started`."""
    assert started == []
    kept = Spare(settings)
    announce_run(settings)
    yield kept
    kept.end()


@pytest.fixture
def watching(settings: Settings, database: Database, started: Processes) -> Supervisor:
    """A supervisor that has a spare, one of those that are `started`."""
    announce_run(settings)
    watching = Supervisor(settings, database)
    watching.tick()
    assert len(started) == 1
    return watching


def _run(spec: RunSpec, database: Database) -> Run:
    queue.submit(database, spec)
    run = queue.claim(database, "here")
    assert run is not None
    return run


def _age(settings: Settings, seconds: float) -> None:
    """Let the last announcement be so old."""
    moment = time.time() - seconds
    os.utime(process.announced_run(settings), (moment, moment))


def test_where_no_run_is_announced_there_is_no_spare(settings: Settings, started: Processes) -> None:
    Spare(settings).look(calm=True)
    assert started == []


def test_one_spare_is_kept_and_told_its_run(
    settings: Settings, database: Database, kept: Spare, started: Processes
) -> None:
    for _ in range(3):
        kept.look(calm=True)
    assert len(started) == 1
    run = _run(NETWORK, database)
    assert kept.take(run) is started[0]
    assert started[0].wait(deadline()) == 0
    assert process.spare_log(settings).read_text() == f"Ready for a run.\nheard '{run.id} {run.attempt}\\n'\n"
    # It has done its run; the next one is another process.
    assert kept.take(run) is None
    kept.look(calm=True)
    assert len(started) == 2
    until(lambda: process.spare_log(settings).read_text() == "Ready for a run.\n")


def test_none_is_loaded_at_a_moment_that_is_not_calm(kept: Spare, started: Processes) -> None:
    kept.look(calm=False)
    assert started == []


def test_what_needs_no_tensorflow_leaves_the_spare_to_others(
    database: Database, kept: Spare, started: Processes
) -> None:
    kept.look(calm=True)
    assert kept.take(_run(GUESS, database)) is None
    assert kept.take(_run(NETWORK, database)) is started[0]


def test_it_ends_when_nobody_is_expected_any_more(settings: Settings, kept: Spare, started: Processes) -> None:
    kept.look(calm=True)
    _age(settings, spare.EXPECTED - 60)
    kept.look(calm=True)
    assert started[0].poll() is None
    _age(settings, spare.EXPECTED)
    kept.look(calm=True)
    assert started[0].poll() is not None
    kept.look(calm=True)
    assert len(started) == 1


def test_what_a_clock_announced_that_was_set_back_is_over(settings: Settings, kept: Spare, started: Processes) -> None:
    _age(settings, -86_400)
    kept.look(calm=True)
    assert started == []


def test_an_old_one_is_replaced(kept: Spare, started: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.look(calm=True)
    monkeypatch.setattr(spare, "OLDEST", 0.0)
    kept.look(calm=True)
    assert started[0].poll() is not None
    monkeypatch.undo()
    assert len(started) == 1


def _grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare, "LARGEST", 1_000)


def _fill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "read_free_memory", lambda: spare.NARROW - 1)


@pytest.mark.parametrize("befall", [_grow, _fill])
def test_it_ends_where_it_takes_too_much_and_no_other_follows_at_once(
    kept: Spare, started: Processes, monkeypatch: pytest.MonkeyPatch, befall: Callable[[pytest.MonkeyPatch], None]
) -> None:
    kept.look(calm=True)
    with monkeypatch.context() as patch:
        befall(patch)
        kept.look(calm=True)
    assert started[0].poll() is not None
    kept.look(calm=True)
    assert len(started) == 1


def test_where_memory_is_short_there_is_none(
    settings: Settings, started: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "read_free_memory", lambda: spare.ROOM - 1)
    # One that is there already may be why.
    assert announce_run(settings)
    Spare(settings).look(calm=True)
    assert started == []
    monkeypatch.setattr(process, "read_free_memory", lambda: spare.ROOM - spare.LARGEST - 1)
    assert not announce_run(settings)


def test_switched_off_it_is_neither_asked_for_nor_kept(
    settings: Settings, kept: Spare, started: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Settings] = []
    monkeypatch.setattr(supervisor, "ensure", asked.append)
    without = replace(settings, spare=False)
    assert not starting.expect_run(without)
    Spare(without).look(calm=True)
    assert (asked, started) == ([], [])
    assert starting.expect_run(settings)
    assert asked == [settings]
    kept.look(calm=True)
    assert len(started) == 1


@on_posix
def test_after_one_has_died_there_is_none_for_a_while(
    database: Database, kept: Spare, started: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.look(calm=True)
    started[0].send_signal(signal.SIGKILL)
    started[0].wait(deadline())
    kept.look(calm=True)
    assert kept.take(_run(NETWORK, database)) is None
    kept.look(calm=True)
    assert len(started) == 1
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + spare.REST)
    kept.look(calm=True)
    assert len(started) == 2


@on_posix
def test_a_run_whose_spare_has_just_died_gets_a_new_process(
    watching: Supervisor, database: Database, started: Processes
) -> None:
    started[0].send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, started[0].pid, os.WEXITED | os.WNOWAIT)
    run = queue.submit(database, NETWORK)
    # Before the supervisor has seen that it died.
    assert watching._start_next() == run.id
    assert len(started) == 2
    assert watching.tick()
    assert (run_of(database, run.id).state, run_of(database, run.id).attempt) == (State.RUNNING, 1)


@on_posix
def test_a_run_whose_spare_dies_once_it_is_told_is_taken_up_again(
    watching: Supervisor, database: Database, started: Processes
) -> None:
    run = queue.submit(database, NETWORK)
    watching.tick()
    assert len(started) == 1
    # Nothing was read yet, or all of it: the row alone says who has the run.
    started[0].kill()
    started[0].wait(deadline())
    watching.tick()
    again = run_of(database, run.id)
    assert (again.state, again.attempt, len(started)) == (State.RUNNING, 2, 2)
    assert again.reason is not None
    assert again.reason.startswith("Its process ")


@pytest.mark.usefixtures("at_work")
def test_the_next_one_is_loaded_when_a_slot_is_free_again(
    watching: Supervisor, database: Database, started: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queue.submit(database, NETWORK)
    watching.tick()
    now = time.monotonic()
    with monkeypatch.context() as patch:
        # However long the run has been at work: no other could begin beside it.
        patch.setattr(time, "monotonic", lambda: now + spare.CALM)
        watching.tick()
    assert len(started) == 1
    RunRecorder(database, run_of(database, run.id)).end(State.DONE, {}, None)
    end(started[0])
    watching.tick()
    assert len(started) == 2


def test_beside_a_run_it_is_loaded_once_that_has_had_time_to_start(
    settings: Settings, database: Database, started: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching = Supervisor(replace(settings, slots=2), database)
    queue.submit(database, GUESS)
    watching.tick()
    assert len(started) == 1
    announce_run(settings)
    with process.run_lock(settings, 1):
        watching.tick()
        assert len(started) == 1
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + spare.CALM)
        watching.tick()
    assert len(started) == 2
    assert started[1].stdin is not None


@on_posix
def test_it_ends_with_whoever_started_it_however_that_ends(settings: Settings, python: Python) -> None:
    watcher = python(WATCH, str(settings.home), STAND_IN)
    assert watcher.stdout is not None
    waiting = psutil.Process(int(watcher.stdout.readline()))
    until(lambda: process.spare_log(settings).read_text() == "Ready for a run.\n")
    watcher.send_signal(signal.SIGKILL)
    assert psutil.wait_procs([waiting], timeout=deadline())[1] == []
    assert process.spare_log(settings).read_text().endswith("heard ''\n")


def test_a_supervisor_stays_as_long_as_somebody_may_start_a_run_and_ends_with_its_spare(
    settings: Settings, database: Database, started: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, passed, ticks, tick = time.monotonic, [0.0], Semaphore(0), Supervisor.tick

    def count(self: Supervisor) -> bool:
        done = tick(self)
        ticks.release()
        return done

    monkeypatch.setattr(time, "monotonic", lambda: real() + passed[0])
    monkeypatch.setattr(Supervisor, "tick", count)
    announce_run(settings)
    thread = Thread(target=Supervisor(settings, database).work, args=(120.0,), daemon=True)
    thread.start()
    until(lambda: started)
    # There has been nothing to do for long, but somebody was there just now.
    passed[0] = 600.0
    while ticks.acquire(blocking=False):
        """What it did before counts for nothing."""
    assert all(ticks.acquire(timeout=deadline()) for _ in range(3))
    assert thread.is_alive()
    assert started[0].poll() is None
    _age(settings, 120.0)
    thread.join(deadline())
    assert not thread.is_alive()
    assert started[0].poll() is not None
    assert len(started) == 1
