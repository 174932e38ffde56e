"""Scripts one after the other: many at once take turns within Python, and each of those turns costs.

Python lets one thread compute at a time. Fifty scripts that begin in the same moment hand that right around every few
milliseconds, and all of them end when the last one does, later than had they stood in line.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock

PLACES = 2
"""Scripts that work at once: while one waits for the disk or a model, another computes."""
LONG = 0.5
"""Seconds after which a script is taken to wait for something, and its place is free for the next one."""


class Turns:
    """Lets scripts work in the order in which they came, PLACES of them at once. Safe for any thread."""

    def __init__(self) -> None:
        """Nobody is at work."""
        # Guards all that follows.
        self._lock = Lock()
        self._waiting: deque[Condition] = deque()
        self._begun: dict[Condition, float] = {}

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._waiting)

    @contextmanager
    def take(self) -> Iterator[None]:
        """Work from when it is this thread's turn to the end of the block."""
        mine = Condition(self._lock)
        with self._lock:
            self._waiting.append(mine)
            try:
                while self._waiting[0] is not mine or (pause := self._until_free()):
                    # Who is not the first in line is told when that changes.
                    mine.wait(pause if self._waiting[0] is mine else None)
                self._begun[mine] = time.monotonic()
            finally:
                self._waiting.remove(mine)
                self._call()
        try:
            yield
        finally:
            with self._lock:
                del self._begun[mine]
                self._call()

    def _call(self) -> None:
        if self._waiting:
            self._waiting[0].notify()

    def _until_free(self) -> float:
        """Seconds until a place is free, if nobody leaves before; 0 where one is."""
        now = time.monotonic()
        left = [begun + LONG - now for begun in self._begun.values() if begun + LONG > now]
        return min(left) if len(left) >= PLACES else 0.0
