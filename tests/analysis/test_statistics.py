import numpy as np
import pytest

from mnist_dash.analysis.statistics import count_classes, count_values, summarise
from mnist_dash.data.dataset import Digits

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (2_500, 28, 28), np.uint8)
LABELS = RANDOM.integers(0, 9, 2_500).astype(np.uint8)
NOTHING = Digits(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8))


def test_every_class_is_counted_even_where_it_is_absent() -> None:
    counts = count_classes(LABELS)
    assert counts.shape == (10,)
    assert counts[9] == 0
    assert counts.sum() == 2_500


def test_every_pixel_is_counted_once() -> None:
    np.testing.assert_array_equal(count_values(IMAGES), np.bincount(IMAGES.ravel(), minlength=256))


def test_images_need_not_lie_in_one_piece() -> None:
    np.testing.assert_array_equal(count_values(IMAGES[::2, :, ::-1]), np.bincount(IMAGES[::2].ravel(), minlength=256))


def test_a_summary_tells_size_and_ink() -> None:
    half = np.zeros((2, 28, 28), np.uint8)
    half[:, :14] = 204
    train = Digits(half, np.array([0, 1], np.uint8))
    test = Digits(half[:1], np.array([2], np.uint8))
    found = summarise(train, test)
    assert (found.train, found.test, found.images, found.features, found.classes) == (2, 1, 3, 784, 3)
    assert (found.dtype, found.low, found.high, found.memory) == ("uint8", 0, 204, 3 * 784 + 3)
    assert found.blank == pytest.approx(0.5)
    assert found.ink == pytest.approx(0.4)


def test_an_empty_set_has_a_summary_too() -> None:
    found = summarise(NOTHING, NOTHING)
    assert (found.images, found.low, found.high, found.blank, found.ink) == (0, 0, 0, 0, 0)
