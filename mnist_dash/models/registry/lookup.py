"""The models that can answer, by the name that a person gives: bundled, from a run, imported, or from a file."""

from collections.abc import Callable
from pathlib import Path

from mnist_dash.data.dataset import Dataset
from mnist_dash.errors import ModelError, RunError
from mnist_dash.methods.fitted.files import read_arrays
from mnist_dash.models.bundled import list_bundled, load_bundled, read_bundled_file
from mnist_dash.models.calibration import calibrate
from mnist_dash.models.classifier import Classifier, LiteRT
from mnist_dash.models.preparation import PLAIN, Preparation
from mnist_dash.models.registry.examining import open_unnamed
from mnist_dash.models.registry.imported import find_imported, read_imported_file
from mnist_dash.models.registry.model_files import Kind, check_model_file, convert, read_litert_file
from mnist_dash.models.registry.run_names import BEST, is_run, number_of
from mnist_dash.models.registry.votes import check_members, find_vote
from mnist_dash.models.vote import VotingModel
from mnist_dash.runs.housekeeping import keep_model
from mnist_dash.runs.queries import checkpoint_of, kept_epochs_of, model_at, run_of
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.store.database import Database

FindData = Callable[[str], Dataset | None]
"""Opens a data set by its name; None where it is not there."""


def load_run_model(database: Database, name: str) -> Classifier:
    """The model of a run by its number, or of its best epoch by `NUMBER:best`; raises RunError where it has none.

    A run that goes on answers with the newest epoch that is ready to.
    """
    run = find_run(database, name)
    if run.spec.fitting and (run.spec.is_fitted or run.state is State.DONE):
        arrays = read_arrays(read_fitted_model(database, run)) if run.spec.is_fitted else {}
        return run.spec.fitting.open(arrays, run.spec.parameters)
    return LiteRT(read_litert_model(database, run, best=name.endswith(BEST)))


def find_answering_epoch(database: Database, run: Run, *, best: bool = False) -> int | None:
    """The last or best finished epoch, and of a run at work the newest that is ready to answer; None where none is."""
    if run.state is State.RUNNING:
        ready = kept_epochs_of(database, run.id, ModelFormat.ARRAYS if run.spec.is_fitted else ModelFormat.LITERT)
        return (run.best if run.best in ready else None) if best else max(ready, default=None)
    return run.best if best else run.epoch or None


def read_litert_model(database: Database, run: Run, *, best: bool = False) -> bytes:
    """The LiteRT file of the epoch that answers, made from its Keras file where it was not yet; raises RunError."""
    epoch = find_answering_epoch(database, run, best=best)
    litert = model_at(database, run.id, epoch, ModelFormat.LITERT) if epoch else None
    if litert is not None:
        return litert
    made = convert(read_keras_model(database, run, best=best))
    if epoch and not run.changing:
        keep_model(database, run.id, epoch, ModelFormat.LITERT, made)
    return made


def read_fitted_model(database: Database, run: Run) -> bytes:
    """The arrays of a run's fit, as an NPZ file; raises RunError where there are none."""
    content = model_at(database, run.id, 1, ModelFormat.ARRAYS)
    if content is None:
        raise RunError(
            f"Run {run.id} ({run.spec.method}) is {run.state} and keeps no fitted arrays. Choose another run."
        )
    return content


def read_keras_model(database: Database, run: Run, *, best: bool = False) -> bytes:
    """The Keras file of a run's last or best epoch; raises RunError where there is none."""
    if not run.kind.keeps_model:
        raise RunError(f"Run {run.id} is an audit of labels, which keeps no networks. Choose another run.")
    if run.spec.is_fitted:
        what = f"no network ({run.spec.method})"
        raise RunError(f"Run {run.id} is {what}. It is kept as arrays: ask for that format.")
    content = model_at(database, run.id, run.best or 0, ModelFormat.KERAS) if best else checkpoint_of(database, run.id)
    if content is not None:
        return content
    if run.epoch:
        raise RunError(
            f"Run {run.id} keeps no best epoch, since none was scored on validation images. Ask for its last."
        )
    raise RunError(f"Run {run.id} is {run.state} and has finished no epoch. Choose a run that has.")


def find_run(database: Database, name: str) -> Run:
    """The run of a name for which `is_run` holds; raises RunError where there is none."""
    return run_of(database, number_of(name))


def open_model(database: Database, name: str, find_data: FindData | None = None) -> Classifier:
    """The model of that name: bundled, imported, a vote, a run's number, or a path; raises ModelError or RunError.

    Runs that vote are calibrated on their own validation images where `find_data` opens their data set.
    """
    if is_run(name):
        return load_run_model(database, name)
    if name in list_bundled():
        return load_bundled(name)
    vote = find_vote(database, name)
    if vote:
        check_members(database, vote)
        return VotingModel([_open_member(database, member, find_data) for member in vote.members])
    content, record = read_model_file(database, name, ModelFormat.LITERT), find_imported(database, name)
    try:
        return LiteRT(content, record.in_use.preparation) if record else open_unnamed(content)
    except ModelError as e:
        raise ModelError(f"{name}: {e}") from e


def _open_member(database: Database, name: str, find_data: FindData | None) -> Classifier:
    model = open_model(database, name)
    run = find_run(database, name) if is_run(name) else None
    data = find_data(run.spec.data) if run and find_data else None
    return calibrate(model, run.spec, data) if run and data else model


def read_preparation(database: Database, name: str) -> Preparation:
    """How images become what the model of that name takes: of all but imported ones, as they are."""
    record = find_imported(database, name)
    return record.in_use.preparation if record else PLAIN


def read_model_file(database: Database, name: str, model_format: ModelFormat) -> bytes:
    """The file of the model of that name in that format; raises ModelError or RunError where there is none."""
    if is_run(name):
        run, best = find_run(database, name), name.endswith(BEST)
        if model_format is ModelFormat.ARRAYS:
            return read_fitted_model(database, run)
        return (read_litert_model if model_format is ModelFormat.LITERT else read_keras_model)(database, run, best=best)
    vote = find_vote(database, name)
    if vote:
        raise ModelError(
            f"{name} is a vote and has neither a file nor layers of its own. Ask for one of its members: "
            f"{vote.describe_members()}."
        )
    if model_format is ModelFormat.ARRAYS:
        raise ModelError(f"{name} is a network. Arrays are kept of runs whose method is none, such as nearest or svm.")
    imported = find_imported(database, name)
    if name not in list_bundled() and not imported:
        return _file_of(name, model_format)
    if model_format is not ModelFormat.LITERT:
        comes = "was kept" if imported else "comes with the program"
        raise ModelError(f"{name} {comes} as {ModelFormat.LITERT} alone. Train a run of your own for its Keras file.")
    return read_imported_file(database, name) if imported else read_bundled_file(name)


def read_file_with_features(database: Database, name: str) -> bytes:
    """The LiteRT file of the model of that name; raises ModelError or RunError where it has none or learns nothing."""
    if is_run(name) and not (spec := find_run(database, name).spec).has_epochs:
        what = f"is no network ({spec.method})" if spec.learns else "guesses"
        raise ModelError(f"Run {name} {what} and has no features. Choose a run that trained a network, or pixels.")
    return read_model_file(database, name, ModelFormat.LITERT)


def _file_of(name: str, model_format: ModelFormat) -> bytes:
    """A file with a Keras model in either format, or a `.tflite` file as it is."""
    path = Path(name)
    try:
        # No name would be the folder that the program was started in.
        (path if name else Path("no name")).stat()
    except (OSError, ValueError) as e:
        raise ModelError(
            f"{name[:200]!r} is no model; allowed are {', '.join(list_bundled())}, the name of an imported model, the "
            f"number of a run (3, or 3:best), or the path of a .keras, .h5 or .tflite file, or a vote's name (as a "
            f"path: {getattr(e, 'strerror', None) or e})."
        ) from e
    if model_format is ModelFormat.LITERT:
        return read_litert_file(path, name)[0]
    content, kind = check_model_file(path, name)
    if kind is not Kind.KERAS:
        raise ModelError(
            f"{path} is {kind} and is not turned into a .keras file. Name the .keras file, if there is one."
        )
    return content
