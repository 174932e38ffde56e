"""Pages as other people see them: what they may not do is not offered, with the reason beside it."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.errors import SignInError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.own_digits.sets import make_own_set
from mnist_dash.runs import control, queue, quotas
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Epoch, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.shell import resources, sign_in
from mnist_dash.users import Role, User
from tests.pages.conftest import Open

ADA, BOB = User("a", "Ada *A*", Role.TRAIN), User("b", "Bob", Role.TRAIN)
EVE, TEACHER = User("e", "Eve", Role.LOOK), User("t", "Teacher", Role.ADMINISTER)
SPEC = RunSpec.of("dense_128", "mnist")

Be = Callable[[User | None], None]


@pytest.fixture
def be(monkeypatch: pytest.MonkeyPatch) -> Be:
    """Lets whoever opens a page be that user; None is somebody who was signed in for too long."""

    def be(user: User | None) -> None:
        def current_user(_settings: Settings) -> User:
            if user is None:
                raise SignInError("You signed in more than 12 hours ago. Sign in again; nothing is lost.")
            return user

        monkeypatch.setattr(sign_in, "is_configured", lambda: True)
        for module in (sign_in, resources):
            monkeypatch.setattr(module, "current_user", current_user)

    return be


def test_the_frame_says_who_is_signed_in_and_what_they_may_do(opened: Open, be: Be) -> None:
    for user, words in ((ADA, r"Ada \*A\*, may train"), (EVE, "Eve, may look"), (TEACHER, "administers this server")):
        be(user)
        app = opened("methods")
        assert words in " ".join(caption.value for caption in app.sidebar.caption)
        assert app.button(key="sign_out")


def test_where_nobody_signs_in_the_frame_says_nothing(opened: Open) -> None:
    assert not opened("methods").sidebar.caption


def test_after_a_sign_in_has_expired_nothing_is_shown_but_the_way_in(opened: Open, be: Be) -> None:
    be(None)
    app = opened("runs")
    assert "more than 12 hours ago" in app.error[0].value
    assert app.button(key="sign_in")
    assert not app.title


def test_who_may_look_is_told_why_nothing_can_be_started(opened: Open, be: Be, database: Database) -> None:
    be(EVE)
    app = opened("train")
    start = next(button for button in app.button if button.label == "Start training")
    assert start.disabled
    assert "Eve, who may look and change nothing" in " ".join(caption.value for caption in app.caption)
    assert next(one for one in opened("sweeps").button if one.label == "Start sweep").disabled
    assert runs_of(database) == []


@pytest.mark.parametrize("name", ["QUEUED", "MINUTES"])
def test_train_says_what_is_left_and_when_it_is_used_up(
    opened: Open, be: Be, database: Database, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"MNIST_DASH_{name}", "1")
    be(BOB)
    said = {"QUEUED": "1 of 1 places in the queue", "MINUTES": "1 of 1 minutes of training in 24 hours"}[name]
    assert f"Left to you: {said}." in [caption.value for caption in opened("train").caption]
    run = queue.submit(database.acting_as(BOB), SPEC)
    if name == "MINUTES":
        claimed = queue.claim(database, "here", run.id)
        assert claimed
        RunRecorder(database, claimed).epoch(Epoch(1, 0.5, 0.9, None, None, 61.0), b"model")
    app = opened("train")
    assert next(button for button in app.button if button.label == "Start training").disabled
    reason = {"QUEUED": "allowed are 1 a person at once", "MINUTES": "more can be started from"}[name]
    assert reason in " ".join(caption.value for caption in app.caption)
    be(TEACHER)
    app = opened("train")
    assert not next(button for button in app.button if button.label == "Start training").disabled
    assert "Left to you" not in " ".join(caption.value for caption in app.caption)


def test_a_place_that_another_tab_has_taken_meanwhile_is_missed_with_words(
    opened: Open, be: Be, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_DASH_QUEUED", "1")
    be(BOB)
    app = opened("train")
    monkeypatch.setattr(quotas, "refuse_runs", lambda _database: None)
    queue.submit(database.acting_as(BOB), SPEC)
    next(button for button in app.button if button.label == "Start training").click().run()
    assert "1 run waits in the queue and 1 more came" in app.error[0].value
    assert not app.exception
    assert len(runs_of(database)) == 1


def test_anothers_run_is_shown_without_what_would_change_it(opened: Open, be: Be, database: Database) -> None:
    run = queue.submit(database.acting_as(ADA), SPEC)
    be(BOB)
    app = opened("train", run=str(run.id))
    assert f"Run {run.id} belongs to Ada" in " ".join(caption.value for caption in app.caption)
    assert not {"stop", "hold", "step"} & {button.key for button in app.button}
    be(ADA)
    app = opened("train", run=str(run.id))
    app.button(key="stop").click().run()
    assert run_of(database, run.id).state is State.STOPPED


def test_a_run_that_is_started_is_of_whoever_started_it(opened: Open, be: Be, database: Database) -> None:
    be(ADA)
    next(button for button in opened("train").button if button.label == "Start training").click().run()
    assert [(run.account, run.owner) for run in runs_of(database)] == [("a", "Ada *A*")]


def test_anothers_run_is_neither_named_nor_deleted_on_the_page_of_runs(
    opened: Open, be: Be, database: Database
) -> None:
    run = queue.submit(database.acting_as(ADA), SPEC)
    control.stop(database, run.id)
    be(BOB)
    app = opened("runs", runs=str(run.id))
    delete = app.button(key="delete")
    assert (delete.disabled, "belongs to Ada" in delete.help) == (True, True)
    assert not [field for field in app.text_input if field.label == "Tags"]
    be(TEACHER)
    assert not opened("runs", runs=str(run.id)).button(key="delete").disabled


def test_a_set_of_own_digits_is_changed_by_its_owner_who_is_asked_for_no_name(
    opened: Open, be: Be, database: Database
) -> None:
    make_own_set(database.acting_as(ADA), "ada")
    be(BOB)
    app = opened("own_digits", set="ada")
    assert "The set ada belongs to Ada" in " ".join(caption.value for caption in app.caption)
    assert not [button for button in app.button if button.key == "delete_own_set"]
    be(ADA)
    app = opened("own_digits", set="ada")
    assert [button for button in app.button if button.key == "delete_own_set"]
    assert not [field for field in app.text_input if field.label.startswith("Owner")]


@pytest.fixture
def adas(with_data: Settings) -> Dataset:
    """A named set of Ada's."""
    whole = open_dataset(with_data)
    return named_sets.save(with_data, "mine", Dataset("mine", whole.train, whole.test, "somewhere"), ADA)


@pytest.mark.usefixtures("adas")
def test_anothers_data_set_is_shown_with_its_owner_and_stays(opened: Open, be: Be, with_data: Settings) -> None:
    for user, reason in ((BOB, r"The data set mine belongs to Ada \*A\*"), (EVE, "Eve, who may look")):
        be(user)
        app = opened("datasets")
        assert r"**mine**, of Ada \*A\*" in [words.value for words in app.markdown]
        delete = next(one for one in app.get("popover") if one.proto.popover.label == "Delete")
        assert delete.proto.popover.disabled
        assert reason in delete.proto.popover.help
    # Whoever presses it all the same, as in a tab from before, is refused.
    be(BOB)
    app.button(key="delete_mine").click().run()
    assert "may look" in app.error[0].value or "belongs to Ada" in app.error[0].value
    assert named_sets.names(with_data) == ("mine",)


@pytest.mark.usefixtures("adas")
@pytest.mark.parametrize("user", [ADA, TEACHER])
def test_a_data_set_is_deleted_by_its_owner_and_by_who_administers(
    opened: Open, be: Be, with_data: Settings, user: User
) -> None:
    be(user)
    app = opened("datasets")
    delete = next(one for one in app.get("popover") if one.proto.popover.label == "Delete")
    assert not delete.proto.popover.disabled
    app.button(key="delete_mine").click().run()
    assert not app.exception
    assert named_sets.names(with_data) == ()


def test_the_button_goes_when_the_last_place_is_taken_and_comes_back_when_there_is_room(
    opened: Open, be: Be, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What looks at the run by itself looks at that too, and draws the whole page anew; AppTest has no clock for it."""
    monkeypatch.setenv("MNIST_DASH_QUEUED", "1")
    be(BOB)
    control.stop(database, queue.submit(database.acting_as(BOB), SPEC).id)
    app = opened("train")
    find_start(app).click().run()
    assert find_start(app).disabled
    assert "allowed are 1 a person at once" in " ".join(caption.value for caption in app.caption)
    (run,) = runs_of(database, State.QUEUED)
    refuse = quotas.refuse_runs

    def begin_after_that(database: Database) -> str | None:
        # The form is drawn by what was so a moment before the run begins.
        reason = refuse(database)
        if reason:
            queue.claim(database, "here", run.id)
        return reason

    monkeypatch.setattr(quotas, "refuse_runs", begin_after_that)
    app.run()
    assert not find_start(app).disabled
    assert "Left to you: 1 of 1 places in the queue." in [caption.value for caption in app.caption]


def find_start(app: AppTest) -> Button:
    """The button that starts a run."""
    return next(button for button in app.button if button.label == "Start training")
