"""Put the model of a finished run into the program, with its card: `python -m benchmarks.bundle_model RUN NAME`.

What a card says beyond the run's own figures is chosen on the training images that `bundle_sets` holds out: the
temperature that calibrates a reader, and the threshold below which the network `digit_or_not` refuses.
"""

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.bundle_sets import HELD_OUT, penned, redrawn
from mnist_dash.data.dataset import Digits
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.models.bundled import DIGIT_OR_NOT, Card
from mnist_dash.models.calibration import fit_temperature
from mnist_dash.models.classifier import LiteRT
from mnist_dash.models.registry.lookup import read_litert_model
from mnist_dash.models.rejection import DigitDetector
from mnist_dash.runs.queries import run_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database

FOLDER = Path(__file__).resolve().parents[1] / "mnist_dash" / "models" / "files"
REFUSED = 0.01
"""The share of true digits, of validation images, that may be refused."""
SEED = 2


def main(run_id: int, name: str) -> None:
    """Write NAME.tflite and NAME.json."""
    settings = Settings.from_environment(os.environ)
    database = open_database(settings)
    run = run_of(database, run_id)
    assert run.score, "the run has no figures"
    learnt, mnist = open_dataset(settings, run.spec.data), open_dataset(settings, "mnist")
    content = read_litert_model(database, run)
    model, validation = LiteRT(content), mnist.train.take(slice(len(mnist.train) - HELD_OUT, None))
    # A run on all of MNIST has learnt from every image that could calibrate it.
    free = name != DIGIT_OR_NOT and learnt.name != mnist.name
    card = Card(
        name=name,
        title=run.name,
        parameters=run.spec.parameter_count,
        spec=asdict(run.spec),
        data=learnt.name,
        data_sha256=dict(learnt.sha256),
        test_accuracy=run.score.accuracy,
        test_interval=(run.score.low, run.score.high),
        test_images=run.score.images,
        trained=datetime.now(UTC).date().isoformat(),
        versions={package: version(package) for package in ("tensorflow", "keras", "numpy")},
        note=f"Trained by this program: one run with seed {run.spec.seed}, its last epoch, no choice by test images.",
        temperature=round(fit_temperature(model.probabilities(validation.images), validation.labels), 3)
        if free
        else 1.0,
        threshold=threshold(model, validation) if name == DIGIT_OR_NOT else 0.0,
    )
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.tflite").write_bytes(content)
    (FOLDER / f"{name}.json").write_text(json.dumps(asdict(card), indent=2) + "\n", encoding="utf-8")


def threshold(model: LiteRT, validation: Digits) -> float:
    """What at most one in a hundred true digits lies below, held out as they are or redrawn, or of the generator."""
    kinds = (validation, redrawn(validation, len(validation), SEED), penned(len(validation), SEED))
    return min(
        round(float(np.quantile(DigitDetector(model, 0).likelihoods(digits.images), REFUSED)), 4) for digits in kinds
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
