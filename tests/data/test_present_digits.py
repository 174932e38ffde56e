"""What a set lacks is found, and said in words, once."""

import numpy as np
import pytest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.present_digits import describe_missing, find_digits, find_missing
from tests.data.partial_sets import DIGITS, WORDS, make_partial_set


def of(train: str, test: str) -> Dataset:
    splits = []
    for digits in (train, test):
        labels = np.array(list(map(int, digits)), np.uint8)
        splits.append(Digits(np.zeros((len(labels), 28, 28), np.uint8), labels))
    return Dataset("mine", splits[0], splits[1], "here")


def test_the_digits_of_any_labels_are_found_in_their_order() -> None:
    assert find_digits(np.array([7, 3, 3], np.uint8), np.array([0], np.uint8)) == (0, 3, 7)
    assert find_digits(np.empty(0, np.uint8)) == ()


def test_a_digit_is_missing_where_neither_split_has_it() -> None:
    assert find_missing(of("012345", "6789")) == ()
    assert find_missing(of("123", "4")) == (0, 5, 6, 7, 8, 9)


@pytest.mark.parametrize("name", DIGITS)
def test_every_lack_is_said_in_a_calm_sentence(name: str) -> None:
    assert describe_missing(make_partial_set(name)) == WORDS[name]


@pytest.mark.parametrize(
    ("train", "test", "words"),
    [
        ("0123456789", "0123456789", None),
        ("0123456", "0123456", "This set has no 7, 8 or 9."),
        ("123456789", "12345679", "This set has no 0. No test image is an 8."),
        ("7", "77", "Every digit of this set is a 7."),
        ("3", "8", "This set has the digits 3 and 8 alone. No training image is an 8. No test image is a 3."),
    ],
)
def test_few_missing_digits_are_named_and_of_more_those_that_are_there(train: str, test: str, words: str) -> None:
    assert describe_missing(of(train, test)) == words
