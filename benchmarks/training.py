"""`train cnn --epochs 5` on MNIST: last-epoch test accuracy over seeds, and wall time against bare Keras.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.training`. For each seed both programs run one after the other, as whole
processes from start to end: imports, data, training, test. Ours also records every batch and epoch, keeps a
checkpoint of each epoch, and exports the model in two formats.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from benchmarks import record

EPOCHS = 5
SEEDS = (0, 1, 2)
T95 = 4.303
"""Student's t for a 95 % interval of the mean of three."""


def describe_seeds(shares: Sequence[float]) -> dict[str, Any]:
    """What each seed reads, their mean and its 95 % interval, which three of them have."""
    half = T95 * stdev(shares) / len(shares) ** 0.5 if len(shares) == len(SEEDS) else None
    return {"each": [round(share, 4) for share in shares], "mean": round(mean(shares), 5), "interval_95": half}


def timed(command: list[str], environ: dict[str, str]) -> tuple[dict[str, float], float]:
    """The JSON object that a command prints last, and the seconds it took."""
    started = time.perf_counter()
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1]), time.perf_counter() - started


def pair(folder: str, seed: int, home: str) -> dict[str, float]:
    """Both programs with one seed; the first of the two changes with the seed, so that none has the warmer machine."""
    ours = [sys.executable, "-m", "mnist_dash", "train", "cnn", "--epochs", str(EPOCHS), "--seed", str(seed), "--json"]
    bare = [sys.executable, "-m", "benchmarks.bare_keras", folder, str(EPOCHS), str(seed)]
    environ = {**os.environ, "MNIST_DASH_HOME": home}
    results = {}
    for name, command in (("ours", ours), ("bare", bare))[:: 1 if seed % 2 else -1]:
        results[name] = timed(command, environ)
    (own, own_wall), (other, other_wall) = results["ours"], results["bare"]
    return {
        "seed": seed,
        "test_accuracy": own["test_accuracy"],
        "bare_test_accuracy": other["test_accuracy"],
        "wall_seconds": own_wall,
        "bare_wall_seconds": other_wall,
        "ratio": own_wall / other_wall,
        "training_seconds": own["seconds"],
        "bare_fit_seconds": other["fit_seconds"],
    }


def main() -> None:
    """Run all pairs and write the result."""
    folder = os.environ["MNIST_DASH_DATA"]
    with tempfile.TemporaryDirectory() as home:
        # The data cache and the supervisor are there before the first measured run, as they are in everyday use.
        warm = [sys.executable, "-m", "mnist_dash", "train", "random", "--json"]
        timed(warm, {**os.environ, "MNIST_DASH_HOME": home})
        pairs = [pair(str(Path(folder).absolute()), seed, home) for seed in SEEDS]
    accuracies = [p["test_accuracy"] for p in pairs]
    record.write(
        "training",
        {
            "epochs": EPOCHS,
            "seeds": list(SEEDS),
            "mean_test_accuracy": mean(accuracies),
            "interval_95": T95 * stdev(accuracies) / len(SEEDS) ** 0.5,
            "mean_ratio": mean(p["ratio"] for p in pairs),
            "pairs": pairs,
        },
    )


if __name__ == "__main__":
    main()
