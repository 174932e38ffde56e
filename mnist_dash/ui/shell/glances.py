"""How often pages look again by themselves: more rarely where many people watch.

Python runs one script at a time. What looks by itself must leave room for whoever presses something: two hundred who
watch a run would else ask for several times of what there is.
"""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

SHARE = 0.5
"""The part of the time that all looks may take, one after another; less where whole pages take some."""
REMEMBERED = 20.0
"""Seconds by which it is judged what looks and pages take."""
RAREST = 64
"""How many times as rarely as they would pages look at most."""
_LESS = 0.75
"""The part of what a quicker pace allows that is asked for before it is taken."""
_MOST = 0.2
"""Seconds of a look or a page that count: the first also loads what it is made of, and no person alone is slowed."""


class Glances:
    """How long looks have taken lately, and how rarely pages are to look. Safe for any thread.

    By the clock, not by what they take of a processor: on a machine that others keep busy they get little of one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody has looked yet; `clock` gives seconds."""
        self._looks, self._drawings = _Lately(clock), _Lately(clock)

    def note_look(self, seconds: float, pace: float) -> None:
        """A look that took so many seconds, `pace` times as long after the one before as its page would have it."""
        self._looks.add(min(seconds, _MOST) * pace)

    def note_drawing(self, seconds: float) -> None:
        """A whole page that took so many seconds: no pace makes those rarer."""
        self._drawings.add(min(seconds, _MOST))

    def choose_pace(self, now: int = 1) -> int:
        """How many times as rarely as they would pages are to look: a power of two.

        Whoever looks at the pace `now` keeps it until a quicker one would do easily: pages don't go to and fro.
        """
        left = max(1 - self._drawings.find_share(), 1 / RAREST)
        wanted, pace = self._looks.find_share() / (SHARE * left), 1
        while pace < wanted and pace < RAREST:
            pace *= 2
        return pace if pace > now or wanted < _LESS * now / 2 else now


class _Lately:
    """Seconds that something took in the last REMEMBERED ones. Safe for any thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        # Guards when each was, and its seconds.
        self._lock = Lock()
        self._seconds: deque[tuple[float, float]] = deque()

    def add(self, seconds: float) -> None:
        with self._lock:
            self._forget()
            self._seconds.append((self._clock(), seconds))

    def find_share(self) -> float:
        """How many of these go on at a time, in the mean."""
        with self._lock:
            self._forget()
            return sum(seconds for _, seconds in self._seconds) / REMEMBERED

    def _forget(self) -> None:
        while self._seconds and self._seconds[0][0] < self._clock() - REMEMBERED:
            self._seconds.popleft()
