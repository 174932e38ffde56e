"""Each corruption does to digits what the recipe of MNIST-C says, and the same each time; its input stays as it was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_dash.arrays import Images
from mnist_dash.data.corruptions.mnist_c import SEVERITIES, Corruption, corrupt
from mnist_dash.data.corruptions.plasma import make_plasma
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.generator.writers import generate
from mnist_dash.errors import DataError
from mnist_dash.models.bundled import load_bundled

ALWAYS_THE_SAME = (Corruption.STRIPE, Corruption.DOTTED_LINE, Corruption.ZIGZAG, Corruption.CANNY_EDGES)
"""Those without a severity."""
WITHOUT_CHANCE = (Corruption.SCALE, Corruption.BRIGHTNESS, Corruption.STRIPE, Corruption.CANNY_EDGES)
GROWING = [
    *(Corruption.SHOT_NOISE, Corruption.IMPULSE_NOISE, Corruption.SHEAR, Corruption.SCALE, Corruption.ROTATE),
    *(Corruption.BRIGHTNESS, Corruption.TRANSLATE),
]
"""Those of which the recipe raises one number alone."""
FROM_CENTRE = np.arange(28) - 13.5

few = settings(deadline=None, max_examples=10)


@pytest.fixture(scope="module")
def digits() -> Images:
    """Digits of the generator."""
    return generate(60, 0).images


def corrupted(images: Images, corruption: Corruption, severity: int | None = None, seed: int = 0) -> Images:
    return corrupt(images, corruption, np.random.default_rng(seed), severity)


def blot(row: int, column: int, count: int = 1) -> Images:
    """Images with 2×2 pixels of ink from `row` and `column` on."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, row : row + 2, column : column + 2] = 255
    return images


def places(images: Images) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(n, 2): where the ink of each image lies, in pixels right of the centre and below it."""
    mass = images.astype(float)
    sums = np.stack([mass.sum(axis=1) @ FROM_CENTRE, mass.sum(axis=2) @ FROM_CENTRE], axis=1)
    return np.asarray(sums / mass.sum(axis=(1, 2))[:, np.newaxis])


@pytest.mark.parametrize("corruption", Corruption)
def test_every_digit_is_changed_and_its_input_left_alone(corruption: Corruption, digits: Images) -> None:
    images = digits.copy()
    images.flags.writeable = False
    result = corrupted(images, corruption)
    assert result.shape == images.shape
    assert result.dtype == np.uint8
    assert np.array_equal(images, digits)
    assert not np.shares_memory(result, images)
    assert (result != digits).any(axis=(1, 2)).all()


@pytest.mark.parametrize("corruption", Corruption)
def test_a_seed_decides_every_bit_and_another_seed_other_bits(corruption: Corruption, digits: Images) -> None:
    once = corrupted(digits, corruption, seed=3)
    assert np.array_equal(once, corrupted(digits, corruption, seed=3))
    assert np.array_equal(once, corrupted(digits, corruption, seed=4)) is (corruption in WITHOUT_CHANCE)


@pytest.mark.parametrize("corruption", Corruption)
def test_no_images_are_no_images(corruption: Corruption) -> None:
    assert corrupted(np.empty((0, 28, 28), np.uint8), corruption).shape == (0, 28, 28)


@pytest.mark.parametrize("corruption", Corruption)
@given(arrays(np.uint8, st.tuples(st.integers(1, 3), st.just(28), st.just(28))), st.sampled_from(SEVERITIES))
@few
def test_any_image_becomes_one(corruption: Corruption, images: Images, severity: int) -> None:
    result = corrupted(images, corruption, None if corruption in ALWAYS_THE_SAME else severity)
    assert result.shape == images.shape
    assert result.dtype == np.uint8


@pytest.mark.parametrize("corruption", Corruption)
def test_blank_paper_and_full_ink_go_through(corruption: Corruption) -> None:
    for level in (0, 255):
        assert corrupted(np.full((2, 28, 28), level, np.uint8), corruption).shape == (2, 28, 28)


@pytest.mark.parametrize("corruption", [Corruption.IMPULSE_NOISE, Corruption.ROTATE, Corruption.FOG, Corruption.ZIGZAG])
def test_more_images_than_are_worked_on_together_are_all_corrupted(corruption: Corruption) -> None:
    images = blot(13, 13, 1_001)
    assert (corrupted(images, corruption) != images).any(axis=(1, 2)).all()


@pytest.mark.parametrize("corruption", GROWING)
def test_a_higher_severity_changes_more(corruption: Corruption, digits: Images) -> None:
    every = [corrupted(digits, corruption, severity).astype(int) for severity in SEVERITIES]
    changes = [np.abs(images - digits).mean() for images in every]
    assert changes == sorted(changes)


@pytest.mark.parametrize("severity", [0, 6, -1, 2.5])
def test_another_severity_is_refused(severity: int, digits: Images) -> None:
    with pytest.raises(DataError, match=rf"The severity is {severity}; allowed is 1, 2, 3, 4 or 5. Choose one"):
        corrupted(digits, Corruption.FOG, severity)


@pytest.mark.parametrize("corruption", ALWAYS_THE_SAME)
def test_a_severity_is_refused_where_there_is_none(corruption: Corruption, digits: Images) -> None:
    with pytest.raises(DataError, match=f"severity is 3, but the corruption {corruption} has none.* Leave"):
        corrupted(digits, corruption, 3)


@pytest.mark.parametrize(
    "images", [np.zeros((2, 27, 28), np.uint8), np.zeros((28, 28), np.uint8), np.zeros((2, 28, 28), np.float32)]
)
def test_other_arrays_are_refused(images: Images) -> None:
    with pytest.raises(DataError, match=r"images are \w+ of shape .*allowed is uint8 of shape \(n, 28, 28\). Convert"):
        corrupted(images, Corruption.STRIPE)


def test_an_unknown_corruption_is_refused(digits: Images) -> None:
    with pytest.raises(DataError, match=r"no corruption 'snow'; allowed are shot_noise, .*, canny_edges. Choose"):
        corrupted(digits, "snow")  # type: ignore[arg-type]


def test_shot_noise_counts_photons_and_leaves_paper_clean() -> None:
    images = np.zeros((20, 28, 28), np.uint8)
    images[:, :14] = 102
    result = corrupted(images, Corruption.SHOT_NOISE, 3)
    assert set(np.unique(result)) <= {round(255 * photons / 12) for photons in range(13)}
    assert not result[:, 14:].any()
    assert result[:, :14].mean() == pytest.approx(102, rel=0.02)


@pytest.mark.parametrize(("severity", "share"), [(1, 0.03), (4, 0.17), (5, 0.27)])
def test_impulse_noise_makes_salt_and_pepper_alike(severity: int, share: float) -> None:
    result = corrupted(np.full((50, 28, 28), 100, np.uint8), Corruption.IMPULSE_NOISE, severity)
    for level in (0, 255):
        assert (result == level).mean() == pytest.approx(share / 2, rel=0.1)
    assert (result == 100).mean() == pytest.approx(1 - share, rel=0.02)


def test_glass_moves_pixels_a_little_and_blurs_up_and_down_alone() -> None:
    result = corrupted(blot(13, 13, 200), Corruption.GLASS_BLUR)
    assert result.mean() == pytest.approx(blot(13, 13).mean(), rel=0.05)
    assert places(result).std(axis=0).min() > 0.1
    assert not result[:, :, 17:].any()
    assert result[:, 17:].any()


def test_motion_smears_ink_to_one_side() -> None:
    result = corrupted(blot(13, 20, 100), Corruption.MOTION_BLUR)
    assert (places(result)[:, 0] < 6).all()
    assert not result[:, :, 22:].any()
    assert places(result)[:, 1].std() > 0.5
    assert result.mean(axis=(1, 2)) == pytest.approx(blot(13, 20).mean(), rel=0.06)


def test_shear_leans_each_row_by_its_distance_from_the_centre() -> None:
    result = places(corrupted(blot(4, 13, 40), Corruption.SHEAR))
    assert result[:, 1] == pytest.approx(-9 / np.cos(0.4), abs=0.1)
    assert np.abs(result[:, 0]) == pytest.approx(9 * np.tan(0.4), abs=0.1)
    assert len(set(np.sign(result[:, 0]))) == 2


def test_scale_makes_smaller_about_the_centre() -> None:
    result = corrupted(blot(3, 20), Corruption.SCALE, 5)
    assert places(result)[0] == pytest.approx((3.5, -5), abs=0.1)
    assert result.sum() == pytest.approx(blot(3, 20).sum() / 4, rel=0.1)


def test_rotate_turns_about_the_centre_to_either_side() -> None:
    result = places(corrupted(blot(4, 13, 40), Corruption.ROTATE, 2))
    assert np.abs(result[:, 0]) == pytest.approx(9 * np.sin(0.4), abs=0.1)
    assert result[:, 1] == pytest.approx(-9 * np.cos(0.4), abs=0.1)
    assert len(set(np.sign(result[:, 0]))) == 2


def test_brightness_raises_paper_and_spares_ink() -> None:
    result = corrupted(blot(13, 13), Corruption.BRIGHTNESS, 5)
    assert set(np.unique(result)) == {128, 255}
    assert np.unique(corrupted(blot(13, 13), Corruption.BRIGHTNESS, 1)).tolist() == [26, 255]


def test_translate_moves_ink_by_whole_pixels_in_both_directions(digits: Images) -> None:
    moved = places(corrupted(blot(13, 13, 60), Corruption.TRANSLATE))
    assert {tuple(np.rint(place).tolist()) for place in moved} == {(x, y) for x in (-3, 3) for y in (-3, 3)}
    by_one = corrupted(digits, Corruption.TRANSLATE, 1)
    padded = np.pad(digits, ((0, 0), (1, 1), (1, 1)))
    ways = [padded[:, top : top + 28, left : left + 28] for top in (0, 2) for left in (0, 2)]
    assert np.any([(way == by_one).all(axis=(1, 2)) for way in ways], axis=0).all()


def test_stripes_invert_the_outer_columns(digits: Images) -> None:
    result = corrupted(digits, Corruption.STRIPE)
    assert np.array_equal(result[:, :, 7:21], digits[:, :, 7:21])
    for columns in (slice(7), slice(21, None)):
        assert np.array_equal(result[:, :, columns], 255 - digits[:, :, columns])


def test_fog_greys_the_paper_and_weakens_the_ink(digits: Images) -> None:
    result = corrupted(digits, Corruption.FOG)
    assert np.median(result[:, 0]) > 50
    assert result[:, 0].std(axis=1).min() > 0
    spread = [np.ptp(images.astype(int), axis=(1, 2)).mean() for images in (digits, result)]
    assert spread[1] < 0.6 * spread[0]


def test_plasma_is_smooth_reaches_from_0_to_1_and_starts_at_its_middle() -> None:
    whole = make_plasma(40, 256, np.random.default_rng(0), 2)
    assert whole.min(axis=(1, 2)) == pytest.approx(0)
    assert whole.max(axis=(1, 2)) == pytest.approx(1)
    assert np.abs(np.diff(whole, axis=1)).mean() < 0.02
    # It goes round: its last row is as near to its first as any to the next.
    assert np.abs(whole[:, 0] - whole[:, -1]).mean() < 0.02
    assert np.array_equal(make_plasma(40, 28, np.random.default_rng(0), 2), whole[:, :28, :28])


def test_spatter_puts_grey_mud_over_paper_and_ink() -> None:
    images = np.zeros((20, 28, 28), np.uint8)
    images[:, :, 14:] = 255
    result = corrupted(images, Corruption.SPATTER)
    for part, level in ((result[:, :, :14], 0), (result[:, :, 14:], 255)):
        assert 0.03 < (part != level).mean() < 0.5
        assert (np.abs(part[part != level].astype(int) - 63) < 45).all()


def test_a_dotted_line_crosses_every_other_pair_of_columns() -> None:
    result = corrupted(np.zeros((30, 28, 28), np.uint8), Corruption.DOTTED_LINE)
    inked = np.asarray(result.any(axis=(0, 1)))
    assert inked.tolist() == [column // 2 % 2 == 1 and column < 27 for column in range(28)]
    assert (result.max(axis=1)[:, inked] > 150).all()


def test_a_zigzag_goes_up_and_down_across_the_image() -> None:
    result = corrupted(np.zeros((50, 28, 28), np.uint8), Corruption.ZIGZAG)
    inked = np.asarray(result.any(axis=(0, 1)))
    assert not inked[:2].any()
    assert inked[3:25].all()
    heights = np.ptp(result[:, :, 3:25].argmax(axis=1), axis=1)
    assert np.median(heights) >= 4


def test_canny_edges_outline_a_box_by_one_pixel() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    images[1, 8:20, 8:20] = 150
    images[1, 9:19, 9:19] = 255
    result = corrupted(images, Corruption.CANNY_EDGES)
    assert not result[0].any()
    assert set(np.unique(result)) == {0, 255}
    assert not result[1, 11:17, 11:17].any()
    assert (result[1, 10:18] > 0).sum(axis=1).tolist() == [2] * 8
    assert (result[1, :, 10:18] > 0).sum(axis=0).tolist() == [2] * 8


def test_weak_edges_stay_where_they_hang_together_with_strong_ones_alone() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    images[:, 4:24, 14:] = 16
    assert not corrupted(images, Corruption.CANNY_EDGES).any()
    images[1, 4:24, 14:] = np.linspace(60, 16, 20)[:, np.newaxis]
    alone, beside = corrupted(images, Corruption.CANNY_EDGES)
    assert not alone.any()
    assert beside[18:22].any()


def test_most_corrupted_digits_are_read_by_a_network_that_saw_none(mnist: Dataset) -> None:
    """That a person reads them all, the paper says; a recipe gone wrong would be read no better than by chance."""
    test, network = mnist.test.take(slice(500)), load_bundled("cnn")
    for corruption in Corruption:
        answers = network.probabilities(corrupted(test.images, corruption)).argmax(axis=1)
        assert (answers == test.labels).mean() > 0.4, corruption
