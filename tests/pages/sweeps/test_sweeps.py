"""The page Sweeps: a form for a new one, and one as it stands."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.methods.space import Options, Range
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps.control import start_sweep
from mnist_dash.sweeps.queries import sweep_of, sweeps_of, trials_of
from mnist_dash.sweeps.records import Pruner, Sampler, Sweep
from mnist_dash.ui.sweeps import controls
from tests.pages.conftest import Open
from tests.swept import a_plan, act_on, learn_trial, search


@pytest.fixture
def searched(database: Database, settings: Settings) -> Sweep:
    """A sweep with five finished trials of twelve, and one that waits."""
    return search(settings, database, 12)


def said(app: AppTest) -> str:
    """All the texts of the page."""
    return "\n".join(text.value for text in (*app.markdown, *app.caption, *app.info))


def press(app: AppTest, label: str) -> AppTest:
    """Press the button with that label."""
    return next(button for button in app.button if button.label == label).click().run()


def labels(app: AppTest) -> set[str]:
    """What stands on the buttons."""
    return {button.label for button in app.button}


def test_without_a_sweep_the_page_says_what_one_shows(opened: Open) -> None:
    app = opened("sweeps")
    assert app.info[0].value.startswith("No sweeps yet. Choose what to vary and press Start sweep.")
    assert app.multiselect[0].value == ["learning_rate", "dropout", "batch_size"]
    assert any(caption.value.startswith("20 trials on 450 images, at most ") for caption in app.caption)


def test_a_sweep_is_started_as_it_was_asked_for(opened: Open, database: Database) -> None:
    app = opened("sweeps")
    app.selectbox(key="sweep_method").select("cnn").run()
    app.multiselect[0].set_value(["learning_rate", "optimizer"]).run()
    app.number_input(key="sweep_cnn_learning_rate_highest").set_value(0.05).run()
    app.multiselect(key="sweep_cnn_optimizer_values").set_value(["adam", "sgd"]).run()
    app.selectbox(key="sweep_sampler").set_value(Sampler.RANDOM).run()
    app.selectbox(key="sweep_pruner").set_value(Pruner.NONE).run()
    app.number_input(key="sweep_trials").set_value(7).run()
    app.number_input(key="sweep_epochs").set_value(2).run()
    app = press(app, "Start sweep")
    assert not app.exception
    (sweep,) = sweeps_of(database)
    assert sweep.space == (Range("learning_rate", 0.0001, 0.05, log=True), Options("optimizer", ("adam", "sgd")))
    assert (sweep.sampler, sweep.pruner, sweep.trials, sweep.base.epochs) == (Sampler.RANDOM, Pruner.NONE, 7, 2)
    assert app.header[0].value == f"Sweep {sweep.id}: Convolutional network"
    assert app.query_params["sweep"] == str(sweep.id)


def test_no_batch_is_suggested_that_is_larger_than_what_a_trial_learns_from(opened: Open) -> None:
    app = opened("sweeps")
    app.selectbox(key="sweep_method").select("fast").run()
    ends = [app.number_input(key=f"sweep_fast_batch_size_{end}").value for end in ("lowest", "highest")]
    assert ends == [32, 450]
    assert not app.error
    assert "Start sweep" in labels(app)


def test_what_cannot_be_searched_is_explained_in_place_of_the_button(opened: Open, database: Database) -> None:
    app = opened("sweeps")
    app.selectbox(key="sweep_method").select("cnn").run()
    app.number_input(key="sweep_cnn_learning_rate_lowest").set_value(0.5).run()
    assert "learning_rate from 0.5 to 0.01, logarithmic is no range" in app.error[0].value
    assert "Start sweep" not in labels(app)
    app.multiselect[0].set_value([]).run()
    assert app.error[0].value.startswith("The settings to vary are none; allowed are one or more, each once.")
    assert sweeps_of(database) == []


def test_a_method_that_is_no_network_is_searched_too(opened: Open, database: Database) -> None:
    app = opened("sweeps")
    app.selectbox(key="sweep_method").set_value("nearest").run()
    assert not app.error
    press(app, "Start sweep")
    assert sweeps_of(database)[0].base.method == "nearest"


def test_what_was_found_is_shown(opened: Open, searched: Sweep) -> None:
    app = opened("sweeps")
    assert not app.exception
    assert app.metric[0].value == "95.00 %"
    assert "Trial 2: Learning rate **" in said(app)
    table = app.dataframe[0].value
    assert table["trial"].tolist() == [6, 5, 4, 3, 2, 1]
    assert table["outcome"].tolist() == ["Waiting", *["Done"] * 5]
    assert table["validation"].tolist()[1:] == pytest.approx([93, 70, 92, 95, 90])
    assert searched.importance


def test_a_sweep_is_stopped_resumed_and_extended(opened: Open, database: Database, searched: Sweep) -> None:
    app = press(opened("sweeps"), "Stop")
    assert sweep_of(database, searched.id).state is State.STOPPED
    assert len(trials_of(database, searched.id)) == 5
    app = press(app, "Resume")
    assert sweep_of(database, searched.id).state is State.RUNNING
    app.number_input(key=f"sweep_more_{searched.id}").set_value(3).run()
    press(app, "Add")
    assert sweep_of(database, searched.id).trials == 15


def test_a_sweep_that_failed_says_why(opened: Open, database: Database, settings: Settings) -> None:
    sweep = start_sweep(settings, database, a_plan(9))
    for _ in range(3):
        learn_trial(database, act_on(database, sweep)[-1], (), State.FAILED)
    act_on(database, sweep)
    app = opened("sweeps")
    assert app.error[0].value.startswith("The first 3 trials all failed. Of the last one: The loss became NaN.")
    assert "Resume" in labels(app)


def test_a_sweep_that_is_not_there_is_named(opened: Open, searched: Sweep) -> None:
    app = opened("sweeps", sweep="77")
    assert app.warning[-1].value == "There is no sweep 77. The newest is shown instead."
    assert app.header[0].value == f"Sweep {searched.id}: Dense network"


def test_trials_are_not_among_other_runs_until_they_are_asked_for(
    opened: Open, database: Database, searched: Sweep
) -> None:
    app = opened("runs")
    # There are no others.
    assert len(app.dataframe[0].value) == 6
    assert app.checkbox(key="runs_trials").label == "Trials of sweeps (6)"
    app.checkbox(key="runs_trials").uncheck().run()
    assert app.info[0].value.startswith("No run fits.")
    assert len(trials_of(database, searched.id)) == 6


def test_a_trial_on_train_says_that_it_is_never_tested(opened: Open, database: Database, searched: Sweep) -> None:
    trial = trials_of(database, searched.id)[0]
    app = opened("train", run=str(trial.run.id))
    words = f"3 of 3 epochs. No test: trial 1 of sweep {searched.id} is compared on validation images alone."
    assert words in [caption.value for caption in app.caption]
    assert "Go on" not in labels(app)


def test_a_sweep_is_deleted_once_it_has_ended_and_that_is_taken_back(
    opened: Open, database: Database, settings: Settings, searched: Sweep
) -> None:
    other = start_sweep(settings, database, a_plan(4))
    app = opened("sweeps", sweep=str(searched.id))
    delete = app.button(key="sweep_delete")
    assert (delete.disabled, delete.help) == (True, f"Sweep {searched.id} goes on; stop it before you delete it.")
    app = press(app, "Stop")
    app = app.button(key="sweep_delete").click().run()
    assert not app.exception
    assert [sweep.id for sweep in sweeps_of(database)] == [other.id]
    # The one that is left is shown, and nothing is said to be missing.
    assert app.header[0].value == f"Sweep {other.id}: Dense network"
    assert (len(app.warning), app.query_params["sweep"]) == (0, str(other.id))
    assert f":gray[Sweep {searched.id} deleted, with its trials.]" in said(app)
    app = press(app, "Undo")
    assert app.header[0].value == f"Sweep {searched.id}: Dense network"
    assert len(trials_of(database, searched.id)) == 5
    assert "Undo" not in labels(app)


def test_the_last_sweep_that_was_deleted_can_be_taken_back(opened: Open, searched: Sweep) -> None:
    app = press(opened("sweeps"), "Stop")
    app = app.button(key="sweep_delete").click().run()
    assert app.info[0].value.startswith("No sweeps yet.")
    app = press(app, "Undo")
    assert app.header[0].value == f"Sweep {searched.id}: Dense network"
    assert not app.warning


def test_a_deletion_that_came_too_late_is_refused_with_words(
    opened: Open, database: Database, searched: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls, "explain_busy", lambda *_: None)
    app = opened("sweeps")
    app = app.button(key="sweep_delete").click().run()
    assert app.error[0].value == f"Sweep {searched.id} goes on; stop it before you delete it."
    assert sweep_of(database, searched.id).active
