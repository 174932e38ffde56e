"""The Runs page: the table, what is selected in it, and what can be done with that."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, housekeeping
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.records import Run, State
from mnist_dash.store.database import Database
from tests.pages.conftest import Open
from tests.trained import begun, trained

SPEC = RunSpec.of("dense_128", "mnist")


@pytest.fixture
def three(database: Database) -> list[Run]:
    """Runs 1 and 2, which differ in their seed alone, and run 3 of another method."""
    specs = (SPEC, replace(SPEC, seed=1), RunSpec.of("cnn", "mnist"))
    return [trained(database, spec, right) for spec, right in zip(specs, (940, 950, 990), strict=True)]


def labels(app: AppTest) -> set[str]:
    """What stands on the buttons that can be pressed."""
    return {button.label for button in app.button if not button.disabled}


def numbers(app: AppTest) -> list[int]:
    """The numbers of the runs in the table."""
    found: list[int] = app.dataframe[0].value["run"].tolist()
    return found


def said(app: AppTest) -> str:
    """All the texts of the page."""
    return "\n".join(text.value for text in (*app.markdown, *app.caption, *app.info))


def press(app: AppTest, label: str) -> AppTest:
    """Press the button with that label."""
    return next(button for button in app.button if button.label == label).click().run()


def test_without_a_run_the_page_invites_to_the_first(opened: Open) -> None:
    app = opened("runs")
    assert "No runs yet. Train your first network" in app.info[0].value
    assert not app.dataframe


@pytest.mark.usefixtures("three")
def test_the_newest_are_compared_where_none_is_selected(opened: Open) -> None:
    app = opened("runs")
    assert numbers(app) == [3, 2, 1]
    assert "No run is selected: the newest are compared." in said(app)
    assert list(app.dataframe[1].value.columns) == ["Setting", "Run 3", "Run 2", "Run 1"]
    assert "Delete" not in labels(app)


@pytest.mark.usefixtures("three")
def test_a_link_selects_its_runs(opened: Open) -> None:
    app = opened("runs", runs="1,2")
    assert "**2 runs**" in said(app)
    assert app.session_state["runs_table"]["selection"]["rows"] == [1, 2]
    settings = app.dataframe[1].value
    assert settings.to_dict("records") == [{"Setting": "Seed", "Run 1": "0", "Run 2": "1"}]
    assert "Run 2 is best, but the interval of run 1 overlaps its own: that may be chance." in said(app)
    assert "Runs 1 and 2 differ in their seed alone. Mean over the 2 seeds: **94.50 %**" in said(app)


@pytest.mark.parametrize("link", ["abc", "", ",", "-1", "9" * 5_000])
@pytest.mark.usefixtures("three")
def test_a_link_that_names_no_run_selects_none(opened: Open, link: str) -> None:
    app = opened("runs", runs=link)
    assert not app.exception
    assert "No run is selected" in said(app)


@pytest.mark.usefixtures("three")
def test_a_link_to_a_run_that_is_not_there_says_so_and_selects_the_others(opened: Open) -> None:
    app = opened("runs", runs="1,99")
    assert "There is no run 99: the link is wrong, or it was deleted." in said(app)
    assert "**Run 1**" in said(app)


@pytest.mark.usefixtures("three")
def test_a_single_run_is_compared_with_its_methods_defaults(opened: Open) -> None:
    app = opened("runs", runs="2")
    assert app.dataframe[1].value.to_dict("records") == [{"Setting": "Seed", "Run 2": "1", "Default": "0"}]


def test_last_held_out_accuracies_stand_in_the_table(opened: Open, three: list[Run], database: Database) -> None:
    begun(database, SPEC, scores=(0.9, 0.8456))
    begun(database, SPEC, scores=(None,))
    found = opened("runs").dataframe[0].value.set_index("run")["validation"]
    assert found[4] == pytest.approx(84.56)
    assert found[three[0].id] == pytest.approx(90)
    assert found.isna()[5]


@pytest.mark.usefixtures("three")
def test_a_search_narrows_the_table_and_keeps_what_is_selected(opened: Open) -> None:
    app = opened("runs", runs="1,3")
    app.text_input(key="runs_search").set_value("dense").run()
    assert numbers(app) == [2, 1]
    assert app.session_state["runs_table"]["selection"]["rows"] == [1]
    assert "**2 runs** (1 hidden)" in said(app)
    app.text_input(key="runs_search").set_value("nothing of the kind").run()
    assert "No run fits." in said(app)
    assert app.query_params["runs"] == "1,3"


@pytest.mark.usefixtures("three")
def test_filters_narrow_the_table(opened: Open) -> None:
    app = opened("runs")
    assert app.multiselect(key="runs_methods").options == ["cnn", "dense_128"]
    assert app.multiselect(key="runs_states").options == ["done"]
    app.multiselect(key="runs_methods").set_value(["cnn"]).run()
    assert numbers(app) == [3]


def test_a_name_and_tags_are_given(opened: Open, three: list[Run], database: Database) -> None:
    app = opened("runs", runs=str(three[0].id))
    app.text_input(key="name_of_1").set_value("Baseline")
    app.text_input(key="tags_of_1").set_value(" good,for  class, ,good")
    press(app, "Save")
    assert (run_of(database, 1).name, run_of(database, 1).tags) == ("Baseline", ("good", "for class"))
    assert app.dataframe[0].value["name"].tolist()[-1] == "Baseline"
    assert app.multiselect(key="runs_tags").options == ["for class", "good"]


@pytest.mark.usefixtures("three")
def test_an_empty_name_is_refused_in_words(opened: Open, database: Database) -> None:
    app = opened("runs", runs="1")
    app.text_input(key="name_of_1").set_value("  ")
    press(app, "Save")
    assert not app.exception
    assert "The name of run 1 would be empty" in app.toast[0].value
    assert run_of(database, 1).name == "Dense network"


@pytest.mark.usefixtures("three")
def test_a_run_is_repeated_with_the_next_seed_and_compared_with_the_new_one(opened: Open, database: Database) -> None:
    app = press(opened("runs", runs="1"), "Repeat with another seed")
    newest = runs_of(database)[0]
    assert newest.spec == replace(SPEC, seed=2)
    assert (newest.id, newest.name, newest.state) == (4, "Dense network", State.QUEUED)
    assert app.query_params["runs"] == "1,4"


@pytest.mark.usefixtures("three")
def test_runs_are_deleted_and_brought_back(opened: Open, database: Database) -> None:
    app = press(opened("runs", runs="1,3"), "Delete")
    assert [run.id for run in runs_of(database)] == [2]
    assert "2 runs deleted." in said(app)
    assert "runs" not in app.query_params
    press(app, "Undo")
    assert [run.id for run in runs_of(database)] == [3, 2, 1]
    assert app.query_params["runs"] == "1,3"
    assert "deleted" not in said(app)


@pytest.mark.usefixtures("three")
def test_a_deletion_can_be_taken_back_when_no_run_is_left(opened: Open, database: Database) -> None:
    app = press(opened("runs", runs="1,2,3"), "Delete")
    assert "No runs yet" in said(app)
    press(app, "Undo")
    assert len(runs_of(database)) == 3
    assert numbers(app) == [3, 2, 1]


@pytest.mark.usefixtures("three")
def test_a_deletion_can_be_taken_back_until_something_else_is_done(opened: Open) -> None:
    app = press(opened("runs", runs="3"), "Delete")
    app.query_params["runs"] = "1"
    app.run()
    assert "Undo" in labels(app)
    assert "Undo" not in labels(press(app, "Repeat with another seed"))


@pytest.mark.usefixtures("three")
def test_a_run_at_work_is_not_deleted(opened: Open, database: Database) -> None:
    begun(database, SPEC)
    assert "Delete" not in labels(opened("runs", runs="1,4"))


@pytest.mark.usefixtures("three")
def test_a_run_that_goes_on_since_the_last_look_is_not_deleted(opened: Open, database: Database) -> None:
    app = opened("runs", runs="1")
    control.train_further(database, 1, 2)
    press(app, "Delete")
    assert not app.exception
    assert len(runs_of(database)) == 3


@pytest.mark.usefixtures("three")
def test_a_run_that_is_gone_leaves_the_table(opened: Open, database: Database) -> None:
    app = opened("runs", runs="1")
    housekeeping.delete(database, [1])
    app.run()
    assert numbers(app) == [3, 2]
    assert "There is no run 1" in said(app)


def test_runs_that_have_shown_nothing_yet_are_waited_for(opened: Open, database: Database) -> None:
    begun(database, SPEC, scores=())
    app = opened("runs")
    assert not app.exception
    assert "No run has finished an epoch yet." in said(app)


def test_more_runs_than_can_be_told_apart_are_not_all_drawn(opened: Open, database: Database) -> None:
    runs = [trained(database, replace(SPEC, seed=seed)) for seed in range(22)]
    app = opened("runs", runs=",".join(str(run.id) for run in runs))
    assert "Of the 22 selected runs, the first 20 are compared." in said(app)
    assert len(app.dataframe[1].value.columns) == 1 + 20
