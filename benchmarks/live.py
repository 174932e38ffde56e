"""A long look at a live run: memory of the web process, age of what the page shows, zoom, node and console.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.live [MINUTES]` (30 unless told otherwise). A run of `cnn` goes on while a
browser watches it. The chart of the loss is zoomed with the mouse once, before the clock starts. Every few seconds the
newest recorded batch is read from the database, and the time until the page shows it is taken.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import Page, sync_playwright

from benchmarks import record
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control
from mnist_dash.runs.queries import batches_of, epochs_of, run_of
from mnist_dash.runs.starting import start_run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, started

MINUTES, WARM_UP = 30.0, 3.0
"""Minutes that are measured, and before that until everything is loaded and has been shown once."""
PATIENCE = 120.0
"""Seconds after which a page that shows nothing new has lost its server."""
SAMPLE = 5.0
"""Seconds between two looks."""
SHOWN = """() => {
  const node = document.querySelector(".mnist-dash-chart")
  const steps = node._fullData[0].customdata ?? []
  return steps.length ? Number(steps[steps.length - 1][2]) : 0
}"""
ZOOM = "() => document.querySelector('.mnist-dash-chart').layout.xaxis.range.map(Number)"


def newest(database: Database, run_id: int) -> int:
    """The step of the newest recorded batch, counted from the start of the run."""
    run = run_of(database, run_id)
    with database.read() as connection:
        query = "SELECT epoch, step, loss FROM batches WHERE run = ? ORDER BY id DESC LIMIT 1"
        row = connection.exec_driver_sql(query, (run_id,)).one_or_none()
    return 0 if row is None else (row[0] - 1) * (run.steps or 0) + row[1] + row[2].count(",") + 1


def age(page: Page, database: Database, run_id: int) -> float:
    """Seconds until the page shows what is the newest batch now."""
    wanted, asked = newest(database, run_id), time.perf_counter()
    while page.evaluate(SHOWN) < wanted:
        assert time.perf_counter() - asked < PATIENCE, page.locator("body").inner_text()[:1_000]
        page.wait_for_timeout(20)
    return time.perf_counter() - asked


def zoom(page: Page) -> list[float]:
    """Drag over a part of the chart with the mouse; the range that is shown then."""
    box = page.locator(".mnist-dash-chart .nsewdrag").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.01 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    page.mouse.up()
    page.wait_for_timeout(1_000)
    found: list[float] = page.evaluate(ZOOM)
    return found


Look = dict[str, float]


def looks(page: Page, database: Database, run_id: int, web: psutil.Process, minutes: float) -> Iterator[Look]:
    """What is seen until the time is over."""
    begun = time.monotonic()
    while (passed := time.monotonic() - begun) < 60 * minutes:
        yield {"minute": passed / 60, "age": age(page, database, run_id), "memory": web.memory_info().rss / 2**20}
        page.wait_for_timeout(1000 * SAMPLE)


def note(complaints: list[str], text: str) -> None:
    """Keep what the browser complains of, and say it at once."""
    complaints.append(text)
    print(text, file=sys.stderr, flush=True)


def main(minutes: float = MINUTES) -> None:
    """Watch and write the result."""
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as server, sync_playwright() as playwright:
        settings = replace(Settings.from_environment(os.environ), home=Path(folder), offline=True)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        complaints: list[str] = []
        page.on("console", lambda said: note(complaints, said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: note(complaints, str(error)))
        with open_database(settings) as database:
            run = start_run(settings, database, RunSpec.of("cnn", "mnist", epochs=1_000))
            # Home first: a page that is opened by its link makes Streamlit ask for two files that are not there.
            page.goto(server.url)
            page.get_by_role("link", name="Train", exact=True).click()
            page.wait_for_function(f"document.querySelector('.mnist-dash-chart')?._fullData && ({SHOWN})() > 0")
            page.wait_for_timeout(60_000 * WARM_UP)
            page.evaluate("document.querySelector('.mnist-dash-chart').kept = true")
            zoomed = zoom(page)
            seen = list(looks(page, database, run.id, psutil.Process(server.pid), minutes))
            kept = page.evaluate("document.querySelector('.mnist-dash-chart').kept === true")
            after = page.evaluate(ZOOM)
            records, epochs = len(batches_of(database, run.id)), len(epochs_of(database, run.id))
            control.stop(database, run.id)
            while run_of(database, run.id).changing:
                page.wait_for_timeout(200)
        browser.close()
        faults = server.faults()
    ages, memory = [look["age"] for look in seen], [look["memory"] for look in seen]
    record.write(
        "live",
        {
            "minutes": minutes,
            "looks": len(seen),
            "batch_records": records,
            "epochs": epochs,
            "age_median_seconds": median(ages),
            "age_95_percent_seconds": sorted(ages)[int(0.95 * len(ages))],
            "age_worst_seconds": max(ages),
            "memory_first_mb": memory[0],
            "memory_last_mb": memory[-1],
            "memory_median_mb": median(memory),
            "memory_largest_deviation": max(abs(value / median(memory) - 1) for value in memory),
            "same_node": kept,
            "zoom": zoomed,
            "zoom_after": after,
            "console": complaints,
            "server_faults": faults,
            "samples": seen,
        },
    )


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
