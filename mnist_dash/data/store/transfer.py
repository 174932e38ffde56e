"""What a place that MNIST can come from must do, and what it tells whoever waits for it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock
from typing import Protocol

from mnist_dash.data.io.discovery import LoadedSplits


class MirrorError(Exception):
    """Why a mirror did not deliver, in words for people."""


class StoppedError(Exception):
    """Nobody waits for this transfer any more."""


class Transfer:
    """The bytes that arrive from a mirror, told by its thread, and a way to stop it, for the thread that waits."""

    def __init__(self) -> None:
        """Nothing has arrived."""
        self.stopped = Event()
        self.received = 0
        self.heard = time.monotonic()
        self.first: float | None = None
        # Held while a process or files of this transfer are there.
        self._held = Lock()

    def record(self, received: int) -> None:
        """So many bytes are here in all; raises StoppedError where nobody waits for more."""
        if self.stopped.is_set():
            raise StoppedError
        if received > self.received:
            self.received, self.heard = received, time.monotonic()
            self.first = self.first or self.heard

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Around whatever must be gone when `stop` returns; raises StoppedError where it was called before."""
        with self._held:
            self.record(0)
            yield

    def stop(self) -> None:
        """Nobody waits any more; returns when nothing is held."""
        self.stopped.set()
        with self._held:
            pass


class Supplier(Protocol):
    """A place that MNIST can come from: a mirror, or the package index."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def origin(self) -> str:
        """Where a set came from that it delivered, for people."""
        ...

    @property
    def size(self) -> int:
        """How many bytes it sends."""
        ...

    @property
    def patience(self) -> float:
        """Seconds without a byte after which it is given up."""
        ...

    def fetch(self, scratch: Path, transfer: Transfer) -> Mapping[str, bytes]:
        """The official files by their names, each verified; raises MirrorError, StoppedError, or OSError.

        Files in `scratch`, a folder that is not there yet, and processes stand only under `transfer.holding`.
        """
        ...

    def load(self, folder: Path) -> LoadedSplits:
        """Both splits from a folder with those files; raises DataError."""
        ...
