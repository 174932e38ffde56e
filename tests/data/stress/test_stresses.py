"""Stress on digits: nothing at 0, more with every level, the same for the same seed."""

from itertools import pairwise

import numpy as np
import pytest

from mnist_dash.arrays import Images
from mnist_dash.data.corruptions.mnist_c import Corruption, corrupt
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.stress.stresses import STRESSES, draw_digits, stress
from mnist_dash.errors import DataError

DIGITS = generate(60, 0)
DIRECTIONS = np.random.default_rng(5).choice(np.array([-1, 1], np.int8), DIGITS.images.shape)
OWN = [name for name in STRESSES if not name.startswith("mnist_c_")]


def changed(name: str, amount: float, seed: int = 0) -> Images:
    """The digits under that stress, in the same directions where it is aimed."""
    return stress(DIGITS.images, name, amount, seed, DIRECTIONS)


def distance(name: str, amount: float) -> float:
    """How far the digits are from what they were, a pixel, of 255."""
    after = changed(name, amount)
    assert after.shape == DIGITS.images.shape
    assert after.dtype == np.uint8
    return float(np.abs(after.astype(int) - DIGITS.images).mean())


def test_there_are_our_own_and_all_of_mnist_c() -> None:
    assert {f"mnist_c_{corruption}" for corruption in Corruption} < set(STRESSES)
    assert len(OWN) == 13
    assert len({kind.title for kind in STRESSES.values()}) == len(STRESSES)


@pytest.mark.parametrize("name", STRESSES)
def test_levels_begin_with_nothing_and_end_with_the_most(name: str) -> None:
    kind = STRESSES[name]
    assert (kind.levels[0], kind.levels[-1]) == (0, kind.most)
    assert list(kind.levels) == sorted(set(kind.levels))
    steps = np.array([*kind.levels, kind.usual]) / kind.step
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-6)
    assert 0 < kind.usual <= kind.most


@pytest.mark.parametrize("name", STRESSES)
def test_nothing_changes_at_0_and_the_same_seed_gives_the_same_bits(name: str) -> None:
    kept = DIGITS.images.copy()
    assert distance(name, 0) == 0
    most = STRESSES[name].most
    assert np.array_equal(changed(name, most, 3), changed(name, most, 3))
    assert np.array_equal(DIGITS.images, kept)


@pytest.mark.parametrize("name", OWN)
def test_every_level_is_further_from_the_digits_than_the_one_before(name: str) -> None:
    # Beyond that a digit may have left the image, or shrunk to a dot.
    distances = [distance(name, level) for level in STRESSES[name].levels[:4]]
    assert all(after > before for before, after in pairwise(distances))


@pytest.mark.parametrize("name", ["rotate", "shift", "cover"])
def test_what_is_random_stays_where_it_was_when_there_is_more_of_it(name: str) -> None:
    kind = STRESSES[name]
    less, more = (stress(DIGITS.images, name, share * kind.most).astype(int) for share in (0.4, 0.5))
    other = stress(DIGITS.images, name, 0.5 * kind.most, 1).astype(int)
    assert np.abs(less - more).mean() < 0.7 * np.abs(other - more).mean()


def test_the_corruptions_are_those_of_mnist_c() -> None:
    expected = corrupt(DIGITS.images, Corruption.FOG, np.random.default_rng(0), 2)
    assert np.array_equal(stress(DIGITS.images, "mnist_c_fog", 2), expected)
    stripes = corrupt(DIGITS.images, Corruption.STRIPE, np.random.default_rng(0))
    assert np.array_equal(stress(DIGITS.images, "mnist_c_stripe", 1), stripes)


def test_each_does_what_its_name_says() -> None:
    ink = DIGITS.images.sum(axis=(1, 2)).astype(float)
    sums = {
        name: stress(DIGITS.images, name, 2).sum(axis=(1, 2)).astype(float) for name in ("thicken", "thin", "cover")
    }
    assert (sums["thicken"] > ink).all()
    assert (sums["thin"] <= ink).all()
    assert (sums["cover"] <= ink).all()
    assert np.array_equal(stress(DIGITS.images, "invert", 1), 255 - DIGITS.images)
    assert np.array_equal(stress(DIGITS.images, "stripes", 14), 255 - DIGITS.images)
    wide = stress(DIGITS.images, "stripes", 3)
    assert np.array_equal(wide[:, :, 3:25], DIGITS.images[:, :, 3:25])


@pytest.mark.parametrize(
    ("name", "amount", "words"),
    [
        ("melt", 1, r"There is no stress 'melt'; allowed are rotate, shift,"),
        ("rotate", 91, r"Rotate was asked for by 91; allowed is 0 to 90"),
        ("rotate", -1, r"by -1; allowed is 0 to 90"),
        ("blur", float("nan"), r"by nan; allowed is 0 to 4"),
        ("mnist_c_fog", 1e9, r"allowed is 0 to 5"),
    ],
)
def test_an_absurd_amount_or_name_is_refused(name: str, amount: float, words: str) -> None:
    with pytest.raises(DataError, match=words):
        stress(DIGITS.images, name, amount)


def test_digits_are_drawn_at_random_and_the_first_ones_are_always_the_same() -> None:
    few, many = draw_digits(DIGITS, 10), draw_digits(DIGITS, 40)
    assert np.array_equal(few.images, many.images[:10])
    assert not np.array_equal(few.images, DIGITS.images[:10])
    assert len(draw_digits(DIGITS, 1_000)) == 60
