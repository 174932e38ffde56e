import numpy as np
import pytest

from mnist_dash.analysis.distributions import estimate_distributions
from mnist_dash.analysis.shape import MEASURES
from mnist_dash.figures.shape import plot_loops, plot_ridges, write_in_unit
from mnist_dash.figures.theme import Palette, load_palette
from tests.figures.colour import strangers

INK = load_palette(dark=False)
MEASURE = {measure.name: measure for measure in MEASURES}
LABELS = np.repeat(np.arange(9, dtype=np.uint8), 300)
FOUND = estimate_distributions(np.random.default_rng(0).normal(LABELS - 4.0, 1), LABELS)
SHARES = np.tile([0.1, 0.8, 0.04, 0.06], (10, 1))


def test_every_colour_is_of_the_palette(colours: Palette) -> None:
    assert strangers(plot_ridges(FOUND, MEASURE["slant"], colours), colours) == set()
    assert strangers(plot_loops(SHARES, colours), colours) == set()


def test_a_ridge_stands_on_the_row_of_its_digit() -> None:
    ridge = plot_ridges(FOUND, MEASURE["slant"], INK).data[2 * 5 + 1]
    assert ridge.y.max() == pytest.approx(5, abs=0.01)
    peak = FOUND.grid[np.argmax(FOUND.density[5])]
    assert ridge.x[np.argmin(ridge.y)] == pytest.approx(peak, rel=1e-5)
    assert ridge.line.color == INK.digits[5]


def test_the_curves_are_shipped_and_not_the_images() -> None:
    assert len(plot_ridges(FOUND, MEASURE["slant"], INK).to_json()) < 60_000


def test_median_and_range_are_marked_and_told() -> None:
    figure = plot_ridges(FOUND, MEASURE["slant"], INK)
    marks = figure.data[-1]
    np.testing.assert_allclose(marks.x, FOUND.median[:9])
    np.testing.assert_allclose(marks.x + marks.error_x.array, FOUND.high[:9])
    np.testing.assert_allclose(marks.x - marks.error_x.arrayminus, FOUND.low[:9])
    assert figure.layout.annotations[0].text == write_in_unit(FOUND.median[0], MEASURE["slant"])
    assert marks.customdata[3][4] == "300"


def test_a_digit_without_images_has_an_empty_row() -> None:
    figure = plot_ridges(FOUND, MEASURE["slant"], INK)
    assert len(figure.data) == 2 * 9 + 1
    assert list(figure.layout.yaxis.tickvals) == list(range(10))


def test_no_numbers_make_an_empty_figure() -> None:
    empty = estimate_distributions(np.zeros(0), np.zeros(0, np.uint8))
    assert len(plot_ridges(empty, MEASURE["ink"], INK).data) == 1


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (12.74, "ink", "12.7 %"),
        (-3.14, "slant", "−3.1°"),
        (2.484, "thickness", "2.48 px"),
        (18.0, "width", "18 px"),
        (0.9, "aspect", "0.90"),
        (2.0, "loops", "2"),
    ],
)
def test_values_have_their_unit_and_the_digits_they_deserve(value: float, name: str, text: str) -> None:
    assert write_in_unit(value, MEASURE[name]) == text


def test_loops_are_stacked_shares_with_words_where_there_is_room() -> None:
    figure = plot_loops(SHARES, INK)
    assert figure.layout.barmode == "stack"
    assert [bar.x[0] for bar in figure.data] == [pytest.approx(x) for x in (10, 80, 4, 6)]
    assert [bar.text[0] for bar in figure.data] == ["10 %", "80 %", "", ""]
    assert "3 or more" in figure.layout.annotations[0].text
