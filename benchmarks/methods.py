"""Every network for MNIST, with its own defaults: last-epoch test accuracy over seeds, and the time of training.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.methods`; `random` is among them, and `benchmarks.fitted` has the others. A
method that is meant for another set, as `reader` is, would take hours, and says nothing beside the others. `custom`
starts with the layers of `cnn_1000`, on all images.
"""

import json
import os
import subprocess
import sys
import tempfile
from statistics import mean, stdev

from benchmarks import record
from benchmarks.training import SEEDS, T95
from mnist_dash.data.dataset import MNIST
from mnist_dash.methods.registry import METHODS


def trained(method: str, seed: int, home: str) -> dict[str, float]:
    """A whole run."""
    command = [sys.executable, "-m", "mnist_dash", "train", method, "--seed", str(seed), "--json"]
    environ = {**os.environ, "MNIST_DASH_HOME": home}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Train all and write the result."""
    measured = {}
    with tempfile.TemporaryDirectory() as home:
        for name in (name for name, method in METHODS.items() if method.data == MNIST and not method.is_fitted):
            runs = [trained(name, seed, home) for seed in SEEDS]
            accuracies = [run["test_accuracy"] for run in runs]
            measured[name] = {
                "mean_test_accuracy": mean(accuracies),
                "interval_95": T95 * stdev(accuracies) / len(SEEDS) ** 0.5,
                "test_accuracies": accuracies,
                "epochs": runs[0]["epochs"],
                "mean_training_seconds": mean(run["seconds"] for run in runs),
            }
            print(name, measured[name], file=sys.stderr)
    record.write("methods", {"seeds": list(SEEDS), "methods": measured})


if __name__ == "__main__":
    main()
