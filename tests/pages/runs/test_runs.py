"""The Runs page: the table, what is selected in it, and what can be done with that."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.methods.fitted.files import write_arrays
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.run_archive import pack_run
from mnist_dash.models.registry.votes import Vote, list_votes
from mnist_dash.runs import control, housekeeping, queue
from mnist_dash.runs.engines.cluster import ClusterState, write_state
from mnist_dash.runs.finding import WINDOW
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.records import Epoch, ModelFormat, Run, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.glances import Glances
from tests.copied import copy_run
from tests.pages.conftest import Open
from tests.trained import begun, trained

SPEC = RunSpec.of("dense_128", "mnist")


@pytest.fixture
def three(database: Database) -> list[Run]:
    """Runs 1 and 2, which differ in their seed alone, and run 3 of another method."""
    specs = (SPEC, replace(SPEC, seed=1), RunSpec.of("cnn", "mnist"))
    return [trained(database, spec, right) for spec, right in zip(specs, (940, 950, 990), strict=True)]


APART = {"seeds_as_one": "false"}
"""A link in which runs that differ in their seed alone are each by themselves."""


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
    app = opened("runs", **APART)
    assert numbers(app) == [3, 2, 1]
    assert "No run is selected: the newest are compared." in said(app)
    assert list(app.dataframe[1].value.columns) == ["Setting", "Run 3", "Run 2", "Run 1"]
    assert "Delete" not in labels(app)


@pytest.mark.usefixtures("three")
def test_a_link_selects_its_runs(opened: Open) -> None:
    app = opened("runs", runs="1,2", **APART)
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


def test_where_many_watch_the_page_looks_more_rarely_and_says_so(
    opened: Open, three: list[Run], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where it looks by itself: while a run goes on."""
    app, glances = opened("runs"), Glances(lambda: 0.0)
    monkeypatch.setattr(resources, "glances", lambda: glances)
    for _ in range(150):
        glances.note_look(0.2, 1)
    assert "Many people" not in said(app.run())
    begun(database, three[0].spec)
    assert "Many people are at work: this looks again every 8 s." in said(app.run())
    # Whole pages leave less to looks.
    for _ in range(50):
        glances.note_drawing(0.2)
    assert "Many people are at work: this looks again every 16 s." in said(app.run())
    monkeypatch.setattr(resources, "glances", Glances)
    assert "Many people" not in said(app.run())


def test_looks_leave_room_for_whole_pages(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []

    def note(_glances: Glances, seconds: float) -> None:
        taken.append(seconds)

    monkeypatch.setattr(Glances, "note_drawing", note)
    opened("runs")
    assert len(taken) == 1
    assert taken[0] > 0


def test_the_newest_of_many_are_shown_and_the_others_found(opened: Open, three: list[Run], database: Database) -> None:
    """A search looks through all, a link to an old one selects it, and more are shown on demand."""
    copies = copy_run(database, three[0], 1, name="Zebra") + copy_run(database, three[0], WINDOW - 1)
    app = opened("runs", runs="1")
    assert numbers(app) == copies[::-1]
    assert f"The newest {WINDOW} are shown." in said(app)
    assert "**Run 1** (hidden)" in said(app)
    app.text_input(key="runs_search").set_value("zebra").run()
    assert numbers(app) == [copies[0]]
    assert "are shown" not in said(app)
    app.text_input(key="runs_search").set_value("").run()
    press(app, f"Show {WINDOW} more")
    assert numbers(app) == [*copies[::-1], 3, 2, 1]
    assert f"Show {WINDOW} more" not in labels(app)
    assert app.session_state["runs_table"]["selection"]["rows"] == [WINDOW + 2]


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
def test_a_run_is_trained_with_more_seeds_and_compared_with_them_all(opened: Open, database: Database) -> None:
    app = opened("runs", runs="1")
    app.number_input(key="more_seeds_of_1").set_value(2).run()
    assert "Seeds 2 and 3 will be trained." in said(app)
    press(app, "Train 2 more seeds")
    newest, before = runs_of(database)[:2]
    assert (newest.spec, before.spec) == (replace(SPEC, seed=3), replace(SPEC, seed=2))
    assert (newest.id, newest.name, newest.state) == (5, "Dense network", State.QUEUED)
    assert app.query_params["runs"] == "1,2,4,5"


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
    assert "Undo" not in labels(press(app, "Train 3 more seeds"))


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
    app = opened("runs", runs=",".join(str(run.id) for run in runs), **APART)
    assert "Of the 22 selected runs, the first 20 are compared." in said(app)
    assert len(app.dataframe[1].value.columns) == 1 + 20


@pytest.mark.usefixtures("three")
def test_seeds_are_one_where_several_have_been_tested(opened: Open) -> None:
    app = opened("runs")
    settings = app.dataframe[1].value
    assert list(settings.columns) == ["Setting", "Run 3", "Runs 1–2"]
    assert settings.set_index("Setting").loc["Seed"].tolist() == ["0", "0, 1"]
    assert "A line with a band is the mean of several seeds" in said(app)
    table = app.dataframe[3].value.set_index("Run")
    assert table.loc["1–2 Dense network, 2 seeds"].tolist() == ["94.50 %", "88.15 %", "100.00 %", "mean of 2 seeds"]
    app.toggle(key="seeds_as_one").set_value(False).run()
    assert list(app.dataframe[1].value.columns) == ["Setting", "Run 3", "Run 2", "Run 1"]


def test_without_repeats_nobody_is_asked_whether_seeds_are_one(opened: Open, database: Database) -> None:
    trained(database, SPEC)
    trained(database, RunSpec.of("cnn", "mnist"))
    assert not opened("runs").toggle


def test_seeds_that_have_not_ended_are_told_and_do_not_count(
    opened: Open, three: list[Run], database: Database
) -> None:
    begun(database, replace(SPEC, seed=2))
    app = opened("runs", runs="1,2,4")
    assert "Run 4 (seed 2, running) does not count: only tested runs do, each seed once." in said(app)
    assert "Runs 1 and 2 differ in their seed alone. Mean over the 2 seeds: **94.50 %**" in said(app)
    assert len(three) == 3


def test_the_newest_seeds_that_are_one_count_as_one_line(opened: Open, database: Database) -> None:
    for epochs in (5, 6, 7, 8, 9, 10):
        for seed in (0, 1):
            trained(database, RunSpec.of("dense_128", "mnist", epochs=epochs, seed=seed))
    columns = list(opened("runs").dataframe[1].value.columns)
    assert columns == ["Setting", *(f"Runs {first}–{first + 1}" for first in (11, 9, 7, 5, 3))]


@pytest.mark.usefixtures("three")
def test_two_settings_with_several_seeds_each_are_asked_for_luck(opened: Open, database: Database) -> None:
    for seed, right in enumerate((990, 991)):
        trained(database, RunSpec.of("dense_128", "mnist", epochs=9, seed=seed), right)
    app = opened("runs", runs="1,2,4,5")
    assert (
        "This difference could be chance: over 2 seeds each, Dense network (runs 4–5) reads 4.55 points more than "
        "Dense network (runs 1–2), 95 % interval -1." in said(app)
    )
    assert "is best" not in said(app)
    assert "Train 4 more seeds of each" not in labels(app)


@pytest.mark.usefixtures("three")
def test_what_one_seed_cannot_tell_is_said_and_more_are_trained(opened: Open, database: Database) -> None:
    trained(database, RunSpec.of("cnn", "mnist", epochs=9))
    app = opened("runs", runs="3,4")
    assert "Runs 3 and 4 have one seed each: how much of their figures is luck, one seed cannot tell." in said(app)
    assert "8 runs. About " in said(app)
    press(app, "Train 4 more seeds of each")
    assert app.query_params["runs"] == "3,5,6,7,8,4,9,10,11,12"
    queued = [(run.spec.epochs, run.spec.seed) for run in runs_of(database, State.QUEUED)]
    assert sorted(queued) == [(epochs, seed) for epochs in (5, 9) for seed in (1, 2, 3, 4)]


@pytest.mark.usefixtures("three")
def test_a_run_that_is_one_of_several_seeds_leads_to_the_others(opened: Open) -> None:
    assert "One of 2 seeds: mean **94.50 %**" in said(opened("runs", runs="2"))
    assert "One of" not in said(opened("runs", runs="3"))
    assert "One of" not in said(opened("runs", runs="1,2"))


@pytest.mark.usefixtures("three")
def test_selected_runs_are_let_vote(opened: Open, database: Database) -> None:
    app = opened("runs", runs="1,3")
    assert app.multiselect(key="voters_1_3").value == ["1", "3"]
    press(app, "Let them vote")
    assert list_votes(database) == [Vote("vote", ("1", "3"))]
    assert "vote: run 1 and run 3" in said(app)
    assert "Let them vote" not in labels(opened("runs", runs="1"))


@pytest.fixture
def packed(database: Database) -> bytes:
    """A fitted run as it was taken along; it is no longer here."""
    made, recorder = begun(database, RunSpec.of("nearest", "mnist"), ())
    recorder.epoch(Epoch(1, 0.5, 0.9, None, None, 1.0), write_arrays({"x": np.arange(4)}), ModelFormat.ARRAYS)
    recorder.end(State.DONE, {}, None)
    content = pack_run(database, made.id)
    housekeeping.delete(database, [made.id])
    return content


@pytest.mark.parametrize("with_others", [False, True])
def test_a_run_is_brought_and_stands_in_the_table(
    opened: Open, database: Database, packed: bytes, with_others: bool
) -> None:
    if with_others:
        trained(database, SPEC)
    app = opened("runs")
    app.file_uploader[0].set_value(("run.run.zip", packed, "application/zip")).run()
    assert not app.exception
    brought = runs_of(database)[0]
    assert brought.tags == ("from elsewhere",)
    assert f"is here now, as run {brought.id}" in app.success[0].value
    assert brought.id in numbers(app)
    app.file_uploader[0].set_value(("run.run.zip", packed, "application/zip")).run()
    assert f"run.run.zip: This run is there already, as run {brought.id}." in app.error[0].value


def test_what_is_no_run_is_said_and_changes_nothing(opened: Open, database: Database) -> None:
    app = opened("runs")
    app.file_uploader[0].set_value(("holiday.zip", b"PK\\x03\\x04", "application/zip")).run()
    assert "holiday.zip: This is no whole run: the file is no ZIP, or cut short." in app.error[0].value
    assert runs_of(database) == []


def test_where_runs_go_to_a_cluster_the_page_says_why_they_wait(
    opened: Open, database: Database, with_data: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_DASH_ENGINE", "ray:http://127.0.0.1:8265")
    run = queue.submit(database, SPEC)
    write_state(with_data, ClusterState(nodes=("a *bold* node",)))
    told = "The cluster has no core for a run: 1 node (a \\*bold\\* node). Runs wait for a node."
    assert told in [caption.value for caption in opened("runs").caption]
    control.stop(database, run.id)
    assert "The cluster" not in said(opened("runs"))
