from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from plotly import graph_objects as go

from mnist_dash.figures.curves import Curves, start_curves
from mnist_dash.figures.theme import Palette, load_palette
from mnist_dash.figures.training import plot_accuracy, plot_error, plot_loss
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


@pytest.mark.parametrize("draw", [plot_loss, plot_accuracy, plot_error])
def test_every_colour_is_of_the_palette(draw: Draw, colours: Palette) -> None:
    assert strangers(draw(RUN, 4, colours), colours) == set()


def test_accuracy_is_shown_in_per_cent() -> None:
    np.testing.assert_allclose(plot_accuracy(RUN, 4, INK).data[2].y, [92, 95, 97, 98], rtol=1e-6)


def test_the_error_is_what_is_missing_from_all_on_a_logarithmic_axis() -> None:
    figure = plot_error(RUN, 4, INK)
    np.testing.assert_allclose(figure.data[2].y, [8, 5, 3, 2], rtol=1e-6)
    assert figure.layout.yaxis.type == "log"
    assert "validation <b>5.00 %</b>" in texts(figure)
    assert list(figure.data[4].x) == [2.0]


@pytest.mark.parametrize("draw", [plot_error, plot_loss])
def test_a_logarithmic_axis_follows_the_epochs_in_round_steps(draw: Draw) -> None:
    values = np.concatenate([draw(RUN, 4, INK).data[line].y for line in (2, 3)])
    low, high = draw(RUN, 4, INK).layout.yaxis.range
    assert values.min() / 2.5 <= 10**low < values.min()
    assert values.max() < 10**high <= 2.5 * values.max()
    assert all(f"{10**end:.0e}"[0] in "125" for end in (low, high))


def test_nothing_wrong_is_drawn_below_a_logarithmic_axis_and_told_as_it_is() -> None:
    flawless = replace(RUN, batch_accuracy=np.ones(40), accuracy=np.array([0.9, 0.99, 1, 1]))
    figure = plot_error(flawless, 4, INK)
    batches, training = figure.data[0], figure.data[2]
    edge = 10 ** figure.layout.yaxis.range[0]
    assert 0 < batches.y.max() < edge
    assert batches.customdata[-1].tolist() == [4, 10, 40, 0]
    assert "%{customdata[3]:" in batches.hovertemplate
    np.testing.assert_allclose(training.y[2:], edge, rtol=1e-6)
    np.testing.assert_allclose(training.customdata, [10, 1, 0, 0], atol=1e-5)
    assert "%{customdata:" in training.hovertemplate


@pytest.mark.parametrize("draw", [plot_error, plot_accuracy, plot_loss])
def test_labels_take_none_of_the_plots_width(draw: Draw) -> None:
    figure = draw(RUN, 4, INK)
    assert figure.layout.margin.l + figure.layout.margin.r < 90
    labels = [note for note in figure.layout.annotations if "<b>" in note.text]
    assert {(note.xref, note.yref, note.y, note.yanchor) for note in labels} == {("paper", "paper", 1, "bottom")}
    first, second = (note.xshift for note in labels)
    assert second - first >= 140


def test_latest_least_and_greatest_of_each_line_stand_above_the_plot() -> None:
    assert "validation <b>95.00 %</b><br>" in texts(plot_accuracy(RUN, 4, INK))
    assert "93.00 % to 96.00 %" in texts(plot_accuracy(RUN, 4, INK))
    assert "training <b>0.100</b>" in texts(plot_loss(RUN, 4, INK))


@pytest.mark.parametrize("draw", [plot_loss, plot_accuracy, plot_error])
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
    assert texts(plot_loss(begun, 4, INK)).startswith("● batches <b>")


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
    assert plot_loss(RUN, 4, INK, logarithmic=False).layout.yaxis.range[0] == 0
    floor, ceiling = plot_accuracy(RUN, 4, INK).layout.yaxis.range
    assert floor == 90
    assert 100 < ceiling < 101


def test_a_loss_that_is_lost_still_makes_a_figure() -> None:
    broken = replace(RUN, batch_loss=np.full(40, np.nan), loss=np.full(4, np.nan), val_loss=np.full(4, np.nan))
    assert plot_loss(broken, 4, INK, logarithmic=False).layout.yaxis.range == (0, 1)
    assert plot_loss(broken, 4, INK).layout.yaxis.range == pytest.approx((-1, np.log10(5)))


@pytest.mark.parametrize("draw", [plot_loss, plot_accuracy, plot_error])
@pytest.mark.parametrize(("steps", "epochs"), [(469, 100), (844, 1_600)])
def test_a_long_run_stays_light(draw: Draw, steps: int, epochs: int) -> None:
    assert len(draw(long(steps, epochs), epochs, INK).to_json()) < 80_000
