"""An answer before the pen is lifted, and the drawing played back, as a person sees both."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.awaiting import until
from tests.browser.test_canvas import ready
from tests.browser.test_pages import OPAQUE, SEVEN, answer, draw, settled, trail

pytestmark = pytest.mark.browser

SEEN_TEXT = "node => getComputedStyle(node, '::before').content"
TOPMOST = "node => (node.layout?.yaxis.ticktext ?? []).findIndex((text) => text.includes('<b>'))"


@pytest.fixture(params=["/", "/sketch"])
def canvas(page: Page, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Each page with a canvas."""
    page.goto(request.param)
    ready(page)
    page.locator("canvas.upper-canvas").scroll_into_view_if_needed()
    yield page
    page.mouse.up()


def drafted(page: Page) -> str:
    """What stands in place of the last stroke's answer, empty where that itself stands there."""
    return answer(page).get_attribute("data-draft") or ""


def bars(page: Page) -> Locator:
    """The chart of the ten probabilities."""
    return page.locator(".st-key-probabilities .mnist-dash-chart")


def test_the_answer_follows_the_pen_and_is_the_pages_own_when_it_is_lifted(canvas: Page) -> None:
    trail(canvas, SEVEN)
    until(lambda: drafted(canvas) == "7")
    assert answer(canvas).evaluate(SEEN_TEXT) == '"7"'
    expect(answer(canvas)).to_have_text("–")
    words = canvas.locator(".st-key-answer_words")
    # Half a 7 was one already, if an unusual one.
    until(lambda: (words.get_attribute("data-draft") or "").startswith("Sure: "))
    until(lambda: bars(canvas).evaluate(TOPMOST) == 7)
    canvas.mouse.up()
    expect(answer(canvas)).to_have_text("7")
    until(lambda: drafted(canvas) == "")
    expect(canvas.locator(".st-key-seen")).not_to_have_attribute("data-draft", "")
    settled(canvas)
    assert bars(canvas).evaluate(TOPMOST) == 7


def test_what_was_drawn_before_counts_too_and_undo_leaves_nothing_of_a_draft(canvas: Page) -> None:
    draw(canvas, [(90, 60), (80, 150), (200, 150)])
    settled(canvas)
    trail(canvas, [(165, 60), (160, 250)])
    until(lambda: drafted(canvas) == "4")
    canvas.mouse.up()
    expect(answer(canvas)).to_have_text("4")
    until(lambda: drafted(canvas) == "")
    settled(canvas)
    canvas.get_by_role("button", name="Undo", exact=True).click()
    canvas.get_by_role("button", name="Clear", exact=True).click()
    expect(answer(canvas)).to_have_text("–")
    assert drafted(canvas) == ""


def test_a_pen_that_stands_still_hears_of_a_question_whose_answer_came_late(canvas: Page) -> None:
    canvas.evaluate(
        """() => {
          const ask = window.fetch
          Object.assign(window, { held: true, lost: 0 })
          window.fetch = (address, options) => {
            if (!window.held || !String(address).includes("answers/drawing")) return ask(address, options)
            window.lost += 1
            return new Promise((_, drop) => options.signal.addEventListener("abort", () => drop(new Error("late"))))
          }
        }"""
    )
    trail(canvas, SEVEN)
    before = canvas.evaluate("window.lost")
    # From here on the whole digit is asked for, and the pen stands still.
    until(lambda: canvas.evaluate("window.lost") > before)
    canvas.evaluate("window.held = false")
    until(lambda: drafted(canvas) == "7")


def test_one_question_is_asked_at_a_time_and_at_most_ten_a_second(page: Page) -> None:
    page.goto("/sketch")
    ready(page)
    under_way: set[Request] = set()
    most, times = 0, []

    def begin(request: Request) -> None:
        nonlocal most
        if "answers/drawing" in request.url:
            under_way.add(request)
            most = max(most, len(under_way))

    page.on("request", begin)
    for ended in ("requestfinished", "requestfailed"):
        page.on(ended, lambda request: under_way.discard(request))
    page.evaluate(
        """() => {
          const ask = window.fetch
          window.asked = []
          window.fetch = (address, ...of) => {
            if (String(address).includes("answers/drawing")) window.asked.push(performance.now())
            return ask(address, ...of)
          }
        }"""
    )
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box

    def asks_thrice() -> bool:
        for x, y in SEVEN:
            page.mouse.move(box["x"] + x, box["y"] + y, steps=12)
        return int(page.evaluate("window.asked.length")) > 2

    trail(page, SEVEN * 4)
    until(asks_thrice)
    page.mouse.up()
    settled(page)
    times = page.evaluate("window.asked")
    assert len(times) > 2
    assert most == 1
    # A timer may come a moment early.
    assert min(later - earlier for earlier, later in pairwise(times)) > 95


def test_a_keyboard_hears_it_too(page: Page) -> None:
    page.goto("/sketch")
    ready(page)
    sheet = page.get_by_role("application", name="Sheet to draw on")
    page.get_by_role("radio", name="One digit").focus()
    page.keyboard.press("Tab")
    expect(sheet).to_be_focused()
    for _ in range(8):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    for _ in range(16):
        page.keyboard.press("ArrowDown")
    until(lambda: drafted(page) == "1")
    page.keyboard.press("Space")
    expect(answer(page)).to_have_text("1")
    until(lambda: drafted(page) == "")


def test_the_drawing_is_played_back_and_scrubbed_with_the_line_in_its_chart(page: Page) -> None:
    page.goto("/sketch?closer=drawn")
    ready(page)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("7")
    settled(page)
    bar = page.get_by_role("slider", name="Moment of the drawing")
    chart = page.locator(".st-key-film_chart .mnist-dash-chart")
    cursor = "node => node.layout.shapes[0].x0"
    assert (bar.get_attribute("aria-valuetext") or "").startswith("100 % drawn. It reads 7. Sure: ")
    until(lambda: chart.evaluate(cursor) == 100)
    whole = inked(page)
    bar.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    until(lambda: chart.evaluate(cursor) < 90)
    assert 0 < inked(page) < whole
    page.get_by_role("button", name="Play", exact=True).click()
    until(lambda: chart.evaluate(cursor) == 100)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert inked(page) == whole
    expect(page.locator(".mnist-dash-film p")).to_contain_text("It reads 7. Sure: ")


def inked(page: Page) -> int:
    """Pixels with ink on the sheet of the film."""
    return int(page.locator(".mnist-dash-film canvas").first.evaluate(OPAQUE))
