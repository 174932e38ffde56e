"""Digits that people wrote with a pen are read from lines and drawn on the sheet."""

import json

import numpy as np
import pytest

from mnist_dash.data.reader_set.pen_strokes import PenDigit, draw_pen_digits, parse_pen_digits
from mnist_dash.errors import DataError

ONE = {"label": 1, "donor": "apb", "strokes": [[[0, 200], [150, 0]], [[150, 0], [140, 1000]]]}


def test_a_line_tells_a_digit() -> None:
    (digit,) = parse_pen_digits([json.dumps(ONE)])
    assert (digit.label, digit.donor, len(digit.strokes)) == (1, "apb", 2)
    np.testing.assert_array_equal(digit.strokes[1], [[150, 0], [140, 1000]])


@pytest.mark.parametrize(
    "change",
    [
        {"label": 10},
        {"label": "1"},
        {"donor": None},
        {"strokes": []},
        {"strokes": [[]]},
        {"strokes": [[[1, 2, 3]]]},
        {"strokes": [[[1, None]]]},
        {"strokes": [[[1, 2], [3]]]},
        {"strokes": 5},
    ],
)
def test_other_lines_are_refused_by_their_number(change: dict[str, object]) -> None:
    with pytest.raises(DataError, match=r"Line 2 is .* allowed is"):
        parse_pen_digits([json.dumps(ONE), json.dumps(ONE | change)])


@pytest.mark.parametrize("line", ["", "[]", "{", '{"label": 1}', "null"])
def test_lines_that_are_no_record_are_refused(line: str) -> None:
    with pytest.raises(DataError, match="Line 1"):
        parse_pen_digits([line])


def test_digits_are_drawn_alike_for_one_seed_and_otherwise_for_another() -> None:
    digits = parse_pen_digits([json.dumps(ONE)] * 3)
    first, again, other = (draw_pen_digits(digits, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.images, again.images)
    assert (first.images != other.images).any()
    assert first.labels.tolist() == [1, 1, 1]
    # Each of the three has a pen, a size and a place of its own.
    assert len(np.unique(first.images, axis=0)) == 3


def test_a_dot_is_drawn() -> None:
    assert draw_pen_digits([PenDigit(1, "me", (np.array([[3.0, 4.0]]),))], 0).images.any()
