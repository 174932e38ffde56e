"""What the method `tiny` reads of the test images after it has learnt from all training images, by its last epoch.

`MNIST_DASH_HOME=FOLDER MNIST_DASH_DATA=FOLDER python -m benchmarks.tiny`. Its settings were chosen by the last 5,000
training images, of which a network of the others read 99.60 % right (seed 0). Here none is kept aside, where
`benchmarks.methods` has it with its own defaults. A seed that is done stays in the home, so that what was cut off goes
on with the next one.
"""

import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import fmean, stdev

from benchmarks import record
from benchmarks.methods import train
from benchmarks.training import SEEDS, T95
from mnist_dash import files
from mnist_dash.methods.claims import CLAIMS
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database

CLAIM = replace(CLAIMS["tiny"], changes={"validation_split": 0.0})
AT_LEAST, AIM = 0.994, 0.9955


def measure(seed: int, settings: Settings) -> dict[str, float]:
    """A whole run, in a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        apart = replace(settings, home=Path(home))
        with open_database(apart) as database:
            run, processor = train(CLAIM, seed, apart, database)
    assert run.score is not None
    return {"test_accuracy": run.score.accuracy, "training_seconds": run.seconds, "processor_seconds": processor}


def main() -> None:
    """Train with the seeds that are not known yet, and write the result."""
    settings = Settings.from_environment(os.environ).prepare()
    kept = settings.home / "tiny.json"
    known: dict[str, dict[str, float]] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for seed in SEEDS:
        if str(seed) not in known:
            known[str(seed)] = measure(seed, settings)
            with files.whole(kept) as file:
                file.write(json.dumps(known).encode())
            print(seed, known[str(seed)], file=sys.stderr, flush=True)
    spec, runs = CLAIM.make_spec(), [known[str(seed)] for seed in SEEDS]
    accuracies = [run["test_accuracy"] for run in runs]
    result = {
        "claim": {"at_least": AT_LEAST, "aim": AIM, "parameters": 10_000},
        "parameters": spec.parameter_count,
        "epochs": spec.epochs,
        "train_images": spec.split(60_000)[0],
        "mean_test_accuracy": fmean(accuracies),
        "interval_95": T95 * stdev(accuracies) / len(SEEDS) ** 0.5,
        "seeds": {str(seed): run for seed, run in zip(SEEDS, runs, strict=True)},
        "mean_processor_seconds": fmean(run["processor_seconds"] for run in runs),
    }
    record.write("tiny", result)


if __name__ == "__main__":
    main()
