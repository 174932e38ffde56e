"""How often pages look again by themselves: more rarely where many people watch.

Python runs one script at a time. What looks by itself must leave room for whoever presses something: two hundred who
watch a run would else ask for several times of what there is.
"""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

SHARE = 0.5
"""The part of the time that all looks together may take, one after another."""
REMEMBERED = 20.0
"""Seconds of looks by which it is judged what they take."""
RAREST = 64
"""How many times as rarely as they would pages look at most."""
_LESS = 0.75
"""The part of what a quicker pace allows that is asked for before it is taken."""
_MOST = 0.2
"""Seconds of a look that count: the first one also loads what its page is made of, and no person alone is slowed."""


class Glances:
    """How long looks have taken lately, and how rarely pages are to look. Safe for any thread.

    By the clock, not by what they take of a processor: on a machine that others keep busy they get little of one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody has looked yet; `clock` gives seconds."""
        self._clock = clock
        # Guards the looks: when each was, and the seconds that it stands for.
        self._lock = Lock()
        self._looks: deque[tuple[float, float]] = deque()

    def note(self, seconds: float, pace: int) -> None:
        """A look that took so many seconds, by a page that looks `pace` times as rarely as it would."""
        with self._lock:
            self._looks.append((self._clock(), min(seconds, _MOST) * pace))

    def choose_pace(self, now: int = 1) -> int:
        """How many times as rarely as they would pages are to look: a power of two.

        Whoever looks at the pace `now` keeps it until a quicker one would do easily: pages don't go to and fro.
        """
        wanted, pace = self._measure_need() / SHARE, 1
        while pace < wanted and pace < RAREST:
            pace *= 2
        return pace if pace > now or wanted < _LESS * now / 2 else now

    def _measure_need(self) -> float:
        """How many looks would go on at a time, in the mean, if all pages looked as often as they would."""
        with self._lock:
            while self._looks and self._looks[0][0] < self._clock() - REMEMBERED:
                self._looks.popleft()
            return sum(seconds for _, seconds in self._looks) / REMEMBERED
