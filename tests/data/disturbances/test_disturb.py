"""Images are disturbed in mild ways, by what chance gives each of them alone."""

import numpy as np
import pytest

from mnist_dash.arrays import Images
from mnist_dash.data.disturbances.chances import AMOUNTS, Chances, draw_chances
from mnist_dash.data.disturbances.disturb import DISTURBANCES, disturb
from mnist_dash.errors import DataError


@pytest.fixture(scope="module")
def images() -> Images:
    """Ten rings and bars, of any breadth."""
    y, x = np.mgrid[-14:14, -14:14] + 0.5
    rings = [np.clip(breadth - abs(np.hypot(x, y) - 8), 0, 1) for breadth in np.linspace(1, 3, 5)]
    bars = [np.clip(breadth - abs(x), 0, 1) * (abs(y) < 10) for breadth in np.linspace(1, 3, 5)]
    return np.asarray(np.rint(255 * np.stack([*rings, *bars])), np.uint8)


@pytest.mark.parametrize("start", [0, 3, 9])
def test_a_part_is_disturbed_as_within_the_whole(images: Images, start: int) -> None:
    whole = disturb(images, 0.7, draw_chances(0, 2, 0, 10))
    part = disturb(images[start:], 0.7, draw_chances(0, 2, start, 10 - start))
    np.testing.assert_array_equal(part, whole[start:])


def test_epochs_and_seeds_differ() -> None:
    drawn = [draw_chances(seed, epoch, 0, 3).amounts for seed in range(2) for epoch in range(1, 3)]
    assert len(np.unique(np.stack(drawn)[:, 0, 0])) == 4


def test_a_share_is_disturbed_and_the_rest_keeps_its_bits(images: Images) -> None:
    many = np.tile(images, (200, 1, 1))
    changed = (disturb(many, 0.3, draw_chances(0, 1, 0, len(many))) != many).any(axis=(1, 2))
    assert 0.25 < changed.mean() < 0.32
    assert not np.shares_memory(disturb(many, 0, draw_chances(0, 1, 0, len(many))), many)
    np.testing.assert_array_equal(disturb(many, 0, draw_chances(0, 1, 0, len(many))), many)


@pytest.mark.parametrize("name", DISTURBANCES)
def test_each_changes_images_within_their_range_and_leaves_its_input(images: Images, name: str) -> None:
    ink = images.astype(np.float32) / np.float32(255)
    before = ink.copy()
    change, _ = DISTURBANCES[name]
    chances = draw_chances(0, 1, 0, 10)
    amounts = chances.amounts.copy()
    changed = change(ink, chances)
    assert changed.shape == ink.shape
    assert changed.dtype == np.float32
    assert np.isfinite(changed).all()
    assert (changed != ink).any(axis=(1, 2)).sum() >= 6
    np.testing.assert_array_equal(ink, before)
    np.testing.assert_array_equal(chances.amounts, amounts)


@pytest.mark.parametrize("end", [2.0**-24, 1 - 2.0**-24])
def test_the_least_and_the_greatest_chance_are_allowed(images: Images, end: float) -> None:
    chances = Chances(np.full((10, AMOUNTS), end, np.float32), np.full((10, 28, 28), 0.5, np.float32))
    assert disturb(images, 1, chances).shape == images.shape


def test_an_empty_stack_stays_empty(images: Images) -> None:
    assert disturb(images[:0], 0.5, draw_chances(0, 1, 0, 0)).shape == (0, 28, 28)


def test_blank_paper_can_be_disturbed() -> None:
    blank = np.zeros((500, 28, 28), np.uint8)
    assert disturb(blank, 1, draw_chances(0, 1, 0, 500)).dtype == np.uint8


def test_chances_for_other_images_are_refused(images: Images) -> None:
    with pytest.raises(DataError, match=r"10 images but chances for 9"):
        disturb(images, 1, draw_chances(0, 1, 0, 9))


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_a_share_outside_0_to_1_is_refused(images: Images, share: float) -> None:
    with pytest.raises(DataError, match="allowed is 0 to 1"):
        disturb(images, share, draw_chances(0, 1, 0, 10))
