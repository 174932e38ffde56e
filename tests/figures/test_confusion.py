import numpy as np
import pytest

from mnist_dash.figures.confusion import plot_confusion
from mnist_dash.figures.theme import Palette, load_palette, rgb_of
from tests.figures.colour import contrast, strangers

INK = load_palette(dark=False)
MATRIX = np.diag([580] * 10)
MATRIX[3, 5], MATRIX[3, 3], MATRIX[8, 0] = 12, 578, 1


def test_every_colour_is_of_the_palette(colours: Palette) -> None:
    assert strangers(plot_confusion(MATRIX.tolist(), colours), colours) == set()


def test_an_error_is_told_in_words_with_its_share_of_the_row() -> None:
    ground = plot_confusion(MATRIX.tolist(), INK).data[0]
    np.testing.assert_allclose(ground.customdata[3][5], [35, 12, 590, 100 * 12 / 590])
    assert ground.hovertemplate.startswith(
        "%{y} read as %{x}: <b>%{customdata[1]:,}</b> of %{customdata[2]:,} (%{customdata[3]:.1f} %)"
    )


def test_rows_are_labels_from_above_and_columns_answers() -> None:
    layout = plot_confusion(MATRIX.tolist(), INK).layout
    assert (layout.yaxis.title.text, layout.xaxis.title.text) == ("Label", "Answer")
    assert (layout.yaxis.range, layout.xaxis.range) == ((9.5, -0.5), (-0.5, 9.5))
    assert layout.yaxis.scaleanchor == "x"


def test_only_errors_are_on_the_scale() -> None:
    shade = plot_confusion(MATRIX.tolist(), INK).data[1].z
    assert [tuple(cell) for cell in np.argwhere(np.isfinite(shade))] == [(3, 5), (8, 0)]


def test_small_errors_are_seen_and_told_from_greater_ones() -> None:
    shade = plot_confusion(MATRIX.tolist(), INK).data[1].z
    assert 0.1 < shade[8][0] < 0.2
    assert shade[3][5] > 3 * shade[8][0]


def test_a_colour_means_the_same_share_in_every_matrix() -> None:
    worse = MATRIX.copy()
    worse[0, 1:3] = 580
    shade, worse_shade = (plot_confusion(matrix.tolist(), INK).data[1].z for matrix in (MATRIX, worse))
    assert worse_shade[0][1] == 1
    assert worse_shade[3][5] == shade[3][5]


def test_counts_stand_in_their_cells_and_zeros_are_blank() -> None:
    words = plot_confusion(MATRIX.tolist(), INK).data[2]
    written = {(y, x): text for x, y, text in zip(words.x, words.y, words.text, strict=True)}
    assert written[3, 5] == 12
    assert len(written) == 12
    assert (3, 4) not in written


def test_right_answers_are_marked_by_the_colour_of_right_and_errors_are_not(colours: Palette) -> None:
    words = plot_confusion(MATRIX.tolist(), colours).data[2]
    right = {(y == x, tone == colours.right) for x, y, tone in zip(words.x, words.y, words.textfont.color, strict=True)}
    assert right == {(True, True), (False, False)}


@pytest.mark.parametrize("count", [1, 6, 12, 20, 40, 90, 300])
def test_a_count_reads_on_the_colour_of_its_cell(count: int, colours: Palette) -> None:
    matrix = np.diag([600] * 10)
    matrix[0, 1], matrix[0, 0] = count, 600 - count
    figure = plot_confusion(matrix.tolist(), colours)
    words = figure.data[2]
    tone = {(y, x): tone for x, y, tone in zip(words.x, words.y, words.textfont.color, strict=True)}[0, 1]
    assert contrast(tone, between(colours.sequential, figure.data[1].z[0][1])) >= 3.5


def between(steps: tuple[str, ...], place: float) -> str:
    at = np.linspace(0, 1, len(steps))
    mixed = [np.interp(place, at, [rgb_of(step)[i] for step in steps]) for i in range(3)]
    return "#" + bytes(round(value) for value in mixed).hex()


def test_a_digit_of_which_there_is_none_has_an_empty_row() -> None:
    figure = plot_confusion(np.zeros((10, 10), int).tolist(), INK)
    assert not np.isfinite(figure.data[1].z).any()
    assert len(figure.data[2].text) == 0
