"""How soon a hundred digits and the answers to them follow the slider of the page Stress, and how far models hold.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.stress`. On the page, in a browser: from a press of an arrow key on the
slider to the changed digits, for every stress (`slider_ms`: the median of a few presses each). And what both bundled
models read of MNIST's test images at every amount of every stress, as the page measures it.
"""

import os
import re
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks import record
from mnist_dash.analysis.robustness import measure_robustness
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.stress.stresses import STRESSES, draw_digits
from mnist_dash.models.bundled import load_bundled
from mnist_dash.settings import Settings
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, started, tab
from tests.browser.test_pages import settled

MODELS = ("reader", "cnn")
SEED, PRESSES = 0, 5
SLIDER = re.compile("^By how much")
CHANGED = """(node) => void (window.changed = new Promise((resolve) => {
  const sheet = () => getComputedStyle(node).getPropertyValue("--sheet")
  const before = sheet()
  document.addEventListener("keydown", () => { window.pressed = performance.now() }, { once: true, capture: true })
  const look = () => sheet() === before ? requestAnimationFrame(look) : resolve(performance.now() - window.pressed)
  look()
}))"""


def press(page: Page, key: str) -> float:
    """Milliseconds from a key on the slider to the changed digits."""
    settled(page)
    page.get_by_role("slider", name=SLIDER).focus()
    page.get_by_role("listbox", name="Digits under stress").evaluate(CHANGED)
    page.keyboard.press(key)
    milliseconds: float = page.evaluate("window.changed")
    return milliseconds


def measure_slider(home: Path) -> dict[str, float]:
    """The median for each stress; the first page warms up server and browser."""
    found = {}
    with started(home) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
            for name in ("rotate", *STRESSES):
                page.goto(f"/stress?stress={name}&models={','.join(MODELS)}")
                page.get_by_role("listbox", name="Digits under stress").wait_for()
                page.wait_for_timeout(1_000)
                keys = ("ArrowLeft", "ArrowRight") * PRESSES
                found[name] = round(median(press(page, key) for key in keys), 1)
        browser.close()
    return found


def measure_models(settings: Settings) -> dict[str, Any]:
    """The accuracy of each model at every level of every stress."""
    test = open_dataset(settings).test
    models = [load_bundled(name) for name in MODELS]
    found = {}
    for name, kind in STRESSES.items():
        held = measure_robustness(models, draw_digits(test, kind.count, SEED), name, SEED)
        shares = {model: [round(n / kind.count, 4) for n in row] for model, row in zip(MODELS, held.right, strict=True)}
        found[name] = {"images": kind.count, "levels": held.levels.tolist(), **shares}
    return found


def main() -> None:
    """Measure all and write the result."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MNIST_DASH_HOME"] = folder
        settings = Settings.from_environment(os.environ).prepare()
        slider, accuracy = measure_slider(settings.home), measure_models(settings)
    record.write(
        "stress",
        {
            "seed": SEED,
            "presses": 2 * PRESSES,
            "slider_ms": slider,
            "slider_ms_median": round(median(slider.values()), 1),
            "slider_ms_slowest": max(slider.values()),
            "accuracy": accuracy,
        },
    )


if __name__ == "__main__":
    main()
