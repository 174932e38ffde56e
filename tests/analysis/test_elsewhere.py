"""Digits from elsewhere: which images are read, which sets are the same, and the table that is written."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.analysis.elsewhere import ALL, SetReading, choose_part, count_right, find_same_images, write_table
from mnist_dash.analysis.evaluated_images import Part
from mnist_dash.analysis.evaluation import evaluate, wilson_interval
from mnist_dash.data.checksums import checksums
from mnist_dash.data.dataset import Dataset, Digits

LABELS = np.array([0, 0, 0, 7, 7], np.uint8)
READ = evaluate(np.eye(10, dtype=np.float32)[[0, 0, 1, 7, 7]], LABELS)
"""Two of three 0s and both 7s are read right; no other digit occurs."""


@pytest.fixture
def data(small: Digits) -> Dataset:
    """A set with both splits."""
    train, test = small.take(slice(30)), small.take(slice(30, 40))
    return Dataset("mine", train, test, "people", sha256=checksums(train, test))


def without_test(data: Dataset, name: str) -> Dataset:
    """The training images of a set alone."""
    none = data.test.take(slice(0))
    return Dataset(name, data.train, none, "people", sha256=checksums(data.train, none))


def test_test_images_are_read_and_all_where_there_are_none(data: Dataset) -> None:
    assert choose_part(data) is Part.TEST
    assert choose_part(without_test(data, "all")) is Part.TRAIN


def test_a_set_with_the_images_of_another_is_known(data: Dataset) -> None:
    corrected = replace(data, name="corrected", train=data.train.take(slice(20)))
    alone = without_test(data, "alone")
    assert find_same_images([data, alone, corrected]) == {"corrected": "mine"}
    assert find_same_images([data, alone]) == {}


def test_digits_are_counted_where_they_occur() -> None:
    assert count_right(READ) == [(ALL, 5, 4), ("0", 3, 2), ("7", 2, 2)]


def test_the_table_has_a_row_for_each_digit_and_says_what_was_learnt_from() -> None:
    readings = {
        "reader": [SetReading("mine", Part.TEST, READ)],
        "3": [SetReading("mine", Part.TRAIN, READ, learnt=True)],
    }
    rows = list(csv.DictReader(io.StringIO(write_table(readings).decode())))
    assert [(row["model"], row["digit"], row["images"], row["right"]) for row in rows[:3]] == [
        ("reader", "all", "5", "4"),
        ("reader", "0", "3", "2"),
        ("reader", "7", "2", "2"),
    ]
    assert {(row["model"], row["images_of"], row["learnt_from"]) for row in rows} == {
        ("reader", "test", "no"),
        ("3", "train", "yes"),
    }
    low, high = wilson_interval(4, 5)
    assert (float(rows[0]["low"]), float(rows[0]["high"])) == pytest.approx((low, high), abs=1e-6)
