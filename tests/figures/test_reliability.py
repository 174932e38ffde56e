"""The reliability diagram: where dots stand, how far their intervals reach, how many answers there are."""

import pytest

from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.analysis.reliability import CertaintyBin
from mnist_dash.figures.reliability import plot_reliability
from mnist_dash.figures.theme import Palette, load_palette
from tests.figures.colour import strangers

BINS = (CertaintyBin(0.4, 0.5, 10, 0.46, 0.3), CertaintyBin(0.9, 1.0, 990, 0.98, 0.99))


def test_every_colour_is_of_the_palette(colours: Palette) -> None:
    assert strangers(plot_reliability(BINS, colours), colours) == set()


def test_a_dot_stands_where_certainty_and_accuracy_meet_and_its_whisker_is_the_interval() -> None:
    _, dots, counts = plot_reliability(BINS, load_palette(dark=False)).data
    assert list(dots.x) == pytest.approx([46, 98])
    assert list(dots.y) == pytest.approx([30, 99])
    low, high = wilson_interval(3, 10)
    assert dots.y[0] - dots.error_y.arrayminus[0] == pytest.approx(100 * low)
    assert dots.y[0] + dots.error_y.array[0] == pytest.approx(100 * high)
    assert list(counts.y) == [10, 990]
    assert list(counts.x) == pytest.approx([45, 95])
