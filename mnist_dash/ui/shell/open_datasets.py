"""The data sets that all sessions of one server read, each opened once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from mnist_dash.data.dataset import MNIST
from mnist_dash.settings import Settings

if TYPE_CHECKING:
    from mnist_dash.data.dataset import Dataset

Report = Callable[[str, float], None]

GLANCE = 0.2
"""Seconds between two looks of whoever waits for another session that opens a data set."""


class _Opening:
    """A data set that a session opens while others may wait for it."""

    def __init__(self) -> None:
        self.lock = Lock()  # held by the session that opens the data set
        self.sessions = 0
        self.forgotten = False
        self.told: tuple[str, float] | None = None


class OpenDatasets:
    """Keeps the data sets that all sessions read, by name; each is opened at the first request."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened yet."""
        self._settings = settings
        # Guards both dictionaries, and is never held while a data set is opened.
        self._lock = Lock()
        self._datasets: dict[str, Dataset] = {}
        self._versions: dict[str, str] = {}
        self._openings: dict[str, _Opening] = {}

    def holds(self, name: str) -> bool:
        """Whether this data set is open."""
        return name in self._datasets

    def dataset(self, name: str, report: Report) -> "Dataset":
        """The data set of that name; opening it the first time reports what is done and how far it is.

        Sessions that want the same one wait for the first and report the same; nobody waits for another data set.
        Under the name `mnist` generated digits stand in where MNIST cannot be had; their notice says so.
        """
        with self._turn(name, report) as opening:
            found = self._datasets.get(name)
            return self._open(name, opening, report) if found is None else found

    def names(self) -> tuple[str, ...]:
        """The data sets that there are; one that was deleted, or made anew elsewhere, is forgotten."""
        from mnist_dash.data.store.catalog import list_versions

        there = list_versions(self._settings)
        with self._lock:
            known = {*self._datasets, *self._openings}
            # One that was in this home alone gets a version, and stays the same, when other machines have it too.
            before, self._versions = self._versions, there
        for name in known:
            if name not in there or (before.get(name) and before[name] != there[name]):
                self.forget(name)
        return tuple(there)

    def forget(self, name: str) -> None:
        """Look for this data set anew at the next request; what is being opened now is not kept."""
        with self._lock:
            self._datasets.pop(name, None)
            if name in self._openings:
                self._openings[name].forgotten = True

    def _open(self, name: str, opening: _Opening, report: Report) -> "Dataset":
        from mnist_dash.data.store.catalog import open_dataset

        def tell(text: str, share: float) -> None:
            opening.told = text, share
            report(text, share)

        opening.forgotten = False
        found = open_dataset(self._settings, None if name == MNIST else name, tell)
        with self._lock:
            if not opening.forgotten:
                self._datasets[name] = found
        return found

    @contextmanager
    def _turn(self, name: str, report: Report) -> Iterator[_Opening]:
        """Alone with the data set of that name; what `report` raises ends the waiting."""
        with self._lock:
            opening = self._openings.setdefault(name, _Opening())
            opening.sessions += 1
        try:
            while not opening.lock.acquire(timeout=GLANCE):
                if opening.told:
                    report(*opening.told)
            try:
                yield opening
            finally:
                opening.lock.release()
        finally:
            with self._lock:
                opening.sessions -= 1
                if not opening.sessions:
                    del self._openings[name]
