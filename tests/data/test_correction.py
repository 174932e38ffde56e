from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.data.correction import correct_labels
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.generator.writers import generate
from mnist_dash.errors import DataError


@pytest.fixture
def dataset() -> Dataset:
    """40 training and 10 test images."""
    return Dataset("mine", generate(40, 0), generate(10, 1), "here", official=True, notice="A notice.")


def test_labels_change_and_images_go_while_the_others_keep_their_order(dataset: Dataset) -> None:
    before = dataset.train.labels.copy()
    found = correct_labels(dataset, {3: 7, 5: 1}, [0, 39])
    assert len(found.train) == 38
    expected = before.copy()
    expected[[3, 5]] = 7, 1
    assert np.array_equal(found.train.labels, expected[1:39])
    assert np.array_equal(found.train.images, dataset.train.images[1:39])
    assert np.array_equal(dataset.train.labels, before)


def test_writers_stay_in_step_with_what_they_wrote(dataset: Dataset) -> None:
    known = replace(dataset, train=replace(dataset.train, writers=np.arange(40)))
    writers = correct_labels(known, {3: 7}, [0, 39]).train.writers
    assert writers is not None
    assert writers.tolist() == list(range(1, 39))
    unknown = replace(dataset, train=replace(dataset.train, writers=None))
    assert correct_labels(unknown, {3: 7}, [0]).train.writers is None


def test_the_test_images_stay_and_the_origin_says_what_was_done(dataset: Dataset) -> None:
    found = correct_labels(dataset, {3: 7}, [1, 2])
    assert found.test is dataset.test
    assert found.origin == "mine, with 1 relabelled and 2 dropped training images"
    assert (found.official, found.notice) == (False, None)


@pytest.mark.parametrize(("relabelled", "dropped"), [({40: 1}, []), ({}, [-1])])
def test_an_image_that_is_not_there_is_refused(
    dataset: Dataset, relabelled: dict[int, int], dropped: list[int]
) -> None:
    with pytest.raises(DataError, match="0 to 39"):
        correct_labels(dataset, relabelled, dropped)
