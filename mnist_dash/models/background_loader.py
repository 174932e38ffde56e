"""Models that are made ready in the background, since converting one takes seconds.

Threads of its own, not a `ThreadPoolExecutor`: at the end of the interpreter that waits for all that is queued, 6.1 s
for three models of 2 s, where this takes 0.4 s.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread

from mnist_dash.errors import UnreachableError
from mnist_dash.models.classifier import Classifier

KEPT = 32
"""Models that are remembered; of more, those that were asked for first are forgotten once they are ready."""

Load = Callable[[str, int | None], Classifier]
"""Makes the model of that name ready, as it answers after that epoch."""
Key = tuple[str, int | None]


class BackgroundLoader:
    """Makes models ready one at a time, each once, while its caller goes on. Safe to use from any thread."""

    def __init__(self, make: Load) -> None:
        """Prepare models by `make`."""
        self._make = make
        # Guards _known.
        self._lock = Lock()
        self._known: dict[Key, Future[Classifier]] = {}
        # Held by the one model that is being made: each takes a process with TensorFlow.
        self._turn = Lock()

    def of(self, name: str, epoch: int | None) -> "Future[Classifier]":
        """That model, now or soon; what went wrong is in the future as well, until it is forgotten.

        That the database could not be reached is forgotten at once: whoever asks next tries anew.
        """
        key = name, epoch
        with self._lock:
            if key not in self._known:
                self._known[key] = future = Future[Classifier]()
                # A daemon: a server that ends waits for no model.
                Thread(target=self._prepare, args=(key, future), daemon=True, name="preparation").start()
                self._trim()
            return self._known[key]

    def forget(self, name: str, epoch: int | None) -> None:
        """Try anew at the next request."""
        with self._lock:
            self._known.pop((name, epoch), None)

    def _prepare(self, key: Key, future: "Future[Classifier]") -> None:
        with self._turn:
            try:
                future.set_result(self._make(*key))
            except Exception as e:  # noqa: BLE001 - whoever waits hears of it
                if isinstance(e, UnreachableError):
                    self._drop(key, future)
                future.set_exception(e)

    def _drop(self, key: Key, future: "Future[Classifier]") -> None:
        with self._lock:
            if self._known.get(key) is future:
                del self._known[key]

    def _trim(self) -> None:
        ready = [key for key, future in self._known.items() if future.done()]
        for key in ready[: max(0, len(self._known) - KEPT)]:
            del self._known[key]
