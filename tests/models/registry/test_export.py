"""What people download of a run: exact tables, a configuration that can be read again, and whole files or none."""

import json
import re
from pathlib import Path

import pytest

from mnist_dash.errors import ModelError, RunError
from mnist_dash.methods.script import write_script
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.registry.export import (
    Export,
    export_model,
    write,
    write_batches_csv,
    write_configuration,
    write_metrics_csv,
)
from mnist_dash.runs import queue
from mnist_dash.runs.queries import batches_of, epochs_of
from mnist_dash.store.database import Database
from tests.models.registry.test_model_files import DENSE, make_keras
from tests.trained import begun, trained

pytestmark = pytest.mark.both_databases

SPEC = RunSpec.of("dense_128", "mnist", seed=3)
METRICS = """\
epoch,loss,accuracy,validation_loss,validation_accuracy,seconds
1,0.75,0.625,0.5,0.8,2.0
2,0.75,0.625,,,2.0
"""
BATCHES = """\
epoch,batch,loss,accuracy,learning_rate,seconds
1,1,2.25,0.25,,
1,2,1.5,0.5,0.001,0.75
"""


def test_epochs_are_a_line_each_and_empty_where_nothing_was_held_out(database: Database) -> None:
    run = trained(database, SPEC, scores=(0.8, None))
    assert write_metrics_csv(epochs_of(database, run.id)) == METRICS


def test_batches_are_a_line_each_and_counted_from_one(database: Database) -> None:
    run, _ = begun(database, SPEC)
    assert write_batches_csv(batches_of(database, run.id)) == BATCHES


def test_a_configuration_can_be_read_again() -> None:
    assert RunSpec.from_json(write_configuration(SPEC)) == SPEC
    assert json.loads(write_configuration(SPEC))["seed"] == 3


def test_a_run_is_exported_in_every_form(database: Database) -> None:
    name = str(trained(database, SPEC, scores=(0.8, None)).id)
    assert export_model(database, name, Export.KERAS) == b"keras 2"
    assert export_model(database, f"{name}:best", Export.KERAS) == b"keras 1"
    assert export_model(database, name, Export.LITERT) == b"litert"
    assert export_model(database, name, Export.CSV).decode() == METRICS
    assert export_model(database, name, Export.SCRIPT).decode() == write_script(SPEC)


def test_a_bundled_model_is_exported_as_it_comes_and_as_a_script(database: Database, content: bytes) -> None:
    assert export_model(database, "cnn", Export.LITERT) == content
    assert "93,322 parameters" in export_model(database, "cnn", Export.SCRIPT).decode()


LITERT = b"\x1c\x00\x00\x00TFL3 and whatever follows"


@pytest.mark.parametrize(("suffix", "export"), [("keras", Export.KERAS), ("tflite", Export.LITERT)])
def test_a_file_is_exported_as_it_is(database: Database, tmp_path: Path, suffix: str, export: Export) -> None:
    path = tmp_path / f"model.{suffix}"
    whole = LITERT if export is Export.LITERT else make_keras(DENSE)
    path.write_bytes(whole)
    assert export_model(database, str(path), export) == whole


@pytest.mark.parametrize(
    ("name", "export", "words"),
    [
        (DEFAULT, Export.KERAS, f"{DEFAULT} comes with the program as litert alone."),
        (DEFAULT, Export.CSV, f"'{DEFAULT}' has no figures by epoch. Name a run: "),
        ("model.tflite", Export.KERAS, "model.tflite is LiteRT and is not turned into a .keras file."),
        ("model.tflite", Export.CSV, "'model.tflite' has no figures by epoch."),
        ("model.tflite", Export.SCRIPT, "'model.tflite' has no settings for a script; allowed are "),
        ("resnet", Export.LITERT, "'resnet' is no model; allowed are "),
    ],
)
def test_what_is_not_there_is_refused(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, export: Export, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.tflite").write_bytes(LITERT)
    with pytest.raises(ModelError, match=f"^{re.escape(words)}"):
        export_model(database, name, export)


@pytest.mark.parametrize("export", [Export.KERAS, Export.LITERT, Export.CSV])
def test_a_run_without_an_epoch_has_a_script_alone(database: Database, export: Export) -> None:
    name = str(queue.submit(database, SPEC).id)
    with pytest.raises(RunError, match=f"^Run {name} is queued and has finished no epoch. Choose a run that has.$"):
        export_model(database, name, export)
    assert export_model(database, name, Export.SCRIPT)


def test_a_file_is_written_whole_and_in_the_place_of_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(b"an older and longer one")
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    with pytest.raises(ModelError, match=re.escape(f"There is no folder {folder}. Make it")):
        write(folder / "model.keras", b"new")


def test_nothing_is_left_of_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    taken = tmp_path / "model.keras"
    taken.mkdir()
    with pytest.raises(ModelError, match=re.escape(f"{taken} cannot be written (")):
        write(taken, b"new")
    assert list(tmp_path.iterdir()) == [taken]
    assert list(taken.iterdir()) == []


def test_an_older_file_stays_as_it_was_where_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "model.keras"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(ModelError, match=re.escape(f"{path} cannot be written (No space left on device).")):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
