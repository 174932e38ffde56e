"""The page Lessons as a script: cards, steps that are answered, trained, drawn and missed again, and the duel."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.lessons.duel import COUNT
from mnist_dash.lessons.lesson import Experiment
from mnist_dash.lessons.lessons import LESSONS
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import housekeeping
from mnist_dash.runs.finding import WINDOW
from mnist_dash.store.database import Database
from mnist_dash.ui.components import quiz as component
from tests.copied import copy_run
from tests.pages.conftest import Open, put
from tests.trained import begun, trained

SPEC_OF_OTHERS = RunSpec.of("cnn", "mnist")
EUROPEAN = ((30, 120), (140, 40), (135, 250))


def words(app: AppTest) -> str:
    """All that is said."""
    assert not app.exception
    assert not app.error
    parts = (*app.header, *app.subheader, *app.caption, *app.markdown, *app.info, *app.success, *app.warning)
    return "\n".join(part.value for part in parts)


def spec_of(lesson: str, step: str, **changes: int | float) -> RunSpec:
    task = LESSONS[lesson].find_step(step).task
    assert isinstance(task, Experiment)
    return RunSpec.of(task.method, "mnist", **{**task.changes, **changes})


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_opens_by_its_link_with_its_steps(opened: Open, lesson: str) -> None:
    app = opened("lessons", lesson=lesson)
    assert f"0 of {len(LESSONS[lesson].steps)} steps done." in words(app)
    titles = [part.value for part in app.subheader]
    assert titles == [f"{number}. {step.title}" for number, step in enumerate(LESSONS[lesson].steps, 1)]


def test_all_lessons_have_a_card_with_how_far_one_is(opened: Open, database: Database) -> None:
    trained(database, spec_of("pixels", "divided"))
    told = words(opened("lessons"))
    assert [lesson.promise for lesson in LESSONS.values() if lesson.promise not in told] == []
    assert "1 of 4 steps done" in told
    assert "Fifty difficult test digits" in told


def test_a_lesson_that_there_is_not_leads_to_those_that_there_are(opened: Open) -> None:
    app = opened("lessons", lesson="flying")
    assert "There is no lesson of that name." in words(app)
    assert LESSONS["pixels"].promise in words(app)


def test_a_number_and_a_choice_are_explained_whether_right_or_wrong(opened: Open) -> None:
    app = opened("lessons", lesson="summary")
    app.number_input(key="number_summary_features_0").set_value(28).run()
    assert "It is not 28." in words(app)
    app.number_input(key="number_summary_features_0").set_value(784).run()
    app.number_input(key="number_summary_classes_0").set_value(10).run()
    assert "784: 28 rows of 28 pixels." in words(app)
    assert "| Features | 784 |" in words(app)
    app.radio(key="choice_summary_code_0").set_value(0).run()
    assert "That is the number of rows" in words(app)
    app.radio(key="choice_summary_code_0").set_value(1).run()
    assert "You have done all of it." in words(app)


def test_what_was_answered_is_there_again_after_another_page(opened: Open) -> None:
    app = opened("lessons", lesson="summary")
    app.number_input(key="number_summary_features_0").set_value(784).run()
    app.switch_page("pages/explore.py").run()
    app.switch_page("pages/lessons.py")
    app.query_params["lesson"] = "summary"
    app.run()
    assert app.number_input(key="number_summary_features_0").value == 784
    assert "1 of 3 steps done." in words(app)


def test_what_the_browser_has_kept_is_taken_back_and_what_is_nonsense_is_not(opened: Open) -> None:
    app = opened("lessons", lesson="summary")
    app.session_state["lesson_progress"] = {"summary/features": 784.0, "summary/code": 9, "gone/step": 1}
    assert "1 of 3 steps done." in words(app.run())


def test_two_runs_that_differ_in_the_division_alone_are_compared(opened: Open, database: Database) -> None:
    first = trained(database, spec_of("pixels", "divided", seed=5))
    app = opened("lessons", lesson="pixels")
    assert f"Run {first.id} has done it" in words(app)
    assert "Your two runs are compared here" in words(app)
    trained(database, spec_of("pixels", "undivided"))
    assert "but another seed or data set" in words(app.run())
    second = trained(database, spec_of("pixels", "undivided", seed=5), right=100)
    assert f"Run {second.id} has done it: 10.00 %" in words(app.run())
    assert f"Run {second.id}, scale 255, flatten, dense 128: 90.00 %" in words(app)


def test_a_run_that_was_deleted_is_missed_and_can_be_trained_again(opened: Open, database: Database) -> None:
    run = trained(database, spec_of("overfitting", "seen"))
    app = opened("lessons", lesson="overfitting")
    assert "1 of 4 steps done." in words(app)
    housekeeping.delete(database, [run.id])
    told = words(app.run())
    assert f"Run {run.id}, which had done this, was deleted. Train it once more." in told
    assert "0 of 4 steps done." in told
    assert "do the step before this one first" in told
    housekeeping.restore(database, [run.id])
    assert "1 of 4 steps done." in words(app.run())


def test_what_was_done_long_ago_counts_among_many_newer_runs(opened: Open, database: Database) -> None:
    """By the run that this tab remembers; and a remedy by the newest of its method."""
    base = trained(database, spec_of("overfitting", "seen"))
    app = opened("lessons", lesson="overfitting")
    assert f"Run {base.id} has done it" in words(app)
    copy_run(database, trained(database, SPEC_OF_OTHERS), 2 * WINDOW)
    copies = copy_run(database, base, 2 * WINDOW)
    assert f"Run {base.id} has done it" in words(app.run())
    assert f"Run {copies[-1]} has done it" in words(opened("lessons", lesson="overfitting"))
    trained(database, spec_of("overfitting", "seen"))
    remedy = trained(database, spec_of("overfitting", "seen", dropout=0.5))
    assert f"of run {remedy.id} ends at" in words(app.run())


def test_a_run_at_work_is_waited_for(opened: Open, database: Database) -> None:
    run, _ = begun(database, spec_of("overfitting", "seen"))
    app = opened("lessons", lesson="overfitting")
    assert "0 of 4 steps done." in words(app)
    assert f"Run {run.id} is running: 1 of 30 epochs." in str(app.get("progress")[0].proto)


def test_the_figures_of_ones_own_run_are_what_is_asked_for(opened: Open, database: Database) -> None:
    trained(database, spec_of("test-images", "few"), right=790)
    app = opened("lessons", lesson="test-images")
    app.number_input(key="number_test-images_test_0").set_value(100).run()
    assert "It is not 100." in words(app)
    app.number_input(key="number_test-images_test_0").set_value(79).run()
    assert "79.0 %. The accuracy on training images" in words(app)


def test_a_drawn_one_with_a_long_upstroke_fools_a_network(opened: Open) -> None:
    app = opened("lessons", lesson="european-one")
    assert "There is no drawing of one digit in this tab yet." in words(app)
    put(app, ((150, 50), (140, 230)))
    assert "They read 1, and none a 7." in words(app)
    put(app, EUROPEAN)
    assert "One of them reads 7." in words(app)


def test_the_upstroke_is_read_at_every_length(opened: Open) -> None:
    app = opened("lessons", lesson="european-one")
    assert "cnn reads **1**" in words(app)
    app.slider(key="upstroke").set_value(80).run()
    assert "cnn reads **7**" in words(app)
    assert "reader reads **1**" in words(app)
    assert opened("lessons", lesson="european-one", upstroke="35").slider(key="upstroke").value == 35


def test_a_filter_answers_once_somebody_has_decided(opened: Open) -> None:
    app = opened("lessons", lesson="convolution")
    assert "Decide first" in words(app)
    app.radio(key="choice_convolution_moved_0").set_value(1).run()
    assert "this one answers your digit most strongly" in words(app)


Finish = Callable[[object], None]


@pytest.fixture
def finish(monkeypatch: pytest.MonkeyPatch) -> Finish:
    """Lets the browser tell something of a round."""

    def finish(told: object) -> None:
        monkeypatch.setattr(component, "_component", lambda **_given: type("Result", (), {"finished": told})())

    return finish


def test_a_round_is_marked_beside_the_models(opened: Open, finish: Finish) -> None:
    app = opened("lessons", lesson="duel")
    assert f"{COUNT} test digits, one after another." in words(app)
    assert "Drawn from the 50 most difficult of 200 test digits." in words(app)
    finish({"answers": [7] * COUNT, "seconds": [0.5] * COUNT})
    app.run()
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Seconds a digit"] == "0.5"
    assert figures["In all"] == "25 s"
    assert "That alone lowers its figure here: of all of MNIST's test digits it reads 99.56 %." in words(app)
    table = app.dataframe[0].value
    assert set(table.columns) == {"Digit", "Label", "You", "cnn", "reader"}
    assert set(table[table["Label"] == "7"]["You"]) <= {"7 ✓"}
    assert set(table[table["Label"] != "7"]["You"]) == {"7 ✗"}


def test_nonsense_from_a_browser_is_no_result(opened: Open, finish: Finish) -> None:
    finish({"answers": [77] * COUNT, "seconds": [0.5] * COUNT})
    app = opened("lessons", lesson="duel")
    assert f"{COUNT} test digits, one after another." in words(app)
    assert not app.metric


@pytest.mark.parametrize("number", ["7", "x", "0", "9" * 18])
def test_any_number_of_a_round_has_its_digits(opened: Open, number: str) -> None:
    assert f"{COUNT} test digits, one after another." in words(opened("lessons", lesson="duel", round=number))
