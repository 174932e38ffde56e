"""What every test stands on: a home of its own, no network, small digits, and processes that end with their test."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import psutil
import pytest
from xdist.remote import Producer

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.generator.parameters import Handwriting
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import read_bundled_file
from mnist_dash.runs import process, supervisor
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests import postgres, together
from tests.awaiting import LATE, deadline
from tests.data.samples import write_npz
from tests.leftovers import Session, end_workers

hypothesis.settings.register_profile("unhurried", deadline=None)
# That a busy machine takes its time is no fault of what is tested.
hypothesis.settings.load_profile("unhurried")

DATA = os.environ.get("MNIST_DASH_DATA")
"""Where the person who runs the tests has MNIST; no test sees the variable itself."""

Commands = Callable[..., "subprocess.CompletedProcess[str]"]
Python = Callable[..., "subprocess.Popen[bytes]"]
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in order, and mark the slow ones before any is chosen by its mark."""
    together.arrange(items)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no slow room where only fast tests are asked for."""
    return (together.is_slow_room(collection_path) and config.option.markexpr == "not slow") or None


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> together.Together:
    """Let what belongs together run in one process."""
    return together.Together(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines which data the tests ran on."""
    data = f"MNIST from {Path(DATA).resolve()}" if DATA else "generated digits (MNIST_DASH_DATA names no MNIST)"
    terminalreporter.write_line(f"Data: {data}")


@pytest.fixture(scope="session", autouse=True)
def tidy() -> Iterator[None]:
    """Fails where the tests left something behind: the first fixture to begin is the last to end."""
    session = Session.begin()
    yield
    assert session.leftovers() == []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let what is marked run on the databases that it is marked for, each time with an empty one."""
    marked = [mark for mark in _DATABASES if metafunc.definition.get_closest_marker(mark)]
    if marked and "settings" in metafunc.fixturenames:
        metafunc.parametrize("database_url", _DATABASES[marked[-1]], indirect=True)


_ON_A_SERVER = pytest.param(
    "postgresql", marks=[pytest.mark.skipif(bool(postgres.REASON), reason=postgres.REASON or ""), pytest.mark.slow]
)
_DATABASES: Mapping[str, list[Any]] = {
    "both_databases": ["sqlite", _ON_A_SERVER],
    "on_postgresql": [_ON_A_SERVER],
    "on_sqlite": ["sqlite"],
}
"""By mark, what a test runs on; the last that a test or its module has counts."""


@pytest.fixture(scope="session")
def database_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server of the tests' own; skips where it is not installed."""
    programs = postgres.find_programs()
    if postgres.REASON or programs is None:
        pytest.skip(postgres.REASON or "")
    server = postgres.Server(programs)
    yield server
    server.close()


@pytest.fixture
def away(database_server: postgres.Server) -> Iterator[postgres.Server]:
    """The server, to be stopped by the test; it runs again after it."""
    yield database_server
    if not database_server.is_running:
        database_server.start()


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str | None:
    """Where the database of a test stands: None for SQLite's file in the home, else the URL of an empty one."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return None
    found: postgres.Server = request.getfixturevalue("database_server")
    return found.make_room()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str | None) -> None:
    """No test touches the person's own home, data or network."""
    for name in [name for name in os.environ if name.startswith(("MNIST_DASH_", "PG")) and name != LATE]:
        monkeypatch.delenv(name)
    if database_url:
        monkeypatch.setenv("MNIST_DASH_DB", database_url)
    monkeypatch.setenv("MNIST_DASH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MNIST_DASH_OFFLINE", "1")
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "2")
    # Hundreds of tests look at Train, and few of them wait for a run: a spare each would take the cores of the others.
    monkeypatch.setenv("MNIST_DASH_SPARE", "0")


@pytest.fixture
def spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process is kept ready for runs, as it is for people."""
    monkeypatch.setenv("MNIST_DASH_SPARE", "1")


@pytest.fixture
def settings(tmp_path: Path, database_url: str | None) -> Settings:
    """The settings of the environment: an empty home, offline, no data."""
    return Settings(home=tmp_path / "home", offline=True, db=database_url)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """A new database in the test's home."""
    database = open_database(settings)
    yield database
    database.close()


@pytest.fixture(scope="session")
def small() -> Digits:
    """500 digits of the generator."""
    return generate(500, 0)


@pytest.fixture(scope="session")
def calm() -> Digits:
    """500 digits of writers who differ little, so that digits of a kind are alike."""
    return generate(500, 0, handwriting=Handwriting(difference=0.5, variation=0.5, gaps=0.0))


@pytest.fixture(scope="session")
def small_file(small: Digits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An NPZ file with 500 training and 200 test digits, which stands for MNIST."""
    path = tmp_path_factory.mktemp("data") / "mnist.npz"
    write_npz(path, small, generate(200, 1))
    return path


@pytest.fixture
def with_data(small_file: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of an environment in which a small file stands for MNIST."""
    monkeypatch.setenv("MNIST_DASH_DATA", str(small_file))
    return replace(settings, data=small_file)


@pytest.fixture(scope="session")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """MNIST itself where MNIST_DASH_DATA named it as the tests were started, else generated digits."""
    if DATA:
        home = tmp_path_factory.mktemp("mnist")
        return open_dataset(Settings(home=home, data=Path(DATA).absolute(), offline=True))
    return Dataset(name="generated", train=generate(4_000, 0), test=generate(1_000, 1), origin="the generator")


@pytest.fixture(scope="session")
def content() -> bytes:
    """The LiteRT file of a small network that reads digits."""
    return read_bundled_file("cnn")


@pytest.fixture
def spec() -> RunSpec:
    """A run of a tenth of a second."""
    return RunSpec.of("random", "mnist")


@pytest.fixture
def python() -> Iterator[Python]:
    """Runs code as processes with arguments and pipes; whatever of them still lives ends with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def python(code: str, *arguments: str) -> "subprocess.Popen[bytes]":
        pipe = subprocess.PIPE
        line = [sys.executable, "-c", code, *arguments]
        started.append(subprocess.Popen(line, stdin=pipe, stdout=pipe, stderr=pipe, env=process.make_environment()))
        return started[-1]

    yield python
    for child in started:
        end(child)


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the program's command line as processes; whatever of them still lives ends with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> "subprocess.Popen[bytes]":
        started.append(
            subprocess.Popen(process.make_command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        )
        return started[-1]

    yield start
    for child in started:
        end(child)


@pytest.fixture
def detached(monkeypatch: pytest.MonkeyPatch) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """The processes that the program starts on its own; whatever of them still lives ends with the test."""
    started: list[subprocess.Popen[bytes]] = []
    original = process.start

    def start(arguments: list[str], log: Path, *, detached: bool = False) -> "subprocess.Popen[bytes]":
        started.append(original(arguments, log, detached=detached))
        return started[-1]

    monkeypatch.setattr(process, "start", start)
    # However long a supervisor takes to begin, nobody starts another one beside it.
    monkeypatch.setattr(supervisor, "STARTING", deadline())
    yield started
    for child in started:
        end(child)


def end(child: "subprocess.Popen[bytes]") -> None:
    """Kill a process and those that it started, and collect what is left."""
    if child.poll() is None:
        family = psutil.Process(child.pid).children(recursive=True)
        child.kill()
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(family, timeout=deadline())
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
    child.wait(deadline())


@pytest.fixture
def command(tmp_path: Path, settings: Settings) -> Iterator[Commands]:
    """Runs the program's command line to its end, from a folder that is not the project's.

    A supervisor that it started, and which would wait for more, ends with the test.
    """

    def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            process.make_command(*arguments),
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=process.make_environment(),
            timeout=2 * deadline(),
        )

    yield command
    end_workers(settings.home)
