"""Mirrors side by side, so that one that is down, hangs or crawls costs a second or two and not its time-out.

Each mirror gets a short head start: the next one starts `HEAD_START` seconds after the last, or at once where nothing
runs any more. Nobody starts beside a mirror that delivers, so that a good network carries the images once; one that
would need longer than `SLOW` for the rest gets a rival. Where two deliver, the one that would be done later is
stopped as soon as both have shown their pace, and comes back only where all the others fail. So the last mirror, the
package index, is asked only where nobody else delivers. The first that has everything whole wins.

A thread that is stuck in a name lookup or a read cannot be ended from outside. It is left behind: it owns no file,
ends by itself and is heard no more. What a mirror has on the disk or as a process is gone before the race ends.
"""

import time
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Event, Thread

from mnist_dash.data.progress import Progress
from mnist_dash.data.store.transfer import MirrorError, StoppedError, Supplier, Transfer

HEAD_START = 0.5
"""Seconds that a mirror has before the next one starts beside it."""
LULL = 2.0
"""Seconds without a byte after which a mirror does not count as delivering."""
PROOF = 3.0
"""Seconds from a mirror's first byte until its pace is believed."""
SLOW = 60.0
"""Seconds for the rest beyond which a mirror gets a rival."""
AHEAD = 0.05
"""The share of the work by which another mirror must lead before the progress follows it."""
GLANCE = 0.1
"""Seconds between two looks; how soon what the progress raises stops the work."""


class Attempt:
    """One mirror at work in a thread of its own."""

    def __init__(self, number: int, supplier: Supplier, scratch: Path, news: Event) -> None:
        """Start it; `news` is set when it has ended."""
        self.number, self.supplier, self.transfer = number, supplier, Transfer()
        self.files: Mapping[str, bytes] | None = None
        self.error: Exception | None = None
        Thread(target=self._run, args=(scratch, news), daemon=True, name=f"mirror-{number}").start()

    @property
    def share(self) -> float:
        """How much of it is here, from 0 to 1."""
        return min(1.0, self.transfer.received / self.supplier.size)

    @property
    def silence(self) -> float:
        """Seconds since a byte came, or since the start."""
        return time.monotonic() - self.transfer.heard

    @property
    def delivers(self) -> bool:
        """Whether bytes arrive, or all are here and are looked at."""
        return self.share >= 1 or (self.share > 0 and self.silence < LULL)

    @property
    def left(self) -> float | None:
        """Seconds until all is here, by its pace so far; None where that cannot be said yet."""
        taken = time.monotonic() - (self.transfer.first or time.monotonic())
        return taken * (1 / self.share - 1) if taken >= PROOF else None

    @property
    def text(self) -> str:
        """What is going on, for people."""
        if not self.transfer.received:
            return _say_asked(self.supplier)
        done, size = self.transfer.received / 1e6, self.supplier.size / 1e6
        return f"Downloading MNIST from {self.supplier.name} ({done:.1f} of {size:.1f} MB)"

    def _run(self, scratch: Path, news: Event) -> None:
        try:
            self.files = self.supplier.fetch(scratch, self.transfer)
        except StoppedError:
            return
        except Exception as e:  # noqa: BLE001 - raised again, or told, where somebody waits for it
            self.error = e
        news.set()


class Race:
    """The mirrors of one download, in the order in which they start; `run` it once."""

    def __init__(self, suppliers: Iterable[Supplier], folder: Path, progress: Progress) -> None:
        """What the mirrors hold on the disk is in folders below `folder`."""
        self._waiting = deque(enumerate(suppliers))
        self._slower: list[tuple[int, Supplier]] = []
        self._running: list[Attempt] = []
        self._failures: dict[int, str] = {}
        self._folder, self._progress = folder, progress
        self._news, self._last_start = Event(), 0.0
        self._leader: Attempt | None = None
        self._shown = 0.0

    def run(self) -> tuple[int, Mapping[str, bytes]]:
        """The number of the first mirror that has delivered everything, and its files.

        What the progress raises stops them all. Raises MirrorError with each one's failure where none delivers, and
        whatever else went wrong, as OSError where the disk is full.
        """
        try:
            while self._waiting or self._running or self._slower:
                self._start_next()
                self._tell()
                self._news.wait(GLANCE)
                self._news.clear()
                winner = self._ended()
                if winner is not None and winner.files is not None:
                    self._progress(winner.text, 1.0)
                    return winner.number, winner.files
                self._stop_the_slower()
        finally:
            for attempt in self._running:
                attempt.transfer.stop()
        raise MirrorError("; ".join(self._failures[number] for number in sorted(self._failures)))

    def _start_next(self) -> None:
        if not self._waiting and not self._running:
            self._waiting, self._slower = deque(self._slower), []
        if self._waiting and (not self._running or self._wants_a_rival()):
            number, supplier = self._waiting.popleft()
            self._last_start = time.monotonic()
            if not self._shown:
                # Before its thread may have something to tell.
                self._progress(_say_asked(supplier), 0.0)
            self._running.append(Attempt(number, supplier, self._folder / str(number), self._news))

    def _wants_a_rival(self) -> bool:
        delivering = [attempt for attempt in self._running if attempt.delivers]
        slow = [attempt for attempt in delivering if (attempt.left or 0) > SLOW]
        late = time.monotonic() - self._last_start >= HEAD_START
        return late and (not delivering or (len(delivering) == 1 and bool(slow)))

    def _tell(self) -> None:
        """Tell of the mirror that is furthest; the share never falls, and names do not take turns."""
        furthest = max(self._running, key=lambda attempt: (attempt.share, attempt.number))
        leader = self._leader
        if leader is None or leader not in self._running or furthest.share > leader.share + AHEAD or not leader.share:
            leader = self._leader = furthest
        self._shown = max(self._shown, leader.share)
        self._progress(leader.text, self._shown)

    def _ended(self) -> Attempt | None:
        """The one that has won; those that failed are counted out."""
        for attempt in list(self._running):
            if attempt.files is not None:
                return attempt
            if attempt.error is None and attempt.silence > attempt.supplier.patience:
                attempt.error = MirrorError("no answer in time")
            if attempt.error is not None:
                self._count_out(attempt, attempt.error)
        return None

    def _count_out(self, attempt: Attempt, error: Exception) -> None:
        if not isinstance(error, MirrorError):
            raise error
        attempt.transfer.stop()
        self._running.remove(attempt)
        self._failures[attempt.number] = f"{attempt.supplier.name}: {error}"

    def _stop_the_slower(self) -> None:
        measured = [(attempt.left, attempt) for attempt in self._running if attempt.delivers]
        paces = [(left, attempt.number, attempt) for left, attempt in measured if left is not None]
        if len(paces) > 1:
            _left, number, slowest = max(paces)
            slowest.transfer.stop()
            self._running.remove(slowest)
            self._slower.append((number, slowest.supplier))


def _say_asked(supplier: Supplier) -> str:
    return f"Asking {supplier.name} for MNIST"
