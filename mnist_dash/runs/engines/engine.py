"""What starts the process of a run, knows how it ended, and has room for the next."""

from collections.abc import Sequence
from typing import Protocol

from mnist_dash.runs.records import Run


class Engine(Protocol):
    """The one thing that a supervisor asks to have runs done; each belongs to one supervisor.

    An engine holds no truth about runs: that stands in the database, in which each attempt has its number. Every write
    of a run's process checks that number, so that one that was believed dead and is not can change nothing.

    None of it raises because an engine cannot be asked now: then nothing is known of any run, so that nobody is dead,
    and there is room for none. An engine that is not of this machine says so where pages read it (`cluster.py`).
    """

    def start(self, run: Run) -> None:
        """Start the process of a claimed attempt; one that has been started already is started no second time."""
        ...

    def explain_death(self, run: Run) -> str | None:
        """How the process of a claimed attempt came to its end, as a sentence; None while it lives or may begin yet."""
        ...

    def read_output(self, run: Run) -> str:
        """The last lines that the process of an attempt printed before it ended; empty where nobody can tell."""
        ...

    def withdraw(self, run: Run) -> bool:
        """Let an attempt never begin, which still waits for its place; false where it has begun, and looks itself."""
        ...

    def count_room(self, living: Sequence[Run]) -> int:
        """How many runs may be started now, beside these that live."""
        ...

    def prepare(self, living: Sequence[Run]) -> None:
        """Make ready for the next run, after a look at these that live."""
        ...

    def is_at_work(self) -> bool:
        """Whether any process lives that was started here, as far as is known without asking anybody."""
        ...

    def measure_silence(self) -> float:
        """Seconds since somebody was last expected to start a run."""
        ...

    def end(self) -> None:
        """Let go of what was made ready; runs at work go on."""
        ...
