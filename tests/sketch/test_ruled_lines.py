"""Printed lines are told from strokes: they are longer, thin, and may be askew, bent, broken and crossed by ink."""

import numpy as np
import pytest

from mnist_dash.arrays import Ink
from mnist_dash.sketch.ruled_lines import find_ruled_lines

SHAPE = 600, 800


def ruled(slope: float, spacing: int = 60, bend: float = 0) -> Ink:
    """Lines three pixels thick at a slope, bent by so many pixels in the middle."""
    rows, columns = np.indices(SHAPE)
    across = columns / SHAPE[1] - 0.5
    off = (rows - slope * columns - bend * (1 - 4 * across**2)) % spacing
    return np.asarray(off < 3)


def stroke() -> Ink:
    """A thick upright stroke over half of the page."""
    ink = np.zeros(SHAPE, bool)
    ink[150:450, 400:416] = True
    return ink


@pytest.mark.parametrize("slope", [-0.2, -0.07, 0, 0.03, 0.14])
@pytest.mark.parametrize("squared", [False, True])
def test_lines_are_found_at_any_slope_and_strokes_are_not(slope: float, squared: bool) -> None:
    lines = ruled(slope)
    if squared:
        lines |= np.pad(ruled(-slope).T, ((0, 0), (0, 200)))[: SHAPE[0]]
    found = find_ruled_lines(lines | stroke()).printed
    apart = lines & ~stroke()
    assert (found & apart).sum() > 0.9 * apart.sum()
    assert (found & stroke() & ~lines).sum() < 0.05 * stroke().sum()


def test_lines_of_bent_paper_with_gaps_are_found() -> None:
    lines = ruled(0.05, bend=8)
    lines[:, ::9] = False
    assert (find_ruled_lines(lines).printed & lines).sum() > 0.9 * lines.sum()


def test_a_thin_stroke_is_no_line_however_straight() -> None:
    ink = np.zeros(SHAPE, bool)
    ink[100:350, 300:303] = True
    ink[200:203, 200:500] = True
    assert not find_ruled_lines(ink).printed.any()


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (700, 3), (40, 40)])
def test_a_sheet_of_any_shape_is_looked_at(shape: tuple[int, int]) -> None:
    assert find_ruled_lines(np.ones(shape, bool)).printed.shape == shape
    assert not find_ruled_lines(np.zeros(shape, bool)).printed.any()


def test_lines_go_on_behind_digits_however_broad() -> None:
    lines = ruled(0.03)
    digits = np.zeros(SHAPE, bool)
    for left in range(60, 660, 150):
        digits[240:400, left : left + 110] = True
        digits[256:384, left + 16 : left + 94] = False
    found = find_ruled_lines(lines | digits).printed
    apart = lines & ~digits
    assert (found & apart).sum() > 0.9 * apart.sum()
    assert (found & digits & ~lines).sum() < 0.05 * digits.sum()


def test_a_line_that_leaves_the_picture_at_its_corner_is_found() -> None:
    lines = ruled(0.2)
    rows, columns = np.indices(SHAPE)
    corner = (rows - 0.2 * columns > SHAPE[0] - 65) & lines
    assert 0.2 * SHAPE[1] < np.ptp(np.argwhere(corner)[:, 1]) < 0.5 * SHAPE[1]
    assert (find_ruled_lines(lines).printed & corner).sum() > 0.8 * corner.sum()


def test_a_line_struck_through_some_digits_takes_nothing_from_others_of_their_row() -> None:
    lines, row = ruled(0), np.zeros(SHAPE, bool)
    for left in range(40, 760, 60):
        row[270:300, left : left + 4] = True
    lines[285:287, 180:600] = True
    found = find_ruled_lines(lines | row).printed
    assert not found[272:296, 700:].any()
    assert not found[272:296, :90].any()
