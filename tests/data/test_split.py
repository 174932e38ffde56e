"""Which images are learnt from is a function of the seed, and so is the order of every epoch."""

import numpy as np
import pytest

from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.split import (
    GALLERY_EACH,
    SplitIndices,
    choose_gallery,
    draw_split,
    draw_split_by_writer,
    epoch_order,
)
from mnist_dash.errors import DataError

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


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("validation", [0, 37, 400])
def test_no_writer_is_in_both_parts_and_as_many_are_learnt_from_as_asked(validation: int, seed: int) -> None:
    writers = np.random.default_rng(1).integers(100, 160, 2_000)
    parts = draw_split_by_writer(writers, 2_000 - validation, validation, seed)
    assert len(parts.train) == 2_000 - validation
    assert not set(writers[parts.train]) & set(writers[parts.validation])
    assert len(set(np.concatenate([parts.train, parts.validation]).tolist())) == len(parts.train) + len(
        parts.validation
    )
    assert validation - 40 <= len(parts.validation) <= validation


def test_writers_are_chosen_by_the_seed() -> None:
    writers = np.repeat(np.arange(100), 10)
    one, again, other = (set(draw_split_by_writer(writers, 800, 200, seed).validation.tolist()) for seed in (0, 0, 1))
    assert one == again
    assert one != other
    assert len(one) == 200


def test_fewer_may_be_learnt_from_and_they_are_anybody_elses() -> None:
    writers = np.repeat(np.arange(100), 10)
    parts = draw_split_by_writer(writers, 300, 100, 0)
    assert len(parts.train) == 300
    assert len(set(writers[parts.train])) > 80


def test_validation_that_has_no_room_for_any_writer_is_refused() -> None:
    with pytest.raises(DataError, match=r"room for 9 images, but the writer with the fewest wrote 10"):
        draw_split_by_writer(np.repeat(np.arange(10), 10), 91, 9, 0)


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
