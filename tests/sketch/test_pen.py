"""A pen leaves ink where a person drew, as broad as they chose."""

import numpy as np
import pytest

from mnist_dash.arrays import Stroke
from mnist_dash.sketch import pen


def stroke(*points: tuple[float, float]) -> Stroke:
    return np.array(points, np.float64)


def test_ink_has_the_height_and_width_of_the_canvas() -> None:
    ink = pen.draw([stroke((5, 5), (20, 8))], width=40, height=30, breadth=4)
    assert ink.shape == (30, 40)
    assert ink.dtype == bool


def test_no_stroke_leaves_no_ink() -> None:
    assert not pen.draw([], 40, 30, 4).any()
    assert not pen.draw([np.empty((0, 2))], 40, 30, 4).any()


@pytest.mark.parametrize("breadth", [0.3, 1, 2, 5, 12, 25])
def test_one_point_is_a_dot_as_broad_as_the_pen(breadth: float) -> None:
    ink = pen.draw([stroke((50, 50))], 100, 100, breadth)
    assert ink[50, 50]
    assert abs(ink.any(axis=0).sum() - max(1, breadth)) <= 1
    assert abs(ink.any(axis=1).sum() - max(1, breadth)) <= 1


@pytest.mark.parametrize("breadth", [0.3, 1, 2, 5, 12, 25])
def test_a_line_is_as_broad_as_the_pen(breadth: float) -> None:
    ink = pen.draw([stroke((20, 50), (80, 50))], 100, 100, breadth)
    assert abs(ink[:, 50].sum() - max(1, breadth)) <= 1


def test_x_goes_to_the_right_and_y_down() -> None:
    ink = pen.draw([stroke((30, 10))], 40, 40, 3)
    assert ink[10, 30]
    assert not ink[30, 10]


def test_a_bend_has_no_notch() -> None:
    ink = pen.draw([stroke((20, 80), (50, 20), (80, 80))], 100, 100, 15)
    rows, columns = np.ogrid[:100, :100]
    assert ink[(rows - 20) ** 2 + (columns - 50) ** 2 <= 6**2].all()


def test_what_lies_outside_the_canvas_is_cut_off() -> None:
    ink = pen.draw([stroke((-50, 10), (90, 10))], 40, 20, 4)
    assert ink[10].all()
    assert not pen.draw([stroke((-50, -50), (-20, -20))], 40, 20, 4).any()


def test_strokes_are_not_joined() -> None:
    ink = pen.draw([stroke((10, 10), (10, 40)), stroke((40, 10), (40, 40))], 50, 50, 4)
    assert not ink[:, 20:30].any()
