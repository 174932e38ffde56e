"""The one process a machine that takes queued runs and sweeps, and starts a fresh process for each."""

import logging
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from threading import Event

from filelock import Timeout

from mnist_dash.errors import MnistDashError, UnreachableError
from mnist_dash.runs import process, queue
from mnist_dash.runs.queries import has_runs, runs_claimed_by, runs_of
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.spare import CALM, Spare
from mnist_dash.runs.sweep_processes import claim_sweep, find_active_sweeps
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database

TICK = 0.2
"""Seconds between two looks at the queue."""
IDLE = 300.0
"""Seconds without anything to do after which the supervisor ends."""
STARTING = 10.0
"""Seconds in which a supervisor that was started takes its lock; whoever asks meanwhile starts no other."""
GUARD = 2.0
"""Seconds between two looks of a server at whether a supervisor lives."""
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
    while not ended.is_set():
        # Whether it is away, or back, stands in the log already.
        with suppress(UnreachableError):
            if has_runs(database, State.QUEUED, State.RUNNING) or find_active_sweeps(database):
                ensure(settings)
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
                Supervisor(settings, database).work(idle)
        except Timeout:
            return False
        # A run queued while the lock was still held saw a living supervisor, so its own call started none.
        if not runs_of(database, State.QUEUED) and not find_active_sweeps(database, host_of(settings, database)):
            return True


class Supervisor:
    """Starts and watches the runs and sweeps of this machine; the caller holds the supervisor's lock."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Work for one home and its database."""
        self._settings, self._database = settings, database
        self._host = host_of(settings, database)
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._sweeps: dict[int, subprocess.Popen[bytes]] = {}
        self._spare, self._last_start = Spare(settings), float("-inf")

    def work(self, idle: float) -> None:
        """Tick until nothing was to do, and no run to be expected, for `idle` seconds."""
        busy = time.monotonic()
        try:
            while True:
                if self._look():
                    busy = time.monotonic()
                elif min(time.monotonic() - busy, self._spare.measure_silence()) >= idle:
                    return
                time.sleep(TICK)
        finally:
            self._spare.end()

    def _look(self) -> bool:
        """Tick, and wait where the database's server is away, as the runs at work do: no death is told meanwhile."""
        try:
            return self.tick()
        except UnreachableError:
            return any(child.poll() is None for child in self._children.values())

    def tick(self) -> bool:
        """Bury the dead, start what is queued; true where anything runs or waits."""
        searched = self._look_after_sweeps()
        held = runs_claimed_by(self._database, self._host)
        # A run that an earlier supervisor or a person started lives here without being a child.
        living = {run.id for run in held if self._lives(run)}
        for run in held:
            if run.id not in living:
                cause = _explain_death(self._children.get(run.id), process.run_log(self._settings, run.id))
                queue.mark_dead(self._database, run.id, run.attempt, cause)
        self._children = {i: child for i, child in self._children.items() if child.poll() is None}
        # A paused process waits without working.
        working = (living | set(self._children)) - {run.id for run in held if run.state is State.PAUSED}
        while len(working) < self._settings.slots and (started := self._start_next()) is not None:
            working.add(started)
        free = len(working) < self._settings.slots
        self._spare.look(calm=free and (not working or time.monotonic() - self._last_start >= CALM))
        return bool(held or self._children or searched)

    def _look_after_sweeps(self) -> bool:
        """Start a process for each sweep that goes on without one; true where any goes on."""
        active = find_active_sweeps(self._database, self._host)
        for sweep_id in active:
            child = self._sweeps.get(sweep_id)
            lives = child is not None and child.poll() is None
            if lives or process.is_held(process.sweep_lock(self._settings, sweep_id)):
                continue
            log = process.sweep_log(self._settings, sweep_id)
            if claim_sweep(self._database, sweep_id, self._host, _explain_death(child, log)):
                self._sweeps[sweep_id] = process.start(process.make_command("run-sweep", str(sweep_id)), log)
        self._sweeps = {i: child for i, child in self._sweeps.items() if i in active or child.poll() is None}
        return bool(active)

    def _start_next(self) -> int | None:
        """Start the next queued run in the process that is kept ready or a new one; its number, None without any."""
        run = queue.claim(self._database, self._host)
        if run is None:
            return None
        arguments = process.make_command("run", str(run.id), "--attempt", str(run.attempt))
        log = process.run_log(self._settings, run.id)
        self._children[run.id] = self._spare.take(run) or process.start(arguments, log)
        self._last_start = time.monotonic()
        return run.id

    def _lives(self, run: Run) -> bool:
        child = self._children.get(run.id)
        if child is not None and child.poll() is None:
            return True
        return process.is_held(process.run_lock(self._settings, run.id))


def _explain_death(child: "subprocess.Popen[bytes] | None", log: Path) -> str:
    """What is known of the end of a process, None where it was no child, which wrote into that file."""
    code = child.poll() if child is not None else None
    said = _last_line(log) if code and code > 0 else ""
    return f"Its process {_ending(code)}{said}."


def _ending(code: int | None) -> str:
    if code is None:
        return "died while nobody watched"
    if code in (-9, 137):
        return "was killed (by a person, or by the system when memory ran out)"
    return f"was ended by signal {-code}" if code < 0 else f"ended with exit status {code}"


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    said = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f"; its last line was “{said[:200]}”" if said else ""
