import numpy as np
import pytest

from mnist_dash.figures.answer_by_epoch import plot_answer_by_epoch
from mnist_dash.figures.theme import Palette, load_palette
from tests.figures.colour import strangers

SHARES = np.array([[0.1, 0.5, 0, 0, 0, 0.1, 0.1, 0.1, 0, 0.1], [0, 0, 0, 0, 0.75, 0, 0, 0, 0.05, 0.2]], np.float32)


def test_every_colour_is_of_the_palette(colours: Palette) -> None:
    assert strangers(plot_answer_by_epoch([1, 2], SHARES, colours), colours) == set()


def test_each_digit_has_its_colour_and_its_share_at_each_epoch() -> None:
    colours = load_palette(dark=False)
    lines = {line.name: line for line in plot_answer_by_epoch([1, 2], SHARES, colours).data}
    assert [lines[str(digit)].line.color for digit in range(10)] == list(colours.digits)
    assert [float(lines[str(digit)].y[1]) for digit in range(10)] == pytest.approx(100 * SHARES[1])
    assert {tuple(line.x) for line in lines.values()} == {(1, 2)}


def test_the_last_answer_is_broad_and_above_the_others() -> None:
    lines = plot_answer_by_epoch([1, 2], SHARES, load_palette(dark=False)).data
    assert lines[-1].name == "4"
    assert all(line.line.width < lines[-1].line.width for line in lines[:-1])


def test_what_was_ever_likely_is_named_where_it_was_likeliest() -> None:
    notes = plot_answer_by_epoch([3, 5], SHARES, load_palette(dark=False)).layout.annotations
    assert {note.text: (note.x, round(note.y)) for note in notes} == {
        **{"<b>1</b>": (3, 50), "<b>4</b>": (5, 75), "<b>9</b>": (5, 20)},
    }
