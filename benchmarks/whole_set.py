"""A method that has learnt from all 60,000 training images, seed by seed, none kept aside: for `tiny` and `champion`.

`benchmarks.methods` has every method with its own defaults, of which a tenth is kept aside for validation.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from benchmarks.methods import train
from benchmarks.training import SEEDS, T95
from mnist_dash import files
from mnist_dash.methods.claims import CLAIMS, Claim
from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database

Keep = Callable[[Database, Run], None]


def learn(method: str, settings: Settings, keep: Keep = lambda _database, _run: None) -> dict[str, Any]:
    """The accuracies of SEEDS on the test images, with their mean and its interval, and what learning took.

    A seed that is done stays in the home, so that what was cut off goes on with the next one. `keep` takes of a run
    what is to stay of it: its own home goes.
    """
    claim = replace(CLAIMS[method], changes={"validation_split": 0.0})
    kept = settings.home / f"{method}.json"
    known: dict[str, dict[str, float]] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for seed in SEEDS:
        if str(seed) not in known:
            known[str(seed)] = _measure(claim, seed, settings, keep)
            with files.whole(kept) as file:
                file.write(json.dumps(known).encode())
            print(seed, known[str(seed)], file=sys.stderr, flush=True)
    spec, runs = claim.make_spec(), [known[str(seed)] for seed in SEEDS]
    accuracies = [run["test_accuracy"] for run in runs]
    return {
        "parameters": spec.parameter_count,
        "epochs": spec.epochs,
        "train_images": spec.split(60_000)[0],
        "mean_test_accuracy": fmean(accuracies),
        "interval_95": T95 * stdev(accuracies) / len(SEEDS) ** 0.5,
        "seeds": {str(seed): run for seed, run in zip(SEEDS, runs, strict=True)},
        "mean_processor_seconds": fmean(run["processor_seconds"] for run in runs),
    }


def _measure(claim: Claim, seed: int, settings: Settings, keep: Keep) -> dict[str, float]:
    """A whole run, in a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        apart = replace(settings, home=Path(home))
        with open_database(apart) as database:
            run, processor = train(claim, seed, apart, database)
            keep(database, run)
    assert run.score is not None
    return {"test_accuracy": run.score.accuracy, "training_seconds": run.seconds, "processor_seconds": processor}
