"""Ten images, one of each digit."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.data.dataset import Dataset
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.one_of_each import draw_one_of_each


@pytest.fixture
def dataset() -> Dataset:
    """300 training and 10 test images."""
    return Dataset("mine", generate(300, 0), generate(10, 1), "here", official=True)


def test_one_training_image_of_each_digit_is_drawn_by_the_seed(dataset: Dataset) -> None:
    drawn, again, other = (draw_one_of_each(dataset, seed) for seed in (0, 0, 1))
    assert drawn.train.labels.tolist() == list(range(10))
    assert np.array_equal(drawn.train.images, again.train.images)
    assert not np.array_equal(drawn.train.images, other.train.images)
    assert drawn.test is dataset.test
    assert not drawn.official
    assert all(image.tobytes() in {each.tobytes() for each in dataset.train.images} for image in drawn.train.images)


def test_digits_that_a_set_lacks_are_not_made_up(dataset: Dataset) -> None:
    few = replace(dataset, train=dataset.train.take(dataset.train.labels < 3))
    assert draw_one_of_each(few, 0).train.labels.tolist() == [0, 1, 2]
