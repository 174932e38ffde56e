"""Jobs: commands of this program that a page waits for, each in a process of its own.

What would hold up every other session, or could take all memory, has no place in the process of the web server. A
command that is given `--progress` prints JSON, an object a line: `{"share": 0.4, "text": …}` on its way and
`{"result": {…}}` at its end. It ends with the server: where nobody reads any more, its next line fails. As many are at
work at once as the machine has room for.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from threading import Event, Lock, Thread
from typing import IO, Any, cast

import psutil

from mnist_dash.data.progress import estimate_left
from mnist_dash.runs import process
from mnist_dash.runs.places import Place, Places, count_places

MEMORY = 2_000_000_000
"""Bytes that a job may take; one that grows beyond is ended."""
SECONDS = 1_800.0
GLANCE = 0.25
"""Seconds between two looks at how large a process has grown."""
KEPT = 32
"""Jobs that have ended and are still known: somebody may yet want to hear how."""


class BackgroundCommand:
    """A command at work: how far it is, how it ended, and a way to stop it. Safe to read from any thread."""

    def __init__(
        self, command: Sequence[str], memory: int = MEMORY, seconds: float = SECONDS, places: Places | None = None
    ) -> None:
        """Start `command`, once there is one of the `places` for it, or at once where there are none to wait for.

        It is ended where it takes more than `memory` bytes or longer than `seconds`.
        """
        self._command = list(command)
        self._memory, self._seconds, self._started = memory, seconds, time.monotonic()
        self.share, self.text = 0.0, ""
        self.result: Mapping[str, Any] | None = None
        self.error: str | None = None
        self._ended, self._stopped = Event(), False
        # A file takes whatever a process has to say; a full pipe that nobody reads would stop it.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the thread that reads it last
        self._places = places or Places(1)
        self._place = Place(self._begin)
        self._places.enter(self._place)

    def _begin(self) -> bool:
        self._started = time.monotonic()
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._said,
                env=process.make_environment(),
            )
        except OSError as e:
            self.error = f"Its process cannot be started ({e.strerror or e}). Try again when less is at work."
            self._said.close()
            self._ended.set()
            return False
        Thread(target=self._follow, daemon=True, name="job").start()
        Thread(target=self._guard, daemon=True, name="job-guard").start()
        return True

    @property
    def before(self) -> int:
        """How many others it waits for; 0 once it has begun."""
        return self._places.count_before(self._place)

    @property
    def ended(self) -> bool:
        """Whether there is nothing to wait for any more."""
        return self._ended.is_set()

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped it."""
        return self._stopped

    @property
    def left(self) -> float | None:
        """Seconds that it may still take, None where that cannot be said yet."""
        return estimate_left(time.monotonic() - self._started, self.share)

    def stop(self) -> None:
        """End it; what it had begun to write is gone with it."""
        self._stopped = True
        if self._places.leave_waiting(self._place):
            self._said.close()
            self._ended.set()
        elif self._place.begun and not self.ended:
            self._process.kill()

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it came."""
        return self._ended.wait(seconds)

    def _follow(self) -> None:
        with cast("IO[bytes]", self._process.stdout) as lines, self._said:
            for line in lines:
                self._hear(line)
            status = self._process.wait()
            if not self._stopped and self.error is None and (status or self.result is None):
                self.error = self._last_words(status)
        self._places.leave(self._place)
        self._ended.set()

    def _hear(self, line: bytes) -> None:
        try:
            told = json.loads(line)
        except ValueError:
            # A library that prints to where only figures belong; what matters are the lines that can be read.
            return
        self.share, self.text = told.get("share", self.share), told.get("text", self.text)
        self.result = told.get("result", self.result)

    def _last_words(self, status: int) -> str:
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        if status == 2 and lines:
            return lines[-1].removeprefix("mnist_dash: ")
        return f"The process ended with status {status}: {lines[-1] if lines else 'it said nothing'}. Try again."

    def _guard(self) -> None:
        while not self._ended.wait(GLANCE):
            excess = self._excess()
            if excess:
                self.error = excess
                self._process.kill()
                return

    def _excess(self) -> str | None:
        if time.monotonic() - self._started > self._seconds:
            return f"It took longer than {self._seconds:,.0f} s and was ended. Try it with fewer images."
        try:
            taken = psutil.Process(self._process.pid).memory_info().rss
        except psutil.Error:
            return None
        if taken > self._memory:
            return f"It took more than {self._memory / 1e6:,.0f} MB of memory and was ended. Try it with fewer images."
        return None


class BackgroundCommands:
    """The jobs of all sessions of a server, by what they bring: whoever wants the same waits for the same one."""

    def __init__(self, places: int | None = None) -> None:
        """Nothing was sent for yet; so many are at work at once, by default as many as this machine has room for."""
        self._places = Places(places or count_places(MEMORY))
        # Guards _by_key: two sessions may send for the same thing at the same moment.
        self._lock = Lock()
        self._by_key: dict[str, BackgroundCommand] = {}

    def __len__(self) -> int:
        """How many are known: those at work, the newest, and of the others that ended KEPT at most."""
        return len(self._by_key)

    def find(self, key: str) -> BackgroundCommand | None:
        """The job that was last sent for what `key` names, at work or ended."""
        with self._lock:
            return self._by_key.get(key)

    def send(self, key: str, command: Sequence[str], seconds: float = SECONDS) -> BackgroundCommand:
        """The job that is at work for `key`; where there is none, `command` is started, for so many seconds at most."""
        with self._lock:
            job = self._by_key.get(key)
            if job is None or job.ended or job.stopped:
                self._by_key.pop(key, None)
                # Before the new one begins: it may end at once, and nobody has heard of it yet.
                self._trim()
                job = self._by_key[key] = self.start(command, seconds=seconds)
            return job

    def start(self, command: Sequence[str], memory: int = MEMORY, seconds: float = SECONDS) -> BackgroundCommand:
        """A job that one session alone knows of; it waits for a place as all others do."""
        return BackgroundCommand(command, memory, seconds, self._places)

    def forget(self, key: str, job: BackgroundCommand) -> None:
        """Forget a job that has ended; a newer one for the same key stays."""
        with self._lock:
            if self._by_key.get(key) is job:
                del self._by_key[key]

    def _trim(self) -> None:
        """Forget all ended ones but the youngest; the lock is held."""
        ended = [key for key, job in self._by_key.items() if job.ended]
        for key in ended[: max(0, len(ended) - KEPT)]:
            del self._by_key[key]
