"""Put the model of a finished run into the program, with its card: `python -m benchmarks.bundle_model RUN NAME [NOTE]`.

`python -m benchmarks.bundle_model` alone chooses the thresholds of the bundled detector anew.

What a card says beyond the run's own figures is chosen on the training images of MNIST that `reader_set.build` holds
out: the temperature that calibrates a reader, and the thresholds of the network `digit_or_not`. NOTE is a file with
what else is to be said of it, such as whose digits it has learnt from.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mnist_dash.data.dataset import Digits
from mnist_dash.data.reader_set.build import hold_out, redraw_digits
from mnist_dash.data.reader_set.strangers import draw_strangers
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.models.bundled import (
    DEFAULT,
    DIGIT_OR_NOT,
    Card,
    Strictness,
    load_bundled,
    read_bundled_file,
    read_card,
)
from mnist_dash.models.calibration import fit_temperature
from mnist_dash.models.classifier import Classifier, LiteRT
from mnist_dash.models.registry.lookup import read_litert_model
from mnist_dash.models.rejection import DigitDetector
from mnist_dash.runs.queries import run_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database

FOLDER = Path(__file__).resolve().parents[1] / "mnist_dash" / "models" / "files"
REFUSED, UNUSUAL = 0.005, 0.03
"""The shares of true digits that may be refused, and called unusual or refused."""
LEVELS = (0.001, 0.002, REFUSED, 0.0075, 0.01, 0.02, 0.05)
"""The shares of true digits among which a person may choose."""
STRANGERS = ("letters", "letters_otherwise", "signs", "scribbles")
COUNT, SEED = 2_500, 2
"""Images of each kind, other than those that are learnt from."""


def main(run_id: int, name: str, note: str = "") -> None:
    """Write NAME.tflite and NAME.json."""
    settings = Settings.from_environment(os.environ)
    database = open_database(settings)
    run = run_of(database, run_id)
    assert run.score, "the run has no figures"
    learnt, mnist = open_dataset(settings, run.spec.data), open_dataset(settings, "mnist")
    content = read_litert_model(database, run)
    model = LiteRT(content)
    _, validation = hold_out(mnist.train)
    card = Card(
        name=name,
        title=run.name,
        parameters=run.spec.parameter_count,
        spec=run.spec.to_fields(),
        data=learnt.name,
        data_sha256=dict(learnt.sha256),
        test_accuracy=run.score.accuracy,
        test_interval=(run.score.low, run.score.high),
        test_images=run.score.images,
        trained=datetime.now(UTC).date().isoformat(),
        versions={package: version(package) for package in ("tensorflow", "keras", "numpy")},
        note=f"Trained by this program: one run with seed {run.spec.seed}, its last epoch, no choice by test images."
        + (f" {note}" if note else ""),
        **describe_detector(model, validation) if name == DIGIT_OR_NOT else {},
        # A run on all of MNIST has learnt from every image that could calibrate it.
        **describe_reader(model, validation) if name == DEFAULT and learnt.name != mnist.name else {},
    )
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.tflite").write_bytes(content)
    write_card(card)


def write_card(card: Card) -> None:
    """Write NAME.json."""
    text = json.dumps(asdict(card), indent=2, ensure_ascii=False)
    (FOLDER / f"{card.name}.json").write_text(text + "\n", encoding="utf-8")


def choose_thresholds() -> None:
    """Write the thresholds of the bundled detector into its card."""
    _, validation = hold_out(open_dataset(Settings.from_environment(os.environ), "mnist").train)
    described = describe_detector(LiteRT(read_bundled_file(DIGIT_OR_NOT)), validation)
    write_card(replace(read_card(DIGIT_OR_NOT), **described))


def describe_reader(model: Classifier, validation: Digits) -> dict[str, Any]:
    """What calibrates a reader."""
    return {"temperature": round(fit_temperature(model.probabilities(validation.images), validation.labels), 3)}


def describe_detector(model: Classifier, validation: Digits, reader: Classifier | None = None) -> dict[str, Any]:
    """The thresholds beside a reader (the bundled one), and what others would refuse of digits and of all else."""
    detector = DigitDetector(model, 0, reader=reader or load_bundled(DEFAULT))
    # Digits of the generator are left out: by the broadest pens of the sheet, small ones are blots.
    digits = [detector.likelihoods(kind.images) for kind in (validation, redraw_digits(validation, COUNT, SEED))]
    others = np.concatenate([detector.likelihoods(draw_strangers(kind, COUNT, SEED)) for kind in STRANGERS])
    return {
        "threshold": threshold(digits, REFUSED),
        "usual": threshold(digits, UNUSUAL),
        "strictness": tuple(
            Strictness(at, share, round(float((others < at).mean()), 4))
            for share in LEVELS
            for at in [threshold(digits, share)]
        ),
    }


def threshold(digits: Sequence[npt.NDArray[np.float32]], share: float) -> float:
    """What at most that share of true digits lies below: held out, as they are or redrawn."""
    return min(round(float(np.quantile(likelihoods, share)), 4) for likelihoods in digits)


if __name__ == "__main__":
    if sys.argv[1:]:
        main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]).read_text("utf-8").strip() if sys.argv[3:] else "")
    else:
        choose_thresholds()
