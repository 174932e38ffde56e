import numpy as np

from mnist_dash.analysis.robustness import Robustness
from mnist_dash.figures.robustness import plot_robustness
from mnist_dash.figures.theme import load_palette

COLOURS = load_palette(dark=False)
FOUND = Robustness(np.array([0.0, 1.0, 2.0]), np.array([[99, 80, 20], [98, 60, 10]]), 100)


def test_each_model_has_a_line_with_the_band_of_its_intervals() -> None:
    band, line, _, other = plot_robustness(FOUND, ["a", "<b>"], "Blur", COLOURS).data
    assert line.y.tolist() == [99, 80, 20]
    assert other.y.tolist() == [98, 60, 10]
    assert (line.line.color, other.name) == (COLOURS.accent, "&lt;b&gt;")
    assert band.x == (0, 1, 2, 2, 1, 0)
    high, low = band.y[:3], band.y[3:][::-1]
    assert all(below < at < above for below, at, above in zip(low, line.y, high, strict=True))


def test_the_axis_shows_all_of_it_and_what_guessing_gives() -> None:
    layout = plot_robustness(FOUND, ["a", "b"], "Blur (pixels)", COLOURS).layout
    assert layout.yaxis.range == (0, 102)
    assert layout.xaxis.title.text == "Blur (pixels)"
    assert layout.xaxis.range[0] < 0 < 2 < layout.xaxis.range[1]
    assert layout.shapes[0].y0 == 10
