"""A hand among others: a tick for each of them, a dot for the one, in the row of each measure."""

import numpy as np
import pytest

from mnist_dash.analysis.handwriting import COMPARED
from mnist_dash.figures.handwriting import plot_hand
from mnist_dash.figures.theme import Palette

ROWS = len(COMPARED)


def test_every_measure_has_its_row_of_ticks_and_the_dot_lies_where_the_hand_does(colours: Palette) -> None:
    others = np.linspace(-1, 1, 7)[:, np.newaxis] + np.arange(ROWS) / 10
    figure = plot_hand(np.arange(ROWS) / 2, others, np.array([3.2, 50, 97.4, 0, 100]), colours)
    *ticks, dots = figure.data
    assert len(ticks) == ROWS
    for row, drawn in enumerate(ticks):
        assert list(drawn.x) == pytest.approx(others[:, row])
        assert set(drawn.y) == {row}
    assert list(dots.x) == pytest.approx([0, 0.5, 1, 1.5, 2])
    assert list(dots.y) == list(range(ROWS))
    assert [rank for _, rank in dots.customdata] == [3, 50, 97, 0, 100]
    assert list(figure.layout.yaxis.ticktext) == [measure.title for measure in COMPARED]
    # Both ends of each measure are named.
    assert len(figure.layout.annotations) == 2 * ROWS


def test_what_lies_beyond_the_border_stands_at_it(colours: Palette) -> None:
    figure = plot_hand(np.full(ROWS, 9.0), np.full((3, ROWS), -9.0), np.full(ROWS, 100.0), colours)
    low, high = figure.layout.xaxis.range
    assert set(figure.data[0].x) == {low}
    assert set(figure.data[-1].x) == {high}
