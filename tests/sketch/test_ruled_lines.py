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
    found = find_ruled_lines(lines | stroke())
    apart = lines & ~stroke()
    assert (found & apart).sum() > 0.9 * apart.sum()
    assert (found & stroke() & ~lines).sum() < 0.05 * stroke().sum()


def test_lines_of_bent_paper_with_gaps_are_found() -> None:
    lines = ruled(0.05, bend=8)
    lines[:, ::9] = False
    assert (find_ruled_lines(lines) & lines).sum() > 0.9 * lines.sum()


def test_a_thin_stroke_is_no_line_however_straight() -> None:
    ink = np.zeros(SHAPE, bool)
    ink[100:350, 300:303] = True
    ink[200:203, 200:500] = True
    assert not find_ruled_lines(ink).any()


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (700, 3), (40, 40)])
def test_a_sheet_of_any_shape_is_looked_at(shape: tuple[int, int]) -> None:
    assert find_ruled_lines(np.ones(shape, bool)).shape == shape
    assert not find_ruled_lines(np.zeros(shape, bool)).any()
