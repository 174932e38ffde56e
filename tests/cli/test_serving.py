"""What `app` takes; that it serves, tests/browser/test_package.py shows."""

import runpy
import sys

import pytest

from mnist_dash.place import APP
from tests.cli.conftest import Ask


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines that Streamlit was handed, in place of servers."""
    found: list[list[str]] = []
    monkeypatch.setattr(sys, "argv", ["mnist-dash"])
    monkeypatch.setattr(runpy, "run_module", lambda *_, **__: found.append(sys.argv))
    return found


@pytest.mark.parametrize("arguments", [(), ("app",)])
def test_no_command_is_the_app(ask: Ask, served: list[list[str]], arguments: tuple[str, ...]) -> None:
    assert ask(*arguments).status == 0
    assert served == [["streamlit", "run", str(APP / "app.py")]]


def test_a_port_is_handed_on(ask: Ask, served: list[list[str]]) -> None:
    ask("app", "--port", "8600")
    assert served[0][-2:] == ["--server.port", "8600"]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80.5"])
def test_what_is_no_port_is_refused(ask: Ask, served: list[list[str]], port: str) -> None:
    assert "allowed is a whole number from 1 to 65535" in ask("app", f"--port={port}").refusal
    assert served == []
