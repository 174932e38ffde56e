"""What is pressed once happens once: where a page looks again in that moment, and where somebody presses twice."""

import re
import time
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from mnist_dash.runs.queries import runs_of
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from tests.awaiting import until
from tests.browser.conftest import Server, tab
from tests.browser.test_pages import ONE, SEVEN, draw, settled
from tests.browser.test_train import LONG, button, press, start

pytestmark = pytest.mark.browser

# A browser that has much to do: what follows at once upon a press does so after the next look, and after its answer.
# Returns what that look has sent.
PRESS_BEFORE_LOOK = """button => new Promise((resolve, reject) => {
  const { setTimeout } = window
  const { send } = WebSocket.prototype
  const later = []
  window.setTimeout = (action) => later.push(action)
  button.click()
  window.setTimeout = setTimeout
  WebSocket.prototype.send = function (sent) {
    send.call(this, sent)
    WebSocket.prototype.send = send
    setTimeout(() => {
      for (const action of later) action()
      resolve([...sent])
    }, 1000)
  }
  setTimeout(() => reject(new Error("the page does not look by itself")), 60000)
})"""
# How many presses get through to a button's place.
COUNT_PRESSES = """button => {
  window.presses = 0
  button.closest(".stButton").addEventListener("click", () => { window.presses += 1 })
}"""
COUNT_KEYS = """field => {
  window.presses = 0
  field.addEventListener("keydown", () => { window.presses += 1 })
}"""
APART, HELD = 0.2, 0.05
"""Seconds between two presses, and of one."""
ENDED_TOUCH = {"type": "touchEnd", "touchPoints": list[object]()}
SHORT = "/train?method=dense_128&epochs=1&train_size=1000"


def count_runs(server: Server) -> int:
    """How many runs there are, in whatever state."""
    with closing(open_database(Settings.from_environment({"MNIST_DASH_HOME": str(server.home)}))) as database:
        return len(runs_of(database, *State))


def press_twice(page: Page, pressed: Locator, *, by_tap: bool = False) -> None:
    """Two presses as quick as people's, on a page that answers between them, however long that takes it."""
    pressed.scroll_into_view_if_needed()
    box = pressed.bounding_box()
    assert box
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    session, now = page.context.new_cdp_session(page), time.time()
    for count, seconds in enumerate((0.0, APART), 1):
        for kind, late in (("begun", 0.0), ("ended", HELD)):
            at = {"timestamp": now + seconds + late}
            if by_tap:
                touch = {"type": "touchStart", "touchPoints": [place]} if kind == "begun" else ENDED_TOUCH
                session.send("Input.dispatchTouchEvent", {**touch, **at})
            else:
                mouse = {"type": "mousePressed" if kind == "begun" else "mouseReleased", "button": "left"}
                session.send("Input.dispatchMouseEvent", {**mouse, **place, "clickCount": count, **at})
        settled(page)


def hold_enter(page: Page, focused: Locator) -> None:
    """Keep the key down for a while."""
    focused.focus()
    for _ in range(4):
        # One that is down already repeats.
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")


def test_a_press_that_a_look_brings_along_counts_once(page: Page) -> None:
    start(page, LONG)
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 1000, .* left"))).to_be_visible()
    press(page, "Pause")
    expect(page.get_by_text("Paused in epoch")).to_be_visible()
    settled(page)
    looked = BackMsg.FromString(bytes(button(page, "Resume").evaluate(PRESS_BEFORE_LOOK))).rerun_script
    assert looked.is_auto_rerun
    assert any(state.trigger_value for state in looked.widget_states.widgets)
    settled(page)
    # The same button is Pause by now.
    at = page.get_by_text(re.compile(r"Epoch \d+ of 1000, .* left")).inner_text().split()[1]
    expect(page.get_by_text(re.compile(rf"Epoch (?!{at}\b)\d+ of 1000, "))).to_be_visible()


def test_a_double_click_starts_one_run(page: Page, server: Server) -> None:
    before = count_runs(server)
    page.goto(SHORT)
    settled(page)
    press_twice(page, page.get_by_role("button", name="Start training"))
    until(lambda: count_runs(server) > before)
    settled(page)
    assert count_runs(server) == before + 1


def test_a_key_that_is_held_starts_one_run(page: Page, server: Server) -> None:
    before = count_runs(server)
    page.goto(SHORT)
    settled(page)
    pressed = page.get_by_role("button", name="Start training")
    pressed.evaluate(COUNT_PRESSES)
    hold_enter(page, pressed)
    until(lambda: count_runs(server) > before)
    settled(page)
    assert page.evaluate("presses") == 1
    assert count_runs(server) == before + 1


def test_a_form_is_sent_once_by_a_key_that_is_held(page: Page) -> None:
    page.goto("/own_digits")
    settled(page)
    page.get_by_role("button", name="New set").click()
    field = page.get_by_role("textbox", name="Name", exact=True)
    field.evaluate(COUNT_KEYS)
    hold_enter(page, field)
    assert page.evaluate("presses") == 1


def test_a_double_tap_counts_once(browser: Browser, server: Server) -> None:
    before = count_runs(server)
    with tab(browser, server.url, {"width": 390, "height": 844}, phone=True) as page:
        page.goto(SHORT)
        settled(page)
        press_twice(page, page.get_by_role("button", name="Start training"), by_tap=True)
        until(lambda: count_runs(server) > before)
        settled(page)
    assert count_runs(server) == before + 1
    assert server.faults() == []


def test_what_people_press_again_and_again_happens_each_time(page: Page) -> None:
    page.goto("/sketch")
    settled(page)
    for stroke in (SEVEN, ONE, SEVEN):
        draw(page, stroke)
        settled(page)
    for name, presses in (("Undo", 2), ("Clear", 1)):
        pressed = page.get_by_role("button", name=name, exact=True)
        pressed.evaluate(COUNT_PRESSES)
        press_twice(page, pressed)
        settled(page)
        assert page.evaluate("presses") == presses
