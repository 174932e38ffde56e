"""A process that is kept ready for the next run: it has loaded TensorFlow, and is told which run it is to do.

Loading takes most of the time from the press of a button to the first batch. The spare holds no lock and knows no run
until it reads one from its standard input; it does that run as any other process would and ends. Where whoever started
it dies, its input ends, and so does it.
"""

import subprocess
import time

import psutil

from mnist_dash.runs import process
from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings

EXPECTED = 300.0
"""Seconds after somebody has looked at Train in which a run may be started: so long a spare is kept."""
OLDEST = 1_800.0
"""Seconds after which a spare is replaced, however many runs are announced."""
LARGEST = 1_500_000_000
"""Bytes of memory that a spare may take; it needs half of that."""
ROOM, NARROW = 2_500_000_000, 500_000_000
"""Bytes of memory that are free before a spare is started, which are its own and a run's, and below which it ends."""
CALM = 20.0
"""Seconds that a run at work has for its own start before a spare takes a core from it."""
REST = 60.0
"""Seconds without a spare after one was ended by the system or a fault: the next would fare no better."""


def announce_run(settings: Settings) -> bool:
    """Say that somebody may start a run soon; false where no process is to be kept ready here."""
    # One that is there already has taken its part of the room.
    if not settings.spare or settings.cluster or process.read_free_memory() < ROOM - LARGEST:
        return False
    try:
        process.announced_run(settings).touch()
    except OSError:
        # On a disk that is full no run can be recorded, and the page goes on.
        return False
    return True


class Spare:
    """The spare of a supervisor, if it has one."""

    def __init__(self, settings: Settings) -> None:
        """Without one."""
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._started, self._rest_until = 0.0, float("-inf")

    def measure_silence(self) -> float:
        """Seconds since a run was announced."""
        announced = process.announced_run(self._settings)
        # Where the clock was set back, an announcement of the future is as old as it is far.
        return abs(time.time() - announced.stat().st_mtime) if announced.exists() else float("inf")

    def look(self, *, calm: bool) -> None:
        """Start a spare where a run is announced and the moment is `calm`; end the one that has no place any more."""
        wanted = self._settings.spare and self.measure_silence() < EXPECTED
        if self._process is None:
            if wanted and calm and time.monotonic() >= self._rest_until and process.read_free_memory() >= ROOM:
                self._start()
        elif self._process.poll() is not None or self._is_too_large():
            self.end()
            self._rest_until = time.monotonic() + REST
        elif not wanted or time.monotonic() - self._started > OLDEST:
            self.end()

    def take(self, run: Run) -> "subprocess.Popen[bytes] | None":
        """Give the spare this attempt at a run, also while it still loads; None where there is none that could."""
        # What needs no TensorFlow gets a process without it.
        if not run.spec.has_epochs or self._process is None:
            return None
        spare, self._process = self._process, None
        assert spare.stdin is not None  # noqa: S101 - it was started so
        try:
            with spare.stdin as orders:
                orders.write(f"{run.id} {run.attempt}\n".encode("ascii"))
        except OSError:
            # It died at this very moment, and has not heard of the run.
            _kill(spare)
            return None
        return spare

    def end(self) -> None:
        """End the spare, if there is one; it has begun nothing."""
        if self._process is not None:
            _kill(self._process)
            self._process = None

    def _start(self) -> None:
        log = process.spare_log(self._settings)
        log.parent.mkdir(parents=True, exist_ok=True)
        # What the one before has said belongs to the run that it did.
        log.write_bytes(b"")
        self._process = process.start(process.make_command("spare"), log, told=True)
        self._started = time.monotonic()

    def _is_too_large(self) -> bool:
        assert self._process is not None  # noqa: S101 - it has just been looked at
        try:
            taken = psutil.Process(self._process.pid).memory_info().rss
        except psutil.Error:
            return False
        return taken > LARGEST or process.read_free_memory() < NARROW


def _kill(spare: "subprocess.Popen[bytes]") -> None:
    spare.kill()
    spare.wait()
    if spare.stdin is not None:
        spare.stdin.close()
