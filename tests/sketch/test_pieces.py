"""Ink is taken apart where it does not hang together, and dust is known by its size."""

import numpy as np
import pytest
from scipy import ndimage  # type: ignore[import-untyped]

from mnist_dash.sketch.pieces import (
    are_no_dust,
    close_ink,
    grow_cross,
    grow_square,
    label_pieces,
    measure_breadth,
    open_ink,
    shrink_cross,
)


def test_ink_hangs_together_at_corners_and_each_piece_has_its_size() -> None:
    ink = np.array([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 1]], bool)
    pieces, sizes = label_pieces(ink)
    assert pieces.tolist() == [[1, 0, 0, 2], [0, 1, 0, 2], [0, 0, 0, 2]]
    assert sizes.tolist() == [0, 2, 3]


def test_paper_alone_has_no_piece() -> None:
    pieces, sizes = label_pieces(np.zeros((2, 3), bool))
    assert not pieces.any()
    assert sizes.tolist() == [0]


def test_dust_is_what_the_largest_is_more_than_so_many_times_as_large_as() -> None:
    assert are_no_dust(np.array([0, 1, 2, 100]), 50).tolist() == [False, False, True, True]


@pytest.mark.parametrize("side", [3, 5, 7])
def test_opening_and_closing_by_a_square_are_the_binary_ones(side: int) -> None:
    rng = np.random.default_rng(side)
    for _ in range(10):
        ink = ndimage.gaussian_filter(rng.random((83, 61)), 1.5) > 0.5
        assert np.array_equal(open_ink(ink, side), ndimage.binary_opening(ink, np.ones((side, side))))
        assert np.array_equal(close_ink(ink, side), ndimage.binary_closing(ink, np.ones((side, side))))


@pytest.mark.parametrize("shape", [(83, 61), (2, 9), (1, 1), (1, 40)])
def test_ink_that_grows_and_shrinks_by_a_pixel_is_the_binary_dilation_and_erosion(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    ink = rng.random(shape) > 0.3
    assert np.array_equal(grow_cross(ink), ndimage.binary_dilation(ink))
    assert np.array_equal(shrink_cross(ink), ndimage.binary_erosion(ink))
    assert np.array_equal(grow_square(ink, 5), ndimage.binary_dilation(ink, np.ones((5, 5))))


def test_breadth_is_a_share_of_the_longer_side_of_all_ink() -> None:
    ink = np.zeros((100, 100), bool)
    assert measure_breadth(ink) == 0
    ink[10:90, 40:50] = True
    assert measure_breadth(ink) == pytest.approx(10 / 80, rel=0.1)
