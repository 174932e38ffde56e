"""Curves of a run as TensorBoard itself reads them, which loads TensorFlow for it."""

import io
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from mnist_dash.errors import ModelError, RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.export import Export, export_model
from mnist_dash.runs import queue
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Batches, Epoch
from mnist_dash.store.database import Database
from tests.trained import begun, trained
from tests.training.lazily import MARKS

pytestmark = MARKS
SPEC = RunSpec.of("dense_128", "mnist")
Points = list[tuple[int, float]]


def read(content: bytes, folder: Path) -> dict[str, Points]:
    """The curves in a ZIP of one run: steps and values by name."""
    with ZipFile(io.BytesIO(content)) as archive:
        (name,) = archive.namelist()
        assert re.fullmatch(r"run-1/events\.out\.tfevents\.\d+\.mnist-dash", name)
        archive.extractall(folder)
    events = EventAccumulator(str(folder / "run-1"))
    events.Reload()
    curves = {tag: events.Scalars(tag) for tag in events.Tags()["scalars"]}
    for curve in curves.values():
        moments = [event.wall_time for event in curve]
        assert moments == sorted(moments)
    return {tag: [(event.step, event.value) for event in curve] for tag, curve in curves.items()}


def test_curves_are_those_that_were_recorded(database: Database, tmp_path: Path) -> None:
    run = trained(database, SPEC, scores=(0.8125, None))
    assert read(export_model(database, str(run.id), Export.TENSORBOARD), tmp_path) == {
        "loss": [(1, 0.75), (2, 0.75)],
        "accuracy": [(1, 0.625), (2, 0.625)],
        "validation_loss": [(1, 0.5)],
        "validation_accuracy": [(1, 0.8125)],
        "learning_rate": [(1, pytest.approx(0.001)), (2, pytest.approx(0.001))],
        "batch/loss": [(1, 2.25), (2, 1.5), (3, 2.25), (4, 1.5)],
        "batch/accuracy": [(1, 0.25), (2, 0.5), (3, 0.25), (4, 0.5)],
        "batch/learning_rate": [(2, pytest.approx(0.001)), (4, pytest.approx(0.001))],
    }


def test_an_epoch_at_work_is_not_yet_a_part_of_the_curves(database: Database, tmp_path: Path) -> None:
    run, recorder = begun(database, SPEC)
    recorder.batches(Batches(2, 0, (2.25,), (0.25,), 0.5, 0.001))
    curves = read(export_model(database, str(run.id), Export.TENSORBOARD), tmp_path)
    assert [step for step, _ in curves["batch/loss"]] == [1, 2]


def test_an_epoch_of_which_no_batch_is_known_has_its_own_figures(database: Database, tmp_path: Path) -> None:
    run = queue.submit(database, SPEC)
    claimed = queue.claim(database, "here", run.id)
    assert claimed is not None
    RunRecorder(database, claimed).epoch(Epoch(1, 0.5, 0.75, None, None, 1.0), b"keras")
    curves = read(export_model(database, str(run.id), Export.TENSORBOARD), tmp_path)
    assert curves == {"loss": [(1, 0.5)], "accuracy": [(1, 0.75)]}


def test_what_has_no_curves_is_refused(database: Database) -> None:
    with pytest.raises(ModelError, match=r"^'cnn' has no figures by epoch\. Name a run: "):
        export_model(database, "cnn", Export.TENSORBOARD)
    name = str(queue.submit(database, SPEC).id)
    with pytest.raises(RunError, match=f"^Run {name} is queued and has finished no epoch. Choose a run that has.$"):
        export_model(database, name, Export.TENSORBOARD)
