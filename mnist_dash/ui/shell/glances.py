"""Parts of pages that look again by themselves: more rarely where many people watch.

Python runs one script at a time. What looks by itself must leave room for whoever presses something: two hundred who
watch a run would else ask for several times of what there is.
"""

import time
from collections import deque
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec

import streamlit as st

from mnist_dash.ui.shell import resources

SHARE = 0.5
"""The part of one processor's time that all looks together may take."""
REMEMBERED = 20.0
"""Seconds of looks by which it is judged what they take."""
RAREST = 64
"""How many times as rarely as they would pages look at most."""
_MOST = 0.25
"""Seconds of a look that count: the first one of a page also loads what the page is made of."""
P = ParamSpec("P")


class Glances:
    """What looks have taken of the processor lately, and how rarely pages are to look. Safe for any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody has looked yet; `clock` gives seconds."""
        self._clock = clock
        # Guards the looks: when each was, and the seconds that it stands for.
        self._lock = Lock()
        self._looks: deque[tuple[float, float]] = deque()

    def note(self, seconds: float, pace: int) -> None:
        """A look that took so many seconds of the processor, by a page that is `pace` times as rare as it would be."""
        with self._lock:
            self._looks.append((self._clock(), min(seconds, _MOST) * pace))

    def choose_pace(self, now: int = 1) -> int:
        """How many times as rarely as they would pages are to look: a power of two.

        Whoever looks at the pace `now` keeps it until a quicker one would do by far: pages don't go to and fro.
        """
        wanted, pace = self._measure_wish() / SHARE, 1
        while pace < wanted and pace < RAREST:
            pace *= 2
        return pace if pace > now or wanted < now / 4 else now

    def _measure_wish(self) -> float:
        """How many processors would be busy with looks if all pages looked as often as they would."""
        with self._lock:
            while self._looks and self._looks[0][0] < self._clock() - REMEMBERED:
                self._looks.popleft()
            return sum(seconds for _, seconds in self._looks) / REMEMBERED


def look_again(seconds: float | None) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A part of the page that is drawn anew every so many seconds, if any, and more rarely where many people watch.

    It says so then, and the page is drawn once more when that changes.
    """
    glances = resources.glances()
    pace = 1 if seconds is None else glances.choose_pace()

    def decorate(show: Callable[P, None]) -> Callable[P, None]:
        shown = 0

        @st.fragment(run_every=None if seconds is None else seconds * pace)
        @wraps(show)
        def look(*args: P.args, **kwargs: P.kwargs) -> None:
            nonlocal shown
            shown += 1
            begun = time.thread_time()
            try:
                show(*args, **kwargs)
            finally:
                if seconds is not None:
                    glances.note(time.thread_time() - begun, pace)
            if seconds is None:
                return
            if pace > 1:
                st.caption(f":material/groups: Many people watch now: this looks again every {seconds * pace:.0f} s.")
            # Not while the page is drawn: what it is drawn with stands above.
            if shown > 1 and glances.choose_pace(pace) != pace:
                st.rerun()

        return look

    return decorate
