"""Generated digits are balanced, repeatable and look like the digits of their labels."""

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.skeletons import SKELETONS
from mnist_dash.data.generator.writers import SAMPLES, generate, smooth, write_strokes
from mnist_dash.errors import DataError


@pytest.fixture(scope="module")
def digits() -> Digits:
    return generate(600, 0)


def nearest(known: Digits, asked: Digits) -> float:
    """The share of `asked` whose nearest neighbour among `known` has their label."""
    a, b = (each.images.reshape(len(each), -1).astype(np.float32) for each in (asked, known))
    distance = (b * b).sum(axis=1) - 2 * a @ b.T
    return float((known.labels[distance.argmin(axis=1)] == asked.labels).mean())


def test_the_same_seed_gives_the_same_bits(digits: Digits) -> None:
    again = generate(600, 0)
    assert np.array_equal(again.images, digits.images)
    assert np.array_equal(again.labels, digits.labels)


def test_another_seed_gives_other_digits(digits: Digits) -> None:
    other = generate(600, 1)
    assert not np.array_equal(other.labels, digits.labels)
    known = {image.tobytes() for image in digits.images}
    assert not any(image.tobytes() in known for image in other.images)


def test_no_two_digits_are_alike(digits: Digits) -> None:
    assert len({image.tobytes() for image in digits.images}) == len(digits)


@pytest.mark.parametrize("count", [1, 7, 10, 123, 200])
def test_every_digit_is_as_frequent_as_the_others(count: int) -> None:
    frequency = np.bincount(generate(count, 0).labels, minlength=10)
    assert frequency.sum() == count
    assert frequency.max() - frequency.min() <= 1


def test_labels_come_in_no_order(digits: Digits) -> None:
    assert np.abs(np.diff(digits.labels.astype(int))).mean() > 2
    assert len(set(digits.labels[:30].tolist())) > 5


def test_images_have_mnists_form(digits: Digits) -> None:
    assert (digits.images.max(axis=(1, 2)) == 255).all()
    assert not digits.images[:, 0, 0].any()
    filled = digits.images > 0
    longer = np.maximum(filled.any(axis=1).sum(axis=1), filled.any(axis=2).sum(axis=1))
    assert set(longer.tolist()) <= {19, 20}


@pytest.mark.slow
def test_a_digit_can_be_told_from_the_others(digits: Digits) -> None:
    assert nearest(generate(2000, 1), digits) > 0.85


def test_pens_are_of_many_breadths(digits: Digits) -> None:
    ones = digits.images[digits.labels == 1].mean(axis=(1, 2))
    assert np.percentile(ones, 90) > 1.5 * np.percentile(ones, 10)


def test_progress_rises_to_one() -> None:
    told: list[float] = []
    generate(250, 0, told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert 50 <= len(told) <= 130


@pytest.mark.parametrize("count", [0, -5, 1_000_001])
def test_a_count_out_of_range_is_refused(count: int) -> None:
    with pytest.raises(DataError, match="allowed is 1 to 1,000,000"):
        generate(count, 0)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(DataError, match="The seed is -1; allowed is 0 or more"):
        generate(1, -1)


def test_a_curve_runs_through_its_points_and_turns_at_a_doubled_one() -> None:
    points = np.array([[0, 0], [1, 0], [1, 0], [1, 1.0]])
    curve = smooth(points)
    assert all(np.isclose(curve, point).all(axis=1).any() for point in points)
    assert np.allclose(curve[-SAMPLES:, 0], 1)
    assert not np.allclose(smooth(points[1:] - [[1, 0], [0, 0], [0, 0]])[-SAMPLES:, 0], 1)


@pytest.mark.parametrize("digit", SKELETONS)
def test_every_digit_is_written_in_several_ways(digit: int) -> None:
    ways = SKELETONS[digit]
    assert len(ways) >= 4
    assert len({way.name for way in ways}) == len({way.strokes for way in ways}) == len(ways)
    assert all(way.weight > 0 for way in ways)


@pytest.mark.parametrize("digit", SKELETONS)
def test_every_way_stays_about_one_unit_high(digit: int) -> None:
    for way in SKELETONS[digit]:
        curves = np.vstack(write_strokes(way, np.random.default_rng(0)))
        assert np.isfinite(curves).all()
        assert 0.7 < np.ptp(curves[:, 1]) < 1.4, way.name
