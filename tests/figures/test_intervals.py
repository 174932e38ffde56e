import pytest

from mnist_dash.figures.intervals import Interval, height, plot_intervals
from mnist_dash.figures.theme import Palette, load_palette
from tests.figures.colour import strangers

INK = load_palette(dark=False)
ROWS = [
    Interval("dense", 0.98, 0.977, 0.982, "10,000 images"),
    Interval("cnn, all images & more of them", 0.992, 0.99, 0.9935, "5 runs"),
]


def test_every_colour_is_of_the_palette(colours: Palette) -> None:
    assert strangers(plot_intervals(ROWS, colours), colours) == set()


def test_dots_are_accuracies_in_per_cent_and_whiskers_reach_the_ends_of_their_intervals() -> None:
    dots = plot_intervals(ROWS, INK).data[0]
    assert list(dots.x) == pytest.approx([98, 99.2])
    assert list(dots.x - dots.error_x.arrayminus) == pytest.approx([97.7, 99.0])
    assert list(dots.x + dots.error_x.array) == pytest.approx([98.2, 99.35])


def test_rows_stand_in_their_order_from_above_with_their_names() -> None:
    axis = plot_intervals(ROWS, INK).layout.yaxis
    assert axis.range == (1.5, -0.5)
    assert axis.ticktext == ("dense", "cnn, all ima…ore of them")


def test_the_pointer_gives_the_whole_name_the_interval_and_what_it_was_measured_on() -> None:
    dots = plot_intervals(ROWS, INK).data[0]
    assert dots.customdata[1] == ["cnn, all images &amp; more of them", "5 runs", "99.00 %", "99.35 %"]
    assert "95 % interval %{customdata[2]} to %{customdata[3]}" in dots.hovertemplate


def test_the_best_has_the_accent_and_a_band_to_compare_with(colours: Palette) -> None:
    figure = plot_intervals(ROWS, colours)
    assert list(figure.data[0].marker.color) == [colours.ink, colours.accent]
    assert [note.text for note in figure.layout.annotations] == ["98.00 %", "<b>99.20 %</b>"]
    band = figure.layout.shapes[0]
    assert (band.x0, band.x1) == pytest.approx((99.0, 99.35))


def test_the_axis_holds_every_whisker_and_ends_at_all() -> None:
    low, high = plot_intervals([*ROWS, Interval("perfect", 1, 0.999, 1, "40 images")], INK).layout.xaxis.range
    assert low < 97.7
    assert high == 100


def test_each_row_has_its_height() -> None:
    assert height(5) - height(4) == height(3) - height(2) > 20
    assert height(0) == height(1)


def test_no_rows_make_an_empty_figure() -> None:
    figure = plot_intervals([], INK)
    assert len(figure.data[0].x) == 0
    assert len(figure.layout.shapes) == 0


def test_rows_that_are_no_rivals_have_no_best() -> None:
    figure = plot_intervals(ROWS, INK, "Share in %", rivals=False)
    assert list(figure.data[0].marker.color) == [INK.ink, INK.ink]
    assert len(figure.layout.shapes) == 0
    assert figure.layout.xaxis.title.text == "Share in %"


def test_what_a_row_is_the_mean_of_stands_on_it_as_rings(colours: Palette) -> None:
    seeds = Interval("seeds", 0.98, 0.977, 0.983, "mean of 2 seeds", (0.97, 0.99))
    figure = plot_intervals([ROWS[0], seeds], colours)
    assert list(figure.data[1].x) == pytest.approx([97, 99])
    assert list(figure.data[1].y) == [1, 1]
    assert figure.layout.xaxis.range[0] < 97
    assert strangers(figure, colours) == set()
    assert len(plot_intervals(ROWS, colours).data) == 1
