"""Right or wrong on the Sketch page: one click saves a drawing with all that belongs to it, another takes it back."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.models.bundled import DEFAULT, bundled_model
from mnist_dash.runs import labelled
from mnist_dash.runs.database import Database
from mnist_dash.runs.labelled import Source
from mnist_dash.runs.own_digits import counts_of, every, save
from mnist_dash.sketch.procedure import Step
from tests.drawn import ONE, SEVEN, an_answer, drawing, sketch
from tests.pages.conftest import Open, put


def label(app: AppTest, option: str) -> AppTest:
    """Say what the digit is."""
    app.button_group(key="label").set_value(option)
    return app.run()


def said(app: AppTest) -> str:
    """All captions of the page."""
    return " ".join(caption.value for caption in app.caption)


def test_nothing_can_be_said_of_an_empty_sheet(opened: Open) -> None:
    app = opened("sketch")
    assert app.button_group(key="label").disabled
    assert not [button for button in app.button if button.key == "undo_label"]


def test_a_correction_is_saved_with_everything_and_taken_back(opened: Open, database: Database) -> None:
    app = put(opened("sketch"), SEVEN)
    shown = app.button_group(key="label")
    assert [option.content for option in shown.proto.options][7:] == ["Right: 7", "8", "9", "Not a digit"]
    assert shown.value is None
    label(app, "4")
    (digit,) = every(database)
    assert (digit.label, digit.source, digit.without) == (4, Source.DRAWN, ())
    assert np.array_equal(digit.image, sketch(SEVEN).image)
    assert json.loads(digit.strokes or "")["strokes"] == [{"pen": 20, "points": [[*point] for point in SEVEN]}]
    answer = bundled_model(DEFAULT).probabilities(digit.image[np.newaxis])[0]
    assert digit.answer.probabilities == pytest.approx(answer.tolist(), abs=1e-6)
    assert (digit.answer.model, digit.answer.read, digit.answer.run, digit.answer.epoch) == (DEFAULT, 7, None, None)
    assert "Saved as a 4." in said(app)
    assert "This model read 0 of 1." in said(app)
    assert app.button_group(key="label").value == "4"
    app.button(key="undo_label").click().run()
    assert counts_of(database) == {}
    assert "Saved" not in said(app)
    assert app.button_group(key="label").value is None


def test_a_label_is_changed_and_changed_back(opened: Open, database: Database) -> None:
    app = label(label(put(opened("sketch"), SEVEN), "4"), "none")
    assert counts_of(database) == {None: 1}
    assert "Saved as not a digit." in said(app)
    app.button(key="undo_label").click().run()
    assert counts_of(database) == {4: 1}
    assert "Saved as a 4." in said(app)


def test_an_answer_is_confirmed(opened: Open, database: Database) -> None:
    app = label(put(opened("sketch"), SEVEN), "7")
    assert counts_of(database) == {7: 1}
    assert "This model read 1 of 1." in said(app)


def test_what_an_earlier_session_has_saved_is_known_and_can_be_taken_back(opened: Open, database: Database) -> None:
    save(database, labelled.labelled(sketch(SEVEN), 8, an_answer(7), drawing(SEVEN)))
    app = put(opened("sketch"), SEVEN)
    assert "Saved as an 8." in said(app)
    app.button(key="undo_label").click().run()
    assert counts_of(database) == {}


def test_of_several_digits_the_one_that_is_looked_at_is_saved_with_all_strokes(
    opened: Open, database: Database
) -> None:
    strokes = [[(x // 2, y // 2 + 60) for x, y in SEVEN], [(x // 2 + 130, y // 2 + 60) for x, y in ONE]]
    app = put(opened("sketch"), *strokes)
    app.button_group(key="digit_of_2").set_value(1).run()
    label(app, "1")
    (digit,) = every(database)
    assert (digit.label, digit.answer.read) == (1, 1)
    assert np.array_equal(digit.image, sketch(strokes[1]).image)
    assert len(json.loads(digit.strokes or "")["strokes"]) == 2
    assert app.button_group(key="label").value == "1"
    app.button_group(key="digit_of_2").set_value(0).run()
    assert app.button_group(key="label").value is None


def test_steps_that_were_left_out_are_noted_and_the_image_is_whole(opened: Open, database: Database) -> None:
    app = put(opened("sketch"), SEVEN)
    app.toggle(key="step_margin").set_value(False).run()
    label(app, "7")
    (digit,) = every(database)
    assert digit.without == (Step.MARGIN,)
    assert np.array_equal(digit.image, sketch(SEVEN).image)
    assert "This model read" not in said(app)


def test_strokes_without_end_are_refused_with_the_reason(
    opened: Open, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelled, "LARGEST", 50)
    app = label(put(opened("sketch"), SEVEN), "4")
    assert "It was not saved. The strokes of this drawing would take" in app.error[0].value
    assert counts_of(database) == {}
    assert app.button_group(key="label").value is None
    app.run()
    assert not app.error
