"""The built wheel, installed where nothing else of this project is, and its command called from an empty folder."""

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect

from mnist_dash import VERSION
from tests.awaiting import deadline
from tests.browser.conftest import FAULTS, ROOT, await_health, free_port
from tests.leftovers import end_workers

pytestmark = pytest.mark.slow

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
IN_THE_WAY = 'raise ImportError("a file of the folder that the program was called in")\n'
"""No module of the program's may be taken from there."""
OTHERS = '[server]\naddress = "0.0.0.0"\n\n[theme]\nbase = "dark"\n\n[theme.light]\nbackgroundColor = "#ff0000"\n'
"""Settings of another app, in the folder that the program is called in."""


@dataclass(frozen=True, slots=True)
class Place:
    """An installed program, and a person who has `data` alone; `folder` is where it is called, `home` is yet to be."""

    program: Path
    site: Path
    folder: Path
    user: Path
    home: Path
    data: Path

    @property
    def environ(self) -> dict[str, str]:
        """What a process of this person inherits; nothing leads to the checkout."""
        named = {"HOME": str(self.user), "USERPROFILE": str(self.user), "MNIST_DASH_HOME": str(self.home)}
        data = {"MNIST_DASH_DATA": str(self.data), "MNIST_DASH_OFFLINE": "1"}
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT", "TEMP") if name in os.environ}
        return {**kept, **named, **data}

    def call(self, *arguments: str) -> str:
        """What the program prints."""
        done = subprocess.run(
            [self.program, *arguments],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=2 * deadline(),
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that `pip install .` builds."""
    folder = tmp_path_factory.mktemp("wheel")
    # The backend is at hand (requirements-dev.txt): no package index is needed.
    subprocess.run([*PIP, "wheel", ROOT, "--no-deps", "--no-build-isolation", "--wheel-dir", folder], check=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The command and the libraries of an environment with the wheel, and with this one's libraries: no download."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=os.name == "posix")
    where = {name: str(folder) for name in ("base", "platbase", "installed_base", "installed_platbase")}
    site, scripts = (Path(sysconfig.get_path(name, "venv", where)) for name in ("purelib", "scripts"))
    libraries = sysconfig.get_path("purelib")
    (site / "libraries.pth").write_text(f"import site; site.addsitedir({libraries!r})\n")
    subprocess.run(
        [*PIP, "--python", next(scripts.glob("python*")), "install", "--no-deps", "--no-index", wheel], check=True
    )
    return next(scripts.glob("mnist-dash*")), site


@pytest.fixture
def place(installed: tuple[Path, Path], small_file: Path, tmp_path: Path) -> Iterator[Place]:
    """Somebody new in front of it, with all that was written ended and looked at in the end."""
    folder, user, home = (tmp_path / name for name in ("folder", "user", "home"))
    place = Place(*installed, folder, user, home, small_file)
    place.folder.mkdir()
    place.user.mkdir()
    for name in ("statistics.py", "mnist_dash.py", "streamlit.py"):
        (place.folder / name).write_text(IN_THE_WAY)
    before = _files(place)
    yield place
    end_workers(place.home)
    assert _files(place) == before


def _files(place: Place) -> dict[Path, int]:
    """All that may not change, with the time of its last change."""
    folders = (place.site, place.folder, place.user)
    return {path: path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*") if path.is_file()}


def test_the_wheel_holds_what_the_app_needs_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {"mnist_dash", f"mnist_dash-{VERSION}.dist-info"}
    pages = {f"mnist_dash/app/pages/{path.name}" for path in ROOT.glob("pages/*.py")}
    assert {"mnist_dash/app/app.py", "mnist_dash/app/.streamlit/config.toml", *pages} <= set(names)
    sources = {path for path in (ROOT / "mnist_dash").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {path.relative_to(ROOT).as_posix() for path in sources} <= set(names)


def test_the_wheel_asks_for_what_was_tested(wheel: Path) -> None:
    package = zipfile.ZipFile(wheel)
    metadata = BytesParser().parsebytes(package.read(f"mnist_dash-{VERSION}.dist-info/METADATA"))
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    asked = {line.lower() for line in lines if line and not line.startswith("#")}
    assert metadata["Version"] == VERSION
    lines = (ROOT / "requirements-cluster.txt").read_text("utf-8").splitlines()
    several = {f"{line}; extra == 'cluster'" for line in lines if line and not line.startswith("#")}
    assert len(several) > 1
    assert {line.lower() for line in metadata.get_all("Requires-Dist", [])} == asked | several


def test_every_command_works_from_any_folder(place: Place) -> None:
    assert json.loads(place.call("data", "--json"))["train"] == 500
    assert place.call("runs", "--json") == ""
    assert "usage: mnist-dash" in place.call("--help")


def test_a_run_is_done_by_processes_of_the_installed_program(place: Place) -> None:
    assert "done" in place.call("train", "random")
    (run,) = map(json.loads, place.call("runs", "--json").splitlines())
    assert (run["method"], run["state"]) == ("random", "done")
    # In a folder whose files stand in the way of the libraries, so the processes take nothing from there.
    assert (place.home / "logs" / "supervisor.log").read_text("utf-8") == ""


@contextmanager
def _serving(place: Place, *arguments: str, **environ: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """The program as a server: its process and its log."""
    log = place.home.with_name("server.log")
    with log.open("wb") as out:
        command = [str(place.program), *arguments]
        environment = {**place.environ, "STREAMLIT_SERVER_HEADLESS": "true", **environ}
        process = subprocess.Popen(command, cwd=place.folder, env=environment, stdout=out, stderr=out)
    try:
        yield process, log
    finally:
        process.terminate()
        process.wait(deadline())


@pytest.mark.browser
def test_the_command_alone_serves_the_app_as_it_looks_and_as_safe_as_in_a_checkout(
    place: Place, browser: Browser
) -> None:
    (place.folder / ".streamlit").mkdir()
    (place.folder / ".streamlit" / "config.toml").write_text(OTHERS)
    port = free_port()
    with _serving(place, STREAMLIT_SERVER_PORT=str(port)) as (server, log):
        await_health(f"http://localhost:{port}", server)
        addresses = {end.laddr.ip for end in psutil.Process(server.pid).net_connections() if end.status == "LISTEN"}
        assert addresses <= {"127.0.0.1", "::1"}
        context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(f"http://localhost:{port}/")
        expect(page.get_by_role("heading", name="MNIST Dash")).to_be_visible()
        theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]["light"]
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", _rgb(theme["backgroundColor"]))
        # Drawn by plotly.js, which comes from plotly's own package.
        expect(page.locator(".mnist-dash-chart svg.main-svg").first).to_be_visible()
        page.get_by_role("link", name="Explore the data").click()
        expect(page.get_by_role("heading", name="Explore", exact=True)).to_be_visible()
        context.close()
        assert complaints == []
        assert FAULTS.findall(log.read_text("utf-8")) == []
    (place.folder / ".streamlit" / "config.toml").unlink()


def test_a_port_can_be_named(place: Place) -> None:
    port = free_port()
    with _serving(place, "app", "--port", str(port)) as (server, _):
        await_health(f"http://localhost:{port}", server)


def _rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*bytes.fromhex(colour.removeprefix("#")))
