"""Right or wrong on the Sketch page: one click saves a drawing with all that belongs to it, another takes it back."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.own_digits import records
from mnist_dash.own_digits.collection import count_by_label, read_every, save
from mnist_dash.own_digits.records import Source
from mnist_dash.sketch.mnist_preprocessing import Step
from mnist_dash.store.database import Database
from tests.drawn import ONE, SEVEN, an_answer, drawing, sketch
from tests.pages.conftest import Open, put


def buttons(app: AppTest, kind: str = "label") -> list[Button]:
    """The buttons that say what the digit is, from 0 to 9, then that it is none; or those that undo that."""
    return [button for button in app.button if (button.key or "").startswith(f"{kind}_")]


def label(app: AppTest, digit: int) -> AppTest:
    """Say what the digit is; 10 is none."""
    return buttons(app)[digit].click().run()


def undone(app: AppTest) -> AppTest:
    """Take the saving back."""
    (button,) = buttons(app, "undo")
    return button.click().run()


def marked(app: AppTest) -> list[str]:
    """The label that is shown as the one that was saved."""
    return [button.label for button in buttons(app) if button.proto.type == "primary"]


def said(app: AppTest) -> str:
    """All captions of the page."""
    return " ".join(caption.value for caption in app.caption)


def test_nothing_can_be_said_of_an_empty_sheet(opened: Open) -> None:
    app = opened("sketch")
    assert {button.disabled for button in buttons(app)} == {True}
    assert [button.disabled for button in buttons(app, "undo")] == [True]


def test_a_correction_is_saved_with_everything_and_taken_back(opened: Open, database: Database) -> None:
    app = put(opened("sketch"), SEVEN)
    assert [button.label for button in buttons(app)][6:] == ["6", "7 ✓", "8", "9", "Not a digit"]
    assert marked(app) == []
    label(app, 4)
    (digit,) = read_every(database)
    assert (digit.label, digit.source, digit.without) == (4, Source.DRAWN, ())
    assert np.array_equal(digit.image, sketch(SEVEN).image)
    assert json.loads(digit.strokes or "")["strokes"] == [{"pen": 20, "points": [[*point] for point in SEVEN]}]
    answer = load_bundled(DEFAULT).probabilities(digit.image[np.newaxis])[0]
    assert digit.answer.probabilities == pytest.approx(answer.tolist(), abs=1e-6)
    assert (digit.answer.model, digit.answer.read, digit.answer.run, digit.answer.epoch) == (DEFAULT, 7, None, None)
    assert "Saved as a 4." in said(app)
    assert "This model read 0 of 1." in said(app)
    assert marked(app) == ["4"]
    undone(app)
    assert count_by_label(database) == {}
    assert "Saved" not in said(app)
    assert marked(app) == []


def test_a_label_is_changed_and_changed_back(opened: Open, database: Database) -> None:
    app = label(label(put(opened("sketch"), SEVEN), 4), 10)
    assert count_by_label(database) == {None: 1}
    assert "Saved as not a digit." in said(app)
    undone(app)
    assert count_by_label(database) == {4: 1}
    assert "Saved as a 4." in said(app)


def test_a_double_click_saves_once_and_is_taken_back_as_one(opened: Open, database: Database) -> None:
    app = label(label(label(put(opened("sketch"), SEVEN), 4), 9), 9)
    assert count_by_label(database) == {9: 1}
    undone(app)
    assert count_by_label(database) == {4: 1}


def test_a_click_that_comes_after_another_stroke_meets_no_button_that_is_still_there(opened: Open) -> None:
    app = label(put(opened("sketch"), SEVEN), 4)
    keys = [{button.key for kind in ("label", "undo") for button in buttons(app, kind)}]
    label(put(app, ONE), 1)
    keys.append({button.key for kind in ("label", "undo") for button in buttons(app, kind)})
    assert [len(found) for found in keys] == [12, 12]
    assert keys[0].isdisjoint(keys[1])


def test_an_answer_is_confirmed(opened: Open, database: Database) -> None:
    app = label(put(opened("sketch"), SEVEN), 7)
    assert count_by_label(database) == {7: 1}
    assert "This model read 1 of 1." in said(app)


def test_what_an_earlier_session_has_saved_is_known_and_can_be_taken_back(opened: Open, database: Database) -> None:
    save(database, records.label_digit(sketch(SEVEN), 8, an_answer(7), drawing(SEVEN)))
    app = put(opened("sketch"), SEVEN)
    assert "Saved as an 8." in said(app)
    undone(app)
    assert count_by_label(database) == {}


def test_of_several_digits_the_one_that_is_looked_at_is_saved_with_all_strokes(
    opened: Open, database: Database
) -> None:
    strokes = [[(x // 2, y // 2 + 60) for x, y in SEVEN], [(x // 2 + 130, y // 2 + 60) for x, y in ONE]]
    app = put(opened("sketch"), *strokes)
    app.button_group(key="digit_of_2").set_value(1).run()
    label(app, 1)
    (digit,) = read_every(database)
    assert (digit.label, digit.answer.read) == (1, 1)
    assert np.array_equal(digit.image, sketch(strokes[1]).image)
    assert len(json.loads(digit.strokes or "")["strokes"]) == 2
    assert marked(app) == ["1 ✓"]
    app.button_group(key="digit_of_2").set_value(0).run()
    assert marked(app) == []


def test_steps_that_were_left_out_are_noted_and_the_image_is_whole(opened: Open, database: Database) -> None:
    app = put(opened("sketch"), SEVEN)
    app.toggle(key="step_margin").set_value(False).run()
    label(app, 7)
    (digit,) = read_every(database)
    assert digit.without == (Step.MARGIN,)
    assert np.array_equal(digit.image, sketch(SEVEN).image)
    assert "This model read" not in said(app)


def test_strokes_without_end_are_refused_with_the_reason(
    opened: Open, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LARGEST", 50)
    app = label(put(opened("sketch"), SEVEN), 4)
    assert "It was not saved. The strokes of this drawing would take" in app.error[0].value
    assert count_by_label(database) == {}
    assert marked(app) == []
    app.run()
    assert not app.error
