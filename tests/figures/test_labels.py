from itertools import pairwise

import pytest

from mnist_dash.figures.axes import loss_axis
from mnist_dash.figures.labels import Label, annotate, label_reading, shorten, spread_apart
from mnist_dash.figures.series import Reading

AXIS = loss_axis(1.0)


def test_a_label_gives_the_latest_value_and_below_it_least_and_greatest() -> None:
    label = label_reading("training", Reading(0.1, 0.5, 0.2, 3), AXIS, "ink")
    assert (label.text, label.small, label.colour) == ("training <b>0.200</b>", "0.100 to 0.500", "ink")


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


def test_labels_stand_side_by_side_above_the_plot_each_in_its_colour() -> None:
    first, second = annotate([Label("a", "", "red"), Label("b", "c", "blue")])
    assert (first["xref"], first["x"]) == ("paper", 0)
    assert (first["yref"], first["y"], first["yanchor"]) == ("paper", 1, "bottom")
    assert (first["xshift"], second["xshift"]) == (0, 148)
    assert (first["font"]["color"], second["font"]["color"]) == ("red", "blue")
    assert first["text"].startswith("● a<br>")
    assert second["text"].startswith("● b<br>")
    assert ">c<" in second["text"]


def test_a_label_without_a_second_row_is_as_high_as_one_with_it() -> None:
    assert {note["text"].count("<br>") for note in annotate([Label("a", "", "red"), Label("b", "c", "blue")])} == {1}


@pytest.mark.parametrize(
    ("name", "short"), [("cnn", "cnn"), ("dense network, seed 12", "dense n…eed 12"), ("a<b>", "a&lt;b&gt;")]
)
def test_a_long_name_keeps_both_ends(name: str, short: str) -> None:
    assert shorten(name, 14) == short
