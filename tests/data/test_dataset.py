"""Digits are refused before anything is trained on arrays that are none."""

import re

import numpy as np
import pytest

from mnist_dash.data.dataset import Dataset, Digits, Split, scale_to_input
from mnist_dash.errors import DataError

IMAGES = np.zeros((3, 28, 28), np.uint8)
LABELS = np.array([7, 0, 9], np.uint8)


def test_digits_have_the_length_of_their_labels() -> None:
    assert len(Digits(IMAGES, LABELS)) == 3
    assert len(Digits(IMAGES[:0], LABELS[:0])) == 0


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (IMAGES.astype(np.float32), LABELS, "float32 of shape (3, 28, 28); allowed is uint8"),
        (IMAGES.reshape(3, 784), LABELS, "shape (3, 784); allowed is uint8 of shape (n, 28, 28)"),
        (IMAGES[:, :27], LABELS, "shape (3, 27, 28)"),
        (IMAGES, LABELS.astype(np.int64), "labels are int64"),
        (IMAGES, LABELS[:, np.newaxis], "labels are uint8 of shape (3, 1)"),
        (IMAGES, LABELS[:2], "3 images but 2 labels"),
        (IMAGES, np.array([1, 10, 12], np.uint8), "Label 1 is 10; allowed are the digits 0 to 9"),
    ],
)
def test_arrays_that_are_not_digits_are_refused(images: np.ndarray, labels: np.ndarray, words: str) -> None:
    with pytest.raises(DataError, match=re.escape(words)):
        Digits(images, labels)


@pytest.mark.parametrize("writers", [np.array([1, 2]), np.array([1.0, 2.0, 3.0]), np.array([[1, 2, 3]])])
def test_writers_that_are_no_number_for_each_image_are_refused(writers: np.ndarray) -> None:
    with pytest.raises(DataError, match=r"^The writers are .*; allowed is a whole number for each of the 3 images"):
        Digits(IMAGES, LABELS, writers)


def test_taking_keeps_writers_in_step() -> None:
    digits = Digits(IMAGES, LABELS, np.array([30, 10, 20], np.uint16))
    for index, expected in (([2, 0], [20, 30]), (slice(1), [30]), (np.array([False, True, True]), [10, 20])):
        taken = digits.take(index).writers
        assert taken is not None
        assert taken.tolist() == expected
    assert Digits(IMAGES, LABELS).take([0]).writers is None


def test_taking_keeps_images_with_their_labels_in_the_order_asked_for() -> None:
    images = np.arange(3, dtype=np.uint8)[:, np.newaxis, np.newaxis] * np.ones((1, 28, 28), np.uint8)
    taken = Digits(images, LABELS).take([2, 0])
    assert taken.labels.tolist() == [9, 7]
    assert taken.images[:, 0, 0].tolist() == [2, 0]
    assert Digits(images, LABELS).take(slice(1)).labels.tolist() == [7]


def test_a_data_set_is_not_official_unless_it_says_so() -> None:
    digits = Digits(IMAGES, LABELS)
    dataset = Dataset(name="mnist", train=digits, test=digits, origin="here")
    assert (dataset.official, dataset.sha256, dataset.notice) == (False, {}, None)


def test_a_split_is_had_by_its_name_in_links_too() -> None:
    digits = Digits(IMAGES, LABELS)
    dataset = Dataset(name="mnist", train=digits, test=digits.take([0]), origin="here")
    assert [len(dataset.split(split)) for split in Split] == [3, 1]
    assert dataset.split(Split("test")) is dataset.test


def test_networks_take_images_from_0_to_1_with_one_channel() -> None:
    images = IMAGES.copy()
    images[0, 0, :2] = (255, 51)
    given = scale_to_input(images)
    assert given.shape == (3, 28, 28, 1)
    assert given.dtype == np.float32
    assert given[0, 0, :3, 0].tolist() == [1.0, np.float32(0.2), 0.0]
