"""A thin pen is drawn as broad as readers know pens, and any other pen stays as it is."""

import numpy as np
import pytest

from mnist_dash.arrays import Ink
from mnist_dash.sketch import pen
from mnist_dash.sketch.pieces import measure_breadth
from mnist_dash.sketch.thin_pens import USUAL, broaden_thin_pen, measure_pen

SEVEN = np.array([(60.0, 60.0), (150.0, 60.0), (90.0, 260.0)])
"""200 pixels high."""


def seven(breadth: float) -> Ink:
    return pen.draw([SEVEN], 240, 320, breadth)


@pytest.mark.parametrize("breadth", [2, 5, 9, 20])
def test_the_breadth_of_a_pen_is_measured_along_its_strokes(breadth: float) -> None:
    assert measure_pen(seven(breadth)) == pytest.approx(breadth, abs=1.5)


@pytest.mark.parametrize("breadth", [2, 5, 10])
def test_a_thin_pen_is_drawn_as_broad_as_usual_and_no_ink_is_lost(breadth: float) -> None:
    thin = seven(breadth)
    broad = broaden_thin_pen(thin)
    assert measure_breadth(broad) == pytest.approx(USUAL, rel=0.25)
    assert broad[thin].all()


@pytest.mark.parametrize("ink", [seven(22), seven(40), np.zeros((40, 40), bool), np.ones((1, 1), bool)])
def test_what_no_thin_pen_drew_stays_as_it_is(ink: Ink) -> None:
    assert np.array_equal(broaden_thin_pen(ink), ink)
