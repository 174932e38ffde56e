"""The data sets that all sessions of one server read, each opened once."""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from mnist_dash.data.dataset import MNIST
from mnist_dash.settings import Settings

if TYPE_CHECKING:
    from mnist_dash.data.dataset import Dataset

Report = Callable[[str, float], None]


class OpenDatasets:
    """Keeps the data sets that all sessions read, by name; each is opened at the first request."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened yet."""
        self._settings = settings
        # Guards _datasets: the first session opens a set, the others wait for it.
        self._lock = Lock()
        self._datasets: dict[str, Dataset] = {}

    def holds(self, name: str) -> bool:
        """Whether this data set is open."""
        return name in self._datasets

    def dataset(self, name: str, report: Report) -> "Dataset":
        """The data set of that name; opening it the first time reports what is done and how far it is.

        Under the name `mnist` generated digits stand in where MNIST cannot be had; their notice says so.
        """
        from mnist_dash.data.store.catalog import open_dataset

        with self._lock:
            if name not in self._datasets:
                self._datasets[name] = open_dataset(self._settings, None if name == MNIST else name, report)
            return self._datasets[name]

    def names(self) -> tuple[str, ...]:
        """The data sets that there are; one that was deleted meanwhile is forgotten."""
        from mnist_dash.data.store.catalog import names

        there = names(self._settings)
        for gone in set(self._datasets) - set(there):
            self.forget(gone)
        return there

    def forget(self, name: str) -> None:
        """Look for this data set anew at the next request."""
        with self._lock:
            self._datasets.pop(name, None)
