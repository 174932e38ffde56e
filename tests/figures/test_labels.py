from itertools import pairwise

import pytest

from mnist_dash.figures.axes import loss_axis
from mnist_dash.figures.labels import Label, annotate, label_reading, shorten, spread_apart
from mnist_dash.figures.series import Reading

AXIS = loss_axis(1.0)


def test_a_label_gives_the_latest_value_and_below_it_least_and_greatest() -> None:
    label = label_reading("training", Reading(0.1, 0.5, 0.2, 3), AXIS, "ink")
    assert (label.text, label.small, label.y) == ("training <b>0.200</b>", "0.100 to 0.500", 0.2)


def test_a_line_of_one_value_has_no_range() -> None:
    assert label_reading("training", Reading(0.2, 0.2, 0.2, 0), AXIS, "ink").small == ""


def test_things_that_are_far_apart_stay_where_they_are() -> None:
    assert spread_apart([20, 60, 100], 20, 200) == [20, 60, 100]


def test_things_that_meet_give_way_to_both_sides() -> None:
    assert spread_apart([50, 50, 150], 20, 200) == [40, 60, 150]


@pytest.mark.parametrize("wanted", [[0, 0, 0], [200, 200, 200], [100] * 10, [-50, 300], [3, 5, 100, 101, 102, 199]])
def test_things_stay_in_their_room_in_their_order(wanted: list[float]) -> None:
    placed = spread_apart(wanted, 20, 200)
    assert all(after - before >= 20 - 1e-9 for before, after in pairwise(placed))
    assert placed[0] >= 10
    assert placed[-1] <= 190


def test_nothing_has_no_place() -> None:
    assert spread_apart([], 20, 200) == []


def test_labels_are_moved_in_pixels_from_the_value_that_they_tell() -> None:
    low, high = annotate([Label(0.5, "a", "", "red"), Label(0.5, "b", "c", "blue")], 3.0, AXIS, 220)
    assert (low["x"], low["y"], high["y"]) == (3.0, 0.5, 0.5)
    assert high["yshift"] - low["yshift"] == pytest.approx(38)
    assert low["yshift"] == pytest.approx(-high["yshift"])
    assert "<br>" not in low["text"]
    assert "<br>" in high["text"]


@pytest.mark.parametrize(
    ("name", "short"), [("cnn", "cnn"), ("dense network, seed 12", "dense n…eed 12"), ("a<b>", "a&lt;b&gt;")]
)
def test_a_long_name_keeps_both_ends(name: str, short: str) -> None:
    assert shorten(name, 14) == short
