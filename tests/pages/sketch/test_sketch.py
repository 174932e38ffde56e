"""The Sketch page: which models can answer, and how a run is followed while it learns."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.errors import ModelError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import DEFAULT, DIGIT_OR_NOT, read_card
from mnist_dash.runs import housekeeping
from mnist_dash.runs.finding import WINDOW
from mnist_dash.runs.records import State
from mnist_dash.store.database import Database
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from tests.copied import copy_run
from tests.pages.conftest import Open, put
from tests.trained import begun, trained

SPEC = RunSpec.of("cnn", "mnist")


def chosen(app: AppTest) -> str:
    """The model that answers."""
    return str(app.selectbox(key="model").value)


def test_a_runs_best_epoch_can_be_chosen_by_a_link(opened: Open, database: Database, content: bytes) -> None:
    trained(database, SPEC, scores=(0.9, 0.8), litert=content)
    app = opened("sketch", model="1:best")
    assert chosen(app) == "1:best"
    assert app.selectbox(key="model").options[2:] == [
        "Run 1: Convolutional network (91.00 %)",
        "Run 1: Convolutional network, best epoch 1",
    ]


def test_a_model_of_an_old_run_is_offered_to_whoever_has_chosen_it(
    opened: Open, database: Database, content: bytes
) -> None:
    run = trained(database, SPEC, litert=content)
    copies = copy_run(database, run, WINDOW)
    offered = opened("sketch").selectbox(key="model").options
    assert [name.partition(":")[0] for name in offered if name.startswith("Run")] == [
        f"Run {number}" for number in copies[::-1]
    ]
    app = opened("sketch", model="1")
    assert chosen(app) == "1"
    app.run()
    assert chosen(app) == "1"
    assert app.selectbox(key="model").options[-1].startswith("Run 1: ")


def test_whoever_wants_every_drawing_read_can_have_it(opened: Open) -> None:
    cross = [(60, 60), (220, 220)], [(220, 60), (60, 220)], [(140, 30), (140, 250)], [(30, 140), (250, 140)]
    app = put(opened("sketch"), *cross)
    assert app.metric[0].value == "?"
    app.select_slider(key=Key.STRICTNESS).set_value(0.0).run()
    assert app.metric[0].value in "0123456789"
    assert "Everything is read as a digit, whatever it is." in [c.value for c in app.caption]
    strictest = app.select_slider(key=Key.STRICTNESS).options[-1]
    app.select_slider(key=Key.STRICTNESS).set_value(read_card(DIGIT_OR_NOT).strictness[-1].threshold).run()
    assert app.metric[0].value == "?"
    assert any(f"{strictest} of digits are refused" in c.value for c in app.caption)


def test_a_run_at_work_is_waited_for_until_an_epoch_is_ready(opened: Open, database: Database, content: bytes) -> None:
    run, recorder = begun(database, SPEC)
    app = opened("sketch", model=str(run.id))
    assert "Run 1 is learning. No epoch is ready to answer yet" in app.info[0].value
    recorder.answering(1, content)
    app.run()
    assert not app.info
    assert "Epoch 1 of 5 answers, and a newer one as soon as it is ready." in [c.value for c in app.caption]
    recorder.end(State.STOPPED, {}, None)
    app.run()
    assert chosen(app) == "1"
    assert not [c for c in app.caption if "newer one" in c.value]


def test_the_newest_epoch_that_is_ready_answers(opened: Open, database: Database, content: bytes) -> None:
    run, recorder = begun(database, SPEC, scores=(0.8, 0.9))
    recorder.answering(1, content)
    app = opened("sketch", model=str(run.id))
    assert any(c.value.startswith("Epoch 1 of 5 answers") for c in app.caption)
    assert resources.run_model("1", 1)
    recorder.answering(2, b"no model")
    app.run()
    assert "Epoch 2 of 5 answers, and a newer one as soon as it is ready." in [c.value for c in app.caption]
    with pytest.raises(ModelError, match="This is no LiteRT model"):
        resources.run_model("1", 2)


def test_a_chosen_run_that_is_deleted_gives_way_to_the_bundled_model(
    opened: Open, database: Database, content: bytes
) -> None:
    trained(database, SPEC, litert=content)
    app = opened("sketch", model="1")
    housekeeping.delete(database, [1])
    app.run()
    assert not app.exception
    assert chosen(app) == DEFAULT
