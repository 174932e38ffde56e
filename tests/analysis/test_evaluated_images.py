"""Which images a model is asked about: splits, and what a run has made of its training images."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.analysis.evaluated_images import Part, list_parts, take_part
from mnist_dash.data.dataset import Dataset, Digits, Split
from mnist_dash.errors import DataError
from mnist_dash.methods.spec import RunSpec


@pytest.fixture
def data(small: Digits) -> Dataset:
    digits = replace(small, writers=None)
    return Dataset("some", digits.take(slice(0, 100)), digits.take(slice(100, 140)), "tests")


def test_without_a_run_there_are_two_splits(data: Dataset) -> None:
    assert list_parts(data) == [Part.TEST, Part.TRAIN]
    for part, split in ((Part.TEST, Split.TEST), (Part.TRAIN, Split.TRAIN)):
        asked = take_part(data, part)
        assert asked.split is split
        assert asked.index.tolist() == list(range(len(data.split(split))))
        assert np.array_equal(asked.images_at(slice(None)), data.split(split).images)


def test_a_run_divides_the_training_images_of_its_own_set(data: Dataset) -> None:
    spec = RunSpec.of("cnn", "some", validation_split=0.2, seed=3)
    learnt, held_out = take_part(data, Part.TRAIN, spec), take_part(data, Part.VALIDATION, spec)
    assert (len(learnt.index), len(held_out.index)) == (80, 20)
    assert sorted([*learnt.index, *held_out.index]) == list(range(100))
    assert held_out.split is Split.TRAIN
    assert np.array_equal(held_out.labels, data.train.labels[held_out.index])
    assert np.array_equal(held_out.images_at([3, 1]), data.train.images[held_out.index[[3, 1]]])
    # Asked at every rerun of a page: 60,000 images would be 47 MB of copies each time.
    assert held_out.whole is data.train
    assert list_parts(data, spec) == [Part.TEST, Part.VALIDATION, Part.TRAIN]


@pytest.mark.parametrize(
    "spec",
    [
        RunSpec.of("cnn", "another", validation_split=0.2),
        RunSpec.of("cnn", "some", train_size=5_000),
        RunSpec.of("cnn", "some", validation_by="writer"),
    ],
    ids=["another set", "more than there are", "no writers"],
)
def test_where_a_run_cannot_have_divided_the_set_all_training_images_are_asked(data: Dataset, spec: RunSpec) -> None:
    assert list_parts(data, spec) == [Part.TEST, Part.TRAIN]
    assert len(take_part(data, Part.TRAIN, spec).index) == 100


def test_a_part_without_images_is_refused_with_those_that_have_some(data: Dataset) -> None:
    empty = Dataset("some", data.train, data.test.take(slice(0, 0)), "tests")
    assert list_parts(empty) == [Part.TRAIN]
    with pytest.raises(
        DataError, match=r"some cannot be tested on\. This set has no test images: all are for training\."
    ):
        take_part(empty, Part.TEST)
    with pytest.raises(DataError, match=r"no validation images for this model; allowed are test, train\."):
        take_part(data, Part.VALIDATION)
