import numpy as np

from mnist_dash.figures.answer import plot_probabilities
from mnist_dash.figures.theme import load_palette

INK = load_palette(dark=False)
SEVEN = np.full(10, 0.01) + np.eye(10)[7] * 0.9


def test_bars_show_percentages_of_each_digit() -> None:
    bars = plot_probabilities(SEVEN, INK).data[1]
    np.testing.assert_allclose(bars.x, SEVEN * 100)
    assert list(bars.y) == list(range(10))


def test_only_the_winner_has_the_accent() -> None:
    colours = plot_probabilities(SEVEN, INK).data[1].marker.color
    assert [digit for digit, colour in enumerate(colours) if colour == INK.accent] == [7]


def test_nothing_drawn_gives_empty_tracks_without_a_winner() -> None:
    figure = plot_probabilities(None, INK)
    assert list(figure.data[0].x) == [100] * 10
    assert not np.any(figure.data[1].x)
    assert INK.accent not in figure.data[1].marker.color
    assert {note.text for note in figure.layout.annotations} == {"–"}


def test_the_axes_stay_where_they_are() -> None:
    full, empty = plot_probabilities(SEVEN, INK).layout, plot_probabilities(None, INK).layout
    assert full.xaxis.range == empty.xaxis.range == (0, 100)
    assert full.yaxis.range == empty.yaxis.range
    assert full.margin == empty.margin


def test_no_bar_stands_out_where_the_drawing_was_refused() -> None:
    figure = plot_probabilities(SEVEN, INK, refused=True)
    np.testing.assert_allclose(figure.data[1].x, SEVEN * 100)
    assert INK.accent not in figure.data[1].marker.color
    assert not [note for note in figure.layout.annotations if "<b>" in note.text]
