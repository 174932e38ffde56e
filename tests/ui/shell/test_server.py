"""The server looks after its runs from its start, without anybody's visit."""

import logging
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Semaphore, Thread
from typing import NoReturn

import psutil
import pytest
from starlette.websockets import WebSocket

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.records import State
from mnist_dash.runs.supervisor import THIS_MACHINE
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.shell.lull import Lull
from mnist_dash.ui.shell.server import collect, is_worth_telling
from tests.awaiting import deadline, until
from tests.browser.conftest import ROOT, Server, started

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


def test_a_browser_that_has_gone_is_no_fault_and_all_else_is() -> None:
    gone = WebSocket({"type": "websocket", "headers": []}, receive=_never, send=_never)
    # Driven by hand: browser tests of the same process leave an event loop at work.
    with pytest.raises(RuntimeError) as raised:
        gone.receive_bytes().send(None)
    for error, told in ((raised.value, False), (RuntimeError("broken"), True)):
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "", (), (type(error), error, None))
        assert is_worth_telling(record) is told
    assert is_worth_telling(logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "in words", (), None))


def test_garbage_is_collected_once_visitors_have_gone_and_not_again_until_others_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lull, ended, collected = Lull(), Event(), Semaphore(0)
    monkeypatch.setattr("mnist_dash.ui.shell.server.QUIET", 0.0)
    monkeypatch.setattr("gc.collect", collected.release)
    collector = Thread(target=collect, args=(lull, ended, 0.01), daemon=True)
    with lull.interrupt():
        collector.start()
        assert not collected.acquire(timeout=0.2)
    assert collected.acquire(timeout=deadline())
    assert not collected.acquire(timeout=0.2)
    with lull.interrupt():
        pass
    assert collected.acquire(timeout=deadline())
    ended.set()
    collector.join(deadline())
    assert not collector.is_alive()


def test_streamlit_collects_no_garbage_after_every_script() -> None:
    assert tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["runner"]["postScriptGC"] is False


async def _never(*_message: object) -> NoReturn:
    raise AssertionError


def test_what_the_first_visitor_would_wait_for_is_loaded_when_nobody_asks(with_data: Settings) -> None:
    with_data.home.mkdir()
    with unvisited(with_data) as server:
        process = psutil.Process(server.pid)
        until(lambda: any("ai_edge_litert" in entry.path for entry in process.memory_maps()))
    # Where no run waits, no supervisor is started.
    assert not (with_data.home / "locks").exists()
