"""How quick this machine is: by runs of some length, and before there are any by some batches of its own.

Where several machines share a database, the runs of all of them count.
"""

from contextlib import suppress

from mnist_dash.files import whole
from mnist_dash.runs import process
from mnist_dash.runs.estimate import measure_pace
from mnist_dash.runs.finding import find_newest
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.words import duration

_SLOWEST = 1_000.0
"""A machine that is slower, or as much quicker, was not measured but has made a mistake."""


def find_pace(settings: Settings, database: Database) -> float | None:
    """How much longer than calculated runs take on this machine; None where nothing was timed on it yet."""
    return measure_pace(find_newest(database)) or read_first_pace(settings)


def describe_duration(seconds: float, pace: float | None) -> str:
    """In words how long something is estimated to take, and whether that is not of this machine yet."""
    return duration(seconds) if pace else f"{duration(seconds)} (not timed yet)"


def note_first_pace(settings: Settings, pace: float | None) -> None:
    """Remember how quick this machine was when a process got ready, or that it could not be told.

    On a disk that is full, what was there stays.
    """
    with suppress(OSError), whole(process.first_pace(settings)) as file:
        file.write(repr(pace).encode("ascii"))


def awaits_first_pace(settings: Settings) -> bool:
    """Whether no process has got ready here yet."""
    return not process.first_pace(settings).exists()


def read_first_pace(settings: Settings) -> float | None:
    """What was noted last; None where there is nothing that could be a pace."""
    try:
        pace = float(process.first_pace(settings).read_text("ascii"))
    except (OSError, ValueError):
        return None
    return pace if 1 / _SLOWEST <= pace <= _SLOWEST else None
