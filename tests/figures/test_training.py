from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from plotly import graph_objects as go

from mnist_dash.figures.curves import Curves, start_curves
from mnist_dash.figures.theme import Palette, load_palette
from mnist_dash.figures.training import HEIGHT, plot_accuracy, plot_loss
from tests.figures.colour import strangers

INK = load_palette(dark=False)
NEW = start_curves(10, 64)
RUN = replace(
    NEW,
    step=np.arange(1, 41),
    batch_loss=np.linspace(2.3, 0.1, 40),
    batch_accuracy=np.linspace(0.1, 0.97, 40),
    epoch=np.array([1.0, 2, 3, 4]),
    loss=np.array([0.5, 0.3, 0.2, 0.1]),
    accuracy=np.array([0.92, 0.95, 0.97, 0.98]),
    val_loss=np.array([0.4, 0.2, 0.25, 0.3]),
    val_accuracy=np.array([0.93, 0.96, 0.955, 0.95]),
)
Draw = Callable[..., go.Figure]


def texts(figure: go.Figure) -> str:
    return " | ".join(note.text for note in figure.layout.annotations)


def long(steps: int, epochs: int) -> Curves:
    rng, count = np.random.default_rng(0), steps * epochs
    noise, per_epoch = rng.random(count).astype(np.float32), rng.random(epochs)
    batches = replace(NEW, steps=steps, step=np.arange(1, count + 1), batch_loss=noise, batch_accuracy=noise)
    told = replace(batches, loss=per_epoch, accuracy=per_epoch, val_loss=per_epoch, val_accuracy=per_epoch)
    return replace(told, epoch=np.arange(1.0, epochs + 1))


@pytest.mark.parametrize("draw", [plot_loss, plot_accuracy])
def test_every_colour_is_of_the_palette(draw: Draw, colours: Palette) -> None:
    assert strangers(draw(RUN, 4, colours), colours) == set()


def test_accuracy_is_shown_in_per_cent() -> None:
    np.testing.assert_allclose(plot_accuracy(RUN, 4, INK).data[2].y, [92, 95, 97, 98], rtol=1e-6)


def test_latest_least_and_greatest_stand_at_the_end_of_each_line() -> None:
    assert "validation <b>95.00 %</b><br>" in texts(plot_accuracy(RUN, 4, INK))
    assert "93.00 % to 96.00 %" in texts(plot_accuracy(RUN, 4, INK))
    assert "training <b>0.100</b>" in texts(plot_loss(RUN, 4, INK))


def test_labels_stand_behind_the_batches_of_the_epoch_at_work() -> None:
    figure = plot_loss(replace(RUN, step=np.arange(6, 46)), 6, INK)
    assert {note.x for note in figure.layout.annotations if "<b>" in note.text} == {4.5}


@pytest.mark.parametrize("draw", [plot_loss, plot_accuracy])
def test_the_best_held_out_epoch_is_marked(draw: Draw) -> None:
    figure = draw(RUN, 4, INK)
    assert list(figure.data[4].x) == [2.0]
    assert "best: epoch 2" in texts(figure)


def test_training_tells_the_best_epoch_where_nothing_is_held_out() -> None:
    alone = replace(RUN, val_loss=np.full(4, np.nan), val_accuracy=np.full(4, np.nan))
    assert "best: epoch 4" in texts(plot_loss(alone, 4, INK))
    assert "validation" not in texts(plot_loss(alone, 4, INK))


def test_the_epochs_planned_are_on_the_axis_from_the_start() -> None:
    assert plot_loss(NEW, 12, INK).layout.xaxis.range == plot_accuracy(RUN, 12, INK).layout.xaxis.range == (0, 12)


def test_a_run_without_a_batch_is_an_empty_figure_of_the_same_traces() -> None:
    figure = plot_loss(NEW, 5, INK)
    assert len(figure.data) == len(plot_loss(RUN, 5, INK).data)
    assert texts(figure) == ""


def test_before_the_first_epoch_the_batches_have_the_label() -> None:
    begun = replace(NEW, step=RUN.step[:5], batch_loss=RUN.batch_loss[:5], batch_accuracy=RUN.batch_accuracy[:5])
    assert texts(plot_loss(begun, 4, INK)).startswith("batches <b>")


def test_the_smoothed_line_is_the_mean_of_so_many_batches() -> None:
    line = plot_loss(RUN, 4, INK, span=10).data[1]
    assert line.y[-1] == pytest.approx(RUN.batch_loss[-10:].mean(), rel=1e-6)
    assert "mean of 10 batches" in line.hovertemplate


def test_without_smoothing_the_batches_stand_alone_and_stronger() -> None:
    raw, smooth = plot_loss(RUN, 4, INK, span=1).data[:2]
    assert len(smooth.x) == 0
    assert opacity(raw) > 2 * opacity(plot_loss(RUN, 4, INK, span=2).data[0])


def opacity(trace: go.Scatter) -> float:
    return float(trace.line.color.removesuffix(")").rpartition(",")[2])


@pytest.mark.parametrize("place", [0, 1])
def test_batches_tell_their_exact_place(place: int) -> None:
    line = plot_loss(RUN, 4, INK).data[place]
    assert line.customdata[-1].tolist() == [4, 10, 40]
    assert "of 10, step" in line.hovertemplate


def test_loss_starts_at_zero_and_accuracy_ends_at_its_most() -> None:
    assert plot_loss(RUN, 4, INK).layout.yaxis.range[0] == 0
    floor, ceiling = plot_accuracy(RUN, 4, INK).layout.yaxis.range
    assert floor == 90
    assert 100 < ceiling < 101


def test_labels_of_lines_that_meet_do_not_cover_each_other() -> None:
    figure = plot_loss(replace(RUN, val_loss=RUN.loss + 1e-4), 4, INK)
    room, high = HEIGHT - 64, figure.layout.yaxis.range[1]
    heights = sorted(note.y / high * room + note.yshift for note in figure.layout.annotations if "<b>" in note.text)
    assert heights[1] - heights[0] >= 37
    assert heights[0] >= 18


def test_a_loss_that_is_lost_still_makes_a_figure() -> None:
    broken = replace(RUN, batch_loss=np.full(40, np.nan), loss=np.full(4, np.nan), val_loss=np.full(4, np.nan))
    assert plot_loss(broken, 4, INK).layout.yaxis.range == (0, 1)


@pytest.mark.parametrize("draw", [plot_loss, plot_accuracy])
@pytest.mark.parametrize(("steps", "epochs"), [(469, 100), (844, 1_600)])
def test_a_long_run_stays_light(draw: Draw, steps: int, epochs: int) -> None:
    assert len(draw(long(steps, epochs), epochs, INK).to_json()) < 80_000
