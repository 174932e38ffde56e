"""A number drawn as several digits comes apart into them, and one digit stays whole."""

import numpy as np
import numpy.typing as npt
import pytest

from mnist_dash.arrays import Ink
from mnist_dash.sketch import pen
from mnist_dash.sketch.cutting import CutConfidence, split_touching
from mnist_dash.sketch.digits import Piece, segment_digits
from mnist_dash.sketch.grouping import MOST

Strokes = list[list[tuple[float, float]]]

ONE: Strokes = [[(0.2, 0), (0.2, 1)]]
TWO: Strokes = [[(0, 0.2), (0.3, 0), (0.6, 0.2), (0.3, 0.6), (0, 1), (0.7, 0.95)]]
FOUR: Strokes = [[(0.1, 0), (0, 0.55), (0.6, 0.55)], [(0.45, 0.2), (0.45, 1)]]
FIVE: Strokes = [[(0.05, 0.1), (0, 0.45), (0.4, 0.5), (0.5, 0.8), (0, 1)], [(0.15, 0), (0.6, 0)]]
SEVEN: Strokes = [[(0, 0), (0.6, 0), (0.25, 1)]]
ZERO: Strokes = [[(0.3, 0), (0, 0.5), (0.3, 1), (0.6, 0.5), (0.3, 0)]]
BROKEN_FOUR: Strokes = [[(0.1, 0), (0, 0.55), (0.6, 0.55)], [(0.45, 0.75), (0.45, 1)]]
BAR_APART: Strokes = [[(0, 0.05), (0, 0.45), (0.4, 0.5), (0.5, 0.8), (0, 1)], [(0.14, 0.0), (0.6, 0.02)]]

DIGITS = {"one": ONE, "two": TWO, "four": FOUR, "five": FIVE, "seven": SEVEN, "zero": ZERO}
IN_PARTS = {"a four in two strokes": BROKEN_FOUR, "a five with its bar apart": BAR_APART}


def drawn(strokes: Strokes, left: float = 40, top: float = 40, size: float = 100, wider: float = 1) -> Ink:
    """A digit `size` pixels high on a sheet of 240×900, `wider` times as wide as usual."""
    placed = [np.array(stroke) * (size * wider, size) + (left, top) for stroke in strokes]
    return pen.draw(placed, 900, 240, 8)


def row(*digits: Strokes, step: float = 100) -> Ink:
    """Digits every `step` pixels, on heights and in sizes that differ a little."""
    inks = [drawn(digit, 40 + i * step, 40 + 17 * (i % 3), 110 - 13 * (i % 2)) for i, digit in enumerate(digits)]
    return np.asarray(np.logical_or.reduce(inks))


def back(pieces: list[Piece]) -> Ink:
    """All pieces where they came from."""
    sheet = np.zeros((240, 900), bool)
    for piece in pieces:
        height, width = piece.ink.shape
        sheet[piece.top : piece.top + height, piece.left : piece.left + width] |= piece.ink
    return sheet


def confidence_of(most: float) -> CutConfidence:
    """A reader that is sure of whatever is at most so many times as wide as it is high."""

    def confidence(inks: list[Ink]) -> npt.NDArray[np.float64]:
        return np.array([0.99 if ink.shape[1] <= most * ink.shape[0] else 0.01 for ink in inks])

    return confidence


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (240, 900)])
def test_a_blank_sheet_has_no_digits(shape: tuple[int, int]) -> None:
    assert segment_digits(np.zeros(shape, bool)) == []


@pytest.mark.parametrize("name", DIGITS)
@pytest.mark.parametrize("size", [30, 90, 190])
def test_one_digit_comes_back_whole(name: str, size: int) -> None:
    ink = drawn(DIGITS[name], size=size)
    (piece,) = segment_digits(ink)
    assert piece.ink[0].any()
    assert piece.ink[-1].any()
    assert piece.ink[:, 0].any()
    assert piece.ink[:, -1].any()
    assert np.array_equal(back([piece]), ink)


@pytest.mark.parametrize("name", ["two", "five", "zero"])
def test_a_wide_digit_is_not_cut(name: str) -> None:
    assert len(segment_digits(drawn(DIGITS[name], wider=1.8))) == 1


@pytest.mark.parametrize("name", IN_PARTS)
def test_a_digit_in_parts_is_one_digit(name: str) -> None:
    assert len(segment_digits(drawn(IN_PARTS[name]))) == 1


def test_digits_come_from_left_to_right_wherever_they_stand() -> None:
    pieces = segment_digits(row(SEVEN, ONE, FIVE, ZERO, FOUR, TWO, BROKEN_FOUR, BAR_APART))
    assert len(pieces) == 8
    assert [piece.left for piece in pieces] == sorted(piece.left for piece in pieces)


def test_every_pixel_of_separate_digits_is_in_exactly_one_piece() -> None:
    ink = row(TWO, FIVE, ONE, FOUR)
    pieces = segment_digits(ink)
    assert np.array_equal(back(pieces), ink)
    assert sum(int(piece.ink.sum()) for piece in pieces) == ink.sum()


def test_a_slanted_digit_may_lean_over_its_neighbour() -> None:
    leaning = drawn(SEVEN) | drawn(FOUR, left=96, top=60, size=80)
    assert len(segment_digits(leaning)) == 2


def leaning(*digits: Strokes, step: float, slant: float = 0.45) -> Ink:
    """Digits in a row that lean to the right by so many columns a row, as far apart as they would be upright."""
    strokes = [
        [(x * 80 + (1 - y) * 110 * slant + 20 + i * step, y * 110 + 20) for x, y in stroke]
        for i, digit in enumerate(digits)
        for stroke in digit
    ]
    return pen.draw([np.array(stroke) for stroke in strokes], round(160 + step * len(digits)), 150, 8)


def test_the_tail_of_a_leaning_digit_may_reach_under_the_one_before_it() -> None:
    assert len(segment_digits(leaning(ONE, SEVEN, ONE, SEVEN, ONE, SEVEN, step=58))) == 6


def test_a_small_digit_beside_a_large_one_is_a_digit_of_its_own() -> None:
    assert len(segment_digits(drawn(ZERO, size=170) | drawn(FOUR, left=160, top=90, size=65))) == 2


@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (1, 2), (60, 60)])
def test_ink_that_is_no_digit_comes_back_as_it_is(shape: tuple[int, int]) -> None:
    (piece,) = segment_digits(np.ones(shape, bool))
    assert piece.ink.shape == shape
    assert piece.ink.all()


def test_specks_are_dropped() -> None:
    ink = row(TWO, SEVEN)
    dusty = ink.copy()
    dusty[[5, 230, 100], [10, 300, 700]] = True
    assert np.array_equal(back(segment_digits(dusty)), ink)


@pytest.mark.parametrize("end", [450.0, 550.0])
def test_a_dot_or_a_dash_that_stands_by_itself_is_no_digit(end: float) -> None:
    ink = row(TWO, SEVEN, ONE)
    mark = pen.draw([np.array([[450.0, 150.0], [end, 150.0]])], 900, 240, 14)
    assert np.array_equal(back(segment_digits(ink | mark)), ink)


def test_a_dot_close_to_a_digit_belongs_to_it() -> None:
    ink = drawn(ONE) | pen.draw([np.array([[70.0, 60.0]])], 900, 240, 8)
    (piece,) = segment_digits(ink)
    assert np.array_equal(back([piece]), ink)


@pytest.mark.parametrize(("first", "second"), [(ZERO, ZERO), (TWO, ZERO), (ZERO, FIVE), (FOUR, TWO)])
def test_wide_ink_is_cut_where_two_digits_touch(first: Strokes, second: Strokes) -> None:
    both = drawn(first, wider=1.4) | drawn(second, left=40 + 0.6 * 140 + 6, wider=1.4)
    left, right = segment_digits(both)
    assert abs(right.left - 127) < 15
    assert np.array_equal(back([left, right]), both)


def test_three_digits_in_a_chain_come_apart() -> None:
    chain = np.logical_or.reduce([drawn(ZERO, left=40 + 85 * i, wider=1.35) for i in range(3)])
    assert len(segment_digits(chain)) == 3


@pytest.mark.parametrize(("most", "digits"), [(0.8, 2), (2.0, 1)])
def test_cut_confidence_decides_what_the_shape_leaves_open(most: float, digits: int) -> None:
    both = drawn(ZERO) | drawn(ZERO, left=40 + 62)
    assert len(segment_digits(both, confidence_of(most))) == digits


def test_cut_confidence_is_asked_only_about_wide_ink() -> None:
    def never(inks: list[Ink]) -> npt.NDArray[np.float64]:
        raise AssertionError(f"asked about {len(inks)}")

    assert len(segment_digits(row(ONE, SEVEN, FOUR), never)) == 3


def test_cut_confidence_is_asked_nothing_where_no_part_is_narrow_enough_for_a_digit() -> None:
    def unsure(inks: list[Ink]) -> npt.NDArray[np.float32]:
        assert inks
        return np.full(len(inks), 0.1, np.float32)

    # It is thinnest where it may be cut, and long in between.
    bar = np.ones((20, 4_000), bool)
    bar[1:, ::200] = False
    assert np.concatenate(split_touching(np.argwhere(bar), unsure)).shape == (bar.sum(), 2)


def test_of_a_sheet_of_dots_only_so_many_are_looked_at() -> None:
    dots = np.zeros((280, 280), bool)
    dots[::4, ::4] = True
    assert sum(int(piece.ink.sum()) for piece in segment_digits(dots)) == MOST


def test_where_nothing_touches_ink_that_hangs_together_is_one_digit() -> None:
    both = np.zeros((100, 200), bool)
    both[10:90, 20:40] = both[10:90, 150:170] = both[48:52, 20:170] = True
    assert len(segment_digits(both, confidence_of(1.0), number=False)) == 1
    apart = both.copy()
    apart[:, 90:110] = False
    assert len(segment_digits(apart, confidence_of(1.0), number=False)) == 2


def confidence_in(*digits: Ink) -> CutConfidence:
    """A reader that is sure of ink of just these sizes, and of nothing else."""
    boxes = {tuple((np.ptp(np.argwhere(ink), axis=0) + 1).tolist()) for ink in digits}

    def confidence(inks: list[Ink]) -> npt.NDArray[np.float64]:
        return np.array([0.99 if ink.shape in boxes else 0.05 for ink in inks])

    return confidence


def test_a_small_digit_that_stands_above_a_part_of_a_large_one_is_one_where_a_reader_says_so() -> None:
    large, small = drawn(ZERO, size=160, top=60), drawn(SEVEN, left=112, top=4, size=36)
    assert len(segment_digits(large | small)) == 1
    assert len(segment_digits(large | small, confidence_in(large, small))) == 2
    assert len(segment_digits(large | small, confidence_in(large | small))) == 1


def test_a_digit_that_is_broken_side_by_side_is_one_where_a_reader_says_so() -> None:
    zero = drawn(ZERO)
    broken = zero.copy()
    broken[:, 66:73] = False
    assert len(segment_digits(broken)) == 2
    assert len(segment_digits(broken, confidence_in(broken))) == 1
    left, right = broken.copy(), broken.copy()
    left[:, 70:] = right[:, :70] = False
    assert len(segment_digits(broken, confidence_in(left, right))) == 2


def test_no_ink_is_lost_or_doubled_where_parts_of_a_digit_are_joined() -> None:
    bars = np.zeros((200, 200), bool)
    for left in range(40, 100, 12):
        bars[50:150, left : left + 6] = True
    unsure = segment_digits(bars, lambda inks: np.array([0.99 if ink.shape[1] < 40 else 0.01 for ink in inks]))
    assert np.array_equal(back(unsure)[: len(bars), : len(bars[0])], bars)
    assert sum(int(piece.ink.sum()) for piece in unsure) == bars.sum()
