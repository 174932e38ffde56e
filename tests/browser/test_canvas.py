"""The canvas as a person uses it: tools, keyboard, finger, and a drawing that stays until it is cleared."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from mnist_dash.arrays import Ink
from mnist_dash.sketch import traces
from tests.awaiting import until
from tests.browser.conftest import Server, tab
from tests.browser.test_pages import ONE, SEVEN, answer, draw, inked, settled

pytestmark = pytest.mark.browser

Points = list[tuple[int, int]]
LEFT_SEVEN: Points = [(x // 2, y // 2 + 60) for x, y in SEVEN]
RIGHT_ONE: Points = [(x // 2 + 130, y // 2 + 60) for x, y in ONE]
SCROLLED = "[document.querySelector('[data-testid=stMain]').scrollTop, window.scrollY, window.visualViewport.scale]"


@pytest.fixture
def sketch(page: Page) -> Page:
    """The Sketch page."""
    page.goto("/sketch")
    ready(page)
    return page


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Page]:
    """A phone with the Sketch page."""
    with tab(browser, server.url, {"width": 390, "height": 844}, phone=True) as page:
        page.goto("/sketch")
        ready(page)
        yield page
    assert server.faults() == []


def ready(page: Page) -> None:
    """Wait until the canvas can be drawn on in every way."""
    settled(page)
    expect(page.get_by_role("application", name="Sheet to draw on")).to_be_attached()


def press(page: Page, name: str) -> None:
    """Press one of the tools."""
    settled(page)
    page.get_by_role("button", name=name, exact=True).click()


def take(page: Page, name: str) -> None:
    """Take another tool or another sheet."""
    settled(page)
    page.get_by_role("radio", name=name, exact=True).click()
    expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()
    settled(page)


def take_eraser(page: Page) -> None:
    """Take the eraser, and wait until the canvas has it, too: the mark of the pen grows with it."""
    take(page, "Eraser")
    mark = page.get_by_role("application", name="Sheet to draw on").locator("> div").last
    expect(mark).to_have_css("width", "40px")


def read(page: Page, number: str) -> None:
    """Wait until this is read."""
    expect(answer(page)).to_have_text(number)


def both(page: Page) -> None:
    """Draw a seven and a one side by side."""
    draw(page, LEFT_SEVEN)
    read(page, "7")
    settled(page)
    draw(page, RIGHT_ONE)
    read(page, "71")


def test_strokes_are_taken_back_one_by_one_and_brought_back_even_after_clearing(sketch: Page) -> None:
    both(sketch)
    press(sketch, "Undo")
    read(sketch, "7")
    press(sketch, "Redo")
    read(sketch, "71")
    press(sketch, "Clear")
    read(sketch, "–")
    until(lambda: inked(sketch) == 0)
    press(sketch, "Undo")
    read(sketch, "71")
    until(lambda: inked(sketch) > 1_000)


def test_undo_pressed_again_at_once_takes_back_another_stroke_and_redo_brings_both_back(sketch: Page) -> None:
    both(sketch)
    settled(sketch)
    undo = sketch.get_by_role("button", name="Undo", exact=True)
    undo.click()
    read(sketch, "7")
    # The canvas has hardly told that it shows the seven alone: what it told before must not count as drawn anew.
    undo.click()
    read(sketch, "–")
    until(lambda: inked(sketch) == 0)
    press(sketch, "Redo")
    read(sketch, "7")
    press(sketch, "Redo")
    read(sketch, "71")


def test_the_eraser_takes_away_what_it_rubs_over_in_either_theme(sketch: Page) -> None:
    both(sketch)
    dark = painted(sketch)
    take_eraser(sketch)
    draw(sketch, RIGHT_ONE)
    read(sketch, "7")
    erased = painted(sketch)
    assert erased.sum() < 0.8 * dark.sum()
    sketch.emulate_media(color_scheme="dark")
    until(lambda: differ(~painted(sketch) & opaque(sketch), erased) < 0.02)
    read(sketch, "7")
    press(sketch, "Undo")
    read(sketch, "71")
    until(lambda: differ(~painted(sketch) & opaque(sketch), dark) < 0.02)


def test_a_drawing_and_its_answer_outlive_a_reload_and_so_does_an_empty_sheet(sketch: Page) -> None:
    both(sketch)
    ink = painted(sketch)
    sketch.reload()
    read(sketch, "71")
    until(lambda: differ(painted(sketch), ink) < 0.01)
    press(sketch, "Undo")
    read(sketch, "7")
    press(sketch, "Clear")
    read(sketch, "–")
    settled(sketch)
    sketch.reload()
    ready(sketch)
    read(sketch, "–")
    assert inked(sketch) == 0


def test_what_another_program_left_in_the_browser_is_ignored(sketch: Page) -> None:
    for left in ("no JSON", '{"paper": "digit", "strokes": [[1, 0, "x", 2]]}', "[" * 4_000_000):
        sketch.evaluate("left => sessionStorage.setItem('mnist-dash-drawing', left)", left)
        sketch.reload()
        ready(sketch)
        read(sketch, "–")
    draw(sketch, SEVEN)
    read(sketch, "7")


def test_two_tabs_do_not_disturb_one_another(sketch: Page) -> None:
    other = sketch.context.new_page()
    other.goto("/sketch")
    ready(other)
    # A person draws in the tab in front; in another one the browser lets events wait for half a minute.
    sketch.bring_to_front()
    draw(sketch, SEVEN)
    read(sketch, "7")
    other.bring_to_front()
    draw(other, ONE)
    read(other, "1")
    sketch.reload()
    other.reload()
    read(sketch, "7")
    read(other, "1")


def test_a_stroke_is_sent_as_soon_as_it_ends(sketch: Page) -> None:
    sketch.evaluate(WATCH_SENDING)
    draw(sketch, SEVEN)
    until(lambda: sketch.evaluate("window.sentSoon !== undefined"))
    assert sketch.evaluate("window.sentSoon") == 1
    read(sketch, "7")


WATCH_SENDING = """() => {
  let sent = 0
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (message) { sent += 1; return send.call(this, message) }
  document.addEventListener("mouseup", () => {
    sent = 0
    setTimeout(() => { window.sentSoon = sent }, 150)
  })
}"""
"""Counts the messages that leave before the canvas would have sent any by itself."""


def test_a_digit_is_drawn_and_taken_back_with_the_keyboard_alone(sketch: Page) -> None:
    sheet = sketch.get_by_role("application", name="Sheet to draw on")
    sketch.get_by_role("radio", name="One digit").focus()
    sketch.keyboard.press("Tab")
    expect(sheet).to_be_focused()
    frame = sheet.locator("> div").nth(-2)
    expect(frame).to_be_visible()
    for key in ["ArrowUp"] * 10 + ["Space"] + ["ArrowDown"] * 20:
        sketch.keyboard.press(key)
    expect(sketch.get_by_text("Pen down")).to_be_visible()
    sketch.keyboard.press("Space")
    read(sketch, "1")
    expect(sketch.get_by_text("Pen up")).to_be_visible()
    settled(sketch)
    for name in ("Pen", "Width", "Undo"):
        sketch.keyboard.press("Tab")
        expect(sketch.get_by_role("radio" if name == "Pen" else "button", name=name, exact=True)).to_be_focused()
    expect(frame).to_be_hidden()
    sketch.keyboard.press("Enter")
    read(sketch, "–")
    sketch.keyboard.press("Control+Shift+z")
    read(sketch, "1")
    sketch.keyboard.press("Control+z")
    read(sketch, "–")


def finger(page: Page, points: Points) -> None:
    """One stroke over the canvas with a finger."""
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box
    (x, y), *rest = [(box["x"] + x, box["y"] + y) for x, y in points]
    touch = page.context.new_cdp_session(page)
    send(touch, "touchStart", x, y)
    for end_x, end_y in rest:
        for share in np.linspace(0, 1, 8)[1:].tolist():
            send(touch, "touchMove", x + share * (end_x - x), y + share * (end_y - y))
        x, y = end_x, end_y
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def send(touch: CDPSession, kind: str, x: float, y: float) -> None:
    """Where the finger is now."""
    touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})


def test_a_finger_draws_and_the_page_stays_where_it_is(phone: Page) -> None:
    before = phone.evaluate(SCROLLED)
    # Upwards, which moves a page that is at its top.
    finger(phone, [(140, 240), (150, 30)])
    read(phone, "1")
    assert phone.evaluate(SCROLLED) == before
    # Beside the canvas, the same finger does move it.
    finger(phone, [(140, 300), (150, 30)])
    until(lambda: phone.evaluate(SCROLLED) != before)
    read(phone, "1")


def test_a_number_is_written_on_a_wide_sheet_that_a_phone_shows_whole(phone: Page) -> None:
    take(phone, "A number")
    box = canvas_box(phone)
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    share = box["width"] / 840
    before = phone.evaluate(SCROLLED)
    for place in range(3):
        finger(phone, [(round((x * 0.6 + 250 * place + 40) * share), round(y * share)) for x, y in SEVEN])
        read(phone, "7" * (place + 1))
    assert phone.evaluate(SCROLLED) == before


def canvas_box(page: Page) -> dict[str, float]:
    """Where the wide canvas is, once it was made to fit."""
    canvas = page.locator("canvas.upper-canvas")
    until(lambda: canvas.evaluate("node => node.width === 840 && node.getBoundingClientRect().width < 390"))
    box: dict[str, float] = canvas.evaluate("node => node.getBoundingClientRect().toJSON()")
    return box


def test_ten_digits_are_read_from_a_wide_sheet_and_stay_over_a_reload(sketch: Page) -> None:
    take(sketch, "A number")
    until(lambda: sketch.locator("canvas.upper-canvas").evaluate("node => node.width") == 840)
    for place in range(10):
        points = SEVEN if place % 3 else ONE
        draw(sketch, [(round(x * 0.35) + 80 * place + 10, y) for x, y in points])
    read(sketch, "1771771771")
    number = answer(sketch).bounding_box()
    assert number
    assert answer(sketch).evaluate("node => node.scrollWidth <= node.clientWidth")
    sketch.reload()
    read(sketch, "1771771771")
    expect(sketch.get_by_role("radio", name="A number")).to_be_checked()


def test_ink_is_what_the_canvas_shows(sketch: Page) -> None:
    draw(sketch, [(40, 60), (150, 30), (240, 90), (90, 160), (220, 240), (60, 200)])
    take_eraser(sketch)
    draw(sketch, [(100, 20), (160, 250)])
    until(lambda: len(kept(sketch)) == 2)
    shown = painted(sketch)
    assert shown.sum() > 5_000
    assert differ(traces.ink_drawing(traces.unpack(kept(sketch)), 280, 280), shown) < 0.02


def kept(page: Page) -> list[list[float]]:
    """The strokes that the browser keeps."""
    strokes: list[list[float]] = page.evaluate(
        "JSON.parse(sessionStorage.getItem('mnist-dash-drawing'))?.strokes ?? []"
    )
    return strokes


def differ(one: Ink, other: Ink) -> float:
    """In how many pixels two drawings differ, as a share of the ink of the other."""
    return float((one != other).sum() / other.sum())


def painted(page: Page) -> Ink:
    """(h, w): where the canvas is dark."""
    return _pixels(page, "data[4 * i + 3] > 127 && data[4 * i] < 128")


def opaque(page: Page) -> Ink:
    """(h, w): where the canvas was painted, in whatever colour."""
    return _pixels(page, "data[4 * i + 3] > 127")


def _pixels(page: Page, test: str) -> Ink:
    settled(page)
    canvas = page.locator("canvas.dc-canvas.lower-canvas")
    return np.array(canvas.evaluate(PIXELS.replace("TEST", test)), bool).reshape(280, 280)


PIXELS = """canvas => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })
  copy.drawImage(canvas, 0, 0)
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height)
  return Array.from({ length: data.length / 4 }, (_, i) => TEST)
}"""


def test_a_sheet_that_is_taken_down_while_it_is_filled_says_nothing(browser: Browser, server: Server) -> None:
    said: list[str] = []
    with tab(browser, server.url) as page:
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto("/sketch")
        ready(page)
        with page.expect_event("pageerror"):
            page.evaluate(
                """() => {
                  Promise.reject(new TypeError("Cannot read properties of undefined (reading 'clearRect')"))
                  Promise.reject(new TypeError("Something else"))
                }"""
            )
    assert said == ["Something else"]
