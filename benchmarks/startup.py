"""Server start to first page in a warm browser, against an empty one-line Streamlit app.

`python -m benchmarks.startup`. Both apps are started ROUNDS times, in turns; the clock runs from the start of the
server's process until the page's script has ended and its heading is seen.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks import record
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, ROOT, await_health, end_workers, free_port, serve

ROUNDS = 9
EMPTY = 'import streamlit as st\n\nst.title("Empty")\n'


def first_page(page: Page, app: Path, home: Path) -> float:
    """Seconds from starting the server to its first page."""
    port = free_port()
    started = time.perf_counter()
    with (home / "server.log").open("ab") as log:
        process = serve(app, home, port, log)
    try:
        await_health(f"http://localhost:{port}", process)
        page.goto(f"http://localhost:{port}")
        page.locator("[data-testid=stApp][data-test-script-state=notRunning] h1").wait_for()
        return time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()
        end_workers(home)


def main() -> None:
    """Measure and write the result."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty" / "app.py"
        empty.parent.mkdir()
        empty.write_text(EMPTY)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        page = browser.new_page()
        apps = {"ours": ROOT / "app.py", "empty": empty}
        for app in apps.values():
            first_page(page, app, Path(folder))
        seconds: dict[str, list[float]] = {"ours": [], "empty": []}
        for _ in range(ROUNDS):
            for name, app in apps.items():
                seconds[name].append(first_page(page, app, Path(folder)))
        browser.close()
    medians = {name: median(values) for name, values in seconds.items()}
    ratio = medians["ours"] / medians["empty"]
    record.write("startup", {"ratio": ratio, "median_seconds": medians, "seconds": seconds})


if __name__ == "__main__":
    main()
