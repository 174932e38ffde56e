"""Accuracy against cost: where the points stand, which of them are named, and what is said of them."""

from math import log10

import pytest

from mnist_dash.figures.accuracy_by_cost import Point, plot_accuracy_by_cost
from mnist_dash.figures.theme import load_palette

COLOURS = load_palette(dark=False)
FAST = Point("fast <b>", "Fast <b>", 0.90, 1.0, "Mean of 3 seeds", (0.88, 0.92))
SLOW = Point("slow", "Slow", 0.99, 100.0, "One seed", (0.985, 0.995))
NEAR = Point("beside_it", "Beside it", 0.9901, 101.0, "Mean of 3 seeds")
RING = Point("others", "By others", 0.995, 10.0, "Published: one run")


def test_each_step_upwards_makes_mistakes_fewer_by_the_same_share() -> None:
    figure = plot_accuracy_by_cost([FAST, SLOW], [RING], "Seconds", None, COLOURS)
    published, measured = figure.data
    assert list(measured.y) == pytest.approx([0.1, 0.01])
    assert list(published.y) == pytest.approx([0.005])
    low, high = figure.layout.yaxis.range
    assert low > log10(0.1)
    assert high < log10(0.005)
    assert (figure.layout.yaxis.type, figure.layout.xaxis.type) == ("log", "log")
    # The interval of an accuracy, upside down for shares that are wrong.
    assert list(measured.error_y.array) == pytest.approx([0.02, 0.005])
    assert list(measured.error_y.arrayminus) == pytest.approx([0.02, 0.005])


def test_what_others_published_is_a_ring_and_no_choice() -> None:
    published, measured = plot_accuracy_by_cost([FAST, SLOW], [RING], "Seconds", 1, COLOURS).data
    assert published.marker.symbol == "circle-open"
    assert [row[0] for row in published.customdata] == [-1]
    assert [row[0] for row in measured.customdata] == [0, 1]
    assert list(measured.marker.color) == [COLOURS.ink, COLOURS.accent]


def test_names_are_text_and_do_not_cover_one_another() -> None:
    figure = plot_accuracy_by_cost([FAST, NEAR, SLOW], [], "Seconds", 2, COLOURS)
    assert {note.text for note in figure.layout.annotations} == {"slow", "fast &lt;b&gt;"}
    assert next(row for row in figure.data[1].customdata if row[0] == 0)[1] == "Fast &lt;b&gt;"


def test_a_figure_of_one_point_has_room() -> None:
    figure = plot_accuracy_by_cost([FAST], [], "Seconds", None, COLOURS)
    assert figure.layout.xaxis.range[0] < 0 < figure.layout.xaxis.range[1]
