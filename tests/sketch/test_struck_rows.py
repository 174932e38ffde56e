"""A line through a row of digits on a form strikes out those digits alone, and no printed line strikes anything out."""

import numpy as np
import pytest

from mnist_dash.arrays import Ink
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.rejection import load_digit_detector
from mnist_dash.sketch import pen
from mnist_dash.sketch.lines import segment_lines
from mnist_dash.sketch.ruled_lines import find_ruled_lines, take_away
from mnist_dash.sketch.striking import is_struck_through
from mnist_dash.sketch.struck_rows import Line, find_strikes

CELL, ROWS, COLUMNS = 60, 12, 14
SHAPE = ROWS * CELL + 40, COLUMNS * CELL + 40
CONFIDENCE = make_cut_confidence(load_bundled(DEFAULT), load_digit_detector())
ZERO = np.stack([9 * np.cos(np.linspace(0, 7, 40)), 16 * np.sin(np.linspace(0, 7, 40))], axis=1)


def write_form(strike: np.ndarray | None) -> tuple[Ink, Ink]:
    """Marks with a printed grid, and ink of zeros in three rows of it, the middle one struck out perhaps."""
    grid = np.zeros(SHAPE, bool)
    for row in range(ROWS + 1):
        grid[20 + row * CELL : 23 + row * CELL, 20:-20] = True
    for column in range(COLUMNS + 1):
        grid[20:-20, 20 + column * CELL : 23 + column * CELL] = True
    digits = [
        ZERO + np.array((20 + (column + 0.5) * CELL, 20 + (row + 0.5) * CELL))
        for row in (4, 5, 6)
        for column in range(COLUMNS)
    ]
    return grid, pen.draw([*digits, *([] if strike is None else [strike])], SHAPE[1], SHAPE[0], 3)


def read_rows(strike: np.ndarray | None) -> list[list[bool]]:
    """Line by line, whether each digit is struck through."""
    grid, written = write_form(strike)
    marks = grid | written
    dark = np.where(written, np.float32(0.8), np.where(grid, np.float32(0.4), np.float32(0)))
    ink = take_away(find_ruled_lines(marks), marks, dark)
    lines = [[is_struck_through(np.pad(piece.ink, 9)) for piece in line] for line in segment_lines(ink, CONFIDENCE)]
    return [line for line in lines if len(line) > 2]


@pytest.mark.parametrize("slope", [-8, 0, 8])
def test_a_line_through_a_row_strikes_out_its_digits_alone(slope: float) -> None:
    middle = 20 + 5.5 * CELL
    first, last = 4, 12
    strike = np.array([(20 + (first + 0.1) * CELL, middle - slope), (20 + (last + 0.9) * CELL, middle + slope)])
    struck = [first <= column <= last for column in range(COLUMNS)]
    assert read_rows(strike) == [[False] * COLUMNS, struck, [False] * COLUMNS]


def test_a_form_that_nobody_struck_anything_out_of_stays_as_it_is() -> None:
    assert read_rows(None) == [[False] * COLUMNS] * 3


def lines(*rows: float, short: float | None = None) -> list[Line]:
    printed = [Line(0, 999, np.polynomial.Polynomial([row])) for row in rows]
    return printed + ([Line(200, 799, np.polynomial.Polynomial([short]))] if short is not None else [])


def test_only_a_shorter_line_between_two_neighbours_strikes_out() -> None:
    rows = [50.0 * row for row in range(8)]
    assert find_strikes(lines(*rows, short=223)) == {8: pytest.approx(20)}
    assert find_strikes(lines(*rows)) == {}
    assert find_strikes([]) == {}


@pytest.mark.parametrize("short", [203.0, 247.0, -20.0, 400.0])
def test_a_piece_of_a_printed_line_strikes_nothing_out(short: float) -> None:
    """It lies where a printed line does, or beyond all of them, where the next one would be."""
    assert find_strikes(lines(*(50.0 * row for row in range(8)), short=short)) == {}


def test_where_a_line_is_missing_a_piece_of_it_strikes_nothing_out() -> None:
    assert find_strikes(lines(0, 50, 100, 150, 250, 300, 350, short=200)) == {}


def test_fewer_lines_than_five_say_nothing() -> None:
    assert find_strikes(lines(0, 50, 100, 150, short=75)) == {}
