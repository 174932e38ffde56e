import numpy as np
import pytest

from mnist_dash.analysis.neighbours import find_nearest, prepare_neighbours
from mnist_dash.arrays import Images
from mnist_dash.data.dataset import Dataset, Digits


def exact(image: Images, images: Images, count: int) -> tuple[list[int], list[float]]:
    away = images.reshape(-1, 784).astype(np.int64) - image.reshape(784)
    squared = (away**2).sum(axis=1)
    order = np.argsort(squared, kind="stable")[:count]
    return order.tolist(), np.sqrt(squared[order]).tolist()


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 7, 40])
def test_the_nearest_are_those_of_a_full_search(mnist: Dataset, count: int) -> None:
    among = prepare_neighbours(mnist.train.images[:4_000])
    for image in mnist.test.images[:25]:
        found = find_nearest(image, among, count)
        index, distance = exact(image, among.images, count)
        assert found.index.tolist() == index
        np.testing.assert_allclose(found.distance, distance, rtol=1e-6)


@pytest.mark.slow
def test_noise_far_from_all_digits_is_answered_exactly_too(small: Digits) -> None:
    among = prepare_neighbours(small.images)
    noise = np.random.default_rng(1).integers(0, 256, (28, 28), np.uint8)
    assert find_nearest(noise, among, 5).index.tolist() == exact(noise, small.images, 5)[0]


def test_images_that_the_components_describe_wholly_are_found_exactly(small: Digits) -> None:
    among = prepare_neighbours(small.images[:40])
    for image in small.images[40:90]:
        assert find_nearest(image, among, 3).index.tolist() == exact(image, among.images, 3)[0]


def test_an_image_can_be_kept_from_finding_itself(small: Digits) -> None:
    among = prepare_neighbours(small.images)
    assert find_nearest(small.images[7], among, 1).index.tolist() == [7]
    found = find_nearest(small.images[7], among, 3, apart_from=7)
    assert found.index.tolist() == exact(small.images[7], small.images, 4)[0][1:]


def test_of_copies_the_first_comes_first(small: Digits) -> None:
    images = np.concatenate([small.images[:50], small.images[:50]])
    assert find_nearest(images[3], prepare_neighbours(images), 2).index.tolist() == [3, 53]


def test_no_more_are_found_than_there_are(small: Digits) -> None:
    among = prepare_neighbours(small.images[:3])
    assert len(find_nearest(small.images[0], among, 10).index) == 3
    assert len(find_nearest(small.images[0], prepare_neighbours(small.images[:1]), 10, apart_from=0).index) == 0
