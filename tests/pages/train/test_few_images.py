"""Where there are few training images, Train offers what makes the most of them."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.methods.few_images import suggest_spec
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.queries import runs_of
from mnist_dash.store.database import Database
from tests.pages.conftest import Open


def offered(app: AppTest) -> set[str]:
    """The keys of the buttons that are there for it."""
    return {str(button.key) for button in app.button} & {"vary_few", "tune_few"}


@pytest.mark.parametrize(
    ("key", "expected"),
    [("vary_few", suggest_spec("mnist", 500)), ("tune_few", RunSpec.of("fine_tuned", "mnist"))],
)
def test_a_press_puts_the_settings_into_the_form(opened: Open, database: Database, key: str, expected: RunSpec) -> None:
    app = opened("train", data="mnist", method="dense_128")
    assert "500 training images are few." in [one.value for one in app.caption]
    app.button(key=key).click().run()
    assert not app.exception
    next(button for button in app.button if button.label == "Start training").click().run()
    assert not app.exception
    assert [run.spec for run in runs_of(database)] == [expected]


def test_who_fine_tunes_already_is_told_nothing(opened: Open) -> None:
    assert offered(opened("train", data="mnist", method="fine_tuned")) == set()


def test_of_many_images_nothing_is_said(opened: Open) -> None:
    app = opened("train", data="generated", method="cnn")
    assert not app.exception
    assert offered(app) == set()
