"""What was drawn and is kept: drawing takes longer than all else on a page."""

from collections.abc import Callable, Hashable, Sized
from threading import Lock
from typing import Any, TypeVar

S = TypeVar("S", bound=Sized)


class Drawings:
    """What was drawn, up to so many bytes of it; what nobody has looked at for longest goes first. For any thread."""

    def __init__(self, most: int) -> None:
        """Nothing is drawn yet."""
        self._most, self._size = most, 0
        # Guards what is kept, the latest last, and its size.
        self._lock = Lock()
        self._kept: dict[Hashable, Any] = {}

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size

    def once(self, key: Hashable, draw: Callable[[], S]) -> S:
        """What `draw` returns, from before where it was drawn under that key; two may draw the same at one moment."""
        with self._lock:
            kept: S | None = self._kept.pop(key, None)
            if kept is not None:
                self._kept[key] = kept
                return kept
        drawn = draw()
        with self._lock:
            self._size += len(drawn) - len(self._kept.pop(key, ()))
            self._kept[key] = drawn
            while self._size > self._most:
                self._size -= len(self._kept.pop(next(iter(self._kept))))
        return drawn
