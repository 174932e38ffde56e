"""The one process a home that takes queued runs and sweeps, and has a fresh process started for each."""

import logging
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from threading import Event

from filelock import Timeout

from mnist_dash.data.store.named_sets import share_own
from mnist_dash.errors import MnistDashError, UnreachableError
from mnist_dash.runs import machines, process, queue
from mnist_dash.runs.deaths import explain_end
from mnist_dash.runs.engines.opening import open_engine
from mnist_dash.runs.housekeeping import purge
from mnist_dash.runs.outputs import read_output
from mnist_dash.runs.queries import has_runs, runs_claimed_by, runs_of
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.sweep_processes import claim_sweep, find_active_sweeps
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database

TICK, SILENCE = 0.2, 1.0
"""Seconds between two looks at the queue; and where the database tells of what people do, while it tells of nothing."""
IDLE = 300.0
"""Seconds without anything to do after which the supervisor ends."""
STARTING = 10.0
"""Seconds in which a supervisor that was started takes its lock; whoever asks meanwhile starts no other."""
SHARING = 30.0
"""Seconds between two looks of a server at data sets that its home alone has, where machines share a database."""
GUARD = 2.0
"""Seconds between two looks of a server at whether a supervisor lives."""
PURGE = 3_600.0
"""Seconds between two looks at what was deleted a day ago."""
THIS_MACHINE = "this machine"
"""The host of runs in a database that no other machine uses; a computer's name can change."""


def host_of(settings: Settings, database: Database) -> str:
    """The name under which this machine claims runs; with the home, since only there is known who of them lives."""
    return f"{socket.gethostname()}:{settings.home}" if database.is_shared else THIS_MACHINE


def ensure(settings: Settings) -> None:
    """Start a supervisor for this home where none lives or is being started; it outlives the caller."""
    mark = process.supervisor_start(settings)
    if process.is_held(process.supervisor_lock(settings)) or _is_fresh(mark):
        return
    mark.touch()
    process.start(process.make_command("worker", "--idle", str(IDLE)), process.supervisor_log(settings), detached=True)


def guard(settings: Settings, ended: Event) -> None:
    """Keep a supervisor alive for as long as any run waits or is at work, or a sweep goes on, until `ended` is set.

    It also lets other machines have data sets that were brought here before, or while the database was away.

    For a thread of a server: a supervisor may be killed while nobody looks at a page. The database stays open from
    look to look, and a look where nothing waits writes nothing.
    """
    while not ended.is_set():
        try:
            with open_database(settings) as database:
                _guard(settings, database, ended)
        except MnistDashError as e:
            # Pages show it to whoever opens one, and a later look may find the database usable again.
            logging.getLogger(__name__).warning("%s", e)
            ended.wait(GUARD)


def _guard(settings: Settings, database: Database, ended: Event) -> None:
    shared = float("-inf")
    while not ended.is_set():
        # Whether it is away, or back, stands in the log already.
        with suppress(UnreachableError):
            if has_runs(database, State.QUEUED, State.RUNNING) or find_active_sweeps(database):
                ensure(settings)
            if time.monotonic() - shared >= SHARING:
                share_own(settings)
                shared = time.monotonic()
        ended.wait(GUARD)


def _is_fresh(mark: Path) -> bool:
    return mark.exists() and 0 <= time.time() - mark.stat().st_mtime < STARTING


def supervise(settings: Settings, database: Database, idle: float = float("inf")) -> bool:
    """Start queued runs until nothing was to do for `idle` seconds; false where another supervisor lives already."""
    lock = process.supervisor_lock(settings)
    while True:
        try:
            # A moment's patience: whoever asks whether a supervisor lives holds the lock while asking.
            with lock.acquire(timeout=1):
                with suppress(UnreachableError):
                    share_own(settings)
                Supervisor(settings, database).work(idle)
        except Timeout:
            return False
        # A run queued while the lock was still held saw a living supervisor, so its own call started none.
        if not runs_of(database, State.QUEUED) and not find_active_sweeps(database, host_of(settings, database)):
            return True


class Supervisor:
    """Has the runs that wait started, and watches them and the sweeps of this machine; the caller holds its lock."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Work for one home and its database."""
        self._settings, self._database = settings, database
        self._host = host_of(settings, database)
        self._engine = open_engine(settings)
        self._sweeps: dict[int, subprocess.Popen[bytes]] = {}
        self._watch, self._next_sign = machines.Watch(self._host), float("-inf")

    def work(self, idle: float) -> None:
        """Tick until nothing was to do, and no run to be expected, for `idle` seconds."""
        busy = due = time.monotonic()
        try:
            while True:
                if time.monotonic() >= due:
                    due = time.monotonic() + PURGE
                    with suppress(UnreachableError):
                        purge(self._settings, self._database)
                if self._look():
                    busy = time.monotonic()
                elif min(time.monotonic() - busy, self._engine.measure_silence()) >= idle:
                    return
                self._database.wait(TICK, SILENCE)
        finally:
            self._engine.end()

    def _look(self) -> bool:
        """Tick, and wait where the database's server is away, as the runs at work do: no death is told meanwhile."""
        try:
            return self.tick()
        except UnreachableError:
            self._watch.forget()
            return self._engine.is_at_work()

    def tick(self) -> bool:
        """Bury the dead, start what is queued; true where anything runs or waits."""
        if self._database.is_shared and time.monotonic() >= self._next_sign:
            self._next_sign = time.monotonic() + machines.BEAT
            self._look_after_machines()
        searched = self._look_after_sweeps()
        held = runs_claimed_by(self._database, self._host)
        living = [run for run in held if not self._bury(run)]
        room = self._engine.count_room(living)
        while room > 0 and self._start_next():
            room -= 1
        self._engine.prepare(living)
        return bool(held or self._engine.is_at_work() or searched)

    def _bury(self, run: Run) -> bool:
        """Record a run's death, or that it was stopped before it began; false where it lives."""
        cause = self._engine.explain_death(run)
        if cause is None and run.stop_requested and self._engine.withdraw(run):
            cause = "It was stopped before it began."
        if cause is not None:
            queue.mark_dead(self._database, run.id, run.attempt, cause, self._engine.read_output(run))
        return cause is not None

    def _look_after_machines(self) -> None:
        """Tell others that this machine is there, and take what those held that are gone."""
        machines.give_sign(self._database, self._host)
        for host in self._watch.find_gone(self._database):
            for run in runs_claimed_by(self._database, host):
                name, minutes = host.partition(":")[0], machines.SILENCE / 60
                cause = f"Its machine ({name}) was not heard of for {minutes:g} minutes."
                queue.mark_dead(self._database, run.id, run.attempt, cause)
            machines.release(self._database, host)

    def _look_after_sweeps(self) -> bool:
        """Start a process for each sweep that goes on without one; true where any goes on."""
        active = find_active_sweeps(self._database, self._host)
        for sweep_id in active:
            child = self._sweeps.get(sweep_id)
            code = child.poll() if child is not None else None
            if (child is not None and code is None) or process.is_held(process.sweep_lock(self._settings, sweep_id)):
                continue
            log = process.sweep_log(self._settings, sweep_id)
            if claim_sweep(self._database, sweep_id, self._host, explain_end(code, read_output(log))):
                self._sweeps[sweep_id] = process.start(process.make_command("run-sweep", str(sweep_id)), log)
        self._sweeps = {i: child for i, child in self._sweeps.items() if i in active or child.poll() is None}
        return bool(active)

    def _start_next(self) -> bool:
        """Have the next queued run started; false where none waits."""
        run = queue.claim(self._database, self._host)
        if run is not None:
            self._engine.start(run)
        return run is not None
