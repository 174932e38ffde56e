"""A run that is steered with the mouse, watched by two people, and outlives the server that showed it."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from mnist_dash.runs.pace import note_first_pace
from mnist_dash.settings import Settings
from tests.awaiting import until
from tests.browser.conftest import ROOT, Server, await_health, free_port, serve, stand_ins, started, tab
from tests.browser.test_looks import SHIFT, WATCH
from tests.browser.test_pages import expect_state, settled
from tests.leftovers import end_workers

pytestmark = pytest.mark.browser

NOTE_INTERRUPTION = """main => {
  window.isInterrupted = false
  new MutationObserver(() => { window.isInterrupted ||= main.inert }).observe(main, { attributes: true })
}"""
# What is drawn may come late: here its mark does, while the page is interrupted.
DRAW_LATE = """main => {
  new MutationObserver((_, watch) => {
    watch.disconnect()
    document.querySelector("[data-drawn]").dataset.drawn = "late"
  }).observe(main, { attributeFilter: ["inert"] })
}"""
LONG = "/train?method=dense_128&epochs=1000&train_size=5000"


def start(page: Page, link: str) -> None:
    """Start the run that a link describes."""
    page.goto(link)
    settled(page)
    page.get_by_role("button", name="Start training").click()


def press(page: Page, name: str) -> None:
    """Press one of a run's buttons."""
    button(page, name).click()


def button(page: Page, name: str) -> Locator:
    """One of a run's buttons; Streamlit has a Stop of its own."""
    return page.get_by_test_id("stMainBlockContainer").get_by_role("button", name=name, exact=True)


def test_a_run_is_paused_stepped_resumed_stopped_and_trained_further(page: Page) -> None:
    start(page, LONG)
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 1000, .* left"))).to_be_visible()
    held = button(page, "Pause").element_handle()
    press(page, "Pause")
    expect(page.get_by_text("Paused in epoch")).to_be_visible()
    # Resume is the same button: where another one took its place, all would move under the pointer.
    until(lambda: held.inner_text().endswith("Resume"))
    at = standing(page)
    press(page, "One epoch")
    expect(page.get_by_text(f"Paused in epoch {at + 1} of")).to_be_visible()
    press(page, "Resume")
    expect(page.get_by_text(re.compile(rf"Epoch (?!{at + 1}\b)\d+ of 1000, "))).to_be_visible()
    press(page, "Stop")
    expect(page.get_by_text("95 % interval")).to_be_visible()
    expect_state(page, "Stopped")
    press(page, "Train further")
    more = page.get_by_role("spinbutton", name="More epochs")
    more.fill("2")
    more.press("Tab")
    page.get_by_role("button", name="Go on").click()
    expect_state(page, "Done")


def standing(page: Page) -> int:
    """The epoch in which a run is paused."""
    found = re.search(r"Paused in epoch (\d+)", page.get_by_text("Paused in epoch").inner_text())
    assert found
    return int(found[1])


def test_the_gallery_and_the_matrix_go_back_to_an_earlier_epoch(page: Page) -> None:
    start(page, "/train?method=dense_128&epochs=4&train_size=2000")
    expect_state(page, "Done")
    expect(page.get_by_text("Confusion matrix, after epoch 4")).to_be_visible()
    settled(page)
    slider = page.get_by_role("slider", name="After epoch")
    slider.focus()
    slider.press("Home")
    expect(page.get_by_text("Validation digits, after epoch 1")).to_be_visible()
    expect(page.get_by_text("Confusion matrix, after epoch 1")).to_be_visible()


def test_two_people_see_each_others_runs_and_steer_them(browser: Browser, page: Page, server: Server) -> None:
    start(page, LONG)
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 1000, .* left"))).to_be_visible()
    run = page.get_by_role("heading", level=2).inner_text().partition(":")[0].removeprefix("Run ")
    # The address follows what is on the page a moment later.
    expect(page).to_have_url(re.compile(rf"[?&]run={run}(&|$)"))
    with tab(browser, server.url) as other:
        other.goto(page.url[len(server.url) :])
        expect(other.get_by_text(re.compile(r"Epoch \d+ of 1000, .* left"))).to_be_visible()
        press(other, "Stop")
        expect_state(page, "Stopped")


Ways = list[tuple[WebSocketRoute, WebSocketRoute]]
"""The connections of a page, each the way to it and the way to the server."""


def list_ways(page: Page) -> Ways:
    """The connections that a page has from now on."""
    ways: Ways = []
    page.route_web_socket("**/_stcore/stream", lambda way: ways.append((way, way.connect_to_server())))
    return ways


def cut(ways: Ways) -> None:
    """Interrupt the newest connection, which may last no longer than a moment."""
    for way in ways.pop():
        way.close()


def test_an_interrupted_page_takes_what_is_pressed_as_soon_as_it_is_connected_again(
    browser: Browser, server: Server
) -> None:
    with tab(browser, server.url) as page:
        ways = list_ways(page)
        page.goto("/methods")
        settled(page)
        main = page.get_by_test_id("stMain")
        main.evaluate(NOTE_INTERRUPTION)
        cut(ways)
        page.wait_for_function("isInterrupted")
        expect(main).not_to_have_attribute("inert", "")
        page.get_by_role("radio").nth(1).click()
        expect(page.get_by_role("radio").nth(1)).to_be_checked()


def test_what_was_drawn_before_an_interruption_and_comes_late_is_no_answer(browser: Browser, server: Server) -> None:
    with tab(browser, server.url) as page:
        ways = list_ways(page)
        page.goto("/methods")
        settled(page)
        expect(page.locator("[data-drawn]")).to_have_count(1)
        main = page.get_by_test_id("stMain")
        main.evaluate(NOTE_INTERRUPTION)
        main.evaluate(DRAW_LATE)
        cut(ways)
        page.wait_for_function("isInterrupted")
        expect(main).not_to_have_attribute("inert", "")
        assert page.locator("[data-drawn]").get_attribute("data-drawn") != "late"


def test_a_page_that_misses_a_script_is_loaded_anew_as_soon_as_it_is_connected_again(
    browser: Browser, server: Server
) -> None:
    with tab(browser, server.url) as page:
        ways = list_ways(page)
        page.route("**/Progress.*.js", lambda route: route.abort(), times=1)
        page.goto("/own_digits")
        settled(page)
        expect(page.get_by_text("Failed to fetch dynamically imported module")).to_be_visible()
        expect(page.locator("[data-drawn]")).to_have_count(1)
        page.get_by_test_id("stMain").evaluate(DRAW_LATE)
        cut(ways)
        expect(page.get_by_role("progressbar")).to_be_visible()


@contextmanager
def restarting(home: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """An app of its own: its address, and what kills its server and starts another in its place."""
    port, log = free_port(), home / "server.log"
    url = f"http://localhost:{port}"
    with log.open("wb") as out:
        servers = [serve(ROOT / "app.py", home, port, out)]

        def restart() -> None:
            os.kill(servers[-1].pid, signal.SIGKILL)
            servers[-1].wait()
            servers.append(serve(ROOT / "app.py", home, port, out))

        try:
            await_health(url, servers[-1])
            yield url, restart
        finally:
            for server in servers:
                server.kill()
                server.wait()
            end_workers(home)


def test_a_run_outlives_the_server_and_the_page_comes_back_to_it(browser: Browser, tmp_path: Path) -> None:
    with restarting(tmp_path) as (url, restart), tab(browser, url) as page:
        start(page, LONG)
        expect(page.get_by_text(re.compile(r"Epoch [2-9]\d* of 1000, .* left"))).to_be_visible()
        restart()
        # The open page finds the new server by itself, and the run has gone on: nobody has to wait and see.
        expect(button(page, "Stop")).to_be_disabled()
        press(page, "Stop")
        expect_state(page, "Stopped")


def test_what_is_pressed_as_soon_as_another_server_is_there_is_done(browser: Browser, tmp_path: Path) -> None:
    with restarting(tmp_path) as (url, restart), tab(browser, url) as page:
        # Nothing on these two pages looks by itself whether something is new.
        page.goto("/own_digits")
        settled(page)
        restart()
        expect(page.get_by_test_id("stMain")).to_have_attribute("inert", "")
        page.get_by_role("radio", name="Figures").click()
        expect(page).to_have_url(re.compile("figures"))
        # This one ends early: it says that there are no runs.
        page.goto(LONG)
        settled(page)
        restart()
        expect(page.get_by_test_id("stMain")).to_have_attribute("inert", "")
        press(page, "Start training")
        expect(page.get_by_text(re.compile(r"Epoch \d+ of 1000, .* left"))).to_be_visible()


def test_what_a_run_costs_is_said_anew_once_the_machine_was_timed(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a process that gets ready meanwhile, as tests/training/test_ready.py has it, while nobody does anything."""
    monkeypatch.setenv("MNIST_DASH_SPARE", "1")
    with (
        started(tmp_path) as server,
        stand_ins(server),
        tab(browser, server.url, {"width": 1440, "height": 900}) as page,
    ):
        page.add_init_script(f"({WATCH})()")
        page.goto("/train?method=champion")
        expect(page.get_by_text(re.compile(r"About .* \(not timed yet\) and .* of memory\."))).to_be_visible()
        note_first_pace(Settings(home=server.home), 3.0)
        expect(page.get_by_text(re.compile(r"About [\d:.]+ (s|min|h) and .* of memory\."))).to_be_visible()
        shifts = page.evaluate("window.shifts")
        assert sum(value for value, _ in shifts) < SHIFT, shifts
        assert server.faults() == []
