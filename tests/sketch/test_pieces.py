"""Ink is taken apart where it does not hang together, and dust is known by its size."""

import numpy as np

from mnist_dash.sketch.pieces import are_no_dust, label_pieces


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
