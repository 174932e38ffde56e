"""Where a run distils a model, Train offers those that there are."""

from streamlit.testing.v1 import AppTest

from mnist_dash.methods.distillation import Distillation
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import read_bundled_file
from mnist_dash.runs.queries import runs_of
from mnist_dash.store.database import Database
from tests.pages.conftest import Open
from tests.trained import trained


def start(app: AppTest) -> None:
    next(button for button in app.button if button.label == "Start training").click().run()
    assert not app.exception


def test_a_run_of_before_is_chosen_as_a_teacher(opened: Open, database: Database) -> None:
    taught = trained(database, RunSpec.of("cnn", "mnist"), litert=read_bundled_file("cnn"))
    app = opened("train", method="distilled", batch_size="64")
    teacher = next(box for box in app.selectbox if box.label == "Teacher")
    assert teacher.value == "reader"
    teacher.select(str(taught.id)).run()
    start(app)
    assert Distillation.of(runs_of(database)[0].spec.own) == Distillation(str(taught.id), 0.5)


def test_one_that_a_link_names_and_that_is_gone_is_named_and_nothing_is_started(opened: Open) -> None:
    app = opened("train", method="distilled", batch_size="64", teacher="9")
    assert not app.exception
    assert [box.value for box in app.selectbox if box.label == "Teacher"] == ["9"]
    assert any("There is no run 9" in error.value for error in app.error)
    assert not any(button.label == "Start training" for button in app.button)
