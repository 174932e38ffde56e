"""Waiting for states: with deadlines that grow with what else the machine has to do, in place of guesses."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TypeVar

import psutil

ENOUGH = 90.0
"""Seconds after which a test gives up on a quiet machine: far more than anything takes there."""
MOST = 8.0
"""A machine that is busier than this is out of order."""
GLANCE = 0.02
LATE = "MNIST_DASH_TESTS_LATE"
"""The variable with the milliseconds by which each message of a page comes late, and between two of them: `100 15`
shows what a test takes for granted that is so on a quick machine alone."""

T = TypeVar("T")


def crowding() -> float:
    """How many times longer than alone a process takes, by how many want each processor: from 1 to MOST."""
    return min(max(1.0, _wanting() / (os.cpu_count() or 1)), MOST)


def _wanting() -> float:
    """How many processes want a processor: in the last minute or, where the system tells, this very moment."""
    average = psutil.getloadavg()[0]
    if sys.platform != "linux":
        return average
    now, _, _ = Path("/proc/loadavg").read_text("ascii").split()[3].partition("/")
    return max(average, float(now))


def deadline() -> float:
    """Seconds that a test waits for a state: waiting costs nothing where it comes early."""
    return ENOUGH * crowding()


def milliseconds() -> float:
    """The deadline as a browser wants it."""
    return 1_000 * deadline()


def until(look: Callable[[], T], seconds: float = ENOUGH) -> T:
    """What `look` gives as soon as it is true; fails after so many `seconds`, more where the machine is crowded."""
    began, pause = time.monotonic(), Event()
    while not (seen := look()):
        waited = time.monotonic() - began
        assert waited < seconds * crowding(), f"nothing after {waited:.1f} s; last seen: {seen!r}"
        pause.wait(GLANCE)
    return seen
