"""Sets of own digits on their page: made, renamed, deleted, and told in figures."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from mnist_dash.models.bundled import DEFAULT
from mnist_dash.own_digits.collection import count_by_label, save
from mnist_dash.own_digits.records import label_digit
from mnist_dash.own_digits.sets import SKETCH, find_set, list_sets
from mnist_dash.store.database import Database
from tests.drawn import SEVEN, an_answer, sketch
from tests.own_digits.test_collection import a_digit
from tests.pages.conftest import Open


def submit(app: AppTest, form: str) -> AppTest:
    """Send a form off."""
    next(button for button in app.button if form in str(button.key)).click().run()
    assert not app.exception
    return app


def choice(app: AppTest) -> Selectbox[str]:
    """The choice of the set."""
    return next(box for box in app.selectbox if box.label == "Set")


def said(app: AppTest) -> str:
    """All captions of the page."""
    return " ".join(caption.value for caption in app.caption)


def test_sets_are_made_renamed_and_deleted(opened: Open, database: Database) -> None:
    app = opened("own_digits")
    app.text_input(key="new_own_set_name").set_value("mine")
    app.text_input(key="new_own_set_owner").set_value("Ada")
    submit(app, "FormSubmitter:new_own_set")
    assert choice(app).value == "mine"
    assert choice(app).options == ["own-digits", "mine, of Ada"]
    assert app.query_params["set"] in ("mine", ["mine"])
    made = find_set(database, "mine")
    save(database, a_digit(4), made.key)
    app.run()
    app.text_input(key=f"name_{made.key}").set_value("ours")
    submit(app, f"FormSubmitter:change_{made.key}")
    assert choice(app).value == "ours"
    assert "Deleting removes 1 digit for good; a download keeps them." in said(app)
    app.button(key="delete_own_set").click().run()
    assert not app.exception
    assert choice(app).value == "own-digits"
    assert choice(app).options == ["own-digits"]
    assert not app.warning
    assert [one.key for one in list_sets(database)] == [SKETCH]


def test_the_set_of_sketch_is_emptied_and_stays(opened: Open, database: Database) -> None:
    app = opened("own_digits")
    assert app.button(key="delete_own_set").disabled
    save(database, a_digit(4))
    app.run()
    assert "The set itself stays: Sketch saves to it." in said(app)
    app.button(key="delete_own_set").click().run()
    assert not app.exception
    assert count_by_label(database) == {}
    assert choice(app).value == "own-digits"


@pytest.mark.parametrize(("name", "words"), [("own-digits", "There is already a set of own digits"), ("Ä", "Try 'a'")])
def test_a_name_that_cannot_be_is_refused_with_another(opened: Open, name: str, words: str) -> None:
    app = opened("own_digits")
    app.text_input(key="new_own_set_name").set_value(name)
    assert words in submit(app, "FormSubmitter:new_own_set").error[0].value


def test_a_link_to_a_set_that_is_not_there_is_explained(opened: Open) -> None:
    app = opened("own_digits", set="nobody")
    assert "There is no set 'nobody' any more: it was renamed or deleted." in app.warning[0].value
    assert choice(app).value == "own-digits"


def test_the_figures_tell_counts_pace_hands_and_how_it_is_read(opened: Open, database: Database) -> None:
    for place, (label, writer) in enumerate([(7, "Ada"), (7, "Bea"), (1, "Ada")]):
        digit = label_digit(sketch([(x + place, y) for x, y in SEVEN]), label, an_answer(7, DEFAULT))
        save(database, replace(digit, writer=writer, seconds=30.0))
    app = opened("own_digits", own_view="figures")
    assert not app.exception
    assert [(metric.label, metric.value) for metric in app.metric] == [
        ("Digits", "3"),
        ("Writing in all", "1:30 min"),
        ("Median", "30.0 s"),
        ("Read as labelled", "66.7 %"),
    ]
    assert app.dataframe[0].value["writer"].tolist() == ["Ada", "Bea"]


def test_figures_of_an_empty_set_say_what_to_do(opened: Open) -> None:
    assert "No digits yet. Write ten of them" in opened("own_digits", own_view="figures").info[0].value
