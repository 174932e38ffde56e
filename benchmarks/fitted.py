"""Every method that is no network, with its own defaults: test accuracy, time, size and the time of an answer.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.fitted [METHOD …]`: where methods are named, the figures of others stay as
they were. Nearest neighbours and the support vector machine draw nothing but the validation images, and the latter
takes long: they are fitted once, with seed 0. Settings come from the literature and from validation images.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev

from benchmarks import record
from benchmarks.training import SEEDS, T95
from mnist_dash.methods.registry import METHODS
from mnist_dash.models.registry.lookup import load_run_model
from mnist_dash.models.timing import measure_milliseconds
from mnist_dash.runs.queries import epochs_of, kept_bytes_of
from mnist_dash.runs.records import ModelFormat
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database

DETERMINISTIC = ("nearest", "svm")


def fit(method: str, seed: int, home: str) -> dict[str, float]:
    """A whole run."""
    command = [sys.executable, "-m", "mnist_dash", "train", method, "--seed", str(seed), "--json"]
    environ = {**os.environ, "MNIST_DASH_HOME": home}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(method: str, home: str, database: Database) -> dict[str, object]:
    """Fit with every seed; the last run tells size and speed."""
    seeds = (0,) if method in DETERMINISTIC else SEEDS
    runs = [fit(method, seed, home) for seed in seeds]
    accuracies, last = [run["test_accuracy"] for run in runs], int(runs[-1]["run"])
    return {
        "seeds": list(seeds),
        "mean_test_accuracy": mean(accuracies),
        "interval_95": T95 * stdev(accuracies) / len(seeds) ** 0.5 if len(seeds) > 1 else None,
        "test_accuracies": accuracies,
        "validation_accuracies": [epochs_of(database, int(run["run"]))[0].validation_accuracy for run in runs],
        "test_interval": runs[-1]["test_interval"],
        "mean_seconds": mean(run["seconds"] for run in runs),
        "bytes": kept_bytes_of(database, last, ModelFormat.ARRAYS),
        "answer_ms": measure_milliseconds(load_run_model(database, str(last))),
    }


def main() -> None:
    """Fit all and write the result."""
    with tempfile.TemporaryDirectory() as home:
        settings = replace(Settings.from_environment(os.environ), home=Path(home))
        with open_database(settings) as database:
            names = [name for name, method in METHODS.items() if method.is_fitted]
            measured = {name: measure(name, home, database) for name in sys.argv[1:] or names}
    before = record.RESULTS / "fitted.json"
    kept = json.loads(before.read_text("utf-8"))["result"]["methods"] if before.exists() else {}
    record.write("fitted", {"methods": {name: (kept | measured)[name] for name in names if name in kept | measured}})


if __name__ == "__main__":
    main()
