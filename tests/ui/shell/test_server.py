"""The server looks after its runs from its start, without anybody's visit."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.records import State
from mnist_dash.runs.supervisor import THIS_MACHINE
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.awaiting import until
from tests.browser.conftest import Server, started

pytestmark = pytest.mark.slow


@contextmanager
def unvisited(settings: Settings) -> Iterator[Server]:
    """A server that nobody visits; it has nothing to complain about."""
    with started(settings.home) as server:
        yield server
        assert server.faults() == []


def test_a_run_that_waits_is_done_though_nobody_visits(with_data: Settings, database: Database, spec: RunSpec) -> None:
    run = queue.submit(database, spec)
    with unvisited(with_data) as server:
        until(lambda: run_of(database, run.id).state is State.DONE)
        libraries = {entry.path for entry in psutil.Process(server.pid).memory_maps()}
    assert not [library for library in libraries if "/tensorflow/" in library]


def test_a_run_that_was_at_work_when_the_power_went_is_done_though_nobody_visits(
    with_data: Settings, database: Database, spec: RunSpec
) -> None:
    run = queue.submit(database, spec)
    assert queue.claim(database, THIS_MACHINE)
    with unvisited(with_data):
        until(lambda: run_of(database, run.id).state is State.DONE)
    assert run_of(database, run.id).attempt == 2


def test_what_the_first_visitor_would_wait_for_is_loaded_when_nobody_asks(with_data: Settings) -> None:
    with_data.home.mkdir()
    with unvisited(with_data) as server:
        process = psutil.Process(server.pid)
        until(lambda: any("ai_edge_litert" in entry.path for entry in process.memory_maps()))
    # Where no run waits, no supervisor is started.
    assert not (with_data.home / "locks").exists()
