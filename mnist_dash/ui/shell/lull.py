"""When nobody asks for anything: the time for what would hold up a visitor."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Event

from mnist_dash.ui.shell.turns import Turns

GLANCE = 0.1
"""Seconds between two looks at whether what waits for a lull is still wanted."""


class Lull:
    """Knows how many scripts of visitors are at work, and since when there are none. Safe for any thread."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        # Guards all that follows.
        self._changed = Condition()
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
        with self._changed:
            while not ended.is_set() and time.monotonic() < deadline and not self._has_lasted(quiet):
                self._changed.wait(GLANCE)
        return not ended.is_set()

    def _has_lasted(self, quiet: float) -> bool:
        return not self._at_work and time.monotonic() - self._since >= quiet

    def _count(self, change: int) -> None:
        with self._changed:
            self._at_work, self._since = self._at_work + change, time.monotonic()
            self._changed.notify_all()
