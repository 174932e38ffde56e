import numpy as np
import pytest

from mnist_dash.figures.axes import (
    Axis,
    accuracy_axis,
    error_axis,
    lay_out,
    log_loss_axis,
    loss_axis,
    plot_line,
    round_significant,
    round_up,
)
from mnist_dash.figures.curves import start_curves
from mnist_dash.figures.theme import load_palette


@pytest.mark.parametrize(("value", "words"), [(2.345, "2.35"), (0.0784, "0.078"), (0.000123, "0.00012"), (0, "0.000")])
def test_a_loss_is_written_with_the_digits_that_tell_it(value: float, words: str) -> None:
    assert loss_axis(3).in_words(value) == words


@pytest.mark.parametrize(("lowest", "floor"), [(10, 0), (79.9, 50), (91, 90), (99.5, 99), (-1, 0)])
def test_accuracy_starts_at_a_round_number_below_the_lowest(lowest: float, floor: float) -> None:
    low, high = accuracy_axis(lowest).span
    assert low == floor
    assert 100 < high <= 102


@pytest.mark.parametrize(
    ("seen", "span"),
    [([0.7, 12.0], (0.5, 20)), ([1.0, 50.0], (0.5, 100)), ([0.03, 2.3], (0.02, 5)), ([0.0, 0.4], (0.2, 0.5))],
)
def test_a_logarithmic_axis_starts_and_ends_at_round_numbers(seen: list[float], span: tuple[float, float]) -> None:
    low, high = error_axis(np.array([*seen, np.nan])).span
    assert (10**low, 10**high) == pytest.approx(span)


def test_a_logarithmic_axis_of_nothing_shows_what_may_come() -> None:
    assert error_axis(np.array([0.0, np.nan])).span == (0, 2)
    assert log_loss_axis(np.empty(0)).span == pytest.approx((-1, np.log10(5)))


def test_what_has_no_place_on_a_logarithmic_axis_stands_at_its_edge_or_below() -> None:
    axis = Axis("Rate", str, (-1, 1), log=True)
    assert axis.lift_zeros(np.array([0.0, 2.0])).tolist() == pytest.approx([0.1, 2.0])
    assert axis.lift_zeros(np.array([0.0, 2.0]), below=1).tolist() == pytest.approx([0.01, 2.0])
    assert loss_axis(1).lift_zeros(np.array([0.0])).tolist() == [0]


def test_a_loss_of_nothing_has_an_axis() -> None:
    assert loss_axis(0).span == (0, 1)


@pytest.mark.parametrize(
    ("value", "end"), [(0, 1), (1, 1), (1.2, 1.5), (0.0011, 0.0015), (2 * (1 - 0.99), 0.02), (73_000, 80_000), (9, 10)]
)
def test_an_axis_ends_at_a_round_number(value: float, end: float) -> None:
    assert round_up(value) == pytest.approx(end)


@pytest.mark.parametrize(("value", "words"), [(0.001, "0.001"), (0.000012345, "0.0000123"), (0.5, "0.5")])
def test_small_numbers_are_written_without_an_exponent(value: float, words: str) -> None:
    assert round_significant(value, 3) == words


def test_a_value_beyond_the_axis_stands_at_its_edge() -> None:
    axis = Axis("Rate", str, (-4, -2), log=True)
    assert (axis.at(0.001), axis.at(1), axis.at(1e-9)) == (-3, -2, -4)


@pytest.mark.parametrize(("end", "step"), [(6, 1), (100, None)])
def test_few_epochs_have_a_tick_each(end: float, step: int | None) -> None:
    assert lay_out(loss_axis(1), end, load_palette(dark=False), 0)["xaxis"].get("dtick") == step


@pytest.mark.parametrize(("seen", "ticks"), [([2.5, 4], None), ([1.2, 3], 2), ([1.2, 19], 5), ([0.01, 90], 13)])
def test_more_than_a_few_ticks_a_decade_would_lie_over_one_another(seen: list[float], ticks: int | None) -> None:
    shown = lay_out(error_axis(np.array(seen)), 5, load_palette(dark=False), 0)["yaxis"]
    assert shown.get("nticks") == ticks
    assert "nticks" not in lay_out(loss_axis(1), 5, load_palette(dark=False), 0)["yaxis"]


def test_a_point_tells_its_epoch_its_batch_and_its_step() -> None:
    shown = plot_line(start_curves(844, 64), np.array([1902]), np.array([0.25]), "batch", loss_axis(1))
    assert shown.customdata.tolist() == [[3, 214, 1902]]
    assert shown.hovertemplate.startswith(
        "Epoch %{customdata[0]}, batch %{customdata[1]:,} of 844, step %{customdata[2]:,}<br>batch: <b>%{y:.5~g}</b>"
    )
    assert shown.x[0] == pytest.approx(1902 / 844)
