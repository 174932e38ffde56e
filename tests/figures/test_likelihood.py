"""How likely each model finds a digit: a named line each, from 0 to 100 %."""

import numpy as np

from mnist_dash.figures.likelihood import plot_likelihood
from mnist_dash.figures.theme import load_palette


def test_a_line_for_each_model_named_at_its_end_with_a_mark_where_one_looks() -> None:
    lines = {"cnn": np.array([0.0, 0.5, 1.0]), "<b>": np.array([0.1, 0.2, 0.3])}
    figure = plot_likelihood([0, 50, 100], lines, 50, ("Length", "Seven"), load_palette(dark=False))
    assert list(figure.data[0].y) == [0.0, 50.0, 100.0]
    texts = [note.text for note in figure.layout.annotations]
    assert texts == ["<b>cnn</b>", "<b>&lt;b&gt;</b>"]
    assert figure.layout.shapes[0].x0 == 50
    assert figure.layout.yaxis.range[0] < 0 < 100 < figure.layout.yaxis.range[1]
