"""What people download of a run: its models, its figures, its settings, and a script that repeats it.

The same on the page and on the command line.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from mnist_dash.errors import ModelError, RunError
from mnist_dash.files import whole
from mnist_dash.methods.script import write_script
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import list_bundled, read_card
from mnist_dash.models.registry.event_files import write_event_files
from mnist_dash.models.registry.lookup import find_run, read_model_file
from mnist_dash.models.registry.model_files import Kind, convert
from mnist_dash.models.registry.run_archive import pack_run
from mnist_dash.models.registry.run_names import is_run
from mnist_dash.runs.queries import batches_of, epochs_of
from mnist_dash.runs.records import Batches, Epoch, ModelFormat, Run
from mnist_dash.store.database import Database

Row = tuple[float | None, ...]


class Export(StrEnum):
    """What the model of a name can be written as."""

    KERAS = "keras"
    LITERT = "litert"
    HALF = "half"
    ONNX = "onnx"
    ARRAYS = "arrays"
    CSV = "csv"
    TENSORBOARD = "tensorboard"
    SCRIPT = "script"
    RUN = "run"


_KINDS = {Export.HALF: Kind.HALF, Export.ONNX: Kind.ONNX}


def export_model(database: Database, name: str, export: Export) -> bytes:
    """A bundled model, a run or a file as `export`; raises ModelError or RunError where there is no such thing."""
    match export:
        case Export.KERAS | Export.LITERT | Export.ARRAYS:
            return read_model_file(database, name, ModelFormat(export))
        case Export.HALF | Export.ONNX:
            return convert(read_model_file(database, name, ModelFormat.KERAS), into=_KINDS[export])
        case Export.CSV:
            return write_metrics_csv(_find_epochs(database, name)[1]).encode()
        case Export.TENSORBOARD:
            run, epochs = _find_epochs(database, name)
            return write_event_files(run, epochs, batches_of(database, run.id))
        case Export.SCRIPT:
            return write_script(_spec(database, name)).encode()
        case Export.RUN:
            return pack_run(database, _find_run(database, name, "nothing that could be taken along").id)


def write_metrics_csv(epochs: Sequence[Epoch]) -> str:
    """A line for each epoch: accuracies from 0 to 1, seconds of training; empty where nothing was held out."""
    header = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "seconds")
    return _csv(header, (tuple(getattr(epoch, name) for name in header) for epoch in epochs))


def write_batches_csv(batches: Sequence[Batches]) -> str:
    """A line for each batch; learning rate and seconds of training stand at those where they were recorded."""
    return _csv(("epoch", "batch", "loss", "accuracy", "learning_rate", "seconds"), _batch_rows(batches))


def write_configuration(spec: RunSpec) -> str:
    """The spec as JSON for people to read; `RunSpec.from_json` reads it too."""
    return json.dumps(spec.to_fields(), indent=2) + "\n"


def write(path: Path, content: bytes) -> None:
    """Write the whole file or none; raises ModelError where its folder is missing or cannot be written."""
    if not path.parent.is_dir():
        raise ModelError(f"There is no folder {path.parent}. Make it, or name a file in another one.")
    try:
        with whole(path) as stream:
            stream.write(content)
    except OSError as e:
        raise ModelError(f"{path} cannot be written ({e.strerror or e}). Name a file in a folder with room.") from e


def _find_epochs(database: Database, name: str) -> tuple[Run, Sequence[Epoch]]:
    run = _find_run(database, name, "no figures by epoch")
    epochs = epochs_of(database, run.id)
    if not epochs:
        raise RunError(f"Run {run.id} is {run.state} and has finished no epoch. Choose a run that has.")
    return run, epochs


def _find_run(database: Database, name: str, lack: str) -> Run:
    if not is_run(name):
        raise ModelError(f"{name[:200]!r} has {lack}. Name a run: `python -m mnist_dash runs` lists them.")
    return find_run(database, name)


def _spec(database: Database, name: str) -> RunSpec:
    if name in list_bundled():
        return RunSpec.from_json(json.dumps(dict(read_card(name).spec)))
    if not is_run(name):
        raise ModelError(
            f"{name[:200]!r} has no settings for a script; allowed are {', '.join(list_bundled())} or a run's number."
        )
    return find_run(database, name).spec


def _batch_rows(batches: Sequence[Batches]) -> Iterator[Row]:
    for record in batches:
        last = len(record.loss) - 1
        for i, (loss, accuracy) in enumerate(zip(record.loss, record.accuracy, strict=True)):
            told = (record.rate, record.seconds) if i == last else (None, None)
            yield (record.epoch, record.step + i + 1, loss, accuracy, *told)


def _csv(header: Sequence[str], rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
