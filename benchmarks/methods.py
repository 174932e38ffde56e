"""Every claim about a method, repeated: last-epoch test accuracy over seeds, and what it costs.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.methods [CLAIM …]`: where claims are named, the figures of others stay as
they were. The processor's seconds are those of the run's own process, from the first image to the last answer, whatever
else is at work; the support vector machine takes long and draws nothing but the validation images: seed 0 alone.
`reader` is none of these: it is meant for another set and would take hours. `custom` starts with the layers of
`cnn_1000`, on all images. `benchmarks.champion` lets `champion` learn from all images, and its models vote.
"""

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from benchmarks import record
from benchmarks.training import SEEDS, T95
from mnist_dash.data.one_of_each import draw_one_of_each
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.claims import CLAIMS, Claim
from mnist_dash.methods.layers import compute_shapes
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.lookup import load_run_model, read_litert_model
from mnist_dash.models.timing import measure_milliseconds
from mnist_dash.runs import queue
from mnist_dash.runs.queries import epochs_of, kept_bytes_of
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from mnist_dash.training.attempt import execute

LONG = ("svm",)
WARM_UP = RunSpec.of("dense_128", "mnist", epochs=1, train_size=100)


def train(claim: Claim, seed: int, settings: Settings, database: Database) -> tuple[Run, float]:
    """A whole run, and the processor's seconds that it took."""
    data = _make_set(seed, settings) if claim.one_of_each else "mnist"
    queued = queue.submit(database, claim.make_spec(seed, data))
    before = time.process_time()
    run = execute(settings, database, queued.id)
    assert run.state is State.DONE, run.reason
    return run, time.process_time() - before


def _make_set(seed: int, settings: Settings) -> str:
    name = f"one-of-each-{seed}"
    if name not in named_sets.names(settings):
        named_sets.save(settings, name, draw_one_of_each(open_dataset(settings), seed))
    return name


def train_seeds(claim: Claim, settings: Settings, database: Database) -> list[tuple[Run, float]]:
    """A run with every seed, and the processor's seconds that each took."""
    # TensorFlow is loaded before anything is measured.
    execute(settings, database, queue.submit(database, WARM_UP).id)
    seeds = SEEDS[:1] if claim.name in LONG else SEEDS
    return [train(claim, seed, settings, database) for seed in seeds]


def describe(trained: list[tuple[Run, float]], database: Database) -> dict[str, Any]:
    """What the runs of a claim have reached and cost; the first run tells curve, size and speed."""
    runs, processor = zip(*trained, strict=True)
    accuracies = [run.score.accuracy for run in runs]
    first, network = runs[0], runs[0].spec.network
    return {
        "seeds": [run.spec.seed for run in runs],
        "mean_test_accuracy": fmean(accuracies),
        "interval_95": T95 * stdev(accuracies) / len(runs) ** 0.5 if len(runs) > 1 else None,
        "test_accuracies": accuracies,
        "test_interval": [first.score.low, first.score.high],
        "epochs": first.epoch if network else None,
        "train_images": first.train_images,
        "curve": _read_curve(database, first) if network else [],
        "curve_of": "validation" if first.spec.validation_split else "training",
        "mean_training_seconds": fmean(run.seconds for run in runs),
        "mean_processor_seconds": fmean(processor),
        "parameters": first.spec.parameter_count or None,
        "multiply_adds": sum(row.operations for row in compute_shapes(network)) if network else None,
        "bytes": _measure_size(database, first),
        "answer_ms": measure_milliseconds(load_run_model(database, str(first.id))),
    }


def write(name: str, figures: dict[str, Any]) -> None:
    """Put the figures of a claim into the record; those of all others stay as they were."""
    file = record.RESULTS / "methods.json"
    known = json.loads(file.read_text("utf-8"))["result"]["claims"] if file.exists() else {}
    # The claims may have been measured on several machines; that of the record is the last one's.
    known[name] = {**figures, "processor": record.machine()["processor"]}
    record.write("methods", {"claims": {each: known[each] for each in CLAIMS if each in known}})


def _read_curve(database: Database, run: Run) -> list[float]:
    """The accuracy of each epoch on validation images, or on training images where none are held out."""
    epochs = epochs_of(database, run.id)
    return [epoch.accuracy if epoch.validation_accuracy is None else epoch.validation_accuracy for epoch in epochs]


def _measure_size(database: Database, run: Run) -> int | None:
    if run.spec.network:
        return len(read_litert_model(database, run))
    return kept_bytes_of(database, run.id, ModelFormat.ARRAYS) if run.spec.is_fitted else None


def main() -> None:
    """Train all and write the result, claim by claim."""
    with tempfile.TemporaryDirectory() as home:
        settings = replace(Settings.from_environment(os.environ), home=Path(home))
        with open_database(settings) as database:
            for name in sys.argv[1:] or CLAIMS:
                write(name, describe(train_seeds(CLAIMS[name], settings, database), database))


if __name__ == "__main__":
    main()
