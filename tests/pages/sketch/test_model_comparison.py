"""Models side by side on the Sketch page: who answers, who is waited for, who is gone."""

import json

import pytest
from sqlalchemy import delete
from streamlit.testing.v1 import AppTest

from mnist_dash.errors import UnreachableError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.runs import housekeeping
from mnist_dash.runs.queries import kept_epochs_of
from mnist_dash.runs.records import Epoch, ModelFormat, State
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.ui.shell import resources
from mnist_dash.ui.sketch import model_table
from tests.awaiting import until
from tests.conftest import Commands
from tests.drawn import ONE, SEVEN
from tests.pages.conftest import Open, put
from tests.trained import begun, trained

SPEC = RunSpec.of("cnn", "mnist")


def table(app: AppTest) -> dict[str, dict[str, object]]:
    """The rows of the table, by what the model is called."""
    return {row["model"]: row for row in json.loads(app.dataframe[-1].value.to_json(orient="records"))}


def said(app: AppTest) -> str:
    """All words below the view."""
    return " ".join(one.value for one in (*app.markdown, *app.caption))


def test_bundled_model_trained_run_random_guess_and_run_at_work_answer_the_same_drawing(
    opened: Open, database: Database, content: bytes
) -> None:
    trained(database, SPEC, litert=content)
    trained(database, RunSpec.of("random", "mnist"), scores=())
    _, recorder = begun(database, RunSpec.of("dense_128", "mnist"), scores=())
    app = put(opened("sketch", closer="models"), SEVEN)
    assert not app.exception
    assert app.multiselect(key="beside").value == [DEFAULT, "3", "2", "1"]
    rows = table(app)
    assert list(rows) == ["reader", "Run 3", "Run 2", "Run 1"]
    assert [rows[title]["reads"] for title in rows] == ["7", None, rows["Run 2"]["reads"], "7"]
    assert [row["parameters"] for row in rows.values()] == [223_914, 118_282, 0, 93_322]
    timed = rows["reader"]["speed"]
    assert isinstance(timed, float)
    assert timed > 0
    assert str(rows["Run 1"]["second"]).endswith("%")
    # Whatever the guess is: it may be 7 as well.
    agree = sum(row["reads"] == "7" for row in rows.values())
    assert f"{'All 3' if agree == 3 else '2 of 3'}** read **7**" in said(app)
    assert "Run 3: Dense network is learning. Its first epoch answers by itself." in said(app)
    recorder.epoch(Epoch(1, 0.75, 0.625, 0.5, 0.8, 2.0), b"keras 1")
    recorder.answering(1, content)
    app.run()
    assert table(app)["Run 3"]["reads"] == "7"
    assert "Run 3: Dense network: epoch 1 of 5 answers, then a newer one." in said(app)
    recorder.end(State.STOPPED, {}, None)
    housekeeping.keep_model(database, 3, 1, ModelFormat.LITERT, content)
    app.run()
    assert table(app)["Run 3"]["reads"] == "7"
    assert "then a newer one" not in said(app)


def test_of_several_digits_the_whole_number_is_told(opened: Open, database: Database, content: bytes) -> None:
    trained(database, SPEC, litert=content)
    strokes = [[(x // 2, y // 2 + 60) for x, y in SEVEN], [(x // 2 + 130, y // 2 + 60) for x, y in ONE]]
    app = put(opened("sketch", closer="models"), *strokes)
    assert {row["reads"] for row in table(app).values()} == {"71"}
    assert "**All 3** read **71**" in said(app)


def test_an_empty_sheet_says_what_to_do(opened: Open, database: Database, content: bytes) -> None:
    trained(database, SPEC, litert=content)
    app = opened("sketch", closer="models")
    assert "Draw a digit, and see whether they agree." in said(app)
    assert {row["reads"] for row in table(app).values()} == {None}


def test_where_no_other_can_answer_it_invites_to_train_one(opened: Open) -> None:
    app = put(opened("sketch", closer="models"), SEVEN)
    assert "No run of yours can answer so far. Train a network" in said(app)
    assert "**Both** read **7**" in said(app)


def test_the_model_that_answers_is_among_the_first_four(opened: Open, database: Database, content: bytes) -> None:
    for _ in range(5):
        trained(database, SPEC, litert=content)
    app = opened("sketch", closer="models", model="1")
    assert app.multiselect(key="beside").value == ["1", DEFAULT, "5", "4"]


def test_models_are_chosen_by_a_link_and_remembered_across_pages(
    opened: Open, database: Database, content: bytes
) -> None:
    trained(database, SPEC, scores=(0.9, 0.8), litert=content)
    app = opened("sketch", closer="models", beside="1,1:best,9,nonsense")
    assert app.multiselect(key="beside").value == ["1", "1:best"]
    app.multiselect(key="beside").set_value([DEFAULT, "1"]).run()
    assert app.query_params["beside"] == f"{DEFAULT},1"
    app.switch_page("pages/home.py").run()
    app.switch_page("pages/sketch.py").run()
    app.button_group(key="closer").set_value("models").run()
    assert app.multiselect(key="beside").value == [DEFAULT, "1"]
    app.multiselect(key="beside").set_value([]).run()
    assert "Choose the models that are to answer." in said(app)
    assert "beside" not in app.query_params
    app.run()
    assert app.multiselect(key="beside").value == []


def test_a_run_that_is_deleted_meanwhile_disappears(opened: Open, database: Database, content: bytes) -> None:
    for _ in range(2):
        trained(database, SPEC, litert=content)
    app = put(opened("sketch", closer="models", beside="2,1"), SEVEN)
    housekeeping.delete(database, [2])
    app.run()
    assert not app.exception
    assert not app.error
    assert app.multiselect(key="beside").value == ["1"]
    assert list(table(app)) == ["Run 1"]
    housekeeping.delete(database, [1])
    app.run()
    assert app.multiselect(key="beside").value == [DEFAULT, "cnn"]


def test_a_model_that_cannot_answer_stops_no_other(opened: Open, database: Database, content: bytes) -> None:
    trained(database, SPEC, litert=content)
    trained(database, SPEC, litert=b"no model")
    app = put(opened("sketch", closer="models"), SEVEN)
    assert "Run 2: Convolutional network cannot answer. This is no LiteRT model" in app.error[0].value
    assert table(app)["Run 1"]["reads"] == "7"
    housekeeping.keep_model(database, 2, 2, ModelFormat.LITERT, content)
    app.button(key="again_2").click().run()
    assert not app.error
    assert table(app)["Run 2"]["reads"] == "7"


def test_a_database_that_is_away_is_no_fault_of_a_model(
    opened: Open, database: Database, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers_at_once(*_: object) -> bool:
        raise UnreachableError("The database cannot be reached now.")

    trained(database, SPEC, litert=content)
    app = put(opened("sketch", closer="models"), SEVEN)
    with monkeypatch.context() as patch:
        patch.setattr(model_table, "answers_at_once", answers_at_once)
        app.run()
    assert [error.value for error in app.error] == ["The database cannot be reached now."]
    app.run()
    assert not app.error
    assert table(app)["Run 1"]["reads"] == "7"


@pytest.mark.training
def test_others_answer_while_a_model_is_converted(opened: Open, database: Database, command: Commands) -> None:
    done = command("train", "dense_128", "--epochs", "1", "--train-size", "200", "--json")
    assert done.returncode == 0, done.stderr
    with database.write() as connection:
        connection.execute(delete(tables.models).where(tables.models.c.format == ModelFormat.LITERT))
    app = put(opened("sketch", closer="models"), SEVEN)
    assert "Run 1: Dense network is made ready to answer" in said(app)
    assert table(app)["cnn"]["reads"] == "7"
    assert table(app)["Run 1"]["reads"] is None
    assert until(resources.background_loader().of("1", 1).done)
    app.run()
    assert "is made ready to answer" not in said(app)
    assert table(app)["Run 1"]["reads"] is not None
    assert kept_epochs_of(database, 1, ModelFormat.LITERT) == [1]
