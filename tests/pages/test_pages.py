"""Every page as a script: what it says in each of its states, without a browser."""

from dataclasses import replace
from pathlib import Path

import pytest

from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings
from tests.pages.conftest import Open

TITLES = {"home": "MNIST Dash", "datasets": "Data sets", "own_digits": "Own digits", "class_room": "Class room"}
PAGES = (
    *("home", "sketch", "lessons", "explore", "datasets", "own_digits", "class_room"),
    *("train", "runs", "sweeps", "methods", "models", "stress"),
)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_an_error_and_with_a_title(opened: Open, page: str) -> None:
    app = opened(page)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == TITLES.get(page, page.capitalize())


def test_an_empty_canvas_gives_no_answer_but_a_hint(opened: Open) -> None:
    app = opened("home")
    assert app.metric[0].value == "–"
    assert any("Draw a digit" in caption.value for caption in app.caption)


def test_home_tells_what_the_bundled_model_scored(opened: Open) -> None:
    assert any("223,914 parameters" in caption.value for caption in opened("home").caption)


def test_a_finished_run_can_answer_on_the_sketch_page(opened: Open, finished: Run) -> None:
    app = opened("sketch", model=str(finished.id))
    assert app.selectbox(key="model").value == str(finished.id)
    assert app.selectbox(key="model").options == [
        "Bundled: Reader of sketches (99.56 %)",
        "Bundled: Convolutional network (99.18 %)",
        f"Run {finished.id}: Random guess (91.00 %)",
    ]


def test_a_data_folder_without_mnist_is_explained_and_can_be_looked_at_again(
    opened: Open, with_data: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MNIST_DASH_DATA", str(tmp_path))
    app = opened("explore")
    assert not app.exception
    assert str(tmp_path) in app.error[0].value
    monkeypatch.setenv("MNIST_DASH_DATA", str(replace(with_data).data))
    assert app.button(key="retry_data").label == "Look again"


def test_generated_digits_stand_in_under_a_banner(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MNIST_DASH_DATA")
    app = opened("explore")
    assert "generated" in app.warning[0].value
    assert "MNIST_DASH_DATA" in app.warning[0].value


def test_a_home_that_cannot_be_written_is_explained(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MNIST_DASH_HOME", str(tmp_path / "file"))
    app = opened("train")
    assert not app.exception
    assert "MNIST_DASH_HOME" in app.error[0].value


def test_a_setting_that_is_not_allowed_is_explained(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_DASH_SLOTS", "none")
    assert "MNIST_DASH_SLOTS" in opened("train").error[0].value
