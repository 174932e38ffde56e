"""The Explore page in a browser, on 60,000 images: its first view, what follows on each click, and the memory it takes.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.explore`. The server is warm: every view has been looked at once, so that
what is counted over all images is known. Each action is a real click, done ROUNDS times; the clock runs from the click
until what was asked for stands on the page.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import record
from mnist_dash.ui.explore import VIEWS
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, Server, started

ROUNDS = 5
IDLE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
CHART = "document.querySelector('.mnist-dash-chart svg.main-svg') !== null"
TILES = """(() => {
  const roots = [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")].map((node) => node.shadowRoot)
  const boxes = roots.map((root) => root?.querySelector("[role=listbox]"))
  return boxes.find((box) => box && /^\\d+ \\w+ images$/.test(box.ariaLabel))
})()"""
SHOWN = {
    "overview": "document.querySelector('img[alt*=\"training digits\"]')?.complete",
    "samples": f"{TILES}",
    "pixels": "document.querySelector('[aria-label^=\"Never inked\"] svg.main-svg') !== null",
    "classes": "document.querySelector('[aria-label^=\"The mean 4\"] svg.main-svg') !== null",
    "shapes": "document.querySelector('[aria-label^=Slant] svg.main-svg') !== null",
    "map": "document.querySelector('[aria-label^=\"The map\"] svg.main-svg') !== null",
    "quality": "document.body.innerText.includes('Images that occur twice')",
}


WHOLE = f"{SHOWN['overview']} && {CHART}"


@dataclass(frozen=True, slots=True)
class Action:
    """A click and the JavaScript that says that its effect is there."""

    name: str
    do: Callable[[Page], None]
    there: str


def seconds(page: Page, action: Action) -> float:
    """From the click to its effect, with the script at rest."""
    begun = time.perf_counter()
    action.do(page)
    page.wait_for_function(f"() => {action.there}", polling="raf")
    taken = time.perf_counter() - begun
    page.wait_for_function(f"() => {IDLE}", polling="raf")
    page.wait_for_timeout(150)
    return taken


def new_tab(browser: Browser, url: str) -> tuple[float, float]:
    """Seconds from opening the page in a new tab of a warm browser to its digits, and to its chart too."""
    page = browser.contexts[0].new_page()
    begun = time.perf_counter()
    page.goto(f"{url}/explore", wait_until="commit")
    page.wait_for_function(f"() => {SHOWN['overview']}", polling="raf")
    digits = time.perf_counter() - begun
    page.wait_for_function(f"() => {WHOLE}", polling="raf")
    taken = time.perf_counter() - begun
    page.close()
    return digits, taken


def first_view(page: Page) -> float:
    """Seconds from a click on Explore, on another page of the app, to its digits and its chart."""
    page.get_by_role("link", name="Data sets").click()
    page.get_by_role("heading", name="All sets").wait_for()
    page.wait_for_timeout(500)
    taken = seconds(page, Action("Explore", lambda page: page.get_by_role("link", name="Explore").first.click(), WHOLE))
    page.wait_for_timeout(300)
    return taken


def radio(name: str) -> Callable[[Page], None]:
    """A click on a choice of a segmented control."""
    return lambda page: page.get_by_role("radio", name=name, exact=True).first.click()


def select(label: str, option: str) -> Callable[[Page], None]:
    """A choice from a list, opened beforehand: the clock is for what follows."""

    def choose(page: Page) -> None:
        page.get_by_role("option", name=option, exact=True).click()

    choose.__doc__ = label
    return choose


def among_samples() -> Iterator[Action]:
    """What people do in the grid; each changes what the tiles or the detail say."""
    first = f"{TILES}?.querySelector('[role=option]')?.title ?? ''"
    yield Action("another digit", lambda page: tile(page, 5), "document.body.innerText.includes('Image 5\\n')")
    yield Action(
        "next page",
        lambda page: page.get_by_test_id("stNumberInputStepUp").first.click(),
        f"!({first}).startsWith('Image 0,')",
    )
    yield Action(
        "page back",
        lambda page: page.get_by_test_id("stNumberInputStepDown").first.click(),
        f"({first}).startsWith('Image 0,')",
    )
    yield Action("test split", radio("Test"), f"{TILES}?.ariaLabel.includes('test')")
    yield Action("training split", radio("Training"), f"{TILES}?.ariaLabel.includes('training')")


def tile(page: Page, place: int) -> None:
    """Choose a digit of the grid with the mouse."""
    page.locator(".mnist-dash-tiles").first.get_by_role("option").nth(place).click()


def grid_of_400(page: Page) -> float:
    """Seconds from asking for 400 digits to all of them."""
    count = f"{TILES}?.querySelectorAll('[role=option]').length"
    taken = seconds(page, Action("400 digits", radio("S"), f"{count} === 400"))
    seconds(page, Action("120 digits", radio("M"), f"{count} === 120"))
    return taken


def map_of_10000(page: Page) -> float:
    """Seconds from asking for a map of 10,000 digits to its points."""
    points = "document.querySelector('[aria-label^=\"The map\"]')._fullData.reduce((n, t) => n + t.x.length, 0)"
    page.get_by_role("combobox", name="Digits").click()
    taken = seconds(page, Action("10,000", select("Digits", "10000"), f"{points} === 10000"))
    page.get_by_role("combobox", name="Digits").click()
    seconds(page, Action("2,000", select("Digits", "2000"), f"{points} === 2000"))
    return taken


def measured(browser: Browser, server: Server) -> dict[str, object]:
    """All of it on one server."""
    page = browser.contexts[0].new_page()
    page.goto(f"{server.url}/explore")
    actions = [Action(f"view {name}", radio(VIEWS[name]), there) for name, there in SHOWN.items()]
    for action in actions:
        page.set_default_timeout(120_000)
        seconds(page, action)
    views: dict[str, list[float]] = {action.name: [] for action in actions}
    for _ in range(ROUNDS):
        for action in actions:
            views[action.name].append(seconds(page, action))
    radio(VIEWS["samples"])(page)
    page.wait_for_function(f"() => {SHOWN['samples']} && {IDLE}")
    inside: dict[str, list[float]] = {action.name: [] for action in among_samples()}
    for _ in range(ROUNDS):
        for action in among_samples():
            inside[action.name].append(seconds(page, action))
        tile(page, 0)
        page.wait_for_timeout(500)
    grids = [grid_of_400(page) for _ in range(ROUNDS + 1)][1:]
    radio(VIEWS["map"])(page)
    page.wait_for_function(f"() => {SHOWN['map']} && {IDLE}")
    cold = map_of_10000(page)
    maps = [map_of_10000(page) for _ in range(ROUNDS)]
    radio(VIEWS["overview"])(page)
    page.wait_for_function(f"() => {WHOLE} && {IDLE}")
    first = [first_view(page) for _ in range(ROUNDS)]
    every = [value for times in (*views.values(), *inside.values()) for value in times]
    page.close()
    tabs = [new_tab(browser, server.url) for _ in range(ROUNDS)]
    return {
        "first_view_seconds": median(first),
        "new_tab_digits_seconds": median(digits for digits, _ in tabs),
        "new_tab_whole_seconds": median(whole for _, whole in tabs),
        "interaction_median_seconds": median(every),
        "interaction_medians": {name: median(times) for name, times in (views | inside).items()},
        "grid_400_seconds": median(grids),
        "map_10000_first_seconds": cold,
        "map_10000_seconds": median(maps),
    }


def main() -> None:
    """Measure and write the result."""
    assert os.environ.get("MNIST_DASH_DATA"), "MNIST_DASH_DATA must name a folder with MNIST"
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        browser.new_context(viewport={"width": 1440, "height": 900})
        result = measured(browser, server)
        memory = psutil.Process(server.pid).memory_info().rss / 2**20
        browser.close()
        faults = server.faults()
    record.write("explore", {"rounds": ROUNDS, **result, "memory_mb": memory, "server_faults": faults})


if __name__ == "__main__":
    main()
