"""Figures and pictures, drawn once for all sessions.

They depend on what they are drawn of alone, so that this tells one from another. Nothing that is kept can be out of
date: whatever changed, a run that went on or the theme, is drawn of something else.
"""

import hashlib
import pickle
from collections.abc import Callable, Sized
from typing import ParamSpec, TypeVar

from mnist_dash.ui.shell.drawings import Drawings
from mnist_dash.ui.shell.resources import cache_once

P = ParamSpec("P")
S = TypeVar("S", bound=Sized)
MOST = 64 * 2**20
"""Bytes of drawings that all sessions together keep: a figure has some ten thousand, the largest map half a million."""


def draw_shared(draw: Callable[P, S], *of: P.args, **how: P.kwargs) -> S:
    """What `draw`, a function of a module, returns of these arguments, drawn at most once for all sessions."""
    # Pickled to be told apart, and never read again. A function within another one cannot be, and raises an error.
    key = hashlib.sha256(pickle.dumps((draw, of, how), pickle.HIGHEST_PROTOCOL)).digest()
    return _drawings().once(key, lambda: draw(*of, **how))


@cache_once(entries=1)
def _drawings() -> Drawings:
    return Drawings(MOST)
