"""Waiting for other processes, with a deadline instead of a guess."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

DEADLINE = 90.0
"""Seconds after which a test gives up: far more than a busy machine needs."""
GLANCE = 0.02

T = TypeVar("T")


def until(look: Callable[[], T], seconds: float = DEADLINE) -> T:
    """What `look` gives as soon as it is true; fails after `seconds`."""
    deadline, pause = time.monotonic() + seconds, Event()
    while not (seen := look()):
        assert time.monotonic() < deadline, f"nothing after {seconds:g} s; last seen: {seen!r}"
        pause.wait(GLANCE)
    return seen
