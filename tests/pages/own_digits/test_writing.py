"""Writing own digits: what is asked for, kept, skipped, taken back, and what is reached of the goal."""

import json
import time
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.collection import count_by_label, read_every, save
from mnist_dash.own_digits.records import label_digit
from mnist_dash.own_digits.sets import delete_own_set, make_own_set
from mnist_dash.sketch.sheet import Sheet, to_text
from mnist_dash.store.database import Database
from mnist_dash.ui.shell.drawing import DrawnSketch
from tests.awaiting import deadline
from tests.drawn import ONE, SEVEN, Points, an_answer, drawing, sketch
from tests.pages.conftest import Open


def asked(app: AppTest) -> int:
    """The digit that is asked for."""
    assert not app.exception
    (words,) = [header.value for header in app.header if header.value.startswith("Write")]
    return int(words[-1])


def draw(app: AppTest, *strokes: Points) -> AppTest:
    """Draw on the sheet."""
    app.session_state["own_sketch"] = DrawnSketch(Sheet().draw(drawing(*strokes)))
    return app.run()


def press(app: AppTest, key: str) -> AppTest:
    """Press one of the buttons."""
    return app.button(key=key).click().run()


def write(app: AppTest, place: int = 0) -> AppTest:
    """Write what is asked for, in a hand that knows one digit, and keep it."""
    return press(draw(app, [(x + place, y) for x, y in SEVEN]), "keep")


def choice(app: AppTest) -> Selectbox[str]:
    """The choice of the set."""
    return next(box for box in app.selectbox if box.label == "Set")


def said(app: AppTest) -> str:
    """All captions of the page."""
    return " ".join(caption.value for caption in app.caption)


def progress(app: AppTest) -> str:
    """What is said of the goal."""
    (bar,) = app.get("progress")
    return str(bar.proto.text)


def test_a_digit_is_kept_with_everything_and_the_next_one_is_asked_for(opened: Open, database: Database) -> None:
    app = opened("own_digits")
    first = asked(app)
    app.text_input(key="own_writer").set_value(" Ada ").run()
    before = time.time()
    write(app)
    (digit,) = read_every(database)
    assert (digit.label, digit.writer, digit.created >= before) == (first, "Ada", True)
    assert digit.seconds is not None
    assert 0 <= digit.seconds < 60
    assert np.array_equal(digit.image, sketch(SEVEN).image)
    assert json.loads(digit.strokes or "")["strokes"] == [{"pen": 20, "points": [[*point] for point in SEVEN]}]
    shares = load_bundled(DEFAULT).probabilities(digit.image[np.newaxis])[0]
    assert digit.answer.probabilities == pytest.approx(shares.tolist(), abs=1e-6)
    assert asked(app) != first
    assert app.session_state["own_sketch"].sheet.drawing == ()
    assert f"Kept as a{'n' if first == 8 else ''} {first}. The bundled reader read" in said(app)
    assert progress(app) == "1 of 10 written"


def test_ten_digits_are_one_of_each_and_then_a_set_can_be_made(opened: Open, database: Database) -> None:
    app = opened("own_digits")
    for place in range(10):
        assert not [button for button in app.button if button.key == "raise_goal"]
        write(app, place)
    assert count_by_label(database) == dict.fromkeys(range(10), 1)
    assert progress(app) == "All 10 are written"
    assert any("One of each digit is there." in text.value for text in app.markdown)
    press(app, "raise_goal")
    assert progress(app).startswith("10 of 20 written, about ")


def test_a_link_brings_set_goal_and_order(opened: Open, database: Database) -> None:
    made = make_own_set(database, "mine", "Ada")
    for label in range(10):
        digit = label_digit(sketch([(x + label, y) for x, y in SEVEN]), label, an_answer(label))
        save(database, replace(digit, seconds=10.0 - label), made.key)
    app = opened("own_digits", set="mine", goal="5", ask="quickest")
    assert asked(app) == 9
    assert choice(app).value == "mine"
    assert progress(app).startswith("10 of 50 written")
    # Where nothing is drawn yet, what is asked for follows.
    next(box for box in app.selectbox if box.label == "Goal").set_value("1").run()
    assert progress(app) == "All 10 are written"


def test_an_empty_sheet_is_refused_in_words_and_nothing_moves(opened: Open, database: Database) -> None:
    app = opened("own_digits")
    first = asked(app)
    press(app, "keep")
    assert asked(app) == first
    assert f"The sheet is empty. Write the {first} on it first." in said(app)
    assert count_by_label(database) == {}


def test_it_is_said_that_it_is_another_digit(opened: Open, database: Database) -> None:
    app = opened("own_digits")
    other = (asked(app) + 3) % 10
    press(draw(app, SEVEN), f"ask_{other}")
    assert asked(app) == other
    press(app, "keep")
    assert count_by_label(database) == {other: 1}


def test_what_is_skipped_waits(opened: Open, database: Database) -> None:
    app = opened("own_digits")
    seen = []
    for _ in range(10):
        seen.append(asked(app))
        press(app, "skip")
    assert sorted(seen) == list(range(10))
    assert asked(app) == seen[0]
    assert count_by_label(database) == {}


def test_what_was_kept_last_is_taken_back_and_asked_for_again(opened: Open, database: Database) -> None:
    app = opened("own_digits")
    first = asked(app)
    assert app.button(key="take_back").disabled
    second = asked(write(app))
    write(app, 5)
    press(app, "take_back")
    assert (asked(app), count_by_label(database)) == (second, {first: 1})
    press(app, "take_back")
    assert (asked(app), count_by_label(database)) == (first, {})
    assert app.button(key="take_back").disabled


def test_what_was_changed_meanwhile_is_not_taken_back(opened: Open, database: Database) -> None:
    app = opened("own_digits")
    first = asked(app)
    write(app)
    (digit,) = read_every(database)
    collection.change_label(database, digit.key, (first + 1) % 10)
    press(app, "take_back")
    assert "It was changed or deleted meanwhile, so it stays as it is." in said(app)
    assert count_by_label(database) == {(first + 1) % 10: 1}


def test_the_same_drawing_is_not_kept_under_a_second_label(opened: Open, database: Database) -> None:
    app = opened("own_digits")
    first = asked(app)
    write(write(app))
    assert count_by_label(database) == {first: 1}
    assert "This very drawing is in the set already" in said(app)


def test_a_set_that_was_deleted_meanwhile_is_said_and_the_drawing_stays(opened: Open, database: Database) -> None:
    made = make_own_set(database, "mine")
    app = draw(opened("own_digits", set="mine"), SEVEN)
    delete_own_set(database, made.key)
    press(app, "keep")
    assert not app.exception
    assert app.session_state["own_sketch"].sheet.drawing == drawing(SEVEN)
    assert "There is no set 'mine' any more" in app.warning[0].value
    assert choice(app).value == "own-digits"


def test_what_a_reload_brings_back_is_asked_for_as_before(opened: Open, database: Database) -> None:
    app = opened("own_digits")
    other = (asked(app) + 3) % 10
    restored(app, other)
    assert asked(app) == other
    assert app.session_state["own_sketch"].sheet.drawing == drawing(ONE)
    press(app, "keep")
    (digit,) = read_every(database)
    # Nobody knows when it was begun.
    assert (digit.label, digit.seconds) == (other, None)


def test_a_reload_brings_nothing_back_that_was_kept_already(opened: Open, database: Database) -> None:
    save(database, label_digit(sketch(ONE), 1, an_answer(1), drawing(ONE)))
    assert restored(opened("own_digits"), 1).session_state["own_sketch"].sheet.drawing == ()


@pytest.mark.parametrize("digit", [True, "7", 10, None, [1]])
def test_what_a_browser_cannot_have_kept_is_passed_over(opened: Open, digit: object) -> None:
    app = opened("own_digits")
    first = asked(app)
    assert asked(restored(app, digit)) == first


def restored(app: AppTest, digit: object) -> AppTest:
    """The page after the browser has told that it has kept a drawing, when it was asked for this digit."""
    script = AppTest.from_function(restoring, default_timeout=deadline())
    for key in KEPT:
        script.session_state[key] = app.session_state[key]
    script.session_state["found"] = json.dumps(json.loads(to_text(Sheet().draw(drawing(ONE)))) | {"digit": digit})
    script.run()
    assert not script.exception
    for key in KEPT:
        app.session_state[key] = script.session_state[key]
    return app.run()


KEPT = ("own_prompt", "own_sketch")


def restoring() -> None:
    import streamlit as st

    from mnist_dash.ui.own_digits import prompt

    prompt.restore(st.session_state["found"])
