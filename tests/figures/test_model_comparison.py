"""Several models side by side: the same bars as of one, a row for each."""

import numpy as np

from mnist_dash.figures.model_comparison import Row, height, plot_model_comparison
from mnist_dash.figures.theme import Palette

SEVEN = np.full(10, 0.01) + np.eye(10)[7] * 0.9
ONE = np.full(10, 0.02) + np.eye(10)[1] * 0.8
ROWS = [Row("Run 1: <mine>", SEVEN), Row("Run 2", None, "no epoch is ready yet"), Row("Run 3", ONE)]


def test_each_row_holds_ten_bars_as_high_as_they_are_probable(colours: Palette) -> None:
    tracks, bars = plot_model_comparison(ROWS, colours).data
    shares = np.array(bars.y).reshape(3, 10) / np.array(tracks.y).reshape(3, 10)
    np.testing.assert_allclose(shares, [SEVEN, np.zeros(10), ONE])
    assert list(bars.x) == [*range(10)] * 3
    assert list(bars.base) == list(tracks.base)


def test_rows_stand_below_each_other_and_none_reaches_into_the_next(colours: Palette) -> None:
    figure = plot_model_comparison(ROWS, colours)
    tracks = figure.data[0]
    tops = np.array(tracks.base) + np.array(tracks.y)
    for row in range(3):
        of_row = slice(10 * row, 10 * row + 10)
        assert np.all(-row - 1 < np.array(tracks.base)[of_row])
        assert np.all(tops[of_row] < -row)
    assert figure.layout.yaxis.range == (-3, 0)


def test_only_the_winner_of_each_row_has_the_accent(colours: Palette) -> None:
    tones = np.array(plot_model_comparison(ROWS, colours).data[1].marker.color).reshape(3, 10)
    assert [np.flatnonzero(row == colours.accent).tolist() for row in tones] == [[7], [], [1]]


def test_each_row_says_who_answers_what_or_why_not(colours: Palette) -> None:
    words = [note.text for note in plot_model_comparison(ROWS, colours).layout.annotations if note.xref == "paper"]
    told = ["Run 1: &lt;mine&gt;", "<b>7</b>  91.0 %", "Run 2", "no epoch is ready yet", "Run 3", "<b>1</b>  82.0 %"]
    assert words == told


def test_exact_values_are_told_with_the_name(colours: Palette) -> None:
    told = plot_model_comparison(ROWS, colours).data[1].customdata
    assert list(told[7]) == ["Run 1: &lt;mine&gt;", 91.0]


def test_it_grows_with_its_rows() -> None:
    assert height(8) - height(4) == 4 * (height(2) - height(1))
    assert height(0) == height(1)
