"""How long the evaluation of a model takes, how soon a cell of its matrix shows its images, and whether both are right.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.evaluation`. A bundled model reads the 10,000 test images in a process of
its own, as the page Models asks for it; cells of the confusion matrix are pressed in a browser; and the figures of a
run are compared with Keras' own evaluation of the same network, and with scikit-learn's.
"""

import os
import subprocess
import tempfile
import time
from statistics import median
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect, sync_playwright
from sklearn.metrics import accuracy_score, log_loss  # type: ignore[import-untyped]

from benchmarks import record
from mnist_dash.analysis.evaluation import evaluate
from mnist_dash.data.dataset import scale_to_input
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.classifier import LiteRT
from mnist_dash.models.registry.lookup import read_keras_model, read_litert_model
from mnist_dash.runs import process, queue
from mnist_dash.runs.queries import run_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from mnist_dash.training.attempt import execute
from mnist_dash.training.files import from_keras
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, started, tab
from tests.browser.test_pages import settled

TIMES, CELLS = 5, 20
MODELS = ("reader", "cnn")
PRESSED = """(name) => new Promise((resolve) => {
  // Components have shadow roots of their own, into which a document does not look.
  const find = (root) => root.querySelector(`[role=listbox][aria-label^="${name}"]`)
    ?? [...root.querySelectorAll("*")].map(({ shadowRoot }) => shadowRoot && find(shadowRoot)).find(Boolean)
  const shown = () => find(document)
  const began = performance.now()
  const look = () => shown() ? resolve(performance.now() - began) : requestAnimationFrame(look)
  document.addEventListener("mouseup", () => requestAnimationFrame(look), { once: true, capture: true })
})"""
PLACE = """(node, [label, answer]) => {
  const { xaxis, yaxis } = node._fullLayout
  const { left, top } = node.getBoundingClientRect()
  return [left + xaxis._offset + xaxis.d2p(answer), top + yaxis._offset + yaxis.d2p(label)]
}"""


def measure_seconds(settings: Settings) -> dict[str, Any]:
    """Seconds of the whole process for each model, progress included."""
    found = {}
    for model in MODELS:
        seconds = []
        for _ in range(TIMES):
            command = process.make_command("evaluate", model, "--out", str(settings.home / "answers.npz"), "--progress")
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, env=process.make_environment())
            seconds.append(round(time.perf_counter() - began, 3))
        found[model] = {"median": median(seconds), "slowest": max(seconds)}
    return found


def measure_agreement(settings: Settings) -> dict[str, float]:
    """How far our figures of a network are from Keras' and scikit-learn's, on the test images."""
    with open_database(settings) as database:
        spec = RunSpec.of("cnn", "mnist", epochs=1, train_size=5_000)
        run = execute(settings, database, queue.submit(database, spec).id, None)
        litert = LiteRT(read_litert_model(database, run_of(database, run.id)))
        keras = from_keras(read_keras_model(database, run))
    test = open_dataset(settings).test
    answers = litert.probabilities(test.images)
    ours = evaluate(answers, test.labels)
    keras.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    # All at once: over batches Keras keeps a mean in single precision, which drifts by more than is compared here.
    loss, accuracy = keras.evaluate(scale_to_input(test.images), test.labels, batch_size=len(test), verbose=0)
    shares = answers.astype(np.float64)
    theirs = log_loss(test.labels, shares / shares.sum(axis=1, keepdims=True), labels=list(range(10)))
    return {
        "accuracy": ours.accuracy,
        "accuracy_from_keras": abs(ours.accuracy - accuracy),
        "loss_from_keras": abs(ours.loss - loss),
        "accuracy_from_sklearn": abs(ours.accuracy - accuracy_score(test.labels, answers.argmax(axis=1))),
        "loss_from_sklearn": abs(ours.loss - theirs),
    }


def press(page: Page, digit: int) -> float:
    """Milliseconds from the release of the mouse on a cell to its images."""
    settled(page)
    matrix = page.get_by_role("figure", name="Confusion matrix")
    matrix.scroll_into_view_if_needed()
    x, y = matrix.evaluate(PLACE, [digit, digit])
    name = f"Images of {digit} that are read as {digit}"
    page.mouse.move(x, y)
    expect(matrix.locator(".hoverlayer")).to_contain_text(f"{digit} read as {digit}")
    # Not waited for here, as what an expression gives would be.
    page.evaluate(f"void (window.pressed = ({PRESSED})('{name}'))")
    page.mouse.down()
    page.mouse.up()
    milliseconds: float = page.evaluate("window.pressed")
    return milliseconds


def measure_cells(settings: Settings) -> list[float]:
    """Milliseconds for each of many cells."""
    with started(settings.home) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
            page.goto("/models?model_view=confusion")
            page.get_by_role("listbox").wait_for()
            page.wait_for_timeout(2_000)
            # The first ten warm up server and browser.
            found = [press(page, number % 10) for number in range(10 + CELLS)][10:]
        browser.close()
    return found


def main() -> None:
    """Measure all and write the result."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MNIST_DASH_HOME"] = folder
        settings = Settings.from_environment(os.environ).prepare()
        seconds, agreement, cells = measure_seconds(settings), measure_agreement(settings), measure_cells(settings)
    record.write(
        "evaluation",
        {
            "images": 10_000,
            "times": TIMES,
            "seconds": seconds,
            "agreement": agreement,
            "cells": CELLS,
            "cell_ms_median": round(median(cells), 1),
            "cell_ms_slowest": round(max(cells), 1),
        },
    )


if __name__ == "__main__":
    main()
