"""The models that can answer, by the name that a person gives: bundled, from a run, or from a file."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from mnist_dash.errors import ModelError
from mnist_dash.methods.registry import method_named
from mnist_dash.models.classifier import Classifier, LiteRT, RandomGuess
from mnist_dash.runs import process
from mnist_dash.runs.database import Database
from mnist_dash.runs.history import artifact_of, run_of
from mnist_dash.runs.records import Artifact, State

DEFAULT = "cnn"
"""The bundled model that answers where none is named."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a bundled model is: where it came from and what it scored."""

    name: str
    title: str
    parameters: int
    spec: Mapping[str, Any]
    data: str
    data_sha256: Mapping[str, str]
    test_accuracy: float
    test_interval: tuple[float, float]
    test_images: int
    trained: str
    versions: Mapping[str, str]
    note: str


def bundled() -> tuple[str, ...]:
    """The names of the models that come with the program."""
    return tuple(sorted(Path(file.name).stem for file in _folder().iterdir() if file.name.endswith(".tflite")))


def card_of(name: str) -> Card:
    """The card of a bundled model."""
    return Card(**json.loads(_folder().joinpath(f"{name}.json").read_text(encoding="utf-8")))


def bundled_model(name: str) -> Classifier:
    """A bundled model, ready to answer."""
    return LiteRT(_folder().joinpath(f"{name}.tflite").read_bytes())


def model_of_run(database: Database, run_id: int) -> Classifier:
    """The model of a finished run; raises RunError where it has none."""
    run = run_of(database, run_id)
    if method_named(run.spec.method).layers is None and run.state is State.DONE:
        return RandomGuess(run.spec.seed)
    return LiteRT(artifact_of(database, run_id, Artifact.LITERT))


def open_model(database: Database, name: str) -> Classifier:
    """The model of that name: a bundled one's, a run's number, or a path; raises ModelError or RunError."""
    if name in bundled():
        return bundled_model(name)
    if name.isdecimal():
        return model_of_run(database, int(name))
    path = Path(name)
    if not path.is_file():
        raise ModelError(
            f"{name!r} is no model; allowed are {', '.join(bundled())}, the number of a finished run, or the path of "
            "a .keras or .tflite file."
        )
    content = path.read_bytes() if path.suffix == ".tflite" else _converted(path)
    try:
        return LiteRT(content)
    except ModelError as e:
        raise ModelError(f"{path}: {e}") from e


def _converted(path: Path) -> bytes:
    if path.suffix != ".keras":
        raise ModelError(f"{path} ends in {path.suffix!r}; allowed are .keras and .tflite.")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "model.tflite"
        # In a process of its own, since TensorFlow has no place in this one.
        done = subprocess.run(
            process.command("convert", str(path), str(target)),
            capture_output=True,
            text=True,
            check=False,
            env=process.environment(),
        )
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["It cannot be read."])[-1]
            raise ModelError(f"{path}: {said.removeprefix('mnist_dash: ')}")
        return target.read_bytes()


def _folder() -> Traversable:
    return resources.files("mnist_dash.models") / "bundled"
