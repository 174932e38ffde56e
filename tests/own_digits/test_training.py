"""Settings that a data set of own digits can be trained with, however small it is."""

import numpy as np
import pytest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.own_digits.training import suggest_spec


def a_set(images: int) -> Dataset:
    """A data set of so many training images."""
    labels = (np.arange(images) % 10).astype(np.uint8)
    digits = Digits(np.zeros((images, 28, 28), np.uint8), labels)
    return Dataset("mine", digits, digits.take(slice(0, 2)), "a test")


@pytest.mark.parametrize(
    ("images", "batch", "learnt"),
    [(2, 2, 2), (10, 8, 10), (99, 64, 99), (100, 64, 90), (999, 64, 899), (2000, 64, 1800)],
)
def test_there_are_enough_images_for_a_batch(images: int, batch: int, learnt: int) -> None:
    spec = suggest_spec(a_set(images))
    assert (spec.batch_size, spec.split(images)[0], spec.data) == (batch, learnt, "mine")
    assert (spec.rotation > 0) == (images < 1000)
