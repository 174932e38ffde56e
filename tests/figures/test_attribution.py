import numpy as np

from mnist_dash.figures.attribution import plot_attribution
from mnist_dash.figures.theme import Palette, load_palette
from tests.figures.colour import strangers

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[8:20, 12:15] = 255
VALUES = np.zeros((28, 28))
VALUES[9, 13], VALUES[3, 4] = 2.5, -1


def test_every_colour_is_of_the_palette(colours: Palette) -> None:
    assert strangers(plot_attribution(VALUES, IMAGE, 1, colours), colours) == set()


def test_the_scale_is_even_about_0_and_the_words_name_the_digit() -> None:
    cells, outline = plot_attribution(VALUES, IMAGE, 7, load_palette(dark=False)).data
    assert (cells.zmin, cells.zmax) == (-2.5, 2.5)
    assert "Log-odds of 7: <b>%{z:+.2f}</b>" in cells.hovertemplate
    np.testing.assert_array_equal(outline.z, IMAGE)
    assert outline.hoverinfo == "skip"


def test_a_map_of_nothing_still_has_a_scale() -> None:
    assert plot_attribution(np.zeros((28, 28)), IMAGE, 7, load_palette(dark=True)).data[0].zmax == 1
