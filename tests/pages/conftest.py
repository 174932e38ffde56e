"""Pages as scripts in a server of their own, without a browser, and runs in every state for them to show."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue, supervisor
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Epoch, Run, RunScore, State
from mnist_dash.settings import Settings
from mnist_dash.sketch.sheet import Sheet
from mnist_dash.store.database import Database
from mnist_dash.ui.shell.drawing import DrawnSketch
from tests.awaiting import deadline
from tests.drawn import Points, drawing

ROOT = Path(__file__).resolve().parents[2]

Open = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def components_found_once() -> Iterator[None]:
    """At every run of a script AppTest reads what all installed packages say of themselves: most of a test's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests look at pages, not at processes: nothing is started."""
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)


@pytest.fixture
def opened(with_data: Settings) -> Iterator[Open]:
    """Opens a page in a new session of a new server; `query` are the parameters of its link."""
    st.cache_resource.clear()

    def opened(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=deadline())
        app.switch_page(f"pages/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    assert with_data.data
    yield opened
    st.cache_resource.clear()


@pytest.fixture
def finished(database: Database) -> Run:
    """A run that is done, with an accuracy of 91 %."""
    run = queue.submit(database, RunSpec.of("random", "mnist"))
    claimed = queue.claim(database, supervisor.THIS_MACHINE)
    assert claimed
    recorder = RunRecorder(database, claimed)
    recorder.begin(450, 8)
    recorder.end(State.DONE, {}, RunScore(0.91, 0.88, 0.93, 200))
    return run_of(database, run.id)


@pytest.fixture
def running(database: Database) -> Run:
    """A run of four epochs in its second, with 84.56 % of its validation images right."""
    queue.submit(database, RunSpec.of("dense_128", "mnist", epochs=4))
    run = queue.claim(database, supervisor.THIS_MACHINE)
    assert run
    recorder = RunRecorder(database, run)
    recorder.begin(450, 8)
    recorder.epoch(Epoch(1, 0.5, 0.8123, 0.4, 0.8456, 1.0), b"checkpoint")
    recorder.phase("training")
    return run_of(database, run.id)


def put(app: AppTest, *strokes: Points) -> AppTest:
    """Put a drawing on the canvas of the page, and have it read."""
    app.session_state["sketch"] = DrawnSketch(Sheet().draw(drawing(*strokes)))
    return app.run()
