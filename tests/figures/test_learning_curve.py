"""A learning curve has a line for each way, in an order that says which knows most, and bands over seeds."""

import pytest

from mnist_dash.analysis.learning_curve import Mean, Way
from mnist_dash.figures.learning_curve import TITLES, plot_learning_curve
from mnist_dash.figures.theme import load_palette

COLOURS = load_palette(dark=False)
ROWS = [Mean(10, 0.5, (0.4, 0.6), 3), Mean(20, 0.75, (0.7, 0.8), 3), Mean(48, 0.9, None, 1)]


def test_every_way_has_a_title_and_the_reader_the_accent() -> None:
    assert set(TITLES) == set(Way)
    figure = plot_learning_curve(dict.fromkeys(Way, ROWS), None, COLOURS)
    lines = [trace for trace in figure.data if trace.name]
    assert [line.name for line in lines] == list(TITLES.values())
    assert lines[0].line.color == COLOURS.accent
    assert len({line.line.color for line in lines}) == len(Way)


def test_a_line_goes_through_the_means_and_its_band_where_there_are_several_seeds() -> None:
    band, line = plot_learning_curve({Way.DENSE: ROWS}, 2.0, COLOURS).data
    assert (line.x, line.y) == ((10, 20, 48), (50, 75, 90))
    assert band.x == (10, 20, 20, 10)
    assert band.y == pytest.approx((60, 80, 70, 40))
    assert list(line.customdata) == [", 20 s of writing", ", 40 s of writing", ", 1:36 min of writing"]


def test_of_one_seed_there_is_no_band_and_of_an_unknown_pace_no_time() -> None:
    (line,) = plot_learning_curve({Way.DENSE: ROWS[2:], Way.CNN: []}, None, COLOURS).data
    assert list(line.customdata) == [""]


def test_the_axis_is_logarithmic_and_names_every_count() -> None:
    axis = plot_learning_curve({Way.DENSE: ROWS}, None, COLOURS).layout.xaxis
    assert (axis.type, axis.tickvals, axis.ticktext) == ("log", (10, 20, 48), ("10", "20", "48"))
    assert axis.range[0] < 1 < axis.range[1]


def test_nothing_known_yet_is_an_empty_chart() -> None:
    assert plot_learning_curve({}, None, COLOURS).data == ()
