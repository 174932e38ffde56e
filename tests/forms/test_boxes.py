"""Frames are followed over bent paper: a box whose own frame is hidden lies where its neighbours do."""

import numpy as np

from mnist_dash.forms import boxes, layout


def test_a_box_whose_frame_is_not_seen_lies_where_its_neighbours_do() -> None:
    left = np.full((layout.ROWS, layout.COLUMNS, 2), 0.1)
    left[:3, :3] = (0.8, -0.6)
    left[0, 0] = left[0, 1] = np.nan
    found = boxes._find_ripples(left.reshape(-1, 2)).reshape(left.shape)
    assert np.allclose(found[0, 0], (0.8, -0.6))
    assert np.allclose(found[10, 5], 0.1)


def test_a_frame_that_stands_alone_moves_nothing() -> None:
    left = np.full((layout.ROWS * layout.COLUMNS, 2), np.nan)
    left[55] = 0.9
    assert not boxes._find_ripples(left).any()
