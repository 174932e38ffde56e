"""A real server and a real browser; any console error, server traceback or deprecation warning fails a test."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from mnist_dash.errors import RunError
from mnist_dash.runs import process
from mnist_dash.runs.control import stop
from mnist_dash.runs.queries import runs_of
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.awaiting import LATE, deadline, milliseconds, until
from tests.browser import chromium
from tests.leftovers import end_supervisor, end_workers

ROOT = Path(__file__).resolve().parents[2]
SOCKET = (ROOT / "tests" / "browser" / "socket.js").read_text("utf-8")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PROBE = re.compile(r"/\w+/_stcore/(health|host-config)$")
"""Where a page's link is opened, Streamlit 1.67 looks for its server below the page first; the browser reports 404."""
SLOW = "GL Driver Message"
"""A graphics card that is only simulated is said to be slow; no page can do anything for it."""
FAULTS = re.compile(
    r"^.*(?:Traceback|[Dd]eprecat|will be removed|Uncaught|Exception|was created with a default value).*"
    r"(?:(?:\n[ \t].*)+\n.*)?$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Server:
    """A running app: its address, its process id, its home folder and its log."""

    url: str
    pid: int
    home: Path
    log: Path

    def faults(self) -> list[str]:
        """Lines of the log that no user should ever cause, each with what stands indented below it and its end."""
        return FAULTS.findall(self.log.read_text())


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app that most tests share, in a new home, on real MNIST where MNIST_DASH_DATA names it."""
    with started(tmp_path_factory.mktemp("home")) as server:
        yield server


@contextmanager
def started(home: Path, app: Path = ROOT / "app.py", below: str = "") -> Iterator[Server]:
    """The app, or another script, started as a user starts it; `below` is its path, where it has one."""
    port = free_port()
    log = home / f"server-{port}.log"
    with log.open("wb") as out, pytest.MonkeyPatch.context() as patch:
        patch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", below)
        serving = serve(app, home, port, out)
    try:
        await_health(f"http://localhost:{port}/{below}".rstrip("/"), serving)
        yield Server(f"http://localhost:{port}", serving.pid, home, log)
    finally:
        serving.terminate()
        serving.wait(deadline())
        end_workers(home)


@contextmanager
def stand_ins(server: Server) -> Iterator[Database]:
    """The database of a server, for runs that stand for others: no supervisor lives that would take them."""
    settings = Settings(home=server.home, offline=True)
    end_supervisor(server.home)
    with open_database(settings) as database, process.supervisor_lock(settings).acquire(timeout=deadline()):
        yield database


@contextmanager
def started_alone(home: Path, script: Path) -> Iterator[Server]:
    """A script of the tests with the theme and settings of the app."""
    shutil.copytree(ROOT / ".streamlit", home / ".streamlit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        with started(home, script) as server:
            yield server


def serve(app: Path, home: Path, port: int, log: BinaryIO) -> "subprocess.Popen[bytes]":
    """A server of `app` on this machine alone."""
    # As on a person's machine, where compiled modules are kept from start to start.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    options = ("--server.headless=true", f"--server.port={port}", "--server.address=localhost")
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", app.name, *options],
        cwd=app.parent,
        stdout=log,
        stderr=log,
        env={"MNIST_DASH_SPARE": "0", **environ, "MNIST_DASH_HOME": str(home), "MNIST_DASH_OFFLINE": "1"},
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    path = chromium.find()
    assert path, chromium.HELP
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A new tab at 1440×900; fails afterwards where browser or server complained."""
    complaints: list[str] = []
    with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
        page.on("console", lambda message: complaints.extend(complaints_of(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
    _end_runs(server)
    assert complaints == []
    assert server.faults() == []


@contextmanager
def tab(browser: Browser, url: str, viewport: ViewportSize | None = None, phone: bool = False) -> Iterator[Page]:
    """The tab of a person who waits for as long as the machine needs."""
    expect.set_options(timeout=milliseconds())
    with browser.new_context(base_url=url, viewport=viewport, has_touch=phone, is_mobile=phone) as context:
        context.set_default_timeout(milliseconds())
        latency, pause = os.environ.get(LATE, "0 0").split()
        context.add_init_script(SOCKET.replace("{latency}", latency).replace("{pause}", pause))
        yield context.new_page()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_health(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return as soon as the server answers its health check."""
    until(lambda: _is_healthy(url, process))


def _is_healthy(url: str, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "the server ended at its start"
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=deadline()) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _end_runs(server: Server) -> None:
    """Leave no run behind, so that what failed here makes no later test wait in the queue."""
    with closing(open_database(Settings.from_environment({"MNIST_DASH_HOME": str(server.home)}))) as database:
        for run in runs_of(database, State.QUEUED, State.RUNNING, State.PAUSED):
            with suppress(RunError):  # it may end by itself meanwhile
                stop(database, run.id)


def complaints_of(message: ConsoleMessage) -> list[str]:
    """What a browser complains of in a message; nothing where it is to be expected."""
    url = message.location["url"]
    if message.type not in ("error", "warning") or PROBE.search(url) or SLOW in message.text:
        return []
    return [f"{message.text} ({url})"]
