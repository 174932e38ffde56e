"""A learning curve draws its digits fairly, knows what is left to do, and comes back from its file."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.analysis.learning_curve import (
    SEEDS,
    Curve,
    Point,
    Task,
    Way,
    digest_digits,
    divide,
    list_counts,
    list_means,
    make_spec,
    order_digits,
    plan,
    read_curve,
    write_curve,
)
from mnist_dash.data.dataset import Digits

CURVE = Curve(
    "abc",
    1_000,
    20,
    tuple(
        Point(Task(seed, images, Way.DENSE), test, own)
        for seed, images, test, own in [(0, 10, 400, 9), (1, 10, 500, 10), (2, 10, 600, 11), (0, 50, 800, 20)]
    ),
)


def test_a_fifth_of_each_digit_is_left_out_of_fifty_and_more(small: Digits) -> None:
    learnt, own = divide(small)
    for digit in range(10):
        count = int((small.labels == digit).sum())
        assert int((own.labels == digit).sum()) == count // 5
        assert int((learnt.labels == digit).sum()) == count - count // 5
    known = {image.tobytes() for image in learnt.images}
    assert not any(image.tobytes() in known for image in own.images)


def test_of_fewer_than_fifty_none_can_be_spared(small: Digits) -> None:
    learnt, own = divide(small.take(slice(0, 49)))
    assert (len(learnt), len(own)) == (49, 0)


def test_ten_images_are_one_of_each_whatever_the_seed_and_more_are_as_even_as_they_can_be(small: Digits) -> None:
    for seed in SEEDS:
        order = order_digits(small, seed)
        assert sorted(order.tolist()) == list(range(len(small)))
        for count in (10, 20, 50, 200):
            counts = np.bincount(small.labels[order[:count]], minlength=10)
            assert counts.max() - counts.min() <= 1 or count > 10 * np.bincount(small.labels).min()
    assert not np.array_equal(order_digits(small, 0)[:10], order_digits(small, 1)[:10])


def test_a_digit_that_is_missing_takes_no_place() -> None:
    digits = Digits(np.zeros((12, 28, 28), np.uint8), np.array([3] * 6 + [7] * 6, np.uint8))
    labels = digits.labels[order_digits(digits, 0)]
    assert labels[:6].tolist() == [3, 7, 3, 7, 3, 7]


@pytest.mark.parametrize(
    ("images", "counts"),
    [(9, []), (10, [10]), (11, [10, 11]), (120, [10, 20, 50, 100, 120]), (1_000, [10, 20, 50, 100, 200, 500, 1_000])],
)
def test_counts_go_up_by_about_two_and_end_with_all(images: int, counts: list[int]) -> None:
    assert list_counts(images) == counts


def test_the_whole_curve_of_one_seed_comes_before_another_seed() -> None:
    tasks = plan(50)
    assert len(tasks) == len(set(tasks)) == 3 * 3 * len(Way)
    assert tasks == sorted(tasks, key=lambda task: (task.seed, task.images))
    assert plan(50, [4])[0] == Task(4, 10, Way.RANDOM)


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("images", [10, 99, 1_000, 5_000])
def test_every_way_learns_from_all_images_that_it_is_given(way: Way, images: int) -> None:
    spec = make_spec(Task(5, images, way))
    assert spec.seed == 5
    if way is not Way.RANDOM:
        assert spec.split(images) == (images, 0)


def test_only_the_last_two_ways_could_read_before() -> None:
    starts = {way: make_spec(Task(0, 10, way)).fine_tuning for way in Way}
    assert [way for way, found in starts.items() if found] == [Way.GENERATED, Way.READER]
    assert [found.start for found in starts.values() if found] == ["generated", "reader"]


def test_a_mean_is_over_seeds_with_students_interval() -> None:
    first, second = list_means(CURVE, Way.DENSE, own=False)
    assert (first.images, first.seeds) == (10, 3)
    assert first.share == pytest.approx(0.5)
    # t for two degrees of freedom is 4.303, times 0.1 over the root of three.
    assert first.interval == pytest.approx((0.5 - 0.24841, 0.5 + 0.24841), abs=1e-4)
    assert (second.images, second.seeds, second.interval) == (50, 1, None)
    assert [mean.share for mean in list_means(CURVE, Way.DENSE, own=True)] == pytest.approx([0.5, 1.0])
    assert list(list_means(CURVE, Way.CNN, own=False)) == []


def test_where_nothing_was_left_out_own_digits_have_no_means() -> None:
    assert list(list_means(replace(CURVE, left_out=0), Way.DENSE, own=True)) == []


@pytest.mark.parametrize("curve", [CURVE, Curve("x", 10_000, 0)])
def test_a_curve_comes_back_from_its_file(curve: Curve) -> None:
    assert read_curve(write_curve(curve)) == curve
    assert curve.done == {point.task for point in curve.points}


def test_a_damaged_file_is_no_curve() -> None:
    content = write_curve(CURVE)
    assert read_curve(content[: len(content) // 2]) is None
    assert read_curve(content.replace("dense".encode("utf-32-le"), "dance".encode("utf-32-le"))) is None
    assert read_curve(b"") is None


def test_digits_and_labels_decide_the_digest(small: Digits) -> None:
    other = Digits(small.images, np.roll(small.labels, 1))
    assert digest_digits(small) == digest_digits(small.take(slice(None)))
    assert len({digest_digits(small), digest_digits(other), digest_digits(small.take(slice(0, 9)))}) == 3
