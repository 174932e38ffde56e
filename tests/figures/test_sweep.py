"""The figures of a sweep: dots and the best so far, lines through what was tried, and bars of what matters."""

from math import log10

import pytest

from mnist_dash.figures.sweep import plot_best, plot_importance, plot_parallel
from mnist_dash.figures.theme import Palette, load_palette
from mnist_dash.runs import supervisor
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps.control import start_sweep
from mnist_dash.sweeps.records import Trial
from tests.figures.colour import strangers
from tests.swept import SPACE, a_plan, act_on, learn_trial

INK = load_palette(dark=False)
ENDS = [((0.5, 0.8), State.DONE), ((0.4,), State.STOPPED), ((0.6, 0.7), State.DONE), ((0.5, 0.9), State.DONE)]


@pytest.fixture
def trials(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> list[Trial]:
    """Three finished trials, one that a person stopped, one that failed and one that waits."""
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)
    sweep = start_sweep(settings, database, a_plan(9))
    for accuracies, state in (*ENDS, ((), State.FAILED)):
        learn_trial(database, act_on(database, sweep)[-1], accuracies, state)
    return act_on(database, sweep)


def test_every_colour_is_of_the_palette(trials: list[Trial], colours: Palette) -> None:
    for figure in (
        plot_best(trials, SPACE, 9, colours),
        plot_parallel(trials, SPACE, colours),
        plot_importance({"dropout": 0.7, "learning_rate": 0.3}, colours),
    ):
        assert strangers(figure, colours) == set()


def test_the_line_is_the_least_error_of_the_finished_trials_so_far(trials: list[Trial]) -> None:
    line, dots = plot_best(trials, SPACE, 9, INK).data
    assert list(dots.x) == list(line.x) == [1, 3, 4]
    assert list(dots.y) == pytest.approx([20, 30, 10])
    assert list(line.y) == pytest.approx([20, 20, 10])
    assert dots.customdata[2].startswith("Trial 4: <b>90.00 %</b> of the validation images<br>Learning rate: ")


@pytest.mark.usefixtures("trials")
def test_a_trial_that_was_given_up_is_a_hollow_dot_and_never_the_best(database: Database, settings: Settings) -> None:
    sweep = start_sweep(settings, database, a_plan(9))
    for _ in range(5):
        learn_trial(database, act_on(database, sweep)[-1], (0.5, 0.7, 0.8))
    run = learn_trial(database, act_on(database, sweep)[-1], (0.45, 0.69), None)
    (*_, pruned) = act_on(database, sweep)
    assert pruned.run.pruned_after == 2
    RunRecorder(database, run).end(State.STOPPED, {}, None)
    line, dots = plot_best(act_on(database, sweep), SPACE, 9, INK).data
    assert (dots.x[5], dots.marker.symbol[5]) == (6, "circle-open")
    assert dots.y[5] == pytest.approx(31)
    assert "<br>given up after epoch 2<br>" in dots.customdata[5]
    assert list(line.y) == pytest.approx([20] * 6)


def test_no_trial_yet_is_an_empty_figure() -> None:
    line, dots = plot_best([], SPACE, 9, INK).data
    assert (len(line.x), len(dots.x)) == (0, 0)
    assert [axis.label for axis in plot_parallel([], SPACE, INK).data[0].dimensions][-1] == "Validation in %"


def test_each_trial_is_a_line_through_what_it_tried(trials: list[Trial]) -> None:
    rate, batch, optimizer, read = plot_parallel(trials, SPACE, INK).data[0].dimensions
    ended = [trials[0], trials[2], trials[3]]
    assert list(rate.values) == pytest.approx([log10(one.run.spec.learning_rate) for one in ended])
    assert list(rate.ticktext) == ["0.0001", "0.001", "0.01"]
    assert list(batch.values) == [one.run.spec.batch_size for one in ended]
    assert [("adam", "sgd")[place] for place in optimizer.values] == [one.run.spec.optimizer for one in ended]
    assert list(read.values) == pytest.approx([80, 70, 90])


def test_the_largest_share_stands_above() -> None:
    (bars,) = plot_importance({"dropout": 0.7, "learning_rate": 0.3}, INK).data
    assert list(bars.y) == ["Learning rate", "Dropout"]
    assert list(bars.text) == ["30 %", "70 %"]
