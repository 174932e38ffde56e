"""Own digits by digit, as bars and dots in the colours of the classes."""

from mnist_dash.figures.own_digits import plot_own_digits
from mnist_dash.figures.theme import load_palette

COLOURS = load_palette(dark=False)


def test_counts_and_known_seconds_stand_in_the_row_of_their_digit() -> None:
    figure = plot_own_digits((3, *(0,) * 8, 1_234), (2.5, *(None,) * 8, 4.0), COLOURS)
    bars, dots = figure.data
    assert (bars.x[0], bars.x[9], bars.text[9]) == (3, 1_234, "1,234")
    assert (list(dots.x), list(dots.y), list(dots.text)) == ([2.5, 4.0], [0, 9], ["2.5 s", "4.0 s"])
    assert list(dots.marker.color) == [COLOURS.digits[0], COLOURS.digits[9]]
    assert list(bars.marker.color) == list(COLOURS.digits)


def test_both_axes_start_at_nothing_and_hold_every_value() -> None:
    layout = plot_own_digits((3, *(0,) * 8, 12), (2.5, *(None,) * 8, 4.0), COLOURS).layout
    assert (layout.xaxis.range[0], layout.xaxis2.range[0]) == (0, 0)
    assert layout.xaxis.range[1] > 12
    assert layout.xaxis2.range[1] > 4


def test_a_set_without_digits_or_seconds_is_drawn_too() -> None:
    figure = plot_own_digits((0,) * 10, (None,) * 10, COLOURS)
    assert len(figure.data[1].x) == 0
