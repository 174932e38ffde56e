from itertools import pairwise

import pytest
from plotly import graph_objects as go

from mnist_dash.figures.overlay import HEIGHT, Clock, Metric, Track, plot_overlay
from mnist_dash.figures.theme import Palette, load_palette
from mnist_dash.runs.records import Epoch
from tests.figures.colour import strangers

INK = load_palette(dark=False)


def track(name: str = "cnn", epochs: int = 3, final: float = 0.98, seconds: float = 2.0) -> Track:
    rising = [final - 0.02 * (epochs - i) for i in range(1, epochs + 1)]
    return Track(name, [Epoch(i, 1 - a, a + 0.01, 1.1 - a, a, seconds) for i, a in enumerate(rising, 1)])


def texts(figure: go.Figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_every_colour_is_of_the_palette(colours: Palette) -> None:
    assert (
        strangers(plot_overlay([track(f"run {i}") for i in range(25)], Metric.TRAINING_LOSS, colours), colours) == set()
    )


@pytest.mark.parametrize(
    ("metric", "last"),
    [
        (Metric.VALIDATION_ACCURACY, 98),
        (Metric.TRAINING_ACCURACY, 99),
        (Metric.VALIDATION_LOSS, 0.12),
        (Metric.TRAINING_LOSS, 0.02),
    ],
)
def test_each_run_is_a_line_of_the_metric(metric: Metric, last: float) -> None:
    figure = plot_overlay([track(), track()], metric, INK)
    assert [line.y[-1] for line in figure.data] == pytest.approx([last, last])


def test_runs_stand_over_epochs_or_over_their_seconds_of_training() -> None:
    assert list(plot_overlay([track()], Metric.TRAINING_LOSS, INK).data[0].x) == [1, 2, 3]
    timed = plot_overlay([track(seconds=2.5)], Metric.TRAINING_LOSS, INK, Clock.SECONDS)
    assert list(timed.data[0].x) == [2.5, 5, 7.5]
    assert timed.layout.xaxis.title.text == "Seconds of training"
    assert "s: " in timed.data[0].hovertemplate


def test_the_pointer_names_run_and_epoch() -> None:
    line = plot_overlay([track("a <b>name</b>")], Metric.TRAINING_LOSS, INK).data[0]
    assert line.name == "a &lt;b&gt;name&lt;/b&gt;"
    assert line.hovertemplate.startswith("<b>%{fullData.name}</b><br>Epoch %{customdata}")
    assert list(line.customdata) == [1, 2, 3]


def test_ten_runs_have_a_colour_each_and_the_next_ten_another_dash(colours: Palette) -> None:
    lines = plot_overlay([track() for _ in range(11)], Metric.TRAINING_LOSS, colours).data
    assert [line.line.color for line in lines[:10]] == list(colours.digits)
    assert (lines[10].line.color, lines[10].line.dash) == (colours.digits[0], "dash")
    assert {line.line.dash for line in lines[:10]} == {"solid"}


def test_each_line_is_named_at_the_right_with_the_value_it_ends_at() -> None:
    figure = plot_overlay([track("early", 2, 0.95), track("late", 6, 0.98)], Metric.VALIDATION_ACCURACY, INK)
    early, late = figure.layout.annotations
    assert "<b>95.00</b> early" in early.text
    assert "<b>98.00</b> late" in late.text
    assert (early.x, late.x) == (2, 6)
    assert early.ax == late.ax == figure.layout.xaxis.range[1]


def test_labels_of_lines_that_meet_do_not_cover_each_other() -> None:
    figure = plot_overlay([track(f"run {i}") for i in range(8)], Metric.VALIDATION_ACCURACY, INK)
    low, high = figure.layout.yaxis.range
    heights = [(note.ay - low) / (high - low) * (HEIGHT - 64) for note in figure.layout.annotations]
    assert min(after - before for before, after in pairwise(heights)) >= 16 - 1e-6
    assert heights[0] >= 8 - 1e-6


@pytest.mark.parametrize(("metric", "kept"), [(Metric.VALIDATION_ACCURACY, 29), (Metric.VALIDATION_LOSS, 29)])
def test_of_very_many_runs_the_best_are_named_and_the_rest_counted(metric: Metric, kept: int) -> None:
    tracks = [track(f"run {i}", final=0.9 + i / 500) for i in range(30)]
    figure = plot_overlay(tracks, metric, INK)
    assert len(figure.data) == 30
    assert texts(figure)[-1] == "and 13 more"
    assert any(text.endswith(f" run {kept}") for text in texts(figure))
    assert not any(text.endswith(" run 0") for text in texts(figure))


def test_a_run_without_such_figures_is_left_out_and_the_others_keep_their_colours() -> None:
    bare = Track("bare", [Epoch(1, 0.5, 0.9, None, None, 2.0)])
    figure = plot_overlay([bare, track()], Metric.VALIDATION_ACCURACY, INK)
    assert [line.line.color for line in figure.data] == [INK.digits[1]]
    assert len(plot_overlay([bare], Metric.TRAINING_ACCURACY, INK).data) == 1


def test_the_axis_is_made_for_where_the_runs_end() -> None:
    accuracy = plot_overlay([track(epochs=12, final=0.99)], Metric.VALIDATION_ACCURACY, INK)
    assert accuracy.layout.yaxis.range[0] == 98
    loss = plot_overlay([track(epochs=12, final=0.99)], Metric.TRAINING_LOSS, INK)
    assert loss.layout.yaxis.range == (0, 0.02)


def test_no_run_at_all_is_an_empty_figure() -> None:
    figure = plot_overlay([], Metric.VALIDATION_LOSS, INK)
    assert (len(figure.data), texts(figure)) == (0, [])


def test_seeds_are_one_line_their_mean_in_a_band_from_the_lowest_to_the_highest(colours: Palette) -> None:
    seeds = [track(final=final, seconds=seconds).epochs for final, seconds in ((0.98, 2), (0.97, 3), (0.93, 4))]
    figure = plot_overlay([Track("cnn", seeds[0], seeds[1:])], Metric.VALIDATION_ACCURACY, colours)
    band, line = figure.data
    assert line.y[-1] == pytest.approx(96)
    assert (line.customdata[-1].tolist()) == pytest.approx([3, 93, 98])
    assert list(band.y) == pytest.approx([94, 96, 98, 93, 91, 89])
    assert (band.fill, band.hoverinfo) == ("toself", "skip")
    assert "mean of 3 seeds" in line.hovertemplate
    assert "Lowest to highest seed: %{customdata[1]" in line.hovertemplate
    assert strangers(figure, colours) == set()
    timed = plot_overlay([Track("cnn", seeds[0], seeds[1:])], Metric.VALIDATION_ACCURACY, colours, Clock.SECONDS)
    assert list(timed.data[1].x) == [3, 6, 9]


def test_a_mean_ends_where_the_first_seed_ends() -> None:
    figure = plot_overlay([Track("cnn", track(epochs=5).epochs, [track(epochs=2).epochs])], Metric.TRAINING_LOSS, INK)
    assert list(figure.data[1].x) == [1, 2]


def test_seeds_without_validation_images_have_no_line_of_them() -> None:
    none = [Epoch(1, 1.0, 0.5, None, None, 2.0)]
    assert len(plot_overlay([Track("cnn", none, [none])], Metric.VALIDATION_LOSS, INK).data) == 0
