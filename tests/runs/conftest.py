"""Runs on their way: queued, claimed, with epochs behind them."""

from collections.abc import Callable

import pytest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.database import Database
from mnist_dash.runs.journal import Journal
from mnist_dash.runs.records import Epoch, Run

Take = Callable[[], Run]


def an_epoch(number: int, loss: float = 0.5) -> Epoch:
    """Figures of an epoch."""
    return Epoch(number, loss, 0.9, 0.6, 0.8, 2.0)


@pytest.fixture
def spec() -> RunSpec:
    """A run of five epochs."""
    return RunSpec.of("dense_128", "mnist")


@pytest.fixture
def take(database: Database, spec: RunSpec) -> Take:
    """Claims the oldest queued run, or a new one, for host `here`."""

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
