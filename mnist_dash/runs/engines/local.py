"""Runs on this machine: a fresh process each, or the one that is kept ready.

A run's process holds the run's lock for as long as it lives, and the system frees it when it dies: so whoever started
it, and however long ago, nobody has to guess who is alive.
"""

import subprocess
import time
from collections.abc import Sequence

from mnist_dash.runs import process
from mnist_dash.runs.deaths import explain_end
from mnist_dash.runs.outputs import read_output
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.spare import CALM, Spare
from mnist_dash.settings import Settings


class LocalEngine:
    """Starts runs here, as many at once as there are slots."""

    def __init__(self, settings: Settings) -> None:
        """Without any."""
        self._settings = settings
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._spare, self._last_start = Spare(settings), float("-inf")

    def start(self, run: Run) -> None:
        """Start it in the process that is kept ready, or a new one."""
        arguments = process.make_command("run", str(run.id), "--attempt", str(run.attempt))
        log = process.run_log(self._settings, run.id)
        self._children[run.id] = self._spare.take(run) or process.start(arguments, log)
        self._last_start = time.monotonic()

    def explain_death(self, run: Run) -> str | None:
        """What its exit status says, where it was started here; None while it lives, whoever started it."""
        child = self._children.get(run.id)
        code = child.poll() if child is not None else None
        # A run that an earlier supervisor or a person started lives here without being a child.
        lives = (child is not None and code is None) or process.is_held(process.run_lock(self._settings, run.id))
        return None if lives else explain_end(code, self.read_output(run))

    def read_output(self, run: Run) -> str:
        """The end of its log."""
        return read_output(process.run_log(self._settings, run.id))

    def withdraw(self, run: Run) -> bool:  # noqa: ARG002 - here every process begins at once
        """False: a process that was started looks itself before anything else."""
        return False

    def count_room(self, living: Sequence[Run]) -> int:
        """The slots that nobody works in."""
        self._children = {i: child for i, child in self._children.items() if child.poll() is None}
        return self._settings.slots - len(self._working(living))

    def prepare(self, living: Sequence[Run]) -> None:
        """Keep a process ready where a run is announced."""
        working = self._working(living)
        free = len(working) < self._settings.slots
        self._spare.look(calm=free and (not working or time.monotonic() - self._last_start >= CALM))

    def is_at_work(self) -> bool:
        """Whether any child lives."""
        return any(child.poll() is None for child in self._children.values())

    def measure_silence(self) -> float:
        """Seconds since a run was announced."""
        return self._spare.measure_silence()

    def end(self) -> None:
        """End the process that is kept ready."""
        self._spare.end()

    def _working(self, living: Sequence[Run]) -> set[int]:
        """The runs that work here now; a paused process waits without working."""
        return ({run.id for run in living} | set(self._children)) - {
            run.id for run in living if run.state is State.PAUSED
        }
