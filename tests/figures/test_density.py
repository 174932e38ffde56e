import numpy as np
import pytest

from mnist_dash.analysis.distributions import estimate_distributions
from mnist_dash.figures.density import HEIGHT, plot_densities, plot_image_values, plot_mean_ink
from mnist_dash.figures.theme import Palette, load_palette
from tests.figures.colour import strangers

INK = load_palette(dark=False)
HISTOGRAMS = np.ones((10, 256), int) * np.arange(1, 11)[:, np.newaxis]
HISTOGRAMS[:, 0] = 10_000
LABELS = np.arange(500, dtype=np.uint8) % 10
VALUES = estimate_distributions(LABELS + np.arange(500) % 3 + 1.0, LABELS)
IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[3, 4:7] = 51, 51, 255


def test_every_colour_is_of_the_palette(colours: Palette) -> None:
    figures = [
        plot_densities(HISTOGRAMS, colours, 3),
        plot_image_values(IMAGE, colours),
        plot_mean_ink(VALUES, colours),
    ]
    assert [strangers(figure, colours) for figure in figures] == [set()] * 3


def test_each_class_is_a_line_of_shares_on_a_logarithmic_axis() -> None:
    figure = plot_densities(HISTOGRAMS, INK)
    assert figure.layout.yaxis.type == "log"
    assert len(figure.data) == 10
    assert [sum(line.y) for line in figure.data] == [pytest.approx(100)] * 10
    assert "Digit 4, values" in figure.data[4].hovertemplate
    assert list(figure.data[0].customdata[1]) == [8, 15]


def test_one_digit_stands_before_the_others() -> None:
    lines = plot_densities(HISTOGRAMS, INK, 3).data
    assert "Digit 3" in lines[-1].hovertemplate
    assert lines[-1].line.color == INK.digits[3]
    assert lines[-1].line.width > max(line.line.width for line in lines[:-1])
    assert all(line.line.color.startswith("rgba") for line in lines[:-1])


def test_lines_are_labelled_at_their_ends_and_no_label_covers_another() -> None:
    figure = plot_densities(HISTOGRAMS, INK)
    low, high = figure.layout.yaxis.range
    room = HEIGHT - 8 - 48
    heights = sorted((note.y - low) / (high - low) * room + note.yshift for note in figure.layout.annotations)
    assert {note.text for note in figure.layout.annotations} == {f"<b>{digit}</b>" for digit in range(10)}
    assert min(np.diff(heights)) >= 14.9
    assert heights[0] >= 0
    assert heights[-1] <= room


def test_a_class_without_images_has_no_line() -> None:
    histograms = HISTOGRAMS.copy()
    histograms[6] = 0
    assert len(plot_densities(histograms, INK).data) == 9
    assert not plot_densities(np.zeros((10, 256), int), INK).data


def test_a_value_of_a_single_pixel_has_a_bar_too() -> None:
    figure = plot_image_values(IMAGE, INK)
    assert (list(figure.data[0].x), list(figure.data[0].y)) == ([0, 51, 255], [781, 2, 1])
    assert figure.layout.yaxis.range[0] < 0


def test_normalised_values_go_from_0_to_1() -> None:
    figure = plot_image_values(IMAGE, INK, normalised=True)
    np.testing.assert_allclose(figure.data[0].x, [0, 0.2, 1])
    assert list(figure.data[0].y) == [781, 2, 1]
    assert list(figure.layout.xaxis.tickvals) == [0, 0.25, 0.5, 0.75, 1]


def test_mean_ink_is_shown_with_its_spread() -> None:
    figure = plot_mean_ink(VALUES, INK)
    np.testing.assert_array_equal(figure.data[0].x, VALUES.mean)
    np.testing.assert_array_equal(figure.data[0].error_x.array, VALUES.spread)
    assert figure.layout.annotations[2].text == f"{VALUES.mean[2]:.1f} %"
