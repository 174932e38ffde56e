import numpy as np
import pytest

from mnist_dash.figures.numbers import plot_numbers
from mnist_dash.figures.theme import load_palette

INK = load_palette(dark=False)
IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[3, 4:7] = 51, 255, 117


def text_at(normalised: bool, row: int, column: int) -> tuple[str, str]:
    traces = plot_numbers(IMAGE, INK, normalised=normalised).data[1:]
    (found,) = [
        (text, trace.textfont.color)
        for trace in traces
        for x, y, text in zip(trace.x, trace.y, trace.text, strict=True)
        if (y, x) == (row, column)
    ]
    return found


def test_every_pixel_has_its_value_in_it() -> None:
    assert sum(len(trace.text) for trace in plot_numbers(IMAGE, INK).data[1:]) == 784
    assert [text_at(False, 3, column)[0] for column in (3, 4, 5)] == ["0", "51", "255"]


def test_normalised_values_have_two_decimals_and_bare_paper_a_plain_0() -> None:
    assert [text_at(True, 3, column)[0] for column in (3, 4, 5)] == ["0", "0.20", "1.00"]


@pytest.mark.parametrize(("value", "tone"), [(255, "black"), (118, "black"), (117, "white"), (1, "white")])
def test_numbers_stand_out_from_their_cell(value: int, tone: str) -> None:
    image = np.full((28, 28), value, np.uint8)
    assert [trace.textfont.color for trace in plot_numbers(image, INK).data[1:]] == [tone]
    light = ((value / 255 + 0.055) / 1.055) ** 2.4 if value > 10 else value / 255 / 12.92
    assert ((light + 0.05) / 0.05 if tone == "black" else 1.05 / (light + 0.05)) >= 4.5


def test_both_values_are_exact_under_the_pointer() -> None:
    cells = plot_numbers(IMAGE, INK).data[0]
    assert cells.z[3][4] == 51
    assert cells.customdata[3][4] == pytest.approx(0.2)
    assert "%{customdata:.4f}" in cells.hovertemplate
