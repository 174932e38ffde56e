"""The layout of a form: no box on another, nothing off the paper, every digit as often as any other."""

from collections import Counter
from itertools import combinations

import numpy as np

from mnist_dash.forms import layout


def test_every_digit_is_asked_for_twenty_times_and_no_box_lies_on_another() -> None:
    assert Counter(box.digit for box in layout.BOXES) == dict.fromkeys(range(10), 20)
    assert [box.number for box in layout.BOXES] == list(range(200))
    for one, other in combinations(layout.BOXES, 2):
        apart = abs(one.left - other.left) >= layout.WIDTH + 1 or abs(one.top - other.top) >= layout.HEIGHT + 1
        assert apart


def test_all_of_it_goes_on_either_paper_with_a_margin_for_the_printer() -> None:
    left, top, right, bottom = layout.AREA
    assert right - left <= 210 - 2 * 6
    assert bottom - top <= 279.4 - 2 * 6


def test_corner_marks_stand_at_the_corners() -> None:
    corners = np.stack([layout.find_corners(mark) for mark in range(4)])
    assert corners.reshape(-1, 2).min(axis=0).tolist() == list(layout.AREA[:2])
    assert corners.reshape(-1, 2).max(axis=0).tolist() == list(layout.AREA[2:])
    assert (corners[0, 2] < 0).all()
