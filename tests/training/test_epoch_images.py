"""The images of an epoch are those that are learnt from, and in fine-tuning others beside them."""

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.methods.spec import RunSpec
from mnist_dash.training.epoch_images import EpochImages, draw_replayed

FINE_TUNED = RunSpec.of("fine_tuned", "mine", seed=3)


def _same(one: Digits, other: Digits) -> bool:
    return np.array_equal(one.images, other.images) and np.array_equal(one.labels, other.labels)


def test_every_other_method_learns_from_its_own_images_alone(small: Digits) -> None:
    assert EpochImages(RunSpec.of("cnn", "mine"), small).of(7) is small


def test_ten_images_are_shown_a_hundred_times_beside_a_thousand_others(small: Digits) -> None:
    mine = small.take(slice(0, 10))
    shown = EpochImages(FINE_TUNED, mine, small.take(slice(10, 200))).of(1)
    assert len(shown) == 2_000
    for start in (0, 500, 990):
        assert _same(shown.take(slice(start, start + 10)), mine)
    assert not (shown.images[1_000:, np.newaxis] == mine.images).all(axis=(2, 3)).any()


def test_without_replay_nothing_else_is_shown(small: Digits) -> None:
    mine = small.take(slice(0, 10))
    shown = EpochImages(RunSpec.of("fine_tuned", "mine", replay=0.0), mine).of(1)
    assert np.array_equal(shown.images.reshape(-1, 10, 28, 28), np.repeat(mine.images[np.newaxis], 100, axis=0))


def test_an_epoch_is_the_same_each_time_and_the_next_one_replays_others(small: Digits) -> None:
    images = EpochImages(FINE_TUNED, small.take(slice(0, 10)), small)
    assert _same(images.of(2), EpochImages(FINE_TUNED, small.take(slice(0, 10)), small).of(2))
    assert not _same(images.of(2), images.of(3))


def test_a_network_that_has_seen_no_real_digit_is_shown_none_again(small: Digits) -> None:
    spec = RunSpec.of("fine_tuned", "mine", start="generated")
    shown = EpochImages(spec, small.take(slice(0, 10)), small).of(1)
    known = {image.tobytes() for image in small.images}
    assert not any(image.tobytes() in known for image in shown.images[1_000:])


@pytest.mark.parametrize(("count", "real"), [(100, 50), (7, 3), (1, 0)])
def test_half_of_what_is_replayed_is_mnist_where_that_is_known(small: Digits, count: int, real: int) -> None:
    replayed = draw_replayed(count, 1, 1, small)
    known = {image.tobytes() for image in small.images}
    assert len(replayed) == count
    assert [image.tobytes() in known for image in replayed.images] == [True] * real + [False] * (count - real)
    assert len(draw_replayed(count, 1, 1)) == count
