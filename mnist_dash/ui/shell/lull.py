"""When nobody asks for anything: the time for what would hold up a visitor."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from mnist_dash.ui.shell.turns import Turns

GLANCE = 0.1
"""Seconds between two looks at whether there is a lull: scripts that told of their end would be held up by it."""


class Lull:
    """Knows how many scripts of visitors are at work, and since when there are none. Safe for any thread."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        # Guards how many are at work, and since when.
        self._lock = Lock()
        self._at_work, self._since = 0, time.monotonic()
        self._turns = Turns()

    @contextmanager
    def interrupt(self) -> Iterator[None]:
        """Somebody asks for something, until the end of the block, which begins when it is this script's turn."""
        self._count(1)
        try:
            with self._turns.take():
                yield
        finally:
            self._count(-1)

    @property
    def latest(self) -> float:
        """When a script began or ended last, by `time.monotonic`."""
        return self._since

    def wait(self, quiet: float, patience: float, ended: Event) -> bool:
        """Wait until nobody has asked for `quiet` seconds, `patience` seconds at most; false where `ended` is set."""
        deadline = time.monotonic() + patience
        while not self._has_lasted(quiet) and time.monotonic() < deadline:
            if ended.wait(GLANCE):
                break
        return not ended.is_set()

    def _has_lasted(self, quiet: float) -> bool:
        with self._lock:
            return not self._at_work and time.monotonic() - self._since >= quiet

    def _count(self, change: int) -> None:
        with self._lock:
            self._at_work, self._since = self._at_work + change, time.monotonic()
