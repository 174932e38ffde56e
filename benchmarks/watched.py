"""The cost of being watched: a run with its page open and its charts live, against bare Keras.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.watched`. Both are whole processes from start to end, in turns: `train cnn
--epochs 5` with a browser on its Train page, and `bare_keras.py` with the same network, data and settings.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean

from playwright.sync_api import Page, sync_playwright

from benchmarks import record
from benchmarks.training import EPOCHS, SEEDS, timed
from mnist_dash.runs.queries import runs_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, Server, started


def watched(page: Page, server: Server, database: Database, seed: int, environ: dict[str, str]) -> float:
    """Seconds of a whole run whose page is open from its start to its end."""
    words = ["train", "cnn", "--epochs", str(EPOCHS), "--seed", str(seed), "--json"]
    before, begun = len(runs_of(database)), time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "mnist_dash", *words], env=environ, stdout=subprocess.DEVNULL)
    while len(runs_of(database)) == before:
        time.sleep(0.05)
    page.goto(f"{server.url}/train?run={runs_of(database)[0].id}")
    page.locator(".mnist-dash-chart svg.main-svg").first.wait_for()
    while process.poll() is None:
        page.wait_for_timeout(100)
    assert process.returncode == 0
    return time.perf_counter() - begun


def main() -> None:
    """Run all pairs and write the result."""
    data = str(Path(os.environ["MNIST_DASH_DATA"]).absolute())
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as server, sync_playwright() as playwright:
        environ = {**os.environ, "MNIST_DASH_HOME": folder, "MNIST_DASH_DATA": data}
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        # Cache, supervisor, server and browser are warm before the first measured run, as in everyday use.
        timed([sys.executable, "-m", "mnist_dash", "train", "random", "--json"], environ)
        page.goto(f"{server.url}/train")
        page.locator("[data-testid=stMetric]").first.wait_for()
        pairs = []
        with open_database(Settings(home=Path(folder))) as database:
            for seed in SEEDS:
                bare = [sys.executable, "-m", "benchmarks.bare_keras", data, str(EPOCHS), str(seed)]
                ours = watched(page, server, database, seed, environ)
                page.goto("about:blank")
                _, theirs = timed(bare, environ)
                pairs.append({"seed": seed, "watched_seconds": ours, "bare_seconds": theirs, "ratio": ours / theirs})
        browser.close()
    record.write("watched", {"epochs": EPOCHS, "mean_ratio": mean(pair["ratio"] for pair in pairs), "pairs": pairs})


if __name__ == "__main__":
    main()
