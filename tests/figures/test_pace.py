from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from plotly import graph_objects as go

from mnist_dash.figures.curves import Curves, start_curves
from mnist_dash.figures.pace import plot_learning_rate, plot_throughput
from mnist_dash.figures.theme import Palette, load_palette
from tests.figures.colour import strangers

INK = load_palette(dark=False)
NEW = start_curves(100, 64)
Draw = Callable[[Curves, int, Palette], go.Figure]


def run(rate: float | tuple[float, ...] = 0.001, speed: tuple[float, ...] = (np.nan, 900.0, 1000.0, 1100.0)) -> Curves:
    chunk = np.array([50, 100, 150, 200])
    return replace(
        NEW,
        step=np.arange(1, 201),
        chunk=chunk,
        rate=np.broadcast_to(np.array(rate, np.float64), chunk.shape),
        throughput=np.array(speed),
    )


def text(figure: go.Figure) -> str:
    return str(figure.layout.annotations[0].text)


@pytest.mark.parametrize("draw", [plot_learning_rate, plot_throughput])
def test_every_colour_is_of_the_palette(draw: Draw, colours: Palette) -> None:
    assert strangers(draw(run(), 4, colours), colours) == set()


@pytest.mark.parametrize("draw", [plot_learning_rate, plot_throughput])
def test_the_epochs_planned_are_on_the_axis_from_the_start(draw: Draw) -> None:
    empty = draw(NEW, 7, INK)
    assert empty.layout.xaxis.range == draw(run(), 7, INK).layout.xaxis.range == (0, 7)
    assert len(empty.data) == len(draw(run(), 7, INK).data)
    assert len(empty.layout.annotations) == 0


@pytest.mark.parametrize("draw", [plot_learning_rate, plot_throughput])
def test_a_point_tells_the_batch_that_its_record_ends_with(draw: Draw) -> None:
    assert draw(run(), 4, INK).data[0].customdata[-1].tolist() == [2, 100, 200]


def test_a_rate_that_changes_little_starts_at_zero() -> None:
    axis = plot_learning_rate(run((0.001, 0.0008, 0.0004, 0.00005)), 4, INK).layout.yaxis
    assert (axis.type, axis.range[0]) == ("linear", 0)
    assert axis.range[1] >= 0.001


def test_a_rate_that_changes_by_more_than_twentyfold_stands_on_a_logarithmic_axis() -> None:
    rates = (0.001, 0.0004, 0.0001, 0.00004)
    axis = plot_learning_rate(run(rates), 4, INK).layout.yaxis
    assert axis.type == "log"
    assert axis.range[0] <= np.log10(min(rates))
    assert axis.range[1] >= np.log10(max(rates))


def test_the_latest_rate_stands_above_its_line() -> None:
    note = plot_learning_rate(run((0.001, 0.0004, 0.0001, 0.00004)), 4, INK).layout.annotations[0]
    assert note.text.startswith("● latest <b>0.00004</b>")
    assert "0.00004 to 0.001" in note.text
    assert (note.xref, note.yref, note.y, note.yanchor) == ("paper", "paper", 1, "bottom")


def test_rates_that_were_not_recorded_are_left_out() -> None:
    assert list(plot_learning_rate(run((np.nan, np.nan, 0.1, 0.1)), 4, INK).data[0].x) == [1.5, 2.0]


def test_throughput_has_a_median_over_what_is_known() -> None:
    figure = plot_throughput(run(), 4, INK)
    assert list(figure.data[0].y) == [900, 1000, 1100]
    assert list(figure.data[1].y) == [1000, 1000]
    assert text(figure).startswith("● median <b>1,000</b>")
    assert "latest 1,100" in text(figure)


def test_throughput_is_counted_in_whole_images() -> None:
    assert "images a second: <b>%{y:,.0f}</b>" in plot_throughput(run(), 4, INK).data[0].hovertemplate


def test_throughput_starts_at_zero_and_one_wild_record_does_not_stretch_it() -> None:
    speeds = np.full(200, 1000.0)
    speeds[7] = 1e6
    wild = replace(run(), chunk=np.arange(1, 201), rate=np.full(200, 0.1), throughput=speeds)
    assert plot_throughput(wild, 4, INK).layout.yaxis.range == (0, 1500)


@pytest.mark.parametrize("draw", [plot_learning_rate, plot_throughput])
def test_a_long_run_stays_light(draw: Draw) -> None:
    noise = np.random.default_rng(0).random(7_000) + 0.5
    steps = np.arange(1, 1_400_001)
    long = replace(NEW, step=steps, chunk=steps[199::200], rate=noise, throughput=noise)
    assert len(draw(long, 100, INK).to_json()) < 30_000
