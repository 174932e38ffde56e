"""You against the models: which difficult digits are drawn, and what a person's answers to them are worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Indices, Labels, Mask, Numbers
from mnist_dash.data.dataset import CLASSES

COUNT = 50
"""Digits of a round."""
_SHARE = 0.05
"""The share of all test digits that rounds are drawn from: the most difficult ones."""
_LONGEST = 24 * 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """The places of the digits of a round in their split, of `pool` most difficult ones among `every`."""

    index: Indices
    pool: int
    every: int


@dataclass(frozen=True, slots=True)
class Played:
    """The digits that a person read, one after another, and the seconds that each took."""

    answers: tuple[int, ...]
    seconds: tuple[float, ...]


def draw_round(difficulty: Numbers, number: int) -> Round:
    """The round of that number: COUNT digits at random among the most difficult, by the difficulty (n,) of each.

    The most difficult are a twentieth of all, COUNT at least. The same number draws the same digits.
    """
    pool = np.argsort(-difficulty, kind="stable")[: max(COUNT, round(_SHARE * len(difficulty)))]
    chosen = np.random.default_rng(number).permutation(pool)[:COUNT]
    return Round(chosen, len(pool), len(difficulty))


def read_played(told: object, digits: int) -> Played | None:
    """What a browser tells of a round of so many digits; None for anything else: it is nobody's answers."""
    if not isinstance(told, dict):
        return None
    answers, seconds = _read_numbers(told.get("answers"), digits), _read_numbers(told.get("seconds"), digits)
    if answers is None or seconds is None:
        return None
    if not all(digit in range(CLASSES) for digit in answers) or not all(0 <= second < _LONGEST for second in seconds):
        return None
    return Played(tuple(map(int, answers)), seconds)


def mark(played: Played, labels: Labels) -> Mask:
    """Which of the digits with these labels (n,) were read right."""
    return np.asarray(np.array(played.answers) == labels)


def find_missed(rights: Sequence[Mask]) -> Indices:
    """The places of the digits that anybody read wrong, by the marks (n,) of each, most often missed first."""
    wrong = np.sum([~right for right in rights], axis=0)
    missed = np.flatnonzero(wrong)
    return missed[np.argsort(-wrong[missed], kind="stable")]


def _read_numbers(values: object, count: int) -> tuple[float, ...] | None:
    """So many numbers; None for anything else."""
    if not isinstance(values, list) or len(values) != count:
        return None
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return None
    return tuple(values)
