"""Which digit is asked for next, and how long the rest will take, by what was written before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

import numpy as np

from mnist_dash.data.dataset import CLASSES

LONGEST_SECONDS = 60.0
"""Whoever takes longer for a digit has done something else meanwhile: then nobody knows how long it took."""
FEWEST = 3
"""Digits with known seconds, from which on the rest is estimated."""


class Order(StrEnum):
    """In which order digits are asked for, by what it is in the page's link."""

    BALANCED = "balanced"
    QUICKEST = "quickest"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Tally:
    """What there is of each digit (10,): how many, the median of their seconds, and how sure the model is of them.

    `sure` is the mean probability of the label. Where nothing is known it is None. `timed` counts known seconds.
    """

    counts: tuple[int, ...]
    seconds: tuple[float | None, ...]
    sure: tuple[float | None, ...]
    timed: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Of a digit that was kept: its label, how long it took, and the probability that the model gave the label."""

    label: int
    seconds: float | None
    sure: float


def make_tally(counts: Sequence[int], kept: Collection[Kept]) -> Tally:
    """The tally of so many digits of each, of which the last ones are known more closely."""
    seconds = [[one.seconds for one in kept if one.label == digit and one.seconds] for digit in range(CLASSES)]
    sure = [[one.sure for one in kept if one.label == digit] for digit in range(CLASSES)]
    return Tally(
        tuple(counts),
        tuple(median(each) if each else None for each in seconds),
        tuple(sum(each) / len(each) if each else None for each in sure),
        sum(map(len, seconds)),
    )


def choose_digit(order: Order, tally: Tally, goal: int, seed: int, skipped: Collection[int] = ()) -> int:
    """The digit to ask for next, of those of which there are fewer than `goal`; of all where there are none.

    What was `skipped` waits until nothing else is left. Each round, in which every digit is asked for once, has an
    order of its own, drawn by `seed`; it decides between equals.
    """
    wanted = [digit for digit in range(CLASSES) if tally.counts[digit] < goal] or list(range(CLASSES))
    wanted = [digit for digit in wanted if digit not in skipped] or wanted
    fewest = min(tally.counts[digit] for digit in wanted)
    drawn = np.random.default_rng([seed, fewest]).permutation(CLASSES).tolist()

    def rank(digit: int) -> tuple[float, int, int]:
        known = {Order.BALANCED: None, Order.QUICKEST: tally.seconds[digit], Order.UNSURE: tally.sure[digit]}[order]
        # What nothing is known of comes first.
        return -1.0 if known is None else known, tally.counts[digit], drawn.index(digit)

    return min(wanted, key=rank)


def choose_for_phone(counts: Sequence[int], asked: Sequence[int], written: Sequence[int], seed: int) -> int:
    """The digit to ask one phone of many for: the rarest of those that it has written least often itself.

    `counts` (10,) is what there is of each, and `asked` what other phones write at this moment: these count as well, so
    that not all are asked for the same one. `seed` decides between equals; what was `written` last comes last.
    """
    drawn = np.random.default_rng([seed, len(written)]).permutation(CLASSES).tolist()

    def rank(digit: int) -> tuple[int, bool, int, int]:
        again = digit in written[-1:]
        return written.count(digit), again, counts[digit] + asked.count(digit), drawn.index(digit)

    return min(range(CLASSES), key=rank)


def count_left(tally: Tally, goal: int) -> int:
    """How many digits are still to be written for `goal` of each."""
    return sum(max(0, goal - count) for count in tally.counts)


def estimate_seconds(tally: Tally, goal: int) -> float | None:
    """How long the digits will take that are still to be written; None where too little is known."""
    known = [seconds for seconds in tally.seconds if seconds is not None]
    if tally.timed < FEWEST:
        return None
    usual = median(known)
    each = zip(tally.counts, tally.seconds, strict=True)
    return sum(max(0, goal - count) * (usual if seconds is None else seconds) for count, seconds in each)
