"""Learning: the curves of a set with the seven steps of the question, and the reader that is taught its digits."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.analysis.learning_curve import Curve, Point, digest_digits, divide, plan, write_curve
from mnist_dash.data.store.results import ResultKind, find_result_file
from mnist_dash.own_digits.collection import digits_of
from mnist_dash.own_digits.sets import make_own_set
from mnist_dash.runs import queue, supervisor
from mnist_dash.runs.queries import runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Epoch, RunScore, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.drawn import write_ones_and_sevens
from tests.pages.conftest import Open


@pytest.fixture
def mine(database: Database) -> str:
    """The key of a set of 60 digits."""
    made = make_own_set(database, "mine", "Ada")
    write_ones_and_sevens(database, 60, made.key)
    return made.key


def view(opened: Open, name: str = "mine") -> AppTest:
    """The view of that set."""
    return opened("own_digits", set=name, own_view="learning")


def said(app: AppTest) -> str:
    """All words of the page."""
    return " ".join(one.value for one in (*app.header, *app.markdown, *app.caption, *app.info))


def keep_curve(with_data: Settings, database: Database, mine: str, seeds: int, digest: str = "") -> Path:
    """Curves of the set, of so many seeds, in which every point reads half of both."""
    digits = digits_of(database, mine)
    learnt, own = divide(digits)
    points = tuple(Point(task, 50, len(own) // 2) for task in plan(len(learnt), range(seeds)))
    path = find_result_file(with_data, ResultKind.LEARNING_CURVES, mine)
    path.write_bytes(write_curve(Curve(digest or digest_digits(digits), 100, len(own), points)))
    return path


def test_a_set_with_nothing_to_learn_from_says_how_many_are_needed(opened: Open) -> None:
    assert "A curve begins with 10 digits, and this set has 0." in said(view(opened, "own-digits"))


@pytest.mark.usefixtures("mine")
def test_curves_are_offered_and_the_reader_can_be_taught_before_there_are_any(opened: Open) -> None:
    app = view(opened)
    assert "each learns from 10, 20, 50 … of these digits" in said(app)
    assert {"Measure", "Teach it these digits"} <= {button.label for button in app.button}


def test_the_seven_steps_are_told_with_what_was_measured(
    opened: Open, with_data: Settings, database: Database, mine: str
) -> None:
    keep_curve(with_data, database, mine, 3)
    app = view(opened)
    words = said(app)
    assert "1. **Random guesses**" in words
    assert "3. **One instance of each digit**  \n   10 digits, 20 s of writing" in words
    assert "6. **Training on it**  \n   50.00 % of MNIST's test images" in words
    assert "7. **Compared with other ways**" in words
    assert not [button for button in app.button if button.label in ("Measure", "Go on", "Measure again")]
    assert "Of 100 test images of MNIST." in words
    app.segmented_control(key="own_asked").set_value("Own digits left out").run()
    assert "Of 12 own digits that nobody learnt from." in said(app)


def test_a_curve_that_was_stopped_is_shown_and_goes_on(
    opened: Open, with_data: Settings, database: Database, mine: str
) -> None:
    keep_curve(with_data, database, mine, 1)
    app = view(opened)
    assert "1. **Random guesses**" in said(app)
    assert "Go on" in {button.label for button in app.button}


def test_a_curve_of_the_set_as_it_was_is_shown_as_that(
    opened: Open, with_data: Settings, database: Database, mine: str
) -> None:
    keep_curve(with_data, database, mine, 3, digest="other")
    app = view(opened)
    assert "These curves are of the set as it was" in said(app)
    assert "Measure again" in {button.label for button in app.button}


def test_a_damaged_file_is_offered_anew(opened: Open, with_data: Settings, database: Database, mine: str) -> None:
    path = keep_curve(with_data, database, mine, 1)
    path.write_bytes(path.read_bytes()[:100])
    assert "Measure" in {button.label for button in view(opened).button}


@pytest.mark.usefixtures("mine")
def test_one_press_teaches_the_reader_and_tells_what_it_was_worth(opened: Open, database: Database) -> None:
    app = view(opened)
    app.button(key="teach").click().run()
    assert not app.exception
    (run,) = runs_of(database)
    assert (run.spec.method, run.name, run.state) == ("fine_tuned", "Reader taught mine", State.QUEUED)
    assert app.button(key="teach").disabled
    claimed = queue.claim(database, supervisor.THIS_MACHINE)
    assert claimed is not None
    recorder = RunRecorder(database, claimed)
    recorder.begin(48, 31)
    recorder.epoch(Epoch(1, 0.1, 1.0, 0.2, 0.75, 1.0), b"keras")
    recorder.end(State.DONE, {}, RunScore(0.99, 0.98, 1.0, 100))
    app.run()
    assert not app.exception
    assert not app.button(key="teach").disabled
    aside, test = app.metric
    assert (aside.label, aside.value) == ("Own digits kept aside", "75.00 %")
    assert (test.label, test.value) == ("MNIST's test images", "99.00 %")
    assert "99.56 % before" in test.delta
