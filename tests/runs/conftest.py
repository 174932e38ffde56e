"""Runs on their way: queued, claimed, with epochs done, paused, ended."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue, steering
from mnist_dash.runs.database import Database, open_database
from mnist_dash.runs.history import run_of
from mnist_dash.runs.journal import Journal
from mnist_dash.runs.records import Batches, Epoch, Figures, Form, Run, State
from mnist_dash.settings import Settings
from tests.awaiting import deadline
from tests.conftest import Python

FIGURES = Figures(0.97, 0.96, 0.98, 1_000)
Take = Callable[[], Run]
Bring = Callable[[str], Run]
OpenedAtOnce = Callable[[int], list[tuple[int, bytes]]]
OPEN = """
import sys
from pathlib import Path
from mnist_dash.runs.database import open_database
from mnist_dash.settings import Settings
print("ready", flush=True)
sys.stdin.readline()
open_database(Settings(home=Path(sys.argv[1]))).close()
"""


def an_epoch(number: int, loss: float = 0.5, accuracy: float | None = 0.8) -> Epoch:
    """Figures of an epoch; `accuracy` is that on held-out images."""
    return Epoch(number, loss, 0.9, None if accuracy is None else 0.6, accuracy, 2.0)


def some_batches(epoch: int, step: int = 0) -> Batches:
    """Two batches of an epoch."""
    return Batches(epoch, step, (2.25, 1.5), (0.25, 0.5), 0.75, 0.001)


@pytest.fixture
def spec() -> RunSpec:
    """A run of five epochs."""
    return RunSpec.of("dense_128", "mnist")


@pytest.fixture
def take(database: Database, spec: RunSpec) -> Take:
    """Claims the next queued run, or a new one, for host `here`."""

    def take() -> Run:
        run = queue.claim(database, "here")
        if run is None:
            queue.submit(database, spec)
            run = queue.claim(database, "here")
        assert run is not None
        return run

    return take


@pytest.fixture
def run(take: Take) -> Run:
    """A claimed run."""
    return take()


@pytest.fixture
def journal(database: Database, run: Run) -> Journal:
    """The journal of the claimed run."""
    return Journal(database, run)


def _pause(database: Database, journal: Journal, run: Run, *, attached: bool) -> None:
    steering.pause(database, run.id)
    journal.pause(attached=attached)


_ON: dict[str, Callable[[Database, Journal, Run], object]] = {
    "running": lambda *_: None,
    "pausing": lambda database, _, run: steering.pause(database, run.id),
    "stopping": lambda database, _, run: steering.stop(database, run.id),
    "paused": lambda database, journal, run: _pause(database, journal, run, attached=True),
    "left": lambda database, journal, run: _pause(database, journal, run, attached=False),
    "interrupted": lambda database, _, run: queue.bury(database, run.id, run.attempt, "Dead."),
    "testing": lambda _, journal, __: journal.stop(),
    "done": lambda _, journal, __: journal.end(State.DONE, {(1, Form.LITERT): b"litert"}, FIGURES),
    "stopped": lambda _, journal, __: journal.end(State.STOPPED, {}, None),
    "failed": lambda _, journal, __: journal.fail("The loss became NaN."),
}
SITUATIONS = ("queued", *_ON)
"""Where a run can stand. All but the first have finished an epoch; a `paused` one has a process, a `left` one none."""


@pytest.fixture
def bring(database: Database, spec: RunSpec) -> Bring:
    """Brings a new run to one of the SITUATIONS."""

    def bring(situation: str) -> Run:
        run = queue.submit(database, spec)
        if situation == "queued":
            return run
        claimed = queue.claim(database, "here", run.id)
        assert claimed is not None
        journal = Journal(database, claimed)
        journal.epoch(an_epoch(1), b"model")
        _ON[situation](database, journal, claimed)
        return run_of(database, run.id)

    return bring


@pytest.fixture
def opened_at_once(settings: Settings, python: Python) -> OpenedAtOnce:
    """Lets so many processes open the database at one moment; the exit status and the last words of each."""

    def opened_at_once(count: int) -> list[tuple[int, bytes]]:
        openers = [python(OPEN, str(settings.home)) for _ in range(count)]
        for opener in openers:
            assert opener.stdout is not None
            assert opener.stdout.readline() == b"ready\n"
        for opener in openers:
            assert opener.stdin is not None
            opener.stdin.write(b"\n")
            opener.stdin.flush()
        said = [opener.communicate(timeout=deadline())[1] for opener in openers]
        return [(opener.returncode, words) for opener, words in zip(openers, said, strict=True)]

    return opened_at_once


@pytest.fixture
def migrated(settings: Settings, path: Path) -> Iterator[Database]:
    """The database of an earlier form at the module's `path`, opened by today's program."""
    assert path.exists()
    with open_database(settings) as database:
        yield database
