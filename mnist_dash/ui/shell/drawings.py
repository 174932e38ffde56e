"""What was drawn, once for all who look at the same: drawing takes longer than all else on a page.

A figure or a picture depends on what it is drawn of alone, so that these tell one from another. Nothing that is kept
can be out of date: whatever changed, a run that went on or the theme, is drawn of something else.
"""

import hashlib
import pickle
from collections.abc import Callable, Hashable, Sized
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from mnist_dash.ui.shell.resources import cache_once

P = ParamSpec("P")
S = TypeVar("S", bound=Sized)
MOST = 64 * 2**20
"""Bytes of drawings that all sessions together keep: a figure has some ten thousand, the largest map two million."""


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


def draw_shared(draw: Callable[P, S], *of: P.args, **how: P.kwargs) -> S:
    """What `draw`, a function of a module, returns of these arguments, drawn at most once for all sessions."""
    # Pickled to be told apart, and never read again. A function within another one cannot be, and raises an error.
    key = hashlib.sha256(pickle.dumps((draw, of, how), pickle.HIGHEST_PROTOCOL)).digest()
    return _drawings().once(key, lambda: draw(*of, **how))


@cache_once(entries=1)
def _drawings() -> Drawings:
    return Drawings(MOST)
