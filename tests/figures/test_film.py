import numpy as np
from plotly import graph_objects as go

from mnist_dash.figures.film import plot_film
from mnist_dash.figures.theme import load_palette

COLOURS = load_palette(dark=False)
POINTS = [10, 20, 30, 40]
SHARES = np.full((4, 10), 0.002, np.float32)
SHARES[0, 1], SHARES[1, 1], SHARES[2, 7], SHARES[3, 7] = 0.6, 0.9, 0.8, 0.98


def figure(*refused: bool) -> go.Figure:
    return plot_film(POINTS, SHARES, list(refused) or [False] * 4, COLOURS)


def test_a_line_for_each_digit_and_colour_and_name_for_those_that_were_likely() -> None:
    plotted = figure()
    assert len(plotted.data) == 10
    tones = [line.line.color for line in plotted.data]
    assert tones[-2:] == [COLOURS.digits[1], COLOURS.digits[7]]
    assert set(tones[:-2]) == {COLOURS.line}
    np.testing.assert_allclose(plotted.data[-1].y, [0.2, 0.2, 80, 98], rtol=1e-5)
    assert [(note.text, note.x) for note in plotted.layout.annotations] == [("<b>1</b>", 50), ("<b>7</b>", 100)]


def test_the_first_shape_is_the_line_to_move_and_stands_at_the_end() -> None:
    (cursor,) = figure().layout.shapes
    assert (cursor.type, cursor.x0, cursor.x1) == ("line", 100, 100)


def test_moments_that_were_refused_are_shaded_up_to_halfway_to_their_neighbours() -> None:
    shades = figure(True, False, True, True).layout.shapes[1:]
    assert [(shade.x0, shade.x1) for shade in shades] == [(0, 37.5), (62.5, 100)]
    assert figure(True, True, True, True).layout.shapes[1].x1 == 100
