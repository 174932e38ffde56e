import numpy as np

from mnist_dash.figures.class_means import plot_class_mean, plot_class_means, plot_difference, plot_never_inked
from mnist_dash.figures.theme import Palette, load_palette
from tests.figures.colour import strangers

INK = load_palette(dark=False)
MEANS = np.random.default_rng(0).uniform(0, 255, (10, 28, 28))
INKED = np.ones((28, 28), int)
INKED[0] = 0


def test_every_colour_is_of_the_palette(colours: Palette) -> None:
    figures = [
        plot_class_mean(MEANS[0], "Mean", colours),
        plot_class_means(MEANS, range(10), "Mean", colours),
        plot_never_inked(INKED, 9, colours),
    ]
    figures.append(plot_difference(MEANS[0] - MEANS[1], 0, 1, colours))
    assert [strangers(figure, colours) for figure in figures] == [set()] * 4


def test_a_face_is_a_heat_map_of_its_values_from_the_top() -> None:
    figure = plot_class_mean(MEANS[3], "Mean", INK)
    np.testing.assert_allclose(figure.data[0].z, MEANS[3], rtol=1e-6)
    assert list(figure.layout.yaxis.range) == [27.5, -0.5]
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 255)


def test_ten_faces_stand_side_by_side_on_one_scale() -> None:
    figure = plot_class_means(MEANS, range(10), "Mean", INK)
    cells = figure.data[0]
    np.testing.assert_allclose(cells.z[30:58, 60:88], MEANS[7], rtol=1e-6)
    assert cells.customdata[30 + 5, 60 + 9].tolist() == [7, 5, 9]
    assert np.isnan(cells.z[28]).all()
    assert [note.text for note in figure.layout.annotations] == [f"<b>{digit}</b>" for digit in range(10)]
    assert "Digit %{customdata[0]}" in cells.hovertemplate


def test_a_missing_digit_has_no_face_and_no_room() -> None:
    figure = plot_class_means(MEANS, (1, 7), "Mean", INK)
    cells = figure.data[0]
    assert np.shape(cells.z) == (28, 58)
    np.testing.assert_allclose(cells.z[:, 30:], MEANS[7], rtol=1e-6)
    assert cells.customdata[5, 30 + 9].tolist() == [7, 5, 9]
    assert [note.text for note in figure.layout.annotations] == ["<b>1</b>", "<b>7</b>"]


def test_never_inked_is_a_kind_and_not_a_scale() -> None:
    figure = plot_never_inked(INKED, 60_000, INK)
    assert not figure.data[0].showscale
    assert set(np.unique(figure.data[0].z)) == {0, 1}
    assert figure.data[0].z[0].all()
    assert "<b>28</b> of 784" in figure.layout.annotations[0].text
    assert "of 60,000 images" in figure.data[0].hovertemplate


def test_a_difference_is_even_about_0_and_names_both_digits() -> None:
    values = np.zeros((28, 28))
    values[3, 4], values[5, 6] = 40, -100
    cells = plot_difference(values, 4, 9, INK).data[0]
    assert (cells.zmin, cells.zmax) == (-100, 100)
    assert cells.colorbar.ticktext[0] == "<b>9</b> by 100"
    assert cells.colorbar.ticktext[-1] == "<b>4</b> by 100"
    assert [colour for _, colour in cells.colorscale] == list(INK.diverging)


def test_digits_that_do_not_differ_still_have_a_scale() -> None:
    assert plot_difference(np.zeros((28, 28)), 1, 1, INK).data[0].zmax > 0
