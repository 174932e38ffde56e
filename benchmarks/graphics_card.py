"""What the recipes take where TensorFlow finds a graphics card, and what they then read of the test images.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.graphics_card`. Runs as everywhere: every batch and epoch recorded, the
model of the last epoch tested; all 60,000 images are learnt from. Seconds are those of training, as the app tells them:
from the first image to the end of the last recorded epoch, with the graph compiled meanwhile and TensorFlow loaded
before. Then one seed is trained twice, which says whether the card repeats figures, and two runs go side by side, as
processes of their own that the command line has queued: both have to find memory on the card.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks import record
from benchmarks.training import SEEDS, describe_seeds
from mnist_dash.data.dataset import MNIST
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.queries import epochs_of
from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from mnist_dash.training.attempt import execute

RECIPES = {
    "fast, one epoch": ("fast", 1),
    "fast": ("fast", 2),
    "cnn": ("cnn", 5),
    "champion": ("champion", 20),
}
"""A method, and for how many epochs."""
TWICE = ("cnn", 1)
BESIDE = 2
"""Runs that go side by side."""


def main() -> None:
    """Train all recipes, and write the result."""
    card = find_card()
    with tempfile.TemporaryDirectory() as home:
        settings = replace(Settings.from_environment(os.environ), home=Path(home)).prepare()
        beside = train_beside(home)
        with open_database(settings) as database:
            # The card's libraries have been read before the first run that is timed.
            train("fast", 1, 0, settings, database)
            recipes = {name: measure(*recipe, settings, database) for name, recipe in RECIPES.items()}
            losses = [epochs_of(database, train(*TWICE, 0, settings, database).id)[-1].loss for _ in range(2)]
    record.write("graphics_card", {"card": card, "recipes": recipes, "same_seed_losses": losses, "beside": beside})


def find_card() -> str:
    """The name of the card that TensorFlow uses, which a process of its own has looked for."""
    look = (
        "import tensorflow as tf; cards = tf.config.list_physical_devices('GPU'); "
        "print(tf.config.experimental.get_device_details(cards[0]).get('device_name', cards[0].name) if cards else '')"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    if not (name := done.stdout.strip()):
        raise SystemExit(f"TensorFlow finds no graphics card here. It said:\n{done.stderr[-2_000:]}")
    return name


def measure(method: str, epochs: int, settings: Settings, database: Database) -> dict[str, Any]:
    """All seeds of a recipe, one after the other."""
    runs = [train(method, epochs, seed, settings, database) for seed in SEEDS]
    seconds = [run.seconds for run in runs]
    accuracies = [run.score.accuracy for run in runs if run.score]
    print(method, epochs, seconds, accuracies, file=sys.stderr, flush=True)
    return describe_seeds(accuracies) | {"epochs": epochs, "seconds": seconds, "mean_seconds": fmean(seconds)}


def train(method: str, epochs: int, seed: int, settings: Settings, database: Database) -> Run:
    """A run from all images, in this process."""
    spec = RunSpec.of(method, MNIST, epochs=epochs, seed=seed, validation_split=0.0)
    run = execute(settings, database, queue.submit(database, spec).id)
    assert run.score, run.reason
    return run


def train_beside(home: str) -> dict[str, Any]:
    """Runs side by side, of one epoch each: the seconds from their start to the last one's end, and what they read."""
    began = time.perf_counter()
    with ThreadPoolExecutor() as pool:
        told = list(pool.map(lambda seed: train_by_command(seed, home), range(BESIDE)))
    return {"wall_seconds": time.perf_counter() - began, "test_accuracies": [run["test_accuracy"] for run in told]}


def train_by_command(seed: int, home: str) -> dict[str, Any]:
    """What the command line told of a run."""
    method, epochs = TWICE
    command = [sys.executable, "-m", "mnist_dash", "train", method, "--epochs", str(epochs), "--seed", str(seed)]
    environ = os.environ | {"MNIST_DASH_HOME": home, "MNIST_DASH_SLOTS": str(BESIDE)}
    done = subprocess.run([*command, "--json"], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    main()
