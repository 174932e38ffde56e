"""What is pressed once happens once: where a page looks again in that moment, and where somebody presses twice."""

import re
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_dash.runs.queries import runs_of
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from tests.awaiting import until
from tests.browser.conftest import Server
from tests.browser.test_pages import ONE, SEVEN, answer, draw, settled
from tests.browser.test_train import LONG, button, press, start

pytestmark = pytest.mark.browser

# A browser that has much to do: what is to follow at once upon a press does so after the next look.
PRESS_WHILE_BUSY = """button => new Promise(resolve => {
  const { setTimeout } = window
  window.setTimeout = (action, milliseconds) => setTimeout(action, Math.max(milliseconds ?? 0, 2500))
  button.click()
  window.setTimeout = setTimeout
  setTimeout(resolve, 3000)
})"""
SHORT = "/train?method=dense_128&epochs=1&train_size=1000"


def count_runs(server: Server) -> int:
    """How many runs there are, in whatever state."""
    with closing(open_database(Settings.from_environment({"MNIST_DASH_HOME": str(server.home)}))) as database:
        return len(runs_of(database, *State))


def press_twice(page: Page, pressed: Locator) -> None:
    """Two presses as quick as people's, on a page that answers between them."""
    box = pressed.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, click_count=2, delay=60)


def test_a_press_that_a_look_brings_along_counts_once(page: Page) -> None:
    start(page, LONG)
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 1000, .* left"))).to_be_visible()
    press(page, "Pause")
    expect(page.get_by_text("Paused in epoch")).to_be_visible()
    settled(page)
    button(page, "Resume").evaluate(PRESS_WHILE_BUSY)
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
    page.get_by_role("button", name="Start training").focus()
    for _ in range(4):
        # One that is down already repeats.
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    until(lambda: count_runs(server) > before)
    settled(page)
    assert count_runs(server) == before + 1


def test_what_people_press_again_and_again_happens_each_time(page: Page) -> None:
    page.goto("/sketch")
    settled(page)
    for stroke in (SEVEN, ONE):
        draw(page, stroke)
        settled(page)
    press_twice(page, page.get_by_role("button", name="Undo", exact=True))
    expect(answer(page)).to_have_text("–")
