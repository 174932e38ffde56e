"""What a phone in a class is asked for, told and refused; what its browser sends may be anything."""

from collections.abc import Callable
from functools import wraps
from itertools import count
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mnist_dash.errors import UnreachableError
from mnist_dash.own_digits import class_room
from mnist_dash.own_digits.class_room import ClassRoom, close_room, join, open_room
from mnist_dash.own_digits.collection import count_by_label, read_every
from mnist_dash.own_digits.sets import delete_own_set, find_set, make_own_set
from mnist_dash.sketch.traces import MOST_POINTS, pack
from mnist_dash.store.database import Database
from mnist_dash.ui import class_room as ui
from mnist_dash.ui.class_room.visit import Visit
from mnist_dash.ui.shell.glances import Glances
from tests.awaiting import deadline
from tests.drawn import ONE, SEVEN, Points, drawing
from tests.pages.conftest import Open

NUMBER = "0123456789abcdef" * 2
KEPT = ("class_visit", "class_name")


@pytest.fixture
def room(database: Database) -> ClassRoom:
    """A class of which each phone may keep two digits."""
    return open_room(database, make_own_set(database, "class-7a").key, 2, named=True)


@pytest.fixture
def phone(opened: Open, database: Database, room: ClassRoom) -> AppTest:
    """A phone that has followed the link and told its number."""
    app = opened("class_room", **{"class": room.code})
    assert not app.exception
    return know(app, database, room)


def know(app: AppTest, database: Database, room: ClassRoom) -> AppTest:
    """The page after the browser has told the number of its phone."""
    app.session_state["class_visit"] = Visit(room.code, join(database, room.code, NUMBER))
    return app.run()


def asked(app: AppTest) -> int:
    """The digit that is asked for."""
    assert not app.exception
    words = app.title[0].value
    assert words.startswith("Write a"), words
    return int(words[-1])


def said(app: AppTest) -> str:
    """All captions of the page."""
    return " ".join(caption.value for caption in app.caption)


def progress(app: AppTest) -> str:
    """What is said of the limit."""
    (bar,) = app.get("progress")
    return str(bar.proto.text)


def tell(app: AppTest, digit: object) -> AppTest:
    """The page after the browser has told a digit."""
    script = AppTest.from_function(telling, default_timeout=deadline())
    for key in KEPT:
        if key in app.session_state:
            script.session_state[key] = app.session_state[key]
    script.session_state["class_sheet"] = {"phone": NUMBER, "digit": digit}
    script.run()
    assert not script.exception
    app.session_state["class_visit"] = script.session_state["class_visit"]
    return app.run()


def telling() -> None:
    from mnist_dash.ui.class_room import visit

    visit.take()


def a_digit(label: int, *strokes: Points, digit_id: str = "a", seconds: object = 2.5) -> dict[str, Any]:
    """A digit as the sheet of a phone tells it."""
    return {"id": digit_id, "label": label, "strokes": pack(drawing(*strokes)), "seconds": seconds}


def test_a_phone_sees_the_class_alone(opened: Open, room: ClassRoom) -> None:
    app = opened("class_room", **{"class": room.code.lower()})
    assert not app.exception
    assert app.title[0].value == "Class room"
    assert progress(app) == "0 of 2 kept"


def test_a_digit_is_kept_with_all_that_is_known_and_the_next_is_asked_for(phone: AppTest, database: Database) -> None:
    first = asked(phone)
    phone.text_input(key="class_name").set_value(" Zoë 🦊 <b>*x*</b> ").run()
    tell(phone, a_digit(first, SEVEN))
    assert asked(phone) != first
    (digit,) = read_every(database, room_key(database))
    assert (digit.label, digit.writer, digit.seconds) == (first, "Zoë 🦊 <b>*x*</b>", 2.5)
    assert digit.strokes is not None
    assert "The bundled reader read" in said(phone)
    assert progress(phone) == "1 of 2 kept"
    assert phone.session_state["class_visit"].heard == "a"


def room_key(database: Database) -> str:
    """The key of the class' set."""
    return find_set(database, "class-7a").key


def test_a_reload_and_another_tab_share_limit_and_name(
    phone: AppTest, opened: Open, database: Database, room: ClassRoom
) -> None:
    phone.text_input(key="class_name").set_value("Ada").run()
    tell(phone, a_digit(asked(phone), SEVEN))
    other = know(opened("class_room", **{"class": room.code}), database, room)
    assert asked(other) == asked(phone)
    assert other.text_input(key="class_name").value == "Ada"
    tell(other, a_digit(asked(other), ONE, digit_id="b"))
    assert other.title[0].value == "Thank you!"
    assert other.markdown[0].value == "2 digits of this phone are kept. Watch the wall."
    # The first tab still asks, and is told.
    tell(phone, a_digit(asked(phone), ONE, SEVEN, digit_id="c"))
    assert "This phone has kept 2 digits, as many as each may." in said(phone)
    assert sum(count_by_label(database, room.set_key).values()) == 2


def test_what_is_told_twice_is_kept_once(phone: AppTest, database: Database, room: ClassRoom) -> None:
    digit = a_digit(asked(phone), SEVEN)
    tell(tell(phone, digit), digit)
    assert progress(phone) == "1 of 2 kept"
    assert sum(count_by_label(database, room.set_key).values()) == 1


def test_nobody_is_named_where_names_are_not_asked_for(opened: Open, database: Database, room: ClassRoom) -> None:
    open_room(database, room.set_key, 2, named=False)
    app = know(opened("class_room", **{"class": room.code}), database, room)
    assert not app.text_input
    app.session_state["class_name"] = "Ada"
    tell(app, a_digit(asked(app), SEVEN))
    assert [digit.writer for digit in read_every(database, room.set_key)] == [None]


@pytest.mark.parametrize(
    "digit",
    [
        *(None, 7, "x", [], {}, {"id": "a"}),
        {"id": "a", "label": True, "strokes": [], "seconds": 1},
        {"id": "a", "label": 10, "strokes": [], "seconds": 1},
        {"id": "a", "label": 1.0, "strokes": [], "seconds": 1},
        {"id": "a" * 41, "label": 1, "strokes": [], "seconds": 1},
        *(
            {"id": "a", "label": 1, "strokes": strokes, "seconds": 1}
            for strokes in (None, [], "x", [[1]], [[20, 0, "a", 1]])
        ),
    ],
)
def test_what_is_no_digit_is_refused_in_words(
    phone: AppTest, database: Database, room: ClassRoom, digit: object
) -> None:
    first = asked(phone)
    tell(phone, digit)
    assert asked(phone) == first
    assert phone.session_state["class_visit"].refused
    assert phone.session_state["class_visit"].told
    assert count_by_label(database, room.set_key) == {}


def test_a_stroke_of_a_million_points_is_refused(phone: AppTest, database: Database, room: ClassRoom) -> None:
    endless = a_digit(asked(phone), SEVEN) | {"strokes": [[20, 0, *([100.5, 90.5] * 1_000_000)]]}
    tell(phone, endless)
    assert f"The strokes have 1,000,000 points; allowed are {MOST_POINTS:,}." in said(phone)
    assert count_by_label(database, room.set_key) == {}


@pytest.mark.parametrize("seconds", [None, "x", -1, float("nan"), float("inf"), 61, [1]])
def test_seconds_that_nobody_knows_are_left_out(
    phone: AppTest, database: Database, room: ClassRoom, seconds: object
) -> None:
    tell(phone, a_digit(asked(phone), SEVEN, seconds=seconds))
    assert [digit.seconds for digit in read_every(database, room.set_key)] == [None]


def test_a_phone_that_nobody_knows_yet_is_told_nothing_of_its_digits(
    opened: Open, database: Database, room: ClassRoom
) -> None:
    close_room(database, room.set_key)
    told = opened("class_room", **{"class": room.code})
    assert told.title[0].value == "The class is closed"
    assert told.markdown[0].value == "No more digits are taken now."


def test_a_class_that_is_closed_says_so_and_can_be_looked_at_again(
    phone: AppTest, database: Database, room: ClassRoom
) -> None:
    close_room(database, room.set_key)
    tell(phone, a_digit(asked(phone), SEVEN))
    assert phone.title[0].value == "The class is closed"
    assert "no more digits are taken" in said(phone)
    assert count_by_label(database, room.set_key) == {}
    open_room(database, room.set_key, 2, named=True)
    phone.button(key="look_for_class").click().run()
    assert progress(phone) == "0 of 2 kept"
    tell(phone, a_digit(asked(phone), SEVEN, digit_id="b"))
    close_room(database, room.set_key)
    tell(phone, a_digit(asked(phone), ONE, digit_id="c"))
    assert phone.markdown[0].value == "1 digit of this phone is kept; no more are taken now."


def test_a_set_that_is_deleted_while_somebody_writes_is_said(
    phone: AppTest, database: Database, room: ClassRoom
) -> None:
    first = asked(phone)
    delete_own_set(database, room.set_key)
    tell(phone, a_digit(first, SEVEN))
    assert not phone.exception
    assert f"There is no class '{room.code}'" in phone.error[0].value


@pytest.mark.usefixtures("opened")
def test_a_full_class_is_said(room: ClassRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_room, "MOST_PHONES", 0)
    script = AppTest.from_function(coming, default_timeout=deadline())
    script.session_state["room"] = room
    script.session_state["class_sheet"] = {"phone": NUMBER}
    script.run()
    assert "0 phones are in this class" in script.error[0].value


@pytest.mark.usefixtures("looks_twice")
def test_a_phone_comes_back_by_itself_when_the_database_answers(
    opened: Open, room: ClassRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was away when the page was drawn."""
    asked = fail_once(monkeypatch, 0)
    app = opened("class_room", **{"class": room.code})
    assert (list(app.exception), list(app.error)) == ([], [])
    assert progress(app) == "0 of 2 kept"
    # For the page that failed, for the one that did not, and for the look of that.
    assert next(asked) == 3


@pytest.mark.usefixtures("looks_twice")
def test_a_phone_is_left_as_it_is_while_the_database_is_away(
    opened: Open, room: ClassRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where pages are to look more rarely from now on: the page could not be drawn once more."""
    paces = count(1)

    def choose(_glances: Glances, _now: int = 1) -> int:
        return next(paces)

    monkeypatch.setattr(Glances, "choose_pace", choose)
    asked = fail_once(monkeypatch, 1)
    app = opened("class_room", **{"class": room.code})
    assert (list(app.exception), list(app.error)) == ([], [])
    assert progress(app) == "0 of 2 kept"
    assert next(asked) == 2


@pytest.fixture
def looks_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a page are drawn with it, and look once more by themselves then."""

    def fragment(part: Callable[[], None] | None = None, **_how: object) -> Callable[..., object]:
        if part is None:
            return fragment

        @wraps(part)
        def show() -> None:
            part()
            part()

        return show

    monkeypatch.setattr(st, "fragment", fragment)


def fail_once(monkeypatch: pytest.MonkeyPatch, at: int) -> "count[int]":
    """Let the class be read but for one time; how often it was."""
    asked = count()

    def read(database: Database, code: str) -> ClassRoom:
        if next(asked) == at:
            raise UnreachableError("It cannot be asked now.")
        return class_room.read_room(database, code)

    monkeypatch.setattr(ui, "read_room", read)
    return asked


def test_a_phone_says_that_the_database_is_away(opened: Open, room: ClassRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_database: Database, _code: str) -> ClassRoom:
        raise UnreachableError("It cannot be reached now.")

    monkeypatch.setattr(ui, "read_room", refuse)
    app = opened("class_room", **{"class": room.code})
    assert not app.exception
    assert [told.value for told in app.error] == ["It cannot be reached now."]


def coming() -> None:
    import streamlit as st

    from mnist_dash.ui.class_room import writing

    writing.show(st.session_state["room"])


def test_a_code_can_be_typed_where_no_link_was_followed(opened: Open, room: ClassRoom) -> None:
    app = opened("class_room")
    app.text_input(key="class_code_typed").set_value("nobody")
    app.button[0].click().run()
    assert "There is no class 'NOBODY'" in app.error[0].value
    app.text_input(key="class_code_typed").set_value(f" {room.code.lower()} ")
    app.button[0].click().run()
    assert progress(app) == "0 of 2 kept"
    assert app.query_params["class"] == room.code
