"""The figures of digits from elsewhere: dots with intervals, what was learnt from hollow, and cells to be pressed."""

import numpy as np
import pytest

from mnist_dash.analysis.elsewhere import SetReading
from mnist_dash.analysis.evaluated_images import Part
from mnist_dash.analysis.evaluation import evaluate, wilson_interval
from mnist_dash.figures import elsewhere
from mnist_dash.figures.theme import load_palette

COLOURS = load_palette(False)
LABELS = np.array([0, 0, 0, 7, 7], np.uint8)
READ = evaluate(np.eye(10, dtype=np.float32)[[0, 0, 1, 7, 7]], LABELS)
NAMES = ["MNIST", "<b>mine</b>"]
COLUMN = [SetReading("mnist", Part.TEST, READ), SetReading("mine", Part.TRAIN, READ, learnt=True)]


def test_each_model_has_a_dot_for_each_set_that_it_has_read() -> None:
    figure = elsewhere.plot_sets(NAMES, [("reader", COLUMN), ("cnn", [None, COLUMN[0]])], COLOURS)
    reader, cnn = figure.data
    assert list(reader.x) == [80, 80]
    assert list(reader.marker.symbol) == ["circle", "circle-open"]
    assert list(cnn.x) == [80]
    # The dots of a set lie beside its name, one model above the other.
    assert reader.y[0] < 0 < reader.y[1] < 1 < cnn.y[0]
    low, high = wilson_interval(4, 5)
    assert reader.error_x.array[0] == pytest.approx(100 * high - 80)
    assert reader.error_x.arrayminus[0] == pytest.approx(80 - 100 * low)
    assert figure.layout.showlegend


def test_a_dot_says_how_many_images_of_what_it_is_and_what_was_learnt_from() -> None:
    figure = elsewhere.plot_sets(NAMES, [("reader", COLUMN)], COLOURS)
    first, second = figure.data[0].customdata
    assert "5 test images" in first
    assert "learnt" not in first
    assert "5 images, all of the set" in second
    assert "It has learnt from these images." in second
    assert "<b>mine</b>" not in second.replace("<b>&lt;b&gt;mine&lt;/b&gt;</b>", "")
    assert [words.text for words in figure.layout.annotations] == ["80.00 %", "(80.00 %)"]
    assert not figure.layout.showlegend


def test_a_cell_is_one_digit_of_one_set_and_empty_where_there_is_none() -> None:
    figure = elsewhere.plot_digits(NAMES, COLUMN, 17, COLOURS)
    cells, words = figure.data
    assert [cells.customdata[1][7][0], cells.customdata[0][0][0]] == [17, 0]
    low, high = (f"{100 * end:.2f}" for end in wilson_interval(2, 3))
    assert cells.customdata[0][0][1].endswith(f"<b>66.67 %</b>, 95 % interval {low} % to {high} %")
    assert np.isnan(np.array(cells.z)).sum() == 16
    assert sorted(words.text) == ["100", "100", "66.7", "66.7"]
    frame = figure.layout.shapes[0]
    assert (frame.x0, frame.y0) == (6.5, 0.5)


def test_nothing_is_drawn_of_what_was_not_read() -> None:
    assert len(elsewhere.plot_digits(NAMES, [None, None], None, COLOURS).data[1].x) == 0
    assert len(elsewhere.plot_sets(NAMES, [("reader", [None, None])], COLOURS).data[0].x) == 0
    images, right = elsewhere.count_cells([None, *COLUMN])
    assert images[0].sum() == 0
    assert (images[1, 0], right[1, 0]) == (3, 2)
