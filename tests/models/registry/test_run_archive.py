"""A run that is taken along comes back the same; anything else is refused, and nothing of it is kept."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest

from mnist_dash.errors import MnistDashError, RunError
from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.fitted.files import write_arrays
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry import run_archive
from mnist_dash.models.registry.model_files import Kind, find_kind
from mnist_dash.models.registry.run_archive import pack_run, unpack_run
from mnist_dash.runs import housekeeping, queue
from mnist_dash.runs.queries import batches_of, epochs_of, kept_epochs_of, model_at, run_of, runs_of
from mnist_dash.runs.records import Answers, Epoch, EpochDetails, ModelFormat, Run, RunScore, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.trained import begun, trained

pytestmark = pytest.mark.both_databases

SPEC = RunSpec.of("dense_128", "mnist")
LITERT = b"\0\0\0\0TFL3"
COUNTS = tuple(tuple(40 if row == column else 0 for column in range(10)) for row in range(10))
DETAILS = EpochDetails(COUNTS, Answers((1,) * 10, (0.5,) * 10), (("dense", 0.25),))
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run that is done, with a name and a tag; its Keras files are taken for some."""

    def find(content: bytes, name: str) -> Kind:
        return Kind.KERAS if content.startswith(b"keras") else find_kind(content, name)

    monkeypatch.setattr(run_archive, "find_kind", find)
    made = trained(database, SPEC, 950, (0.9, 0.8), LITERT, (None, DETAILS))
    housekeeping.rename(database, made.id, "Baseline")
    return housekeeping.tag(database, made.id, ["for class"])


@pytest.fixture
def elsewhere(tmp_path: Path) -> Database:
    """The database of another machine."""
    with open_database(Settings(home=tmp_path / "elsewhere")) as database:
        return database


def with_members(content: bytes, members: Mapping[str, bytes | None]) -> bytes:
    """The archive with other members: None leaves one out."""
    with ZipFile(io.BytesIO(content)) as archive:
        files: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        for name, held in (files | dict(members)).items():
            if held is not None:
                archive.writestr(name, held)
    return made.getvalue()


def changed(content: bytes, change: Change) -> bytes:
    """The archive with another record."""
    with ZipFile(io.BytesIO(content)) as archive:
        record = json.loads(archive.read("run.json"))
    change(record)
    return with_members(content, {"run.json": json.dumps(record).encode()})


def test_a_run_comes_back_with_its_history_and_its_models(run: Run, database: Database, elsewhere: Database) -> None:
    queue.submit(elsewhere, SPEC)
    found = unpack_run(elsewhere, pack_run(database, run.id))
    assert found.id == 2
    assert replace(found, id=run.id, tags=run.tags, position=run.position, attempt=run.attempt) == run
    assert found.tags == ("for class", "from elsewhere")
    assert epochs_of(elsewhere, found.id) == epochs_of(database, run.id)
    assert batches_of(elsewhere, found.id) == batches_of(database, run.id)
    for model_format in (ModelFormat.KERAS, ModelFormat.LITERT):
        kept = kept_epochs_of(database, run.id, model_format)
        assert kept
        assert kept_epochs_of(elsewhere, found.id, model_format) == kept
        for epoch in kept:
            here, there = (model_at(*of, epoch, model_format) for of in ((database, run.id), (elsewhere, found.id)))
            assert here == there


def test_the_same_run_comes_once_unless_it_was_deleted(run: Run, database: Database, elsewhere: Database) -> None:
    content = pack_run(database, run.id)
    unpack_run(elsewhere, content)
    with pytest.raises(RunError, match="This run is there already, as run 1"):
        unpack_run(elsewhere, content)
    housekeeping.delete(elsewhere, [1])
    assert unpack_run(elsewhere, content).id == 2


def test_what_diverged_comes_back_too(run: Run, database: Database, elsewhere: Database) -> None:
    def diverge(record: dict[str, Any]) -> None:
        record["batches"][1]["loss"] = [2.0, float("nan")]

    found = unpack_run(elsewhere, changed(pack_run(database, run.id), diverge))
    assert isnan(batches_of(elsewhere, found.id)[1].loss[1])


def test_a_fit_comes_back(database: Database, elsewhere: Database) -> None:
    made, recorder = begun(database, RunSpec.of("nearest", "mnist"), ())
    arrays = write_arrays({"images": np.arange(4)})
    recorder.epoch(Epoch(1, 0.5, 0.9, None, None, 1.0), arrays, ModelFormat.ARRAYS)
    recorder.end(State.DONE, {}, RunScore(0.9, 0.8, 0.95, 100))
    found = unpack_run(elsewhere, pack_run(database, made.id))
    assert model_at(elsewhere, found.id, 1, ModelFormat.ARRAYS) == arrays


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda record: record.update(form=2), "The file is of form 2; this program reads form 1"),
        (lambda record: record.update(state="running"), "holds a run that has not ended"),
        (lambda record: record.update(epochs=record["epochs"][1:]), "a damaged one"),
        (lambda record: record.update(epoch=3), "a damaged one"),
        (lambda record: record.update(best=9), "a damaged one"),
        (lambda record: record.pop("score"), "a damaged one"),
        (lambda record: record.update(score={"accuracy": 2, "low": 0, "high": 1, "images": 5}), "a damaged one"),
        (lambda record: record["epochs"][0].update(accuracy="all"), "a damaged one"),
        (lambda record: record["epochs"][1]["details"].update(confusion=[[1]]), "a damaged one"),
        (lambda record: record["batches"][0].update(loss=[1]), "a damaged one"),
        (lambda record: record["batches"][0].update(epoch=40), "a damaged one"),
        (lambda record: record.update(tags=[1]), "a damaged one"),
        (lambda record: record["spec"].update(method="resnet"), "resnet"),
        (lambda record: record["spec"].update(epochs=0), "poch"),
    ],
)
def test_a_record_that_no_page_could_show_is_refused_whole(
    run: Run, database: Database, elsewhere: Database, change: Change, words: str
) -> None:
    with pytest.raises(MnistDashError, match=words):
        unpack_run(elsewhere, changed(pack_run(database, run.id), change))
    assert runs_of(elsewhere) == []


def test_files_that_are_no_run_are_refused(run: Run, database: Database, elsewhere: Database) -> None:
    content = pack_run(database, run.id)
    for wrong in (b"", b"PK\x03\x04", content[:-40], content[: len(content) // 2], b"<html>"):
        with pytest.raises(RunError, match="no ZIP, or cut short"):
            unpack_run(elsewhere, wrong)
    others: list[Mapping[str, bytes | None]] = [
        {"run.json": None},
        {"models/x.keras": b"keras"},
        {"notes.txt": b"hello"},
    ]
    for members in others:
        with pytest.raises(RunError, match="no run of this program"):
            unpack_run(elsewhere, with_members(content, members))
    with pytest.raises(RunError, match=r"The model of the last epoch \(2\) is missing"):
        unpack_run(elsewhere, with_members(content, {"models/2.keras": None}))
    with pytest.raises(RunError, match=r"models/2.keras is no Keras model"):
        unpack_run(elsewhere, with_members(content, {"models/2.keras": LITERT}))
    assert runs_of(elsewhere) == []


def test_a_model_that_would_run_code_is_refused(run: Run, database: Database, elsewhere: Database) -> None:
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Lambda", "config": {}, "module": "keras.layers"}))
        archive.writestr("model.weights.h5", b"")
    content = with_members(pack_run(database, run.id), {"models/2.keras": made.getvalue()})
    with pytest.raises(MnistDashError, match="Lambda"):
        unpack_run(elsewhere, content)
    assert runs_of(elsewhere) == []


def test_what_would_unpack_beyond_bounds_is_refused_before_it_is_read(
    run: Run, database: Database, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = pack_run(database, run.id)
    monkeypatch.setattr(run_archive, "LARGEST", 5)
    with pytest.raises(RunError, match="would unpack to"):
        unpack_run(elsewhere, content)


def test_what_goes_on_and_audits_stay_where_they_are(database: Database) -> None:
    queue.submit(database, audit_spec("mnist"))
    with pytest.raises(RunError, match="Run 1 is an audit"):
        pack_run(database, 1)
    going, _ = begun(database, SPEC)
    with pytest.raises(RunError, match="Only a run that ended can be taken along"):
        pack_run(database, going.id)
    assert run_of(database, going.id).state is State.RUNNING
