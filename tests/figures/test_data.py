import numpy as np
import pytest

from mnist_dash.figures.data import plot_class_counts, plot_intensity
from mnist_dash.figures.theme import load_palette

INK = load_palette(dark=False)
TRAIN, TEST = np.arange(10) * 100 + 100, np.full(10, 50)


def test_the_counts_are_written_as_large_as_they_are_said_to_be() -> None:
    for bars in plot_class_counts(TRAIN, TEST, INK).data:
        assert bars.constraintext == "none"
        assert bars.textfont.size >= 12


def test_both_splits_are_shown_as_shares_of_their_own_images() -> None:
    training, test = plot_class_counts(TRAIN, TEST, INK).data
    assert sum(training.x) == pytest.approx(100)
    np.testing.assert_allclose(test.x, 10)


def test_counts_are_exact_in_text_and_under_the_pointer() -> None:
    training = plot_class_counts(TRAIN, TEST, INK).data[0]
    assert list(training.customdata) == TRAIN.tolist()
    assert (training.text[0], training.text[9]) == ("100 training", "1,000")


def test_each_digit_keeps_its_colour() -> None:
    assert plot_class_counts(TRAIN, TEST, INK).data[0].marker.color == INK.digits


def test_an_empty_split_has_no_share() -> None:
    assert not np.any(plot_class_counts(TRAIN, np.zeros(10, int), INK).data[1].x)


def test_pixel_values_stand_on_a_logarithmic_axis_that_shows_a_single_pixel() -> None:
    histogram = np.zeros(256, int)
    histogram[[0, 255]] = 783, 1
    figure = plot_intensity(histogram, INK)
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis.range[0] < 0
    assert np.isnan(figure.data[0].y[1:255]).all()
    assert figure.layout.annotations[0].text == "99.9 % of the pixels are bare paper"


def test_no_pixels_make_an_empty_figure() -> None:
    assert np.isnan(plot_intensity(np.zeros(256, int), INK).data[0].y).all()
