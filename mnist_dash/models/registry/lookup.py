"""The models that can answer, by the name that a person gives: bundled, from a run, or from a file."""

import subprocess
import tempfile
from pathlib import Path

from mnist_dash.errors import ModelError, RunError
from mnist_dash.models.bundled import list_bundled, load_bundled, read_bundled_file
from mnist_dash.models.classifier import Classifier, LiteRT, RandomGuess
from mnist_dash.runs import process
from mnist_dash.runs.housekeeping import keep_model
from mnist_dash.runs.queries import checkpoint_of, kept_epochs_of, model_at, run_of
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.store.database import Database

BEST = ":best"
"""Behind a run's number: its best epoch on validation images, instead of the last one."""


def load_run_model(database: Database, name: str) -> Classifier:
    """The model of a run by its number, or of its best epoch by `NUMBER:best`; raises RunError where it has none.

    A run that goes on answers with the newest epoch that is ready to.
    """
    run = find_run(database, name)
    if run.spec.network is None and run.state is State.DONE:
        return RandomGuess(run.spec.seed)
    return LiteRT(read_litert_model(database, run, best=name.endswith(BEST)))


def find_answering_epoch(database: Database, run: Run, *, best: bool = False) -> int | None:
    """The last or best finished epoch, and of a run at work the newest that is ready to answer; None where none is."""
    if run.state is State.RUNNING:
        ready = kept_epochs_of(database, run.id, ModelFormat.LITERT)
        return (run.best if run.best in ready else None) if best else max(ready, default=None)
    return run.best if best else run.epoch or None


def read_litert_model(database: Database, run: Run, *, best: bool = False) -> bytes:
    """The LiteRT file of the epoch that answers, made from its Keras file where it was not yet; raises RunError."""
    epoch = find_answering_epoch(database, run, best=best)
    litert = model_at(database, run.id, epoch, ModelFormat.LITERT) if epoch else None
    if litert is not None:
        return litert
    made = _converted(read_keras_model(database, run, best=best))
    if epoch and not run.changing:
        keep_model(database, run.id, epoch, ModelFormat.LITERT, made)
    return made


def read_keras_model(database: Database, run: Run, *, best: bool = False) -> bytes:
    """The Keras file of a run's last or best epoch; raises RunError where there is none."""
    if run.spec.folds:
        raise RunError(f"Run {run.id} is an audit of labels, which keeps no networks. Choose another run.")
    content = model_at(database, run.id, run.best or 0, ModelFormat.KERAS) if best else checkpoint_of(database, run.id)
    if content is not None:
        return content
    if run.epoch:
        raise RunError(
            f"Run {run.id} keeps no best epoch, since none was scored on validation images. Ask for its last."
        )
    raise RunError(f"Run {run.id} is {run.state} and has finished no epoch. Choose a run that has.")


def is_run(name: str) -> bool:
    """Whether a name is that of a run's model."""
    return name.removesuffix(BEST).isdecimal()


def number_of(name: str) -> int:
    """The number of the run whose name it is, where `is_run` holds."""
    return int(name.removesuffix(BEST))


def find_run(database: Database, name: str) -> Run:
    """The run of a name for which `is_run` holds; raises RunError where there is none."""
    return run_of(database, number_of(name))


def open_model(database: Database, name: str) -> Classifier:
    """The model of that name: a bundled one's, a run's number, or a path; raises ModelError or RunError."""
    if is_run(name):
        return load_run_model(database, name)
    if name in list_bundled():
        return load_bundled(name)
    content = read_model_file(database, name, ModelFormat.LITERT)
    try:
        return LiteRT(content)
    except ModelError as e:
        raise ModelError(f"{name}: {e}") from e


def read_model_file(database: Database, name: str, model_format: ModelFormat) -> bytes:
    """The file of the model of that name in that format; raises ModelError or RunError where there is none."""
    if is_run(name):
        run, best = find_run(database, name), name.endswith(BEST)
        return (read_litert_model if model_format is ModelFormat.LITERT else read_keras_model)(database, run, best=best)
    if name not in list_bundled():
        return _file_of(name, model_format)
    if model_format is not ModelFormat.LITERT:
        raise ModelError(
            f"{name} comes with the program as {ModelFormat.LITERT} alone. Train a run of your own for its Keras file."
        )
    return read_bundled_file(name)


def read_file_with_features(database: Database, name: str) -> bytes:
    """The LiteRT file of the model of that name; raises ModelError or RunError where it has none or learns nothing."""
    if is_run(name) and find_run(database, name).spec.network is None:
        raise ModelError(f"Run {name} guesses and has no features. Choose a run that trained a network, or pixels.")
    return read_model_file(database, name, ModelFormat.LITERT)


def _file_of(name: str, model_format: ModelFormat) -> bytes:
    """A `.keras` file in either format, or a `.tflite` file as it is."""
    path = Path(name)
    try:
        content = path.read_bytes()
    except OSError as e:
        raise ModelError(
            f"{name[:200]!r} is no model; allowed are {', '.join(list_bundled())}, the number of a run (3, or 3:best), "
            f"or the path of a .keras or .tflite file (as a path: {e.strerror})."
        ) from e
    try:
        return _in_format(content, path.suffix, model_format)
    except ModelError as e:
        raise ModelError(f"{path}: {e}") from e


def _in_format(content: bytes, suffix: str, model_format: ModelFormat) -> bytes:
    if suffix == ".keras":
        return content if model_format is ModelFormat.KERAS else _converted(content)
    if suffix != ".tflite":
        raise ModelError(f"its name ends in {suffix!r}; allowed are .keras and .tflite.")
    if model_format is ModelFormat.KERAS:
        raise ModelError("it cannot be turned back into a .keras file. Name the .keras file that it was made from.")
    return content


def _converted(keras: bytes) -> bytes:
    """A Keras file in the LiteRT format."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "model.keras", Path(folder) / "model.tflite"
        source.write_bytes(keras)
        # In a process of its own, since TensorFlow has no place in this one.
        done = subprocess.run(
            process.make_command("convert", str(source), str(target)),
            capture_output=True,
            text=True,
            check=False,
            env=process.make_environment(),
        )
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["It cannot be read."])[-1]
            raise ModelError(said.removeprefix("mnist_dash: "))
        return target.read_bytes()
