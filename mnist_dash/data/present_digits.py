"""What a data set has and lacks: sudoku has no 0, some sets are of one digit alone, and some have no test images."""

import numpy as np

from mnist_dash.arrays import Labels
from mnist_dash.data.dataset import CLASSES, Dataset
from mnist_dash.words import join_words

NO_TEST = "This set has no test images: all are for training."
_FEW = 4
"""So many missing digits are named; of a set that lacks more, those that it has."""


def find_digits(*labels: Labels) -> tuple[int, ...]:
    """The digits that occur in any of the labels (n,), in their order."""
    counts = sum((np.bincount(each, minlength=CLASSES) for each in labels), np.zeros(CLASSES, np.int64))
    return tuple(np.flatnonzero(counts).tolist())


def find_missing(dataset: Dataset) -> tuple[int, ...]:
    """The digits of which neither split has an image."""
    present = find_digits(dataset.train.labels, dataset.test.labels)
    return tuple(digit for digit in range(CLASSES) if digit not in present)


def describe_missing(dataset: Dataset) -> str | None:
    """What is missing, in a sentence or two: digits in the set or in one split alone, or all test images; or None."""
    train, test = find_digits(dataset.train.labels), find_digits(dataset.test.labels)
    there = sorted({*train, *test})
    words = [] if len(there) == CLASSES else [_describe_set(there)]
    for name, present in (("training", train), ("test", test)):
        absent = [digit for digit in there if digit not in present]
        if absent and present:
            words.append(f"No {name} image is {_list(absent, 'or', 'a ')}.")
    return " ".join(filter(None, [*words, explain_no_test(dataset)])) or None


def explain_no_test(dataset: Dataset) -> str | None:
    """That nothing can be tested on the set, and why; None where it has test images."""
    return None if len(dataset.test) else NO_TEST


def _describe_set(there: list[int]) -> str:
    if len(there) == 1:
        return f"Every digit of this set is a {there[0]}."
    missing = [digit for digit in range(CLASSES) if digit not in there]
    if len(missing) <= _FEW:
        return f"This set has no {_list(missing, 'or')}."
    return f"This set has the digits {_list(there, 'and')} alone."


def _list(digits: list[int], last: str, article: str = "") -> str:
    words = [f"{'an' if article and digit == 8 else article.strip()} {digit}".strip() for digit in digits]
    return join_words(words, CLASSES, last)
