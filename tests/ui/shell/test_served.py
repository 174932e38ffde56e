"""What the server answers besides Streamlit's own addresses, asked as a browser asks."""

from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import plotly
import pytest
import streamlit as st

from mnist_dash.settings import Settings
from mnist_dash.ui.shell import served
from tests.ui.serving import Ask, serving

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PICTURE = f"digits-{'0' * 24}.png"


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Asks a server that answers our own addresses alone."""
    with serving(served.routes()) as ask:
        yield ask


def _status(answer: HTTPResponse) -> int:
    """Its status, after reading it to its end: the connection is used again."""
    answer.read()
    return answer.status


def test_plotly_js_is_that_of_the_installed_package_and_is_kept_by_the_browser(ask: Ask) -> None:
    answer = ask(f"/{served.plotly_js()}")
    assert (answer.status, answer.read()) == (200, PLOTLY.read_bytes())
    assert plotly.__version__ in served.plotly_js()
    assert "immutable" in answer.headers["Cache-Control"]
    assert "javascript" in answer.headers["Content-Type"]


def test_a_picture_is_served_from_the_home(ask: Ask, settings: Settings) -> None:
    assert _status(ask(f"/served/{PICTURE}")) == 404
    served.folder(settings.home).mkdir(parents=True)
    (served.folder(settings.home) / PICTURE).write_bytes(b"a picture")
    answer = ask(f"/served/{PICTURE}")
    assert (answer.status, answer.read(), answer.headers["Content-Type"]) == (200, b"a picture", "image/png")


@pytest.mark.parametrize(
    "name", ["../mnist-dash.db", "..%2Fmnist-dash.db", "mnist-dash.db", "digits-x.png", f"{PICTURE}.db"]
)
def test_nothing_else_is_served(ask: Ask, settings: Settings, name: str) -> None:
    served.folder(settings.home).mkdir(parents=True)
    for secret in (settings.home / "mnist-dash.db", served.folder(settings.home) / "mnist-dash.db"):
        secret.write_text("runs")
    assert _status(ask(f"/served/{name}")) == 404


def test_addresses_stand_below_the_path_that_a_host_gives_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "/digits/"}.__getitem__)
    assert [route.path for route in served.routes()] == ["/digits/served/{name}"]
