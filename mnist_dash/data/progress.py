"""How slow work tells whoever waits what it does, so that neither the page nor the terminal seems stuck."""

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with a text for people and the share that is done, from 0 to 1. What it raises stops the work."""


def silent(_text: str, _share: float) -> None:
    """The progress of work that nobody watches."""


def within(progress: Progress, start: float, end: float) -> Progress:
    """The progress of one part of a work: its 0 to 1 is `start` to `end` of the whole."""
    return lambda text, share: progress(text, start + (end - start) * share)
