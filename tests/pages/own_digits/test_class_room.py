"""A set that is opened for a class: the link, the figures of the wall, limits, the end, and training on it."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.errors import StoreError
from mnist_dash.own_digits.class_room import close_room, find_room, join, keep_from_phone, open_room
from mnist_dash.own_digits.collection import save
from mnist_dash.own_digits.records import label_digit
from mnist_dash.own_digits.sets import SKETCH, delete_own_set, make_own_set
from mnist_dash.runs.queries import runs_of
from mnist_dash.store.database import Database
from mnist_dash.ui.own_digits import class_room as ui
from mnist_dash.ui.own_digits.class_link import ClassLink, make_link
from tests.drawn import SEVEN, an_answer, drawing, sketch
from tests.pages.conftest import Open

DIGIT = label_digit(sketch(SEVEN), 7, an_answer(7), drawing(SEVEN))


def fill(database: Database, set_key: str, labels: str) -> None:
    """Keep digits of these labels, no two of the same ink."""
    for place, label in enumerate(labels):
        save(database, replace(DIGIT, label=int(label), key=f"{place:032x}"), set_key)


def figures(app: AppTest) -> dict[str, str]:
    """What stands above the wall."""
    assert not app.exception
    return {metric.label: metric.value for metric in app.metric}


def test_a_set_is_opened_for_a_class_with_its_limits(opened: Open, database: Database) -> None:
    app = opened("own_digits", own_view="class")
    assert find_room(database, SKETCH) is None
    app.number_input[0].set_value(5)
    app.toggle[0].set_value(True)
    next(button for button in app.button if button.label == "Open the class").click().run()
    assert not app.exception
    room = find_room(database, SKETCH)
    assert room
    assert (room.most, room.named, room.is_open) == (5, True, True)
    assert room.code in app.code[0].value
    assert figures(app)["Phones"] == "0"


def test_the_wall_counts_digits_and_phones(opened: Open, database: Database) -> None:
    room = open_room(database, make_own_set(database, "ours").key, 10, named=False)
    fill(database, room.set_key, "7713")
    phone = join(database, room.code, "0" * 32)
    keep_from_phone(database, room.code, replace(DIGIT, label=0, key="a"), phone.phone)
    app = opened("own_digits", set="ours", own_view="class")
    assert figures(app) == {
        **{"Digits": "5", "Phones": "1"},
        **{f"of {digit}": str("77130".count(str(digit))) for digit in range(10)},
    }


def test_a_class_that_cannot_be_closed_says_why(
    opened: Open, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_database: Database, _set_key: str) -> None:
        raise StoreError("It cannot be reached now.")

    open_room(database, SKETCH, 10, named=False)
    monkeypatch.setattr(ui, "close_room", refuse)
    app = opened("own_digits", own_view="class")
    app.button(key="close_class").click().run()
    assert not app.exception
    assert [told.value for told in app.toast] == ["It cannot be reached now."]
    room = find_room(database, SKETCH)
    assert room
    assert room.is_open


def test_a_class_is_closed_and_opened_again_with_other_limits(opened: Open, database: Database) -> None:
    before = open_room(database, SKETCH, 10, named=False)
    app = opened("own_digits", own_view="class")
    app.button(key="close_class").click().run()
    assert not app.exception
    assert find_room(database, SKETCH) == replace(before, is_open=False)
    assert "The class is closed" in app.info[0].value
    next(button for button in app.button if button.label == "Open the class").click().run()
    assert find_room(database, SKETCH) == before


def test_one_click_trains_on_what_is_there(opened: Open, database: Database) -> None:
    room = open_room(database, make_own_set(database, "ours").key, 10, named=False)
    fill(database, room.set_key, "0123456789" * 7)
    for name in ("ours", "ours-2"):
        app = opened("own_digits", set="ours", own_view="class")
        app.button(key="train_on_class").click().run()
        assert not app.exception
        run = max(runs_of(database), key=lambda run: run.id)
        assert (app.query_params["run"], run.spec.data) == (str(run.id), name)
        assert app.title[0].value == "Train"


def test_too_few_to_train_on_is_said(opened: Open, database: Database) -> None:
    open_room(database, SKETCH, 10, named=False)
    fill(database, SKETCH, "7")
    app = opened("own_digits", own_view="class")
    app.button(key="train_on_class").click().run()
    assert "a set needs two different ones" in app.error[0].value
    assert runs_of(database) == []


def test_a_set_that_is_deleted_meanwhile_is_said(opened: Open, database: Database) -> None:
    room = open_room(database, make_own_set(database, "ours").key, 10, named=False)
    app = opened("own_digits", set="ours", own_view="class")
    delete_own_set(database, room.set_key)
    app.button(key="close_class").click().run()
    assert not app.exception
    assert "There is no set 'ours' any more" in app.warning[0].value


def test_a_closed_class_shows_no_code(opened: Open, database: Database) -> None:
    open_room(database, SKETCH, 10, named=False)
    close_room(database, SKETCH)
    app = opened("own_digits", own_view="class")
    assert not app.exception
    assert not app.get("imgs")


def test_phones_get_the_address_that_the_browser_used() -> None:
    link = make_link("https://dash.example.org/mnist/own_digits", "ABC234", "localhost", "10.0.0.5")
    assert link == ClassLink("https://dash.example.org/mnist/class_room?class=ABC234")
    assert make_link("http://10.0.0.7:8501/own_digits", "A", "0.0.0.0", None).reachable  # noqa: S104


@pytest.mark.parametrize("opened_at", ["http://localhost:8501/own_digits", "http://127.0.0.1:8501/own_digits"])
@pytest.mark.parametrize("listens_at", ["", "0.0.0.0", "::", None])  # noqa: S104
def test_a_server_that_everybody_reaches_is_named_by_its_own_address(opened_at: str, listens_at: str | None) -> None:
    link = make_link(opened_at, "ABC234", listens_at, "192.168.1.20")
    assert link.address == "http://192.168.1.20:8501/class_room?class=ABC234"
    assert link.reachable
    assert "Try it with one phone first" in link.told


@pytest.mark.parametrize("listens_at", ["localhost", "127.0.0.1", "::1"])
def test_a_server_that_nobody_else_reaches_says_how_to_open_it(listens_at: str) -> None:
    link = make_link("http://[::1]:8501/own_digits", "ABC234", listens_at, "192.168.1.20")
    assert not link.reachable
    assert "STREAMLIT_SERVER_ADDRESS=0.0.0.0" in link.told


def test_a_machine_without_a_network_says_so() -> None:
    link = make_link("http://localhost:8501/own_digits", "ABC234", "", None)
    assert not link.reachable
    assert "by the name or number" in link.told
