"""What tests may not leave behind: processes, servers, files in the source tree or in the person's home."""

import os
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import psutil

from tests.awaiting import crowding, deadline

ROOT = Path(__file__).resolve().parents[1]
VARIABLE = "MNIST_TESTS_SESSION"
"""In the environment of whatever the tests start, however far it has gone from them."""
CACHES = {".git", ".venv", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__"}
LEAVE = 10.0
"""Seconds in which a process that was told to end may do so."""


@dataclass(frozen=True, slots=True)
class Session:
    """One process of pytest, and what was there before it ran a test."""

    mark: str
    files: frozenset[Path]

    @classmethod
    def begin(cls, tree: Path = ROOT) -> "Session":
        """Mark all processes that are started from now on, and remember the files of `tree`."""
        os.environ[VARIABLE] = uuid.uuid4().hex
        return cls(os.environ[VARIABLE], frozenset(_files(tree)))

    def leftovers(self, tree: Path = ROOT, patience: float = LEAVE) -> list[str]:
        """What was left, in words; processes are ended, and each may take `patience` to end by itself before."""
        return [*self._processes(patience), *_servers(), *(f"the file {path}" for path in self._new(tree))]

    def _processes(self, patience: float) -> list[str]:
        _, alive = psutil.wait_procs(list(_marked(self.mark)), timeout=patience * crowding())
        told = []
        for process in alive:
            with suppress(psutil.NoSuchProcess):
                told.append(f"process {process.pid}: {' '.join(process.cmdline())}")
                process.kill()
        return told

    def _new(self, tree: Path) -> list[Path]:
        return sorted(set(_files(tree)) - self.files)


def _marked(mark: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter(["environ", "status"]):
        marked = (process.info["environ"] or {}).get(VARIABLE) == mark
        if marked and process.pid != os.getpid() and process.info["status"] != psutil.STATUS_ZOMBIE:
            yield process


def _servers() -> list[str]:
    listening = [one for one in psutil.Process().net_connections("inet") if one.status == psutil.CONN_LISTEN]
    return [f"a server that listens on port {one.laddr.port}" for one in listening]


def _files(tree: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(tree):
        folders[:] = [name for name in folders if name not in CACHES]
        yield from (Path(folder, name) for name in names)
    homes = (Path(platformdirs.user_data_dir("mnist-dash", appauthor=False)), Path.home() / ".streamlit")
    yield from (home for home in homes if home.exists())


def end_workers(home: Path) -> None:
    """End the supervisor of this home and its runs, by their process ids, and whatever they start meanwhile."""
    while family := list(_family(home)):
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        for process in psutil.wait_procs(family, timeout=deadline())[1]:
            process.kill()


def end_supervisor(home: Path) -> None:
    """End the supervisor of this home, and no server: it would take the runs that stand for others in a test."""
    for process in list(_family(home)):
        with suppress(psutil.NoSuchProcess):
            if "worker" in process.cmdline():
                # One that is asked to end waits for its runs, and no run is lost by this. Its number may stay until
                # the server that started it looks after it, so that nothing is to be waited for.
                process.kill()


def _family(home: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter(["environ", "status"]):
        at_home = (process.info["environ"] or {}).get("MNIST_DASH_HOME") == str(home)
        if at_home and process.pid != os.getpid() and process.info["status"] != psutil.STATUS_ZOMBIE:
            yield process
