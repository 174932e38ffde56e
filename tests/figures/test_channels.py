import io

import numpy as np
import pytest
from PIL import Image

from mnist_dash.figures import channels
from mnist_dash.figures.theme import Palette, load_palette
from mnist_dash.figures.theme import rgb_of as rgb
from tests.figures.colour import strangers

RNG = np.random.default_rng(0)
INK = load_palette(dark=False)


def test_every_colour_is_of_the_palette(colours: Palette) -> None:
    values = RNG.normal(size=(5, 6))
    figures = [channels.plot_channel(values, colours), channels.plot_channel(np.abs(values), colours)]
    figures.append(channels.plot_units(values[0], colours))
    assert [strangers(figure, colours) for figure in figures] == [set()] * 3


@pytest.mark.parametrize("side", [1, 3, 5, 11, 13, 26, 28])
def test_every_channel_becomes_a_picture_of_28_pixels_enlarged_whole(side: int) -> None:
    values = RNG.uniform(0.1, 1, (side, side, 4))
    values[0, 0, 2] = 2
    images = channels.draw_channels(values)
    assert images.shape == (4, 28, 28)
    assert images[2].max() == 255
    assert images[0].max() < 255
    times = 28 // side
    first = (28 - times * side) // 2
    np.testing.assert_array_equal(images[:, first::times, first::times][:, :side, :side] > 0, True)


def test_what_is_far_below_0_is_as_dark_as_what_is_far_above() -> None:
    values = np.zeros((2, 2, 1))
    values[0, 0], values[1, 1] = -3, 3
    assert channels.draw_channels(values)[0][[0, 27], [0, 27]].tolist() == [255, 255]


def test_a_silent_layer_is_blank() -> None:
    assert channels.draw_channels(np.zeros((3, 3, 2))).max() == 0


def test_a_channel_is_even_about_0_only_where_it_goes_below() -> None:
    values = np.array([[0.0, 2.0], [1.0, 0.5]])
    assert [channels.plot_channel(values, INK).data[0][end] for end in ("zmin", "zmax")] == [0, 2]
    assert [channels.plot_channel(-values, INK).data[0][end] for end in ("zmin", "zmax")] == [-2, 2]


def test_units_below_0_have_another_colour() -> None:
    bars = channels.plot_units(np.array([1.0, -1.0]), INK, "Digit").data[0]
    assert list(bars.marker.color) == [INK.accent, INK.diverging[1]]
    assert "Digit %{x}" in bars.hovertemplate


def test_few_units_are_numbered_one_by_one() -> None:
    ticks = [channels.plot_units(np.ones(count), INK).layout.xaxis.dtick for count in (10, 64)]
    assert ticks == [1, None]


def test_filters_stand_side_by_side_on_one_scale(colours: Palette) -> None:
    filters = np.zeros((10, 3, 3))
    filters[0, 0, 0], filters[9, 2, 2] = 1, -1
    picture = Image.open(io.BytesIO(channels.draw_weights(filters, colours)))
    assert picture.size == (2 * channels.weights_width(10, 3), 2 * (3 * 12 + 8))
    page = np.asarray(picture.convert("RGB"))
    assert tuple(page[0, 0]) == rgb(colours.diverging[-1])
    assert tuple(page[44 + 30, 44 + 30]) == rgb(colours.diverging[0])
    assert tuple(page[38, 38]) == rgb(colours.paper)


def test_the_part_that_was_looked_at_is_framed(colours: Palette) -> None:
    image = np.zeros((28, 28), np.uint8)
    page = np.asarray(
        Image.open(io.BytesIO(channels.draw_receptive_field(image, (3, 5, 6, 9), colours))).convert("RGB")
    )
    rows, columns = np.nonzero((page == rgb(colours.accent)).all(axis=2))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (24, 55, 40, 79)
    assert page.shape == (224, 224, 3)
    assert channels.receptive_field_width() == 112
