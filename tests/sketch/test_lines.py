"""Lines of digits come apart from the top, each from left to right, also where they run askew."""

import numpy as np
import pytest

from mnist_dash.arrays import Ink
from mnist_dash.sketch.lines import MOST, segment_lines
from tests.sketch.test_digits import BAR_APART, BROKEN_FOUR, ONE, SEVEN, TWO, ZERO, Strokes, drawn


def page(*lines: tuple[Strokes, ...], step: float = 100, drop: float = 0) -> Ink:
    """Lines of digits below one another; each digit stands `drop` pixels lower than the one before it."""
    rows = [
        np.logical_or.reduce([drawn(digit, 40 + i * step, 40 + i * drop, 110) for i, digit in enumerate(line)])
        for line in lines
    ]
    return np.concatenate(rows)


def test_a_blank_page_has_no_lines() -> None:
    assert segment_lines(np.zeros((50, 60), bool)) == []


def test_each_line_has_its_digits_from_left_to_right() -> None:
    found = segment_lines(page((ONE, SEVEN, TWO), (SEVEN,), (TWO, ONE)))
    assert [len(line) for line in found] == [3, 1, 2]
    assert [line[0].top // 240 for line in found] == [0, 1, 2]
    assert [piece.left for piece in found[0]] == sorted(piece.left for piece in found[0])


@pytest.mark.parametrize("drop", [-8, 14])
def test_a_line_may_run_askew(drop: float) -> None:
    digits = (ONE, SEVEN, TWO, SEVEN, ONE, TWO)
    found = segment_lines(np.pad(page(digits, drop=drop), ((60, 0), (0, 0))))
    assert [len(line) for line in found] == [6]


@pytest.mark.parametrize("digit", [BROKEN_FOUR, BAR_APART])
def test_a_part_of_a_digit_is_no_line_of_its_own(digit: Strokes) -> None:
    assert [len(line) for line in segment_lines(page((ONE, digit)))] == [2]


def test_a_page_of_dots_has_no_more_digits_than_are_looked_at() -> None:
    dots = np.zeros((400, 600), bool)
    dots[::8, ::8] = True
    assert sum(map(len, segment_lines(dots))) <= MOST


def test_a_small_zero_above_a_tall_digit_stays_on_its_own_line() -> None:
    ink = drawn(TWO, 40, 40, 110) | drawn(ZERO, 140, 120, 36) | drawn(TWO, 220, 40, 110)
    ink |= drawn(SEVEN, 130, 190, 200) | drawn(ONE, 240, 210, 110)
    assert [len(line) for line in segment_lines(ink)] == [3, 2]


def test_a_page_of_hundreds_of_digits_is_read_whole() -> None:
    lines = segment_lines(page(*[(TWO, SEVEN, ONE, TWO) * 2] * 20))
    assert [len(line) for line in lines] == [8] * 20
