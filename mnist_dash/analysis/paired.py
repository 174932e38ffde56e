"""Two models on the same images: where their answers differ, and whether one reads better than chance explains."""

from dataclasses import dataclass

import numpy as np

from mnist_dash.analysis.evaluation import read_right
from mnist_dash.arrays import Indices, Labels, Probabilities

LEVEL = 0.05
"""A difference that chance alone brings at most this often is called one."""


@dataclass(frozen=True, slots=True)
class PairedTest:
    """How many images both, only the first, only the second, or neither of two models read right.

    `p` is the chance that the images which only one reads right fall at least so unevenly where both are equally good:
    McNemar's test (1947), exact.
    """

    both: int
    first: int
    second: int
    neither: int
    p: float

    @property
    def differs(self) -> bool:
        """Whether chance alone hardly explains the difference."""
        return self.p < LEVEL

    def describe(self, first: str, second: str) -> str:
        """What that says of two models with these names, in words."""
        if self.first == self.second:
            each = f"Each of {first} and {second} reads {self.first:,} images right that the other does not: even."
            return each if self.first else f"{first} and {second} read the same images right."
        better, worse = (first, second) if self.first > self.second else (second, first)
        more, fewer = max(self.first, self.second), min(self.first, self.second)
        verdict = "chance alone hardly explains that" if self.differs else "that may be chance"
        chance = "< 0.001" if self.p < 0.001 else f"= {self.p:.3f}"
        return (
            f"{better} reads {more:,} images right that {worse} does not, {worse} {fewer:,} that {better} does not: "
            f"{verdict} (McNemar's test, p {chance})."
        )


def compare_answers(first: Probabilities, second: Probabilities, labels: Labels) -> PairedTest:
    """Compare the answers (n, 10) of two models to the same images with `labels` (n,)."""
    one, other = read_right(first, labels), read_right(second, labels)
    only_one, only_other = int((one & ~other).sum()), int((other & ~one).sum())
    return PairedTest(
        int((one & other).sum()),
        only_one,
        only_other,
        int((~one & ~other).sum()),
        _sign_test(only_one, only_other),
    )


def find_disagreements(first: Probabilities, second: Probabilities) -> Indices:
    """The places of the images (n,) to which two models answer different digits, the surest of both first."""
    one, other = first.argmax(axis=1), second.argmax(axis=1)
    places = np.flatnonzero(one != other)
    sure = first[places, one[places]] + second[places, other[places]]
    return places[np.argsort(-sure, kind="stable")]


def _sign_test(one: int, other: int) -> float:
    """How often so many fair coins fall at least as unevenly as `one` to `other`, on either side."""
    from scipy.special import bdtr  # type: ignore[import-untyped]  # 300 ms that only a comparison needs

    count = one + other
    return min(1.0, 2 * float(bdtr(min(one, other), count, 0.5))) if count else 1.0
