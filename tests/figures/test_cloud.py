"""The map of digits: who is which point, what colours and marks say, and the picture of all digits."""

import io

import numpy as np
import pytest
from PIL import Image
from plotly import graph_objects as go

from mnist_dash.data.dataset import Digits
from mnist_dash.errors import DataError
from mnist_dash.figures.cloud import Cloud, Tint, draw_sprite, plot_cloud
from mnist_dash.figures.theme import Palette, load_palette
from tests.figures.colour import strangers

INK = load_palette(dark=False)


def points(count: int = 40, shares: tuple[float, float] | None = None, asked: bool = True) -> Cloud:
    """Every fourth is a test image; every fifth is read wrong."""
    place = np.arange(count)
    label = (place % 10).astype(np.uint8)
    probabilities = np.full((count, 10), 0.02, np.float32)
    probabilities[place, (label + (place % 5 == 0)) % 10] = 0.82
    return Cloud(
        np.stack([place, label], axis=1).astype(np.float32),
        (place % 4 == 0).astype(np.uint8),
        (place + 100_000).astype(np.int32),
        label,
        probabilities if asked else None,
        shares,
    )


def places(trace: go.Scattergl) -> list[int]:
    return [int(row[0]) for row in trace.customdata]


def texts(figure: go.Figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize("tint", Tint)
def test_every_colour_is_of_the_palette(colours: Palette, tint: Tint) -> None:
    assert strangers(plot_cloud(points(), tint, colours), colours) == set()


@pytest.mark.parametrize("tint", Tint)
def test_every_point_is_there_once_and_is_known_by_its_place(tint: Tint) -> None:
    given, figure = points(), plot_cloud(points(), tint, INK)
    found = [place for trace in figure.data for place in places(trace)]
    assert sorted(found) == list(range(40))
    for trace in figure.data:
        assert np.array_equal(np.stack([trace.x, trace.y], axis=1), given.points[places(trace)])
        assert np.array_equal(np.asarray(trace.customdata)[:, 1], given.index[places(trace)])


def test_the_pointer_is_told_label_answer_certainty_and_place() -> None:
    train, test = plot_cloud(points(), Tint.DIGIT, INK).data
    assert train.hovertemplate == (
        "Label <b>%{customdata[2]}</b><br>Answer %{customdata[3]} (%{customdata[4]:.1f} %)<br>"
        "Training image %{customdata[1]:,}<extra></extra>"
    )
    assert "Test image" in test.hovertemplate
    np.testing.assert_allclose(test.customdata[0], [0, 100_000, 0, 1, 82], rtol=1e-5)
    assert all(place % 4 == 0 for place in places(test))


def test_near_certainty_is_not_rounded_to_certainty() -> None:
    given = points()
    assert given.probabilities is not None
    given.probabilities[:] = np.eye(10)[given.label]
    assert plot_cloud(given, Tint.DIGIT, INK).data[0].customdata.max(axis=0)[4] == pytest.approx(99.9)


def test_without_a_model_there_is_no_answer_to_tell() -> None:
    figure = plot_cloud(points(asked=False), Tint.DIGIT, INK)
    assert "Answer" not in figure.data[0].hovertemplate
    for tint in (Tint.OUTCOME, Tint.CERTAINTY):
        with pytest.raises(DataError, match=f"Colours by {tint} need the answers of a model"):
            plot_cloud(points(asked=False), tint, INK)


def test_a_digit_has_its_colour_of_every_chart(colours: Palette) -> None:
    marker = plot_cloud(points(), Tint.DIGIT, colours).data[0].marker
    for digit, tone in enumerate(colours.digits):
        share = (digit - marker.cmin) / (marker.cmax - marker.cmin)
        (low, one), (high, other) = marker.colorscale[2 * digit : 2 * digit + 2]
        assert low < share < high
        assert one == other == tone


def test_wrong_answers_differ_by_a_mark_too_and_are_counted() -> None:
    figure = plot_cloud(points(), Tint.OUTCOME, INK)
    wrong = [trace for trace in figure.data if trace.marker.symbol == "x"]
    assert sorted(place for trace in wrong for place in places(trace)) == list(range(0, 40, 5))
    assert {trace.marker.symbol for trace in figure.data} == {"x", None}
    assert "32 right" in texts(figure)[0]
    assert "8 wrong" in texts(figure)[0]


def test_splits_differ_by_a_mark_too() -> None:
    figure = plot_cloud(points(), Tint.SPLIT, INK)
    assert [trace.marker.symbol for trace in figure.data] == [None, "diamond"]
    assert "30 training" in texts(figure)[0]
    assert "10 test" in texts(figure)[0]


def test_certainty_has_one_scale_for_all() -> None:
    figure = plot_cloud(points(), Tint.CERTAINTY, INK)
    assert [trace.marker.showscale for trace in figure.data] == [True, False]
    np.testing.assert_allclose(figure.data[0].marker.color, 82, rtol=1e-5)
    assert {(trace.marker.cmin, trace.marker.cmax) for trace in figure.data} == {(10, 100)}


def test_the_doubtful_lie_above_the_certain_and_are_seen(colours: Palette) -> None:
    given = points()
    assert given.probabilities is not None
    given.probabilities[::3] = 0.1
    train = plot_cloud(given, Tint.CERTAINTY, colours).data[0]
    assert np.all(np.diff(train.marker.color) <= 0)
    assert train.marker.colorscale[0][1] == colours.sequential[-1]


def test_each_digit_is_named_in_the_middle_of_its_points() -> None:
    notes = plot_cloud(points(), Tint.DIGIT, INK).layout.annotations
    assert [note.text for note in notes] == [f"<b>{digit}</b>" for digit in range(10)]
    assert (notes[3].x, notes[3].y) == (18, 3)


def test_axes_are_equal_and_say_what_they_show_only_where_they_show_something() -> None:
    bare, named = (
        plot_cloud(points(), Tint.DIGIT, INK).layout,
        plot_cloud(points(shares=(0.25, 0.125)), Tint.DIGIT, INK).layout,
    )
    assert bare.yaxis.scaleanchor == named.yaxis.scaleanchor == "x"
    assert (bare.xaxis.title.text, bare.xaxis.showticklabels) == ("", False)
    assert named.xaxis.title.text == "Component 1: 25.0 % of the variance"
    assert named.yaxis.title.text == "Component 2: 12.5 % of the variance"


def test_zoom_and_selection_are_of_the_points_and_not_of_their_colours() -> None:
    revisions = [plot_cloud(points(), tint, INK).layout.uirevision for tint in Tint]
    assert len(set(revisions)) == 1
    assert plot_cloud(points(39), Tint.DIGIT, INK).layout.uirevision != revisions[0]


def test_ten_thousand_points_are_sent_packed() -> None:
    assert len(plot_cloud(points(10_000), Tint.DIGIT, INK).to_json()) < 500_000


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(DataError, match=r"have \[1, 2\] rows"):
        Cloud(np.zeros((2, 2), np.float32), np.zeros(2, np.uint8), np.zeros(2, np.int32), np.zeros(1, np.uint8))


@pytest.mark.parametrize("count", [1, 100, 250])
def test_the_picture_holds_every_digit_in_sixteen_greys(small: Digits, count: int) -> None:
    picture = Image.open(io.BytesIO(draw_sprite(small.images[:count])))
    assert picture.size == (2_800, 28 * -(-count // 100))
    grey = np.asarray(picture.convert("L"))
    for i in (0, count // 2, count - 1):
        row, column = divmod(i, 100)
        tile = grey[28 * row : 28 * row + 28, 28 * column : 28 * column + 28]
        assert np.array_equal(tile, small.images[i] // 16 * 17)
