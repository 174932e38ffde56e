"""What a method is meant to learn from, on Train: said, made by one button, used by another, and never forced."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.data.reader_set.build import Recipe
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.reader_sets import make_reader_set
from mnist_dash.methods.registry import READER
from mnist_dash.runs import process
from mnist_dash.runs.background_command import BackgroundCommand
from mnist_dash.runs.queries import runs_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.shell import resources
from mnist_dash.users import LOCAL, User
from tests.awaiting import deadline, until
from tests.pages.conftest import Open

SMALL = Recipe(redrawn=2, usual=2, even=2, free=2, rare=2, broad=2, renderings=1)
BRIEF = """
import sys
from mnist_dash.cli import main
from mnist_dash.data.reader_set import build
small = build.Recipe(redrawn=2, usual=2, even=2, free=2, rare=2, broad=2, renderings=1)
build.Recipe = lambda: small
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's own commands, with a recipe that takes no minutes."""

    def make_command(*arguments: str, user: User) -> list[str]:
        assert user is LOCAL
        return [sys.executable, "-c", BRIEF, *arguments]

    monkeypatch.setattr(process, "make_command", make_command)


@pytest.fixture
def ends() -> Iterator[None]:
    """What was sent for ends with the test."""
    yield
    job = _job()
    if job:
        job.stop()
        assert job.wait(deadline())


def _job() -> BackgroundCommand | None:
    return resources.background_commands().find(f"reader-set {READER}")


def _wait(app: AppTest) -> AppTest:
    """The page when what makes the set has ended."""
    job = _job()
    assert job
    assert job.wait(deadline())
    return app.run()


def _said(app: AppTest) -> tuple[str, ...]:
    """What the page says of the method's own data, and what else it says to whoever asks."""
    return tuple(
        text for caption in app.caption if "Meant for " in caption.value for text in (caption.value, caption.help)
    )


def _keys(app: AppTest) -> set[str]:
    return {button.key for button in app.button if button.key} & {
        "use_method_data",
        "make_method_data",
        "stop_method_data",
    }


def test_a_method_for_mnist_says_nothing_of_data(opened: Open) -> None:
    app = opened("train", method="cnn")
    assert (_said(app), _keys(app)) == ((), set())


def test_the_set_is_offered_to_be_made_and_nobody_is_kept_from_training_without(
    opened: Open, database: Database
) -> None:
    app = opened("train", method=READER)
    assert not app.exception
    line, more = _said(app)
    assert line == "Meant for a data set of its own, without pen strokes of people."
    assert "No pen strokes of people go into it: none are at hand. MNIST_DASH_STROKES" in more
    assert app.button(key="make_method_data").label == "Make it (about 4 minutes)"
    next(button for button in app.button if button.label == "Start training").click().run()
    (run,) = runs_of(database)
    assert (run.spec.method, run.spec.data) == (READER, "mnist")


def test_the_page_says_whose_strokes_go_in(opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_DASH_STROKES", str(tmp_path / "hers.jsonl"))
    line, more = _said(opened("train", method=READER))
    assert line.endswith("with pen strokes of people.")
    assert "hers.jsonl" in more


@pytest.mark.usefixtures("brief", "ends")
def test_where_others_are_at_work_the_page_says_for_how_many_it_waits(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    app = opened("train", method=READER)
    other = resources.background_commands().start([sys.executable, "-c", "import threading; threading.Event().wait()"])
    app.button(key="make_method_data").click().run()
    assert "Waits for 1 other" in str([bar.proto for bar in app.get("progress")])
    other.stop()
    assert other.wait(deadline())
    job = _job()
    assert job
    until(lambda: job.before == 0)


@pytest.mark.usefixtures("brief", "ends")
def test_the_set_is_made_used_and_trained_on(opened: Open, with_data: Settings, database: Database) -> None:
    app = opened("train", method=READER)
    app.button(key="make_method_data").click().run()
    _wait(app)
    assert not app.exception
    assert named_sets.names(with_data) == (READER,)
    line, more = _said(app)
    assert line == "Meant for the data set reader, without pen strokes of people."
    assert more.startswith("MNIST, MNIST redrawn, pen-stroke generator")
    assert "No pen strokes of people are in it." in more
    assert _keys(app) == {"use_method_data"}
    app.button(key="use_method_data").click().run()
    assert (app.query_params["data"], _said(app), _keys(app)) == (READER, (), set())
    assert any("on 466 images, 5 for validation" in caption.value for caption in app.caption)
    next(button for button in app.button if button.label == "Start training").click().run()
    assert runs_of(database)[0].spec.data == READER


@pytest.mark.usefixtures("ends")
def test_another_session_finds_the_making_at_work_and_stops_it(opened: Open, with_data: Settings) -> None:
    app = opened("train", method=READER)
    app.button(key="make_method_data").click().run()
    job = _job()
    assert job
    until(lambda: job.text.startswith("Drawing digits"))
    other = opened("train", method=READER)
    assert _keys(other) == {"stop_method_data"}
    assert any(progress.text.startswith("Drawing digits") for progress in other.progress)
    other.button(key="stop_method_data").click().run()
    _wait(app)
    assert not app.exception
    assert _keys(app) == {"make_method_data"}
    assert not app.error
    assert named_sets.names(with_data) == ()


@pytest.mark.usefixtures("ends")
def test_why_a_set_could_not_be_made_is_said_and_it_may_be_tried_again(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_DASH_STROKES", str(tmp_path / "gone.jsonl"))
    app = opened("train", method=READER)
    app.button(key="make_method_data").click().run()
    _wait(app)
    assert any("cannot be read" in error.value for error in app.error)
    assert _keys(app) == {"make_method_data"}


def test_a_set_that_is_damaged_is_told(opened: Open, with_data: Settings) -> None:
    make_reader_set(with_data, READER, recipe=SMALL)
    (named_sets.folder_of(with_data, READER) / "train_labels.npy").unlink()
    app = opened("train", method=READER)
    assert not app.exception
    assert any("is damaged. Delete it" in error.value for error in app.error)
    assert _keys(app) == set()
