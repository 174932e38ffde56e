"""How fast the generator is, and how far its digits carry: who learns from them alone reads real ones.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.generator`, a quarter of an hour on two cores. The program's `cnn` learns
from 60,000 generated digits, varied as `VARIED` says, and reads MNIST's test images, which took no part in any choice
about the generator, and the pen strokes of `../shared/pen`, by which its forms were chosen. Nearest neighbours read
MNIST *training* images. `python -m benchmarks.generator speed` takes the time alone anew, for an idle machine.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from statistics import mean, stdev
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.neighbors import KNeighborsClassifier  # type: ignore[import-untyped]

from benchmarks import record
from benchmarks.handwriting import pen_strokes
from benchmarks.training import SEEDS, T95
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator import VERSION
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.models.registry.lookup import load_run_model
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database

COUNT, EPOCHS = 60_000, 10
VARIED = "validation_split=0 schedule=cosine rotation=8 zoom=0.1 shear=0.1 elastic=0.6 thickness=0.4"
"""As training images of MNIST were read best, of a few that were tried."""
LEARNED, READ = 5_000, 10_000
GOAL = 0.97


def main() -> None:
    """Time 60,000 digits, read real digits by nearest neighbours, then by three networks."""
    real = open_dataset(Settings.from_environment(os.environ), "mnist").train
    seconds = timed()
    asked = real.take(slice(0, READ))
    carried = [round(neighbours(generate(LEARNED, seed), asked), 4) for seed in SEEDS]
    with tempfile.TemporaryDirectory() as home:
        runs = [trained(seed, home) for seed in SEEDS]
    accuracies = [run["test_accuracy"] for run in runs]
    result = {
        "claim": f"{COUNT:,} digits within 30 s; a network that saw them alone reads {GOAL:.0%} of MNIST's test images",
        "holds": seconds < 30 and mean(accuracies) >= GOAL,
        "version": VERSION,
        "count": COUNT,
        "seconds": round(seconds, 1),
        "seeds": SEEDS,
        "epochs": EPOCHS,
        "hyperparameters": VARIED,
        "mean_test_accuracy": mean(accuracies),
        "interval_95": T95 * stdev(accuracies) / len(SEEDS) ** 0.5,
        "mean_pen_accuracy": mean(run["pen_accuracy"] for run in runs),
        "runs": runs,
        "neighbours_learned": LEARNED,
        "neighbours_read": READ,
        "neighbours_generated_to_real": carried,
    }
    record.write("generator", result)


def measure_speed() -> None:
    """Time alone, in the record that is there."""
    path = record.RESULTS / "generator.json"
    result = json.loads(path.read_text("utf-8"))["result"]
    record.write("generator", result | {"seconds": round(timed(), 1)})


def timed() -> float:
    """Seconds that all digits of a set take, one core at work."""
    started = time.perf_counter()
    generate(COUNT, 0)
    return time.perf_counter() - started


def trained(seed: int, home: str) -> dict[str, Any]:
    """Generate, train and read, as a person would on the command line."""
    name = f"seed-{seed}"
    command("generate", "--name", name, "--count", str(COUNT), "--seed", str(seed), home=home)
    words = ("--epochs", str(EPOCHS), "--seed", str(seed), "--hyperparameter", *VARIED.split())
    run = command("train", "cnn", "--data", name, *words, home=home)
    read = command("evaluate", str(run["run"]), "--data", "mnist", home=home)
    settings = Settings.from_environment({**os.environ, "MNIST_DASH_HOME": home})
    with open_database(settings) as database:
        model = load_run_model(database, str(run["run"]))
    right = {
        donor: round(float((model.probabilities(one.images).argmax(axis=1) == one.labels).mean()), 4)
        for donor, one in pen_strokes().items()
    }
    digits = {donor: len(one) for donor, one in pen_strokes().items()}
    pen = sum(right[donor] * digits[donor] for donor in digits) / max(1, sum(digits.values()))
    told = {"seed": seed, "test_accuracy": read["accuracy"], "pen_accuracy": round(pen, 4), "pen_by_donor": right}
    print(told, file=sys.stderr)
    return told | {"generated_test_accuracy": run["test_accuracy"], "training_seconds": run["seconds"]}


def command(*words: str, home: str) -> dict[str, Any]:
    """The JSON object that a command prints last."""
    environ = {**os.environ, "MNIST_DASH_HOME": home}
    line = [sys.executable, "-m", "mnist_dash", *words, "--json"]
    done = subprocess.run(line, env=environ, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def neighbours(known: Digits, asked: Digits) -> float:
    """Accuracy of the three nearest neighbours, weighted by distance, by raw pixels."""
    model = KNeighborsClassifier(3, weights="distance").fit(_rows(known), known.labels)
    return float(model.score(_rows(asked), asked.labels))


def _rows(digits: Digits) -> npt.NDArray[np.float32]:
    return digits.images.reshape(len(digits), -1).astype(np.float32) / np.float32(255)


if __name__ == "__main__":
    measure_speed() if sys.argv[1:] == ["speed"] else main()
