"""The stages from ink to a 28×28 image keep what MNIST's own images keep."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from mnist_dash.arrays import Ink
from mnist_dash.data.dataset import Dataset
from mnist_dash.sketch import pen
from mnist_dash.sketch.mnist_preprocessing import BOX, SIDE, Stages, Step, preprocess

inks = arrays(bool, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=60)).filter(lambda ink: ink.any())
relaxed = settings(deadline=None, max_examples=60)


def processed(ink: Ink, *without: Step) -> Stages:
    found = preprocess(ink, without)
    assert found is not None
    return found


def a_two(size: int, breadth: float) -> Ink:
    """A 2 that is `size` pixels high on a canvas three times as large."""
    points = np.array([[0, 0.2], [0.3, 0], [0.6, 0.2], [0.3, 0.6], [0, 1], [0.7, 0.95]])
    return pen.draw([(points + 0.5) * size], 3 * size, 3 * size, breadth)


def centre(image: np.ndarray) -> tuple[float, float]:
    mass = image.astype(np.float64)
    places = np.arange(SIDE) + 0.5
    return float(mass.sum(axis=1) @ places / mass.sum()), float(mass.sum(axis=0) @ places / mass.sum())


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (280, 280)])
def test_no_ink_gives_no_stages(shape: tuple[int, int]) -> None:
    assert preprocess(np.zeros(shape, bool)) is None


@relaxed
@given(inks)
def test_an_image_uses_every_grey_up_to_full_ink(ink: Ink) -> None:
    image = processed(ink).image
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
    assert image.max() == 255


@relaxed
@given(inks)
def test_the_longer_side_of_the_cut_becomes_the_square(ink: Ink) -> None:
    found = processed(ink)
    assert found.square.shape == (max(found.cut.shape),) * 2
    assert found.cut.sum() == found.square.sum() == ink.sum()


@relaxed
@given(inks)
def test_no_ink_is_lost_at_the_edges_of_the_image(ink: Ink) -> None:
    found = processed(ink)
    row, column = found.offset
    assert 0 <= row <= SIDE - BOX
    assert 0 <= column <= SIDE - BOX
    assert found.image.sum() == np.rint(found.small * 255).sum()


@relaxed
@given(inks, st.tuples(*[st.integers(0, 50)] * 4))
def test_a_drawing_gives_the_same_image_wherever_it_stands(ink: Ink, margins: tuple[int, int, int, int]) -> None:
    top, bottom, left, right = margins
    moved = np.pad(ink, ((top, bottom), (left, right)))
    assert np.array_equal(processed(moved).image, processed(ink).image)


@relaxed
@given(inks, st.integers(2, 4))
def test_a_drawing_with_larger_pixels_gives_the_same_image(ink: Ink, times: int) -> None:
    height, width = processed(ink).cut.shape
    assume((height - width) % 2 == 0)  # else the square's margins differ by a pixel, which half a large one is not
    larger = np.kron(ink, np.ones((times, times), bool)).astype(bool)
    found, again = processed(ink), processed(larger)
    assert again.offset == found.offset
    assert np.allclose(again.small, found.small, atol=1e-9)


@pytest.mark.parametrize("times", [2, 3])
def test_a_digit_drawn_larger_gives_nearly_the_same_image(times: int) -> None:
    small, large = processed(a_two(80, 10)).image, processed(a_two(80 * times, 10 * times)).image
    assert np.abs(small.astype(int) - large).mean() < 4


@pytest.mark.parametrize(("row", "column"), [(0, 0), (3, 4), (6, 8)])
def test_a_single_pixel_fills_the_box(row: int, column: int) -> None:
    ink = np.zeros((7, 9), bool)
    ink[row, column] = True
    found = processed(ink)
    assert found.offset == (5, 5)
    assert (found.image[5:25, 5:25] == 255).all()
    assert found.image.sum() == 255 * BOX * BOX


@pytest.mark.parametrize("side", range(1, 90))
def test_a_symmetric_drawing_of_any_size_has_its_centre_at_15(side: int) -> None:
    assert processed(np.ones((side, side), bool)).offset == (5, 5)


@pytest.mark.parametrize("length", [20, 90, 281])
def test_a_line_keeps_its_direction_and_full_length(length: int) -> None:
    upright = processed(np.ones((length, length // 10), bool)).image
    lying = processed(np.ones((length // 10, length), bool)).image
    assert (upright.any(axis=1).sum(), lying.any(axis=0).sum()) == (BOX, BOX)
    assert upright.any(axis=0).sum() <= 4
    assert np.array_equal(lying, upright.T)


@pytest.mark.parametrize("shape", [(40, 400), (400, 40)])
def test_a_canvas_need_not_be_square(shape: tuple[int, int]) -> None:
    ink = np.zeros(shape, bool)
    ink[5:35, 5:35] = a_two(30, 4)[15:45, 15:45]
    assert np.array_equal(processed(ink).image, processed(ink[:40, :40]).image)


@given(st.integers(30, 200), st.integers(2, 20))
@relaxed
def test_the_centre_of_mass_lands_where_mnist_has_it(size: int, breadth: int) -> None:
    rounding = 0.02  # of grey values to whole numbers
    for at in centre(processed(a_two(size, breadth)).image):
        assert 14 - rounding <= at < 15 + rounding


def test_a_finished_image_goes_through_once_more_nearly_unchanged() -> None:
    image = processed(a_two(120, 14)).image
    large = np.kron(image, np.ones((10, 10), np.uint8)) > 127
    again = processed(large).image
    assert np.abs(image.astype(int) - again).mean() < 10


def test_every_image_of_mnist_has_its_centre_of_mass_there(mnist: Dataset) -> None:
    centres = np.array([centre(image) for image in mnist.test.images])
    inside = ((centres >= 14 - 0.02) & (centres < 15 + 0.02)).all(axis=1)
    # A generated digit may have its mass so far on one side that there is no room to bring it to the middle.
    assert inside.all() if mnist.official else inside.mean() > 0.99
    assert mnist.test.images.max(axis=(1, 2)).min() >= 254


class TestWithoutAStep:
    """A bar in the upper left of a sheet, 30 pixels high and 10 wide."""

    ink = np.zeros((280, 280), bool)
    ink[20:50, 10:20] = True

    def test_the_whole_sheet_is_taken_where_nothing_is_cut_out(self) -> None:
        found = processed(self.ink, Step.CUT, Step.CENTRE)
        assert found.cut.shape == (280, 280)
        assert np.argwhere(found.image).max() < 12

    def test_the_ink_is_stretched_where_no_square_is_made(self) -> None:
        assert processed(self.ink).small.any(axis=0).sum() < BOX
        assert processed(self.ink, Step.SQUARE).small.all()

    def test_the_ink_fills_the_image_where_no_margin_is_left(self) -> None:
        assert processed(self.ink, Step.MARGIN).image.any(axis=1).all()
        assert processed(self.ink, Step.MARGIN).offset == (0, 0)

    def test_the_box_lies_in_the_middle_where_its_mass_does_not_count(self) -> None:
        heavy = self.ink.copy()
        heavy[40:50, 10:40] = True
        assert processed(heavy).offset != (4, 4)
        assert processed(heavy, Step.CENTRE).offset == (4, 4)
