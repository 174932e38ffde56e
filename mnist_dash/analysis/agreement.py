"""Where several models read the same drawing: what most of them read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """`number` is what most models read, None where as many read another; `count` of `models` do."""

    number: str | None
    count: int
    models: int


def find_agreement(numbers: Sequence[str]) -> Agreement:
    """What most of the models read, given the number that each reads."""
    ranked = Counter(numbers).most_common(2)
    if not ranked:
        return Agreement(None, 0, 0)
    (number, count), *others = ranked
    tied = any(other == count for _, other in others)
    return Agreement(None if tied else number, count, len(numbers))
