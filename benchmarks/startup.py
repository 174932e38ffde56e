"""Server start to first page in a warm browser, against an empty one-line Streamlit app.

`python -m benchmarks.startup [OTHER]`. The apps are started ROUNDS times, in turns, each on a port of its own, so that
the browser has its files. The clock runs from the start of the server's process: to the page's heading (`seen`), and to
the end of its script with all that it shows, for ours the canvas and the chart (`whole`). Where another checkout
of the program is named, it is started in turns with the two, and nothing is recorded.
"""

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks import record
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, ROOT, await_health, free_port, serve
from tests.leftovers import end_workers

ROUNDS, WARM = 9, 2
EMPTY = 'import streamlit as st\n\nst.title("Empty")\n'


WHOLE = "[data-testid=stApp][data-test-script-state=notRunning] h1"
SHOWN = ("canvas.upper-canvas", ".mnist-dash-chart svg.main-svg")


def first_page(page: Page, app: Path, port: int, home: Path, shown: tuple[str, ...]) -> tuple[float, float]:
    """Seconds from starting the server to the heading of its first page, and to the whole page."""
    started = time.perf_counter()
    with (home / "server.log").open("ab") as log:
        process = serve(app, home, port, log)
    try:
        await_health(f"http://localhost:{port}", process)
        page.goto(f"http://localhost:{port}", wait_until="commit")
        page.locator("h1").wait_for()
        seen = time.perf_counter() - started
        for selector in (WHOLE, *shown):
            page.locator(selector).first.wait_for()
        return seen, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()
        end_workers(home)


def main(other: str | None = None) -> None:
    """Measure and write the result."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty" / "app.py"
        empty.parent.mkdir()
        empty.write_text(EMPTY)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        page = browser.new_page()
        apps = {"ours": (ROOT / "app.py", free_port()), "empty": (empty, free_port())}
        if other:
            apps["other"] = (Path(other).absolute() / "app.py", free_port())
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in apps}
        for _ in range(WARM + ROUNDS):
            for name, (app, port) in apps.items():
                measured[name].append(first_page(page, app, port, Path(folder), () if name == "empty" else SHOWN))
        browser.close()
    seen = {name: [first for first, _ in pairs[WARM:]] for name, pairs in measured.items()}
    whole = {name: [last for _, last in pairs[WARM:]] for name, pairs in measured.items()}
    if other:
        print(*(f"{name}: {ratio(seen, name):.2f} {ratio(whole, name):.2f}" for name in apps), medians_of(whole))
        return
    result = {"rounds": ROUNDS, "ratio_seen": ratio(seen), "ratio_whole": ratio(whole)}
    medians = {"seen": medians_of(seen), "whole": medians_of(whole)}
    record.write("startup", result | {"median_seconds": medians, "seen_seconds": seen, "whole_seconds": whole})


def medians_of(seconds: dict[str, list[float]]) -> dict[str, float]:
    """The median of each app."""
    return {name: median(values) for name, values in seconds.items()}


def ratio(seconds: dict[str, list[float]], name: str = "ours") -> float:
    """Ours, or another's, by the empty one's."""
    return median(seconds[name]) / median(seconds["empty"])


if __name__ == "__main__":
    main(*sys.argv[1:2])
