"""Data sets that lack digits: of both splits, of one, or all but one; and one without test images."""

from dataclasses import replace
from functools import cache

import numpy as np

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.store import named_sets
from mnist_dash.settings import Settings

SUDOKU = tuple(range(1, 10))
DIGITS = {
    "sudoku": (SUDOKU, SUDOKU),
    "two": ((3, 8), (3, 8)),
    "one": ((7,), (7,)),
    "zeros": ((0,), (0,)),
    "untested": (range(10), (0, 1, 2, 3, 4, 6, 7, 8, 9)),
    "untaught": ((1, 2, 3), range(10)),
    "learnt-whole": (range(10), ()),
}
"""Training and test digits of each set."""
UNKNOWN = ("two", "zeros", "untaught")
"""Sets of which nothing says who wrote them."""
WORDS = {
    "sudoku": "This set has no 0.",
    "two": "This set has the digits 3 and 8 alone.",
    "one": "Every digit of this set is a 7.",
    "zeros": "Every digit of this set is a 0.",
    "untested": "No test image is a 5.",
    "untaught": "No training image is a 0, a 4, a 5, a 6, a 7, an 8 or a 9.",
    "learnt-whole": "This set has no test images: all are for training.",
}
"""What is said of each, once."""


def make_partial_set(name: str) -> Dataset:
    """A set with some 30 images of each digit that it has, and fewer for tests."""
    train, test = (
        digits.take(np.isin(digits.labels, tuple(present)))
        for digits, present in zip(_whole(), DIGITS[name], strict=True)
    )
    if name in UNKNOWN:
        train, test = replace(train, writers=None), replace(test, writers=None)
    return Dataset(name, train, test, "somewhere")


def save_partial_set(settings: Settings, name: str) -> Dataset:
    """Keep one of the sets under its name."""
    return named_sets.save(settings, name, make_partial_set(name))


@cache
def _whole() -> tuple[Digits, Digits]:
    return generate(900, 3), generate(300, 4)
