from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from plotly import graph_objects as go

from mnist_dash.figures.theme import Palette, palette
from mnist_dash.figures.training import Curves, accuracy, curves_of, loss
from mnist_dash.runs.records import Batches, Epoch

INK = palette(dark=False)
NONE = np.empty(0)
RUN = Curves(
    batch_x=np.arange(1, 41) / 10,
    batch_loss=np.linspace(2.3, 0.1, 40),
    batch_accuracy=np.linspace(0.1, 0.97, 40),
    epoch=np.array([1.0, 2, 3, 4]),
    loss=np.array([0.5, 0.3, 0.2, 0.1]),
    accuracy=np.array([0.92, 0.95, 0.97, 0.98]),
    val_loss=np.array([0.4, 0.2, 0.25, 0.3]),
    val_accuracy=np.array([0.93, 0.96, 0.955, 0.95]),
)
NEW = Curves(NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE)


def texts(figure: go.Figure) -> str:
    return " | ".join(note.text for note in figure.layout.annotations)


def test_batches_stand_at_fractions_of_their_epoch() -> None:
    batches = [Batches(1, 0, (2.0, 1.0), (0.1, 0.2), 0.0), Batches(2, 2, (0.5,), (0.9,), 0.0)]
    curves = curves_of(4, batches, [])
    np.testing.assert_allclose(curves.batch_x, [0.25, 0.5, 1.75])
    np.testing.assert_allclose(curves.batch_loss, [2.0, 1.0, 0.5])


def test_epochs_without_held_out_images_have_no_number_for_them() -> None:
    curves = curves_of(4, [], [Epoch(1, 0.5, 0.9, None, None, 3.0)])
    assert np.isnan(curves.val_loss).all()
    assert list(curves.accuracy) == [0.9]


def test_accuracy_is_shown_in_per_cent() -> None:
    np.testing.assert_allclose(accuracy(RUN, 4, INK).data[2].y, [92, 95, 97, 98])


def test_latest_least_and_greatest_stand_at_the_end_of_each_line() -> None:
    assert "held out <b>95.00 %</b><br>" in texts(accuracy(RUN, 4, INK))
    assert "93.00 % to 96.00 %" in texts(accuracy(RUN, 4, INK))
    assert "training <b>0.100</b>" in texts(loss(RUN, 4, INK))


@pytest.mark.parametrize("draw", [loss, accuracy])
def test_the_best_held_out_epoch_is_marked(draw: Callable[[Curves, int, Palette], go.Figure]) -> None:
    figure = draw(RUN, 4, INK)
    assert list(figure.data[4].x) == [2.0]
    assert "best: epoch 2" in texts(figure)


def test_training_tells_the_best_epoch_where_nothing_is_held_out() -> None:
    alone = replace(RUN, val_loss=np.full(4, np.nan), val_accuracy=np.full(4, np.nan))
    assert "best: epoch 4" in texts(loss(alone, 4, INK))
    assert "held out" not in texts(loss(alone, 4, INK))


def test_the_epochs_planned_are_on_the_axis_from_the_start() -> None:
    assert loss(NEW, 12, INK).layout.xaxis.range == accuracy(RUN, 12, INK).layout.xaxis.range == (0, 12)


def test_a_run_without_a_batch_is_an_empty_figure_of_the_same_traces() -> None:
    figure = loss(NEW, 5, INK)
    assert len(figure.data) == len(loss(RUN, 5, INK).data)
    assert texts(figure) == ""


def test_before_the_first_epoch_the_batches_have_the_label() -> None:
    begun = replace(NEW, batch_x=RUN.batch_x[:5], batch_loss=RUN.batch_loss[:5])
    assert texts(loss(begun, 4, INK)).startswith("batches <b>")


def test_loss_starts_at_zero_and_accuracy_ends_at_its_most() -> None:
    assert loss(RUN, 4, INK).layout.yaxis.range[0] == 0
    floor, ceiling = accuracy(RUN, 4, INK).layout.yaxis.range
    assert floor == 90
    assert 100 < ceiling < 101


def test_labels_of_lines_that_meet_do_not_cover_each_other() -> None:
    close = replace(RUN, val_loss=RUN.loss + 1e-4)
    notes = [note for note in loss(close, 4, INK).layout.annotations if "<b>" in note.text]
    high = loss(close, 4, INK).layout.yaxis.range[1]
    heights = sorted(note.y / high * 290 + note.yshift for note in notes)
    assert heights[1] - heights[0] >= 37


def test_a_loss_that_is_lost_still_makes_a_figure() -> None:
    broken = replace(RUN, batch_loss=np.full(40, np.nan), loss=np.full(4, np.nan), val_loss=np.full(4, np.nan))
    assert loss(broken, 4, INK).layout.yaxis.range == (0, 1)


def test_a_long_run_stays_light() -> None:
    x = np.arange(46_900) / 469
    noise = np.random.default_rng(0).random(46_900)
    long = replace(RUN, batch_x=x, batch_loss=noise, batch_accuracy=noise)
    assert len(loss(long, 100, INK).to_json()) < 60_000
