import numpy as np
import pytest

from mnist_dash.analysis.class_means import average_classes, count_class_values, measure_typicality

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (2_501, 28, 28), np.uint8)
IMAGES[:, :2] = 0
LABELS = RANDOM.integers(0, 9, 2_501).astype(np.uint8)
FOUND = average_classes(IMAGES, LABELS)


@pytest.mark.parametrize("digit", range(9))
def test_mean_median_and_spread_are_those_of_the_class(digit: int) -> None:
    own = IMAGES[digit == LABELS]
    np.testing.assert_allclose(FOUND.mean[digit], own.mean(axis=0), atol=1e-3)
    np.testing.assert_array_equal(FOUND.median[digit], np.median(own, axis=0))
    np.testing.assert_allclose(FOUND.spread[digit], own.std(axis=0), atol=1e-3)


def test_the_whole_set_has_a_face_too() -> None:
    np.testing.assert_allclose(FOUND.whole_mean, IMAGES.mean(axis=0), atol=1e-3)
    np.testing.assert_allclose(FOUND.whole_spread, IMAGES.std(axis=0), atol=1e-3)


def test_never_inked_are_the_pixels_that_are_bare_in_every_image() -> None:
    assert FOUND.never.sum() == 2 * 28
    assert FOUND.never[:2].all()


def test_one_inked_image_is_enough() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    images[1, 4, 5] = 1
    found = average_classes(images, np.array([3, 3], np.uint8))
    assert not found.never[4, 5]
    assert found.inked[3, 4, 5] == 1


def test_a_class_without_images_has_no_mean_and_inks_nothing() -> None:
    assert FOUND.images[9] == 0
    assert all(np.isnan(of[9]).all() and np.isfinite(of[:9]).all() for of in (FOUND.mean, FOUND.median, FOUND.spread))
    assert not FOUND.inked[9].any()
    assert np.isfinite(FOUND.whole_mean).all()
    assert np.isfinite(FOUND.whole_spread).all()


def test_nothing_is_typical_of_a_class_without_images() -> None:
    found = measure_typicality(IMAGES[:2], np.array([9, 3], np.uint8), FOUND.mean)
    assert np.isnan(found).tolist() == [True, False]


def test_a_difference_is_positive_where_the_first_has_more_ink() -> None:
    np.testing.assert_allclose(FOUND.difference(4, 7), FOUND.mean[4] - FOUND.mean[7])


def test_typicality_is_the_distance_to_the_mean_of_the_own_class() -> None:
    found = measure_typicality(IMAGES, LABELS, FOUND.mean)
    expected = np.sqrt(((IMAGES - FOUND.mean[LABELS]) ** 2).mean(axis=(1, 2)))
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert found.dtype == np.float32


def test_values_are_counted_class_by_class() -> None:
    found = count_class_values(IMAGES, LABELS)
    np.testing.assert_array_equal(found[4], np.bincount(IMAGES[LABELS == 4].ravel(), minlength=256))
    assert found.sum() == IMAGES.size
