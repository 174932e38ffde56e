"""A digit is changed as far as was asked, the same way each time, and what nothing changes keeps its bits."""

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_dash.arrays import Images
from mnist_dash.data.augmentation import Augmentation, Warps, augment, draw_warps
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.generator.writers import generate
from mnist_dash.errors import DataError
from mnist_dash.models.bundled import load_bundled
from tests.data.samples import sample

TYPICAL = Augmentation(rotation=15, shift=2, zoom=0.12, shear=0.15, elastic=1, thickness=0.5)
STRONGEST = Augmentation(rotation=45, shift=8, zoom=0.5, shear=0.5, elastic=4, thickness=2)
STRENGTHS = [field.name for field in fields(Augmentation)]

relaxed = settings(deadline=None, max_examples=30)


@pytest.fixture(scope="module")
def digits() -> Images:
    """Digits of the generator."""
    return generate(60, 0).images


def unchanged(count: int) -> Warps:
    return draw_warps(Augmentation(), count, 0, 1)


def warped(images: Images, **amounts: float | tuple[float, float]) -> Images:
    """All images changed by the same amounts."""
    warps = unchanged(len(images))
    given = {name: np.full_like(getattr(warps, name), amount) for name, amount in amounts.items()}
    return augment(images, replace(warps, **given))


def blot(row: int, column: int) -> Images:
    """One image with 2×2 pixels of ink from `row` and `column` on."""
    images = np.zeros((1, 28, 28), np.uint8)
    images[0, row : row + 2, column : column + 2] = 255
    return images


def place(images: Images) -> tuple[float, float]:
    """Where the ink of one image lies: pixels right of the centre and below it."""
    mass, from_centre = images[0].astype(float), np.arange(28) - 13.5
    return float(mass.sum(axis=0) @ from_centre / mass.sum()), float(mass.sum(axis=1) @ from_centre / mass.sum())


def same(one: Warps, other: Warps) -> bool:
    return all(np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(Warps))


def test_an_augmentation_is_active_as_soon_as_anything_is_on() -> None:
    assert not Augmentation().active
    assert [Augmentation(**{name: 0.1}).active for name in STRENGTHS] == [True] * 6


@pytest.mark.parametrize("name", STRENGTHS)
def test_each_strength_changes_digits_by_itself(name: str, digits: Images) -> None:
    alone = Augmentation(**{name: getattr(TYPICAL, name)})
    changed = (augment(digits, draw_warps(alone, len(digits), 0, 1)) != digits).any(axis=(1, 2))
    assert changed.mean() > 0.9


def test_the_same_arguments_draw_the_same_warps() -> None:
    one = draw_warps(TYPICAL, 20, seed=3, epoch=2)
    assert same(one, draw_warps(TYPICAL, 20, seed=3, epoch=2))
    for other in (draw_warps(TYPICAL, 20, seed=3, epoch=3), draw_warps(TYPICAL, 20, seed=4, epoch=2)):
        assert np.isin(other.rotation, one.rotation).mean() < 0.01
        assert np.isin(other.elastic, one.elastic).mean() < 0.01


def test_the_first_images_of_an_epoch_are_changed_the_same_however_many_follow() -> None:
    assert same(draw_warps(TYPICAL, 7, 0, 1), draw_warps(TYPICAL, 500, 0, 1).take(slice(7)))


@pytest.mark.parametrize("name", STRENGTHS)
def test_a_strength_leaves_alone_what_the_others_do(name: str) -> None:
    before, after = draw_warps(TYPICAL, 20, 0, 1), draw_warps(replace(TYPICAL, **{name: 0.01}), 20, 0, 1)
    differing = {
        field.name
        for field in fields(Warps)
        if not np.array_equal(getattr(before, field.name), getattr(after, field.name))
    }
    assert differing == {name}


@pytest.mark.parametrize("name", ["rotation", "shift", "shear", "thickness"])
@given(strength=st.floats(0.1, 45))
@relaxed
def test_amounts_are_drawn_evenly_up_to_the_strength_to_either_side(name: str, strength: float) -> None:
    amounts = getattr(draw_warps(Augmentation(**{name: strength}), 500, 0, 1), name) / strength
    assert np.abs(amounts).max() <= 1 + 1e-6
    assert np.percentile(amounts, [0, 25, 50, 75, 100]) == pytest.approx([-1, -0.5, 0, 0.5, 1], abs=0.1)


@given(st.floats(0, 0.5))
@relaxed
def test_the_zoom_is_drawn_evenly_around_one(strength: float) -> None:
    zoom = draw_warps(Augmentation(zoom=strength), 500, 0, 1).zoom
    assert zoom.min() == pytest.approx(1 - strength, abs=0.02)
    assert zoom.max() == pytest.approx(1 + strength, abs=0.02)
    assert np.abs(zoom - 1).max() <= strength + 1e-6


def test_all_amounts_are_drawn_independently_of_each_other() -> None:
    warps = draw_warps(STRONGEST, 2_000, 0, 1)
    amounts = np.column_stack([warps.rotation, warps.shift, warps.zoom - 1, warps.shear, warps.thickness])
    assert np.corrcoef(amounts, rowvar=False) == pytest.approx(np.eye(6), abs=0.1)


def test_warps_are_counted_and_taken_like_images() -> None:
    warps = draw_warps(TYPICAL, 10, 0, 1)
    assert (len(warps), len(warps.take(slice(4, 7)))) == (10, 3)
    assert np.array_equal(warps.take(slice(4, 7)).shift, warps.shift[4:7])


def test_nothing_on_leaves_every_bit_in_new_images() -> None:
    images = sample(200, 0).images
    result = augment(images, unchanged(200))
    assert np.array_equal(result, images)
    assert result.dtype == np.uint8
    assert not np.shares_memory(result, images)


def test_an_image_that_no_warp_changes_keeps_its_bits_among_others(digits: Images) -> None:
    warps, still = draw_warps(STRONGEST, len(digits), 0, 1), unchanged(len(digits))
    for field in fields(Warps):
        getattr(warps, field.name)[10] = getattr(still, field.name)[10]
    result = augment(digits, warps)
    assert np.array_equal(result[10], digits[10])
    assert not np.array_equal(result[11], digits[11])


@given(st.lists(st.integers(0, 300), max_size=6))
@relaxed
def test_chunks_of_any_size_make_the_same_bits(cuts: list[int]) -> None:
    images, warps = sample(300, 0).images, draw_warps(STRONGEST, 300, 0, 1)
    bounds = [0, *sorted(cuts), 300]
    parts = [slice(*pair) for pair in pairwise(bounds)]
    chunks = [augment(images[part], warps.take(part)) for part in parts]
    assert np.array_equal(np.concatenate(chunks), augment(images, warps))


def test_neither_images_nor_warps_are_written_to(digits: Images) -> None:
    images, warps = digits.copy(), draw_warps(STRONGEST, len(digits), 0, 1)
    for array in (images, *(getattr(warps, field.name) for field in fields(Warps))):
        array.flags.writeable = False
    assert not np.array_equal(augment(images, warps), digits)


@pytest.mark.parametrize("count", [0, 59, 61])
def test_another_number_of_warps_is_refused(count: int, digits: Images) -> None:
    with pytest.raises(DataError, match=f"60 images but {count} warps; draw one warp for each image"):
        augment(digits, unchanged(count))


def test_no_images_make_no_images() -> None:
    assert augment(np.empty((0, 28, 28), np.uint8), draw_warps(STRONGEST, 0, 0, 1)).shape == (0, 28, 28)


@given(st.integers(-28, 28), st.integers(-28, 28))
@relaxed
def test_a_shift_by_whole_pixels_is_exact_and_brings_in_paper(right: int, down: int) -> None:
    images = sample(2, 0).images
    expected = np.pad(images, ((0, 0), (28, 28), (28, 28)))[:, 28 - down : 56 - down, 28 - right : 56 - right]
    assert np.array_equal(warped(images, shift=(right, down)), expected)


def test_a_shift_between_pixels_shares_the_ink_out() -> None:
    images = np.zeros((1, 28, 28), np.uint8)
    images[0, 10, 10] = 200
    assert warped(images, shift=(0.25, 0))[0, 10, 9:13].tolist() == [0, 150, 50, 0]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_quarter_turns_go_anticlockwise_about_the_centre(quarters: int) -> None:
    images = sample(5, 0).images
    assert np.array_equal(warped(images, rotation=90 * quarters), np.rot90(images, quarters, axes=(1, 2)))


@pytest.mark.parametrize("degrees", [-45, -20, 10, 45])
def test_a_turn_by_any_angle_puts_ink_where_geometry_says(degrees: float) -> None:
    angle = np.deg2rad(degrees)
    expected = 9 * np.cos(angle), -9 * np.sin(angle)
    assert place(warped(blot(13, 22), rotation=degrees)) == pytest.approx(expected, abs=0.05)


def test_a_zoom_enlarges_about_the_centre() -> None:
    images = blot(10, 18)
    for factor in (0.5, 1.25, 1.5):
        larger = warped(images, zoom=factor)
        assert place(larger) == pytest.approx((5 * factor, -3 * factor), abs=0.15)
        assert larger.sum() / images.sum() == pytest.approx(factor**2, rel=0.05)


def test_a_shear_moves_each_row_sideways_by_its_distance_from_the_centre() -> None:
    for row in (3, 13, 20):
        below = row + 0.5 - 13.5
        assert place(warped(blot(row, 13), shear=0.4)) == pytest.approx((0.4 * below, below), abs=0.01)


def test_a_digit_is_sheared_and_turned_before_it_is_zoomed_and_shifted() -> None:
    both = warped(blot(3, 13), shear=0.5, rotation=90, zoom=0.5, shift=(3, 2))
    # (0, -10) is sheared to (-5, -10), turned to (-10, 5), halved to (-5, 2.5) and shifted.
    assert place(both) == pytest.approx((-2, 4.5), abs=0.1)


def test_a_displacement_moves_ink_right_and_down() -> None:
    grids = unchanged(1).elastic
    right, down = grids.copy(), grids.copy()
    right[:, 0], down[:, 1] = 1, 1
    for elastic, axis in ((right, 0), (down, 1)):
        moved = place(augment(blot(13, 13), replace(unchanged(1), elastic=elastic)))
        assert moved[axis] > 1
        assert moved[1 - axis] == pytest.approx(0, abs=0.01)


def test_thickness_is_measured_before_the_zoom() -> None:
    bar = np.zeros((1, 28, 28), np.uint8)
    bar[:, :, 12:16] = 255
    assert warped(bar, thickness=2, zoom=2)[0, 14].sum() / 255 == pytest.approx(12, abs=0.1)


@pytest.mark.parametrize("change", [{"rotation": 45}, {"shift": 2}, {"rotation": 15, "shift": 2}])
def test_turning_and_shifting_keep_a_digits_ink(change: dict[str, float], mnist: Dataset) -> None:
    images = mnist.test.images[:500]
    changed = augment(images, draw_warps(Augmentation(**change), len(images), 0, 1))
    ink = changed.mean(axis=(1, 2)) / images.mean(axis=(1, 2))
    assert ink.mean() == pytest.approx(1, abs=0.01)
    assert ink == pytest.approx(1, abs=0.08)


@pytest.mark.parametrize("name", ["rotation", "zoom", "shear", "elastic", "thickness"])
def test_the_strongest_change_leaves_digits_readable(name: str, mnist: Dataset) -> None:
    digits = mnist.test.take(slice(500))
    alone = Augmentation(**{name: getattr(STRONGEST, name)})
    answers = load_bundled("cnn").probabilities(augment(digits.images, draw_warps(alone, len(digits), 0, 1)))
    assert (answers.argmax(axis=1) == digits.labels).mean() > 0.8


def test_the_strongest_changes_together_leave_ink_in_every_digit(mnist: Dataset) -> None:
    images = mnist.test.images[:500]
    for epoch in range(1, 5):
        assert augment(images, draw_warps(STRONGEST, len(images), 0, epoch)).max(axis=(1, 2)).min() > 50
