"""The 1 whose upstroke grows: what is drawn is a 1 with more and more ink on its left."""

import numpy as np

from mnist_dash.lessons.upstroke import LENGTHS, ask_for_seven, draw_every_one, draw_one
from mnist_dash.models.bundled import load_bundled


def test_the_upstroke_grows_to_the_left() -> None:
    widths = [int(np.flatnonzero(draw_one(length).any(axis=0)).size) for length in (0, 50, 100)]
    assert widths == sorted(set(widths))
    assert draw_every_one().shape == (len(LENGTHS), 28, 28)


def test_without_an_upstroke_it_is_a_one_and_with_a_long_one_cnn_reads_seven() -> None:
    cnn = load_bundled("cnn")
    answers = cnn.probabilities(draw_every_one()).argmax(axis=1)
    assert answers[0] == 1
    assert 7 in answers
    assert ask_for_seven(cnn)[0] < 0.1
    assert ask_for_seven(cnn).max() > 0.5
