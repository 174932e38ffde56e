"""Figures by who wrote the images: groups of MNIST's writers, few writers one by one, many put together."""

import numpy as np
import pytest

from mnist_dash.analysis.by_writer import FIRST_STUDENT, evaluate_groups, evaluate_writers
from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.data.checksums import OFFICIAL
from mnist_dash.data.dataset import Dataset, Digits, Split
from mnist_dash.data.store.mnist_writers import read_mnist_writers


@pytest.fixture
def data() -> Dataset:
    digits = Digits(np.zeros((6, 28, 28), np.uint8), np.zeros(6, np.uint8))
    return Dataset("some", digits, digits, "tests", sha256={"test_images": OFFICIAL["test_images"]})


def test_mnists_writers_are_employees_and_students(data: Dataset) -> None:
    writers = np.array([3, 3, 9, FIRST_STUDENT, FIRST_STUDENT, FIRST_STUDENT + 1])
    right = np.array([True, True, False, True, False, False])
    employees, students = evaluate_groups(data, Split.TEST, writers, right)
    assert (employees.name, employees.writers, employees.images) == ("Census employees", 2, 3)
    assert (students.name, students.writers, students.images) == ("High-school students", 2, 3)
    assert (employees.accuracy, students.accuracy) == pytest.approx((2 / 3, 1 / 3))
    assert employees.interval == wilson_interval(2, 3)


def test_250_students_wrote_the_training_images_and_249_the_test_images() -> None:
    for split, students in ((Split.TRAIN, 250), (Split.TEST, 249)):
        people = np.unique(read_mnist_writers(split))
        assert (people >= FIRST_STUDENT).sum() == students


def test_few_writers_of_another_set_are_told_one_by_one_and_many_are_not(data: Dataset) -> None:
    right = np.ones(6, bool)
    few = evaluate_groups(data, Split.TRAIN, np.array([1, 1, 2, 2, 7, 7]), right)
    assert [(each.name, each.images) for each in few] == [("Writer 1", 2), ("Writer 2", 2), ("Writer 7", 2)]
    assert evaluate_groups(data, Split.TRAIN, np.arange(30), np.ones(30, bool)) == []


def test_mistakes_are_counted_writer_by_writer() -> None:
    found = evaluate_writers(np.array([5, 5, 5, 8, 8, 9]), np.array([True, False, False, False, True, True]))
    assert (found.writers, found.spotless, found.worst, found.wrong, found.images) == (3, 1, 5, 2, 3)
