"""Handwriting on the page Own digits: a hand among others, whatever is missing, and any writer beside it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.data.generator.parameters import parse_handwriting
from mnist_dash.data.generator.writers import write
from mnist_dash.data.io.pen_strokes import StrokeFormat, write_strokes
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.records import label_digit
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.drawn import ONE, SEVEN, an_answer, drawing, sketch
from tests.pages.conftest import Open


@pytest.fixture(scope="session")
def strokes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Digits of twenty writers, who are named; those of two are held out for tests, without their names."""
    path = tmp_path_factory.mktemp("people") / "people.jsonl"
    with path.open("wb") as stream:
        write_strokes(stream, write(600, 3, parse_handwriting({"digits_each": "30"})), StrokeFormat.LINES)
    return path


@pytest.fixture
def people(strokes: Path, with_data: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """They stand for MNIST."""
    assert with_data.data
    monkeypatch.setenv("MNIST_DASH_DATA", str(strokes))


def keep(database: Database, digits: int) -> None:
    """Keep so many 1s and 7s, none twice."""
    for place in range(digits):
        shape, label = (SEVEN, 7) if place % 2 else (ONE, 1)
        points = [(x + place, y) for x, y in shape]
        collection.save(database, label_digit(sketch(points), label, an_answer(label), drawing(points)))


def view(opened: Open, **query: str) -> AppTest:
    """The view of handwriting."""
    app = opened("own_digits", own_view="handwriting", **query)
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All words of the page."""
    return " ".join(one.value for one in (*app.header, *app.markdown, *app.caption))


def beside(app: AppTest) -> int:
    """The writer who stands beside the set."""
    return int(str(next(box for box in app.selectbox if box.label == "Writer").value))


def press(app: AppTest, key: str) -> AppTest:
    """Press one of the buttons."""
    app.button(key=key).click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize(("digits", "told"), [(0, "this set has none yet"), (9, "this set has 9 with a label")])
def test_a_small_set_is_asked_for_more(opened: Open, database: Database, digits: int, told: str) -> None:
    keep(database, digits)
    app = view(opened)
    assert f"A hand shows from 10 digits on, and {told}." in app.info[0].value
    assert not app.header


def test_where_writers_are_unknown_it_says_so(opened: Open, database: Database) -> None:
    keep(database, 10)
    assert "Who wrote these images is not known." in view(opened).info[0].value


@pytest.mark.usefixtures("people")
def test_a_hand_is_told_with_the_nearest_and_the_unusual(opened: Open, database: Database) -> None:
    keep(database, 12)
    app = view(opened)
    told = said(app)
    assert "Among 18 writers" in told
    assert "These digits " in told
    assert " of 100 of these writers." in told
    assert ": two halves of one hand reach 0.7, the nearest stranger 0.4." in told
    assert told.count("More unusual than ") == 4
    assert "**This set** :gray[12 digits, no 0, 2, 3, 4, 5, 6, 8 or 9 yet]" in told
    nearest = [button for button in app.button if str(button.key).startswith("nearest_")]
    assert len(nearest) == 5
    assert nearest[0].label == f"Writer {beside(app)}"
    assert " (number 1)]" in told


@pytest.mark.usefixtures("people")
def test_any_writer_is_leafed_to_and_the_link_holds_it(opened: Open, database: Database) -> None:
    keep(database, 10)
    app = view(opened, hand="5")
    assert beside(app) == 5
    assert beside(press(app, "hand_next")) == 6
    press(app, "hand_previous")
    assert beside(press(app, "hand_previous")) == 4
    assert app.query_params["hand"] in ("4", ["4"])
    next(box for box in app.selectbox if box.label == "Writer").set_value(17).run()
    assert "**Writer 17** " in said(app)
    assert beside(press(app, "hand_next")) == 0
    assert beside(press(app, "hand_previous")) == 17
    third = app.button(key="nearest_2").label
    press(app, "nearest_2")
    assert f"**{third}** " in said(app)
    assert " (number 3)]" in said(app)
    assert beside(press(app, "hand_random")) in range(18)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("hand", ["18", "x", "-1"])
def test_a_writer_who_is_not_there_gives_way_to_the_nearest(opened: Open, database: Database, hand: str) -> None:
    keep(database, 10)
    assert " (number 1)]" in said(view(opened, hand=hand))
