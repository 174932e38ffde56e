"""Own digits on the page of data sets: counted, looked at, deleted, and made a set."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.data.store import named_sets
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.records import label_digit
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.drawn import SEVEN, an_answer, drawing, sketch
from tests.pages.conftest import Open


@pytest.fixture
def keys(database: Database) -> list[str]:
    """Seven digits with the label 7, one with 1, and one that is no digit; their keys, the newest first."""
    kept = []
    for place, label in enumerate([7] * 7 + [1, None]):
        points = [(x + place, y) for x, y in SEVEN]
        kept.append(collection.save(database, label_digit(sketch(points), label, an_answer(), drawing(points))))
    return [saved.digit.key for saved in reversed(kept)]


def said(app: AppTest) -> str:
    """All words of the page."""
    return " ".join(one.value for one in (*app.markdown, *app.caption))


def test_where_there_are_none_it_says_where_they_come_from(opened: Open) -> None:
    app = opened("datasets")
    assert "None yet. Draw a digit and say what it is" in said(app)


@pytest.mark.usefixtures("keys")
def test_they_are_counted_by_label(opened: Open) -> None:
    assert "9 in all: 1 × 1, 7 × 7 and 1 × not a digit." in said(opened("datasets"))


def test_one_is_looked_at_and_deleted(opened: Open, database: Database, keys: list[str]) -> None:
    app = opened("datasets")
    assert not [button for button in app.button if button.key == "delete_own"]
    app.session_state["own"] = keys[1]
    app.run()
    assert "**Label 1** :gray[Model cnn read 7 (91.0 %).]" in said(app)
    app.button(key="delete_own").click().run()
    assert not app.exception
    assert collection.count_by_label(database) == {7: 7, None: 1}
    assert "delete_own" not in [button.key for button in app.button]


@pytest.mark.usefixtures("keys")
def test_a_set_is_made_of_them_and_listed_at_once(opened: Open, with_data: Settings) -> None:
    app = opened("datasets")
    app.text_input(key="own_set_name").set_value("mine")
    next(button for button in app.button if button.label == "Make it").click().run()
    assert "mine is here now: 7 training and 1 test images." in app.success[0].value
    assert named_sets.names(with_data) == ("mine",)
    assert "**mine**" in said(app)


@pytest.mark.usefixtures("keys")
def test_a_name_that_cannot_be_used_is_refused_with_the_reason(opened: Open, with_data: Settings) -> None:
    app = opened("datasets")
    app.text_input(key="own_set_name").set_value("mnist")
    next(button for button in app.button if button.label == "Make it").click().run()
    assert "There is already a data set 'mnist'" in app.error[0].value
    assert named_sets.names(with_data) == ()
