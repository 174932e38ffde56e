"""Places for processes beside the runs: as many are at work at once as the machine has room for, the others wait."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from mnist_dash.runs import process


def count_places(memory: int) -> int:
    """How many processes of so many bytes each may be at work at once: one a core, and half the memory for all."""
    return max(1, min(os.cpu_count() or 1, process.read_memory() // (2 * memory)))


@dataclass(eq=False, slots=True)
class Place:
    """One that waits to `begin`, or has begun; `begin` says whether there is anything to wait for now."""

    begin: Callable[[], bool]
    begun: bool = False


@dataclass(slots=True)
class Places:
    """A queue before so many places: whoever came first begins first. Safe to use from any thread."""

    count: int
    _queue: list[Place] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def enter(self, place: Place) -> None:
        """Begin at once where there is room, else when those before have left."""
        with self._lock:
            self._queue.append(place)
            self._move_up()

    def leave(self, place: Place) -> None:
        """Give a place back: whoever has waited longest begins."""
        with self._lock:
            self._queue.remove(place)
            self._move_up()

    def leave_waiting(self, place: Place) -> bool:
        """Wait no more; false where it has begun, or has left before."""
        with self._lock:
            waits = place in self._queue and not place.begun
            if waits:
                self._queue.remove(place)
            return waits

    def count_before(self, place: Place) -> int:
        """How many are at work or wait before one that has not begun."""
        with self._lock:
            return self._queue.index(place) if place in self._queue and not place.begun else 0

    def _move_up(self) -> None:
        at = 0
        while at < min(self.count, len(self._queue)):
            place = self._queue[at]
            if not place.begun:
                place.begun = True
                if not place.begin():
                    del self._queue[at]
                    continue
            at += 1
