"""Strokes get broader and finer without being lost, and what is bent is bent smoothly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_dash.arrays import Float32s, Images
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.warping import FROM_CENTRE, NODES, change_thickness, make_displacement, sample_bilinear

BLANK = np.zeros((1, 28, 28), np.uint8)


@pytest.fixture(scope="module")
def digits() -> Images:
    """Digits of the generator."""
    return generate(60, 0).images


def by(pixels: float, images: Images) -> Float32s:
    """All images inked with a pen that is broader by so much."""
    return change_thickness(images, np.full(len(images), pixels, np.float32))


def bar(breadth: int) -> Images:
    """An upright bar, 20 pixels high."""
    images = BLANK.copy()
    images[0, 4:24, 10 : 10 + breadth] = 255
    return images


def grids(count: int, strength: float) -> Float32s:
    return np.random.default_rng(0).standard_normal((count, 2, NODES, NODES), np.float32) * np.float32(strength)


def test_the_breadth_of_a_stroke_grows_and_shrinks_by_the_pixels_that_are_asked_for() -> None:
    for pixels in (-2, -1, -0.5, 0, 0.3, 1, 2):
        assert by(pixels, bar(5))[0, 14].sum() / 255 == pytest.approx(5 + pixels)


def test_half_a_change_blends_the_edges() -> None:
    assert by(1, bar(4))[0, 14, 8:16].tolist() == [0, 127.5, 255, 255, 255, 255, 127.5, 0]
    assert by(-1, bar(4))[0, 14, 8:16].tolist() == [0, 0, 127.5, 255, 255, 127.5, 0, 0]


def test_every_digit_gains_and_loses_ink_with_the_breadth_of_the_pen(digits: Images) -> None:
    ink = np.stack([by(pixels, digits).sum(axis=(1, 2)) for pixels in (-2, -1, 0, 1, 2)])
    assert (np.diff(ink, axis=0) > 0).all()


def test_ink_at_the_rim_meets_paper_outside() -> None:
    full = np.full((1, 28, 28), 255, np.uint8)
    assert by(-2, full)[0, 1:-1, 1:-1].min() == 255
    assert by(-2, full)[0, 0].max() == 0
    assert by(2, full).min() == 255


def test_no_change_leaves_every_value(digits: Images) -> None:
    assert np.array_equal(by(0, digits), digits)


@pytest.mark.parametrize("breadth", [1, 2])
def test_a_hairline_is_not_made_finer(breadth: int) -> None:
    assert np.array_equal(by(-2, bar(breadth)), bar(breadth))


def test_the_hole_of_a_small_loop_is_not_filled() -> None:
    loop = bar(12)
    loop[0, 13:15, 15:17] = 0
    assert by(2, loop)[0, 13:15, 15:17].max() == 0


@given(arrays(np.uint8, (1, 28, 28), elements=st.integers(0, 255), fill=st.just(0)), st.floats(-2, 2, width=32))
@settings(deadline=None, max_examples=60)
def test_no_ink_is_emptied_and_no_tone_leaves_its_range(images: Images, pixels: float) -> None:
    result = by(pixels, images)
    assert result.any() == images.any()
    assert 0 <= result.min() <= result.max() <= 255


def test_a_displacement_has_the_standard_deviation_of_its_grids_at_every_pixel() -> None:
    at_each = make_displacement(grids(4_000, 0.3)).std(axis=0)
    assert at_each == pytest.approx(0.3, rel=0.08)
    assert at_each.mean() == pytest.approx(0.3, rel=0.01)


@pytest.mark.parametrize("strength", [1, 4, 100])
def test_a_displacement_never_folds_a_stroke_over(strength: float) -> None:
    moved = make_displacement(grids(500, strength))
    for axis in (2, 3):
        assert np.abs(np.diff(moved, axis=axis)).max() <= 0.5 + 1e-4


def test_a_displacement_differs_across_an_image_but_hardly_between_neighbours() -> None:
    moved = make_displacement(grids(2_000, 0.3))
    together = np.mean(moved[..., :1] * moved, axis=(0, 1, 2)) / np.mean(moved[..., 0] ** 2)
    assert together[[0, 1, 27]] == pytest.approx([1, 1, 0], abs=0.05)


def test_no_grid_displaces_nothing() -> None:
    assert not make_displacement(grids(3, 0)).any()


@given(st.floats(-40, 40, width=32), st.floats(-40, 40, width=32))
@settings(deadline=None, max_examples=60)
def test_a_place_between_pixels_reads_their_bilinear_mean_and_paper_outside(x: float, y: float) -> None:
    ramp = np.arange(28 * 28, dtype=np.float32).reshape(1, 28, 28)
    padded = np.pad(ramp[0].astype(float), 40)
    column, row = x + 13.5 + 40, y + 13.5 + 40
    left, top = int(column), int(row)
    right, down = column - left, row - top
    corners = padded[top : top + 2, left : left + 2]
    expected = np.array([1 - down, down]) @ corners @ np.array([1 - right, right])
    at = np.full((1, 28, 28), x, np.float32), np.full((1, 28, 28), y, np.float32)
    assert sample_bilinear(ramp, *at) == pytest.approx(expected, abs=0.02)


def test_each_image_is_read_at_its_own_places(digits: Images) -> None:
    columns, rows = np.broadcast_arrays(FROM_CENTRE, FROM_CENTRE[:, None])
    x, y = (np.repeat(place[None], len(digits), axis=0) for place in (columns, rows))
    x[1::2] *= -1
    expected = digits.copy()
    expected[1::2] = digits[1::2, :, ::-1]
    assert np.array_equal(sample_bilinear(digits, x, y), expected)
