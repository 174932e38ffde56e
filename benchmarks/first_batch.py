"""From the press of Start training to the first batches of `cnn` on the chart, with a process kept ready and without.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.first_batch [PRESSES]` (7 unless told otherwise). Two servers, one of which
keeps no process ready, are pressed in turns in a browser; each has done a run before, its supervisor lives, and where a
process is kept ready it is ready. The clock is the browser's: from the click to the first frame in which the chart has
a point. On the way it is noted when the run was queued, when its process had read the data, and when its first batches
were recorded. Whatever else the machine does meanwhile slows both: `load` is how many processes wanted a processor.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

import psutil
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import record
from mnist_dash.cli.processes import READY
from mnist_dash.runs import control, process
from mnist_dash.runs.queries import batches_of, run_of, runs_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.awaiting import until
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, started

PRESSES = 7
LINK = "/train?method=cnn"
PARTS = ("queued", "begun", "recorded", "shown")
WATCH = """() => {
  window.pressed = 0; window.shown = 0
  let empty = false
  document.addEventListener("click", () => { window.pressed = Date.now() }, { capture: true, once: true })
  const look = () => {
    const points = document.querySelector(".mnist-dash-chart")?._fullData?.[0].customdata ?? []
    // What stands there at first are the points of the run before.
    empty ||= window.pressed && !points.length
    if (empty && points.length) window.shown = Date.now()
    else requestAnimationFrame(look)
  }
  look()
}"""


class App:
    """A server in a home of its own, its page in a browser, and what its processes leave in the database."""

    def __init__(self, home: Path, page: Page, database: Database, *, spare: bool) -> None:
        """Nothing was pressed yet."""
        self._page, self._database, self._spare = page, database, spare
        self._settings = replace(Settings.from_environment(os.environ), home=home)
        self.memory: list[float] = []

    def press(self) -> dict[str, float]:
        """Press Start training; the seconds from the click to each of PARTS."""
        page, last = self._page, max((run.id for run in runs_of(self._database)), default=0)
        page.evaluate(WATCH)
        page.get_by_role("button", name="Start training").click()
        run_id, recorded = last + 1, 0.0
        until(lambda: runs_of(self._database))
        while not page.evaluate("window.shown"):
            if not recorded and any(run.id > last for run in runs_of(self._database)):
                recorded = _now(page) if batches_of(self._database, run_id) else 0.0
            page.wait_for_timeout(10)
        run = run_of(self._database, run_id)
        pressed, shown = page.evaluate("[window.pressed / 1000, window.shown / 1000]")
        self._finish(run_id)
        at = dict(zip(PARTS, (run.created, run.started or 0.0, recorded or shown, shown), strict=True))
        return {part: moment - pressed for part, moment in at.items()}

    def _finish(self, run_id: int) -> None:
        """End the run, and wait until the next one would find everything ready."""
        log = process.spare_log(self._settings)
        if self._spare:
            # The next one is loaded when this run has ended.
            log.write_bytes(b"")
        control.stop(self._database, run_id)
        while run_of(self._database, run_id).changing or (self._spare and READY not in log.read_text()):
            self._page.wait_for_timeout(200)
        self._page.wait_for_timeout(2_000)
        self.memory += [psutil.Process(pid).memory_info().rss / 1e6 for pid in self._find_spares()]

    def _find_spares(self) -> Iterator[int]:
        for one in psutil.process_iter(["pid", "cmdline", "environ"]):
            if (one.info["environ"] or {}).get("MNIST_DASH_HOME") == str(self._settings.home) and "spare" in (
                one.info["cmdline"] or []
            ):
                yield one.info["pid"]


def _now(page: Page) -> float:
    moment: float = page.evaluate("Date.now()")
    return moment / 1000


@contextmanager
def opened(browser: Browser, home: Path, *, spare: bool) -> Iterator[App]:
    """A server that has done its first run."""
    home.mkdir()
    settings = replace(Settings.from_environment(os.environ), home=home, offline=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNIST_DASH_SPARE", str(int(spare)))
        with started(home) as server, open_database(settings) as database:
            page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=server.url)
            page.set_default_timeout(300_000)
            page.goto(LINK)
            page.get_by_role("button", name="Start training").wait_for()
            page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
            app = App(home, page, database, spare=spare)
            app.press()
            yield app


def main(presses: int = PRESSES) -> None:
    """Press and write the result."""
    seconds: dict[str, list[dict[str, float]]] = {"ready": [], "fresh": []}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        apps = {name: stack.enter_context(opened(browser, folder / name, spare=name == "ready")) for name in seconds}
        loads = []
        for _ in range(presses):
            for name, app in apps.items():
                loads.append(os.getloadavg()[0])
                seconds[name].append(app.press())
                print(name, seconds[name][-1], file=sys.stderr, flush=True)
        memory = apps["ready"].memory
        browser.close()
    medians = {
        name: {part: median(each[part] for each in measured) for part in PARTS} for name, measured in seconds.items()
    }
    ready, fresh = (medians[name]["shown"] for name in seconds)
    record.write(
        "first_batch",
        {
            "presses": presses,
            "ready_seconds": ready,
            "fresh_seconds": fresh,
            "ratio": ready / fresh,
            "load": median(loads),
            "spare_memory_mb": max(memory),
            "median_seconds_until": medians,
            "seconds_until": seconds,
        },
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
