"""The models that can answer, by the name that a person gives: bundled, from a run, or from a file."""

import subprocess
import tempfile
from pathlib import Path

from mnist_dash.errors import ModelError
from mnist_dash.methods.registry import method_named
from mnist_dash.models.bundled import bundled, bundled_model
from mnist_dash.models.classifier import Classifier, LiteRT, RandomGuess
from mnist_dash.runs import process
from mnist_dash.runs.database import Database
from mnist_dash.runs.history import artifact_of, run_of
from mnist_dash.runs.records import Artifact, State


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
    try:
        content = path.read_bytes()
    except OSError as e:
        raise ModelError(
            f"{name[:200]!r} is no model; allowed are {', '.join(bundled())}, the number of a finished run, or the "
            f"path of a .keras or .tflite file (as a path: {e.strerror})."
        ) from e
    try:
        return LiteRT(content if path.suffix == ".tflite" else _converted(path))
    except ModelError as e:
        raise ModelError(f"{path}: {e}") from e


def _converted(path: Path) -> bytes:
    if path.suffix != ".keras":
        raise ModelError(f"its name ends in {path.suffix!r}; allowed are .keras and .tflite.")
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
            raise ModelError(said.removeprefix("mnist_dash: "))
        return target.read_bytes()
