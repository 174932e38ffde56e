"""Which images are learnt from is a function of the seed, and so is the order of every epoch."""

import numpy as np
import pytest

from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.split import GALLERY_EACH, SplitIndices, choose_gallery, draw_split, epoch_order

LABELS = np.random.default_rng(0).integers(0, 10, 500).astype(np.uint8)


def test_the_same_seed_draws_the_same_images() -> None:
    one, again, other = (draw_split(1_000, 500, 100, seed) for seed in (3, 3, 4))
    assert np.array_equal(one.train, again.train)
    assert np.array_equal(one.validation, again.validation)
    assert not np.array_equal(one.train, other.train)


@pytest.mark.parametrize(("images", "train", "validation"), [(1_000, 900, 100), (1_000, 20, 5), (10, 10, 0), (3, 1, 2)])
def test_the_parts_have_their_sizes_and_share_no_image(images: int, train: int, validation: int) -> None:
    parts = draw_split(images, train, validation, 0)
    drawn = np.concatenate([parts.train, parts.validation])
    assert (len(parts.train), len(parts.validation)) == (train, validation)
    assert len(set(drawn.tolist())) == train + validation
    assert drawn.min() >= 0
    assert drawn.max() < images


def test_images_are_drawn_from_the_whole_set() -> None:
    drawn = np.concatenate([draw_split(1_000, 100, 0, seed).train for seed in range(20)])
    assert drawn.min() < 50
    assert drawn.max() >= 950


def test_an_epochs_order_holds_every_image_once() -> None:
    assert sorted(epoch_order(500, 0, 1).tolist()) == list(range(500))


def test_each_epoch_and_each_seed_has_an_order_of_its_own_that_can_be_repeated() -> None:
    orders = {(seed, epoch): tuple(epoch_order(50, seed, epoch).tolist()) for seed in (0, 1) for epoch in (1, 2, 3)}
    assert len(set(orders.values())) == len(orders)
    assert tuple(epoch_order(50, 1, 2).tolist()) == orders[1, 2]


@pytest.mark.parametrize("seed", range(5))
def test_the_gallery_shows_two_held_out_digits_of_each_class_in_order(seed: int) -> None:
    parts = draw_split(len(LABELS), 300, 200, seed)
    shown = choose_gallery(LABELS, parts)
    assert LABELS[shown].tolist() == [digit for digit in range(CLASSES) for _ in range(GALLERY_EACH)]
    assert len(set(shown.tolist())) == GALLERY_EACH * CLASSES
    assert set(shown.tolist()) <= set(parts.validation.tolist())


def test_the_gallery_is_the_same_for_one_seed() -> None:
    one, again, other = (choose_gallery(LABELS, draw_split(len(LABELS), 300, 200, seed)) for seed in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(
    ("validation", "shown"),
    [([], []), ([0, 1, 2, 3], [2, 3, 0, 1]), ([5, 4, 0], [5, 4]), ([3, 2, 1, 0], [3, 2, 1, 0])],
)
def test_the_gallery_shows_what_there_is(validation: list[int], shown: list[int]) -> None:
    labels = np.array([9, 9, 1, 1, 9, 9], np.uint8)
    parts = SplitIndices(np.array([], np.int64), np.array(validation, np.int64))
    assert choose_gallery(labels, parts).tolist() == shown
    assert choose_gallery(labels, parts).dtype == np.int64
