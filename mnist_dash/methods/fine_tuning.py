"""Fine-tuning: a network that reads already learns some digits more, and is shown what it knew, lest it forget it.

Replay is Robins', "Catastrophic forgetting, rehearsal and pseudorehearsal" (Connection Science 7, 1995).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from mnist_dash.methods.kinds import Choice, Group, Number, Value

READER, GENERATED = "reader", "generated"
"""The bundled networks that can be fine-tuned: the reader of many hands, and one that has learnt generated digits."""
START = Choice(
    "start",
    "Begins as",
    "The network that is fine-tuned: the bundled reader, or one that has seen generated digits alone and no real one.",
    (READER, GENERATED),
    Group.RUN,
)
REPLAY = Number(
    "replay",
    "Replayed",
    "The share of each epoch that are digits like those it could read before, so that it does not forget them: "
    "MNIST's and generated ones for the reader, generated ones alone for the other. 0: none.",
    0.0,
    0.95,
    Group.RUN,
    whole=False,
)
_FEWEST = 1_000
"""Images of an epoch that are to be learnt: of fewer, each is shown several times, varied anew."""


@dataclass(frozen=True, slots=True)
class FineTuning:
    """How a run fine-tunes: the bundled network that it begins with, and the share of each epoch that is replayed."""

    start: str
    replay: float

    @classmethod
    def of(cls, own: Iterable[tuple[str, Value]]) -> Self | None:
        """What these hyperparameters of a method's own say of it; None where there are none for it."""
        values = dict(own)
        if START.name not in values:
            return None
        return cls(str(values[START.name]), float(values[REPLAY.name] or 0))

    @property
    def replays_mnist(self) -> bool:
        """Whether images of MNIST are among those replayed."""
        return self.start == READER and self.replay > 0

    def count_times(self, images: int) -> int:
        """How often an epoch shows each of so many images."""
        return max(1, -(-_FEWEST // max(1, images)))

    def count_replayed(self, images: int) -> int:
        """How many digits an epoch replays beside so many images."""
        return round(images * self.count_times(images) * self.replay / (1 - self.replay))

    def count_seen(self, images: int) -> int:
        """How many digits an epoch shows."""
        return images * self.count_times(images) + self.count_replayed(images)
