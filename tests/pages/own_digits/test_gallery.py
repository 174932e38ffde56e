"""The gallery of own digits: counted, looked at, labelled anew, deleted, taken back, and made a data set."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.data.store import named_sets
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.records import label_digit
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.own_digits import gallery
from tests.drawn import SEVEN, an_answer, drawing, sketch
from tests.pages.conftest import Open

NAME = "data_set_of_sketch"


@pytest.fixture
def keys(database: Database) -> list[str]:
    """Seven digits with the label 7, one with 1, and one that is no digit; their keys, the newest first."""
    kept = []
    for place, label in enumerate([7] * 7 + [1, None]):
        points = [(x + place, y) for x, y in SEVEN]
        digit = label_digit(sketch(points), label, an_answer(), drawing(points))
        kept.append(collection.save(database, replace(digit, writer="_Ada_", seconds=2.25)))
    return [saved.digit.key for saved in reversed(kept)]


def view(opened: Open, **query: str) -> AppTest:
    """The gallery."""
    return opened("own_digits", own_view="gallery", **query)


def said(app: AppTest) -> str:
    """All words of the page."""
    return " ".join(one.value for one in (*app.markdown, *app.caption))


def press(app: AppTest, key: str) -> AppTest:
    """Press one of the buttons."""
    app.button(key=key).click().run()
    assert not app.exception
    return app


def make(app: AppTest, name: str) -> AppTest:
    """Make a data set of that name."""
    app.text_input(key=NAME).set_value(name)
    next(button for button in app.button if "own_data_set" in str(button.key)).click().run()
    assert not app.exception
    return app


def test_where_there_are_none_it_says_where_they_come_from(opened: Open) -> None:
    assert "No digits yet. Write some, or save what you draw on Sketch" in view(opened).info[0].value


@pytest.mark.usefixtures("keys")
def test_they_are_counted_by_label(opened: Open) -> None:
    assert "9 in all: 1 × 1, 7 × 7 and 1 × not a digit." in said(view(opened))


def test_one_is_looked_at_deleted_and_brought_back(opened: Open, database: Database, keys: list[str]) -> None:
    app = view(opened)
    assert not [button for button in app.button if button.key == "delete_own"]
    assert app.button(key="undo_own").disabled
    app.session_state["own"] = keys[1]
    app.run()
    assert "**Label 1** :gray[Model cnn read 7 (91.0 %).]" in said(app)
    assert "Drawn by \\_Ada\\_ in 2.2 s, " in said(app)
    press(app, "delete_own")
    assert collection.count_by_label(database) == {7: 7, None: 1}
    assert "delete_own" not in [button.key for button in app.button]
    assert "Deleted: a 1." in said(app)
    press(app, "undo_own")
    assert collection.count_by_label(database) == {1: 1, 7: 7, None: 1}
    assert "**Label 1**" in said(app)


def test_one_gets_another_label_and_its_own_again(opened: Open, database: Database, keys: list[str]) -> None:
    app = view(opened)
    app.session_state["own"] = keys[1]
    app.run()
    press(app, f"relabel_{keys[1]}_None")
    assert collection.count_by_label(database) == {7: 7, None: 2}
    assert "It is not a digit now; it was a 1." in said(app)
    press(app, "undo_own")
    assert collection.count_by_label(database) == {1: 1, 7: 7, None: 1}
    assert app.button(key="undo_own").disabled


def test_changes_are_taken_back_one_after_the_other(opened: Open, database: Database, keys: list[str]) -> None:
    app = view(opened)
    app.session_state["own"] = keys[1]
    press(app.run(), f"relabel_{keys[1]}_3")
    press(app, f"relabel_{keys[1]}_4")
    press(app, "delete_own")
    assert collection.count_by_label(database) == {7: 7, None: 1}
    press(app, "undo_own")
    assert collection.count_by_label(database) == {4: 1, 7: 7, None: 1}
    assert "It is a 4 now; it was a 3." in said(app)
    press(app, "undo_own")
    assert collection.count_by_label(database) == {3: 1, 7: 7, None: 1}
    press(app, "undo_own")
    assert collection.count_by_label(database) == {1: 1, 7: 7, None: 1}
    assert app.button(key="undo_own").disabled


def test_what_was_changed_elsewhere_is_not_taken_back(opened: Open, database: Database, keys: list[str]) -> None:
    app = view(opened)
    app.session_state["own"] = keys[1]
    press(app.run(), f"relabel_{keys[1]}_3")
    collection.change_label(database, keys[1], 4)
    press(app, "undo_own")
    assert "It was changed or deleted meanwhile, so it stays as it is." in said(app)
    assert collection.count_by_label(database)[4] == 1
    collection.remove(database, keys[1])
    press(app, f"relabel_{keys[1]}_3")
    assert "This digit is not there any more" in said(app)


@pytest.mark.usefixtures("keys")
def test_a_link_names_some_of_them(opened: Open) -> None:
    assert "There is no such digit" not in said(view(opened, labelled="1", misread="true"))
    assert "There is no such digit" in said(view(opened, labelled="7", misread="true"))
    assert "There is no such digit" in said(view(opened, labelled="3"))


@pytest.mark.usefixtures("keys")
def test_many_come_in_pages(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "SHOWN", 4)
    app = view(opened)
    assert app.number_input(key="own_page").label == "Page of 3"
    app.number_input(key="own_page").set_value(3).run()
    app.button_group(key="labelled").set_value("7").run()
    assert not app.exception
    assert app.number_input(key="own_page").value == 2
    app.button_group(key="labelled").set_value("1").run()
    assert not app.exception
    assert not app.number_input


@pytest.mark.usefixtures("keys")
def test_a_set_is_made_of_them(opened: Open, with_data: Settings) -> None:
    app = make(view(opened), "mine")
    assert "mine is here now: 7 training and 1 test images." in app.success[0].value
    assert named_sets.names(with_data) == ("mine",)


@pytest.mark.usefixtures("keys")
def test_a_name_that_cannot_be_used_is_refused_with_the_reason(opened: Open, with_data: Settings) -> None:
    app = make(view(opened), "mnist")
    assert "There is already a data set 'mnist'" in app.error[0].value
    assert named_sets.names(with_data) == ()


def test_of_few_digits_a_set_is_tested_on_mnists(opened: Open, database: Database, with_data: Settings) -> None:
    for place in range(2):
        points = [(x + place, y) for x, y in SEVEN]
        collection.save(database, label_digit(sketch(points), place, an_answer(), drawing(points)))
    app = view(opened)
    assert app.radio(key="own_test").value == "MNIST's test images"
    make(app, "two")
    made = named_sets.open_set(with_data, "two")
    assert (len(made.train), len(made.test) > 2) == (2, True)
