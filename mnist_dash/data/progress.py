"""How slow work tells whoever waits what it does, so that neither the page nor the terminal seems stuck."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
_TELLING = 0.02
"""The share of a work from which the rest of it can be told."""

Progress = Callable[[str, float], None]
"""Called with a text for people and the share that is done, from 0 to 1. What it raises stops the work."""


def silent(_text: str, _share: float) -> None:
    """The progress of work that nobody watches."""


def within(progress: Progress, start: float, end: float) -> Progress:
    """The progress of one part of a work: its 0 to 1 is `start` to `end` of the whole."""
    return lambda text, share: progress(text, start + (end - start) * share)


def estimate_left(taken: float, share: float) -> float | None:
    """Seconds that a work may still take, `share` of which took `taken` seconds; None where that cannot be said yet."""
    return None if share < _TELLING or taken < 1 else taken * (1 - share) / share


def tell_share(items: Iterable[T], count: int, told: Callable[[float], None]) -> Iterator[T]:
    """The items, `count` in all; whenever another hundredth of them has been taken, `told` hears the share."""
    step = max(1, count // 100)
    for number, item in enumerate(items, 1):
        yield item
        if number % step == 0 or number == count:
            told(number / count)
