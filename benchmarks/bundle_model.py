"""Put the model of a finished run into the program, with its card: `python -m benchmarks.bundle_model RUN NAME`."""

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from mnist_dash.data.catalog import open_dataset
from mnist_dash.methods.registry import method_named
from mnist_dash.models.bundled import Card
from mnist_dash.models.catalog import answering_model
from mnist_dash.runs.database import open_database
from mnist_dash.runs.history import run_of
from mnist_dash.settings import Settings

FOLDER = Path(__file__).resolve().parents[1] / "mnist_dash" / "models" / "files"


def main(run_id: int, name: str) -> None:
    """Write NAME.tflite and NAME.json."""
    settings = Settings.from_environment(os.environ)
    database = open_database(settings)
    run, dataset = run_of(database, run_id), open_dataset(settings)
    assert run.figures, "the run has no figures"
    method = method_named(run.spec.method)
    card = Card(
        name=name,
        title=method.title,
        parameters=method.parameters,
        spec=asdict(run.spec),
        data=dataset.name,
        data_sha256=dict(dataset.sha256),
        test_accuracy=run.figures.accuracy,
        test_interval=(run.figures.low, run.figures.high),
        test_images=run.figures.images,
        trained=datetime.now(UTC).date().isoformat(),
        versions={package: version(package) for package in ("tensorflow", "keras", "numpy")},
        note=f"Trained by this program: one run with seed {run.spec.seed}, its last epoch, no choice by test images.",
    )
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.tflite").write_bytes(answering_model(database, run))
    (FOLDER / f"{name}.json").write_text(json.dumps(asdict(card), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
