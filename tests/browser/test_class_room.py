"""A class as its people see it: a finger on a phone, and the wall that fills in another browser meanwhile."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from mnist_dash.own_digits.class_room import ClassRoom, close_room, open_room
from mnist_dash.own_digits.collection import count_by_label, read_every
from mnist_dash.own_digits.sets import delete_own_set, make_own_set
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.awaiting import LATE, until
from tests.browser.conftest import Server, tab
from tests.browser.test_looks import SHIFT, WATCH
from tests.browser.test_pages import ONE, SEVEN, settled

pytestmark = pytest.mark.browser

INKED = """() => {
  const canvas = document.querySelector("[data-testid=stBidiComponentRegular] .mnist-dash-phone canvas")
    ?? [...document.querySelectorAll("*")].map(node => node.shadowRoot?.querySelector(".mnist-dash-phone canvas"))
      .find(Boolean)
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  return data.filter((value, place) => place % 4 === 3 && value > 127).length
}"""


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """The database of the app."""
    with open_database(Settings(home=server.home)) as database:
        yield database


@pytest.fixture
def room(database: Database) -> Iterator[ClassRoom]:
    """A class of which each phone may keep two digits."""
    made = make_own_set(database, "class-7a")
    yield open_room(database, made.key, 2, named=True)
    delete_own_set(database, made.key)


@pytest.fixture
def phone(browser: Browser, server: Server, room: ClassRoom) -> Iterator[Page]:
    """A phone that has followed the link."""
    with tab(browser, server.url, {"width": 390, "height": 844}, phone=True) as page:
        page.add_init_script(f"({WATCH})()")
        page.goto(f"/class_room?class={room.code}")
        asked(page)
        yield page
    assert server.faults() == []


def asked(page: Page) -> int:
    """The digit that is asked for."""
    heading = page.get_by_role("heading", name=re.compile(r"^Write an? \d$"))
    expect(heading).to_be_visible()
    settled(page)
    return int(heading.inner_text()[-1])


def write(page: Page, points: list[tuple[int, int]], *, lift: bool = True) -> CDPSession:
    """One stroke with a finger, through points of a sheet of 280 pixels; it stays there where it does not `lift`."""
    box = page.get_by_role("img", name=re.compile("Sheet to write")).bounding_box()
    assert box
    share, session = box["width"] / 280, page.context.new_cdp_session(page)
    for kind, (x, y) in zip(("touchStart", *["touchMove"] * len(points[1:])), points, strict=True):
        at = {"x": box["x"] + x * share, "y": box["y"] + y * share}
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
    if lift:
        lift_finger(session)
    return session


def lift_finger(session: CDPSession) -> None:
    """End the stroke that was begun there."""
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def keep(page: Page) -> None:
    """Press Keep."""
    page.get_by_role("button", name="Keep").tap()


def inked(page: Page) -> int:
    """How many pixels of the sheet have ink."""
    return int(page.evaluate(INKED))


def test_a_finger_writes_and_the_wall_fills_meanwhile(
    phone: Page, page: Page, database: Database, room: ClassRoom
) -> None:
    page.goto("/own_digits?set=class-7a&own_view=class")
    expect(page.get_by_role("img", name="Digits of class-7a, the oldest first: 0")).to_be_visible()
    page.evaluate(f"({WATCH})()")
    first = asked(phone)
    # The finger writes as far as it is wide, and does not move the page.
    assert phone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert phone.get_by_test_id("stSidebar").count() == 0
    write(phone, SEVEN)
    until(lambda: inked(phone) > 1_000)
    keep(phone)
    expect(phone.get_by_text(re.compile(rf"Kept as an? {first}\."))).to_be_visible()
    until(lambda: inked(phone) == 0)
    expect(page.get_by_role("img", name="Digits of class-7a, the oldest first: 1")).to_be_visible()
    assert sum(value for value, _ in page.evaluate("window.shifts")) < SHIFT
    second = asked(phone)
    phone.get_by_role("textbox", name="First name (optional)").fill("Zoë <b>")
    write(phone, ONE)
    keep(phone)
    expect(phone.get_by_role("heading", name="Thank you!")).to_be_visible()
    expect(page.get_by_role("img", name="Digits of class-7a, the oldest first: 2")).to_be_visible()
    assert count_by_label(database, room.set_key) == {first: 1, second: 1}
    assert sum(value for value, _ in phone.evaluate("window.shifts")) < SHIFT
    phone.reload()
    expect(phone.get_by_role("heading", name="Thank you!")).to_be_visible()


def test_the_end_comes_late_and_piece_by_piece_and_nothing_moves(
    browser: Browser, server: Server, database: Database, room: ClassRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What moves within half a second of a touch counts as moved by it.
    monkeypatch.setenv(LATE, "700 30")
    with tab(browser, server.url, {"width": 390, "height": 844}, phone=True) as phone:
        phone.add_init_script(f"({WATCH})()")
        phone.goto(f"/class_room?class={room.code}")
        first = asked(phone)
        write(phone, SEVEN)
        keep(phone)
        expect(phone.get_by_text(re.compile(rf"Kept as an? {first}\."))).to_be_visible()
        asked(phone)
        close_room(database, room.set_key)
        write(phone, ONE)
        keep(phone)
        expect(phone.get_by_role("heading", name="The class is closed")).to_be_visible()
        settled(phone)
        open_room(database, room.set_key, 2, named=True)
        phone.get_by_role("button", name="Look again").tap()
        asked(phone)
        keep(phone)
        expect(phone.get_by_role("heading", name="Thank you!")).to_be_visible()
        expect(phone.get_by_role("textbox", name="First name (optional)")).to_be_hidden()
        settled(phone)
        shifts = phone.evaluate("window.shifts")
        assert sum(value for value, _ in shifts) < SHIFT, shifts
    assert server.faults() == []


def test_a_phone_learns_by_itself_what_becomes_of_its_class(
    browser: Browser, server: Server, database: Database
) -> None:
    room = open_room(database, make_own_set(database, "class-7b").key, 2, named=True)
    with tab(browser, server.url, {"width": 390, "height": 844}, phone=True) as phone:
        phone.add_init_script(f"({WATCH})()")
        phone.goto(f"/class_room?class={room.code}")
        first = asked(phone)
        called = phone.get_by_role("textbox", name="First name (optional)")
        called.fill("Ada")
        called.blur()
        settled(phone)
        # The finger is on the sheet still when the class is closed.
        finger = write(phone, SEVEN, lift=False)
        until(lambda: inked(phone) > 1_000)
        before = inked(phone)
        close_room(database, room.set_key)
        expect(phone.get_by_role("heading", name="The class is closed")).to_be_visible()
        lift_finger(finger)
        open_room(database, room.set_key, 3, named=True)
        assert asked(phone) == first
        expect(phone.get_by_text("0 of 3 kept")).to_be_visible()
        # Nobody has touched it: what was half written stands there still.
        until(lambda: inked(phone) == before)
        expect(called).to_have_value("Ada")
        keep(phone)
        expect(phone.get_by_text(re.compile(rf"Kept as an? {first}\."))).to_be_visible()
        asked(phone)
        assert [digit.writer for digit in read_every(database, room.set_key)] == ["Ada"]
        shifts = phone.evaluate("window.shifts")
        assert sum(value for value, _ in shifts) < SHIFT, shifts
        delete_own_set(database, room.set_key)
        expect(phone.get_by_text(f"There is no class '{room.code}'")).to_be_visible()
    assert server.faults() == []


def test_a_reload_brings_the_drawing_back_and_undo_takes_its_strokes(phone: Page) -> None:
    first = asked(phone)
    write(phone, SEVEN)
    write(phone, ONE)
    until(lambda: inked(phone) > 1_000)
    before = inked(phone)
    phone.reload()
    assert asked(phone) == first
    until(lambda: inked(phone) == before)
    phone.get_by_role("button", name="Undo").tap()
    until(lambda: 0 < inked(phone) < before)
    phone.get_by_role("button", name="Clear").tap()
    until(lambda: inked(phone) == 0)
    expect(phone.get_by_role("button", name="Keep")).to_be_disabled()


def test_what_a_phone_could_not_tell_is_told_after_a_reload_and_kept_once(
    phone: Page, database: Database, room: ClassRoom
) -> None:
    first = asked(phone)
    write(phone, SEVEN)
    # As where there is no network. A browser that is told to be offline keeps its open connection all the same, over
    # which the answer may come before the page is loaded again.
    phone.evaluate("WebSocket.prototype.send = () => {}")
    keep(phone)
    expect(phone.get_by_role("button", name="Sending")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text(re.compile(rf"Kept as an? {first}\."))).to_be_visible()
    asked(phone)
    assert count_by_label(database, room.set_key) == {first: 1}


def test_a_refused_digit_stays_on_the_sheet(phone: Page, database: Database, room: ClassRoom) -> None:
    first = asked(phone)
    write(phone, SEVEN)
    close_room(database, room.set_key)
    keep(phone)
    expect(phone.get_by_role("heading", name="The class is closed")).to_be_visible()
    open_room(database, room.set_key, 2, named=True)
    phone.get_by_role("button", name="Look again").tap()
    assert asked(phone) == first
    until(lambda: inked(phone) > 1_000)
    keep(phone)
    expect(phone.get_by_text(re.compile(rf"Kept as an? {first}\."))).to_be_visible()
    assert count_by_label(database, room.set_key) == {first: 1}
