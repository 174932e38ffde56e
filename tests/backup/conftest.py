"""A home with something of everything, and another one that is empty."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.results import ResultKind, find_result_file
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process, recorder
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.models.registry.test_model_files import DENSE, make_keras
from tests.trained import begun, trained

CACHED, STAGED = "data/mnist-1/meta.json", "incoming/0/meta.json"
"""Files of a home that come again, or belong to nobody yet."""


@pytest.fixture
def full(settings: Settings, database: Database, small: Digits, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with a run that is done and one at work, a data set, a result, a log, and what comes again."""
    keras = make_keras(DENSE)
    kept = recorder.RunRecorder.epoch
    monkeypatch.setattr(recorder.RunRecorder, "epoch", lambda self, epoch, _: kept(self, epoch, keras))
    trained(database, RunSpec.of("dense_128", "mine"), scores=(0.9, 0.8))
    begun(database, RunSpec.of("dense_128", "mnist", epochs=5))
    named_sets.save(settings, "mine", Dataset("mine", small, small, "the generator"))
    find_result_file(settings, ResultKind.MAP, "0123abcd").write_bytes(b"a map")
    log = process.run_log(settings, 1)
    log.parent.mkdir()
    log.write_text("Run 1 was done", "utf-8")
    for name in (CACHED, STAGED):
        (settings.home / name).parent.mkdir(parents=True)
        (settings.home / name).touch()
    return settings


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Settings:
    """A home of another machine, which is not there yet."""
    return replace(settings, home=tmp_path / "elsewhere")


def rewrite(
    path: Path,
    members: Mapping[str, bytes | None] | None = None,
    change: Callable[[dict[str, Any]], object] = lambda _: None,
) -> None:
    """Give an archive other members (None leaves one out) and another record."""
    with ZipFile(path) as archive:
        files: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    record = json.loads(files["backup.json"] or b"")
    change(record)
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in (files | {"backup.json": json.dumps(record).encode()} | dict(members or {})).items():
            if content is not None:
                archive.writestr(name, content)
    path.write_bytes(made.getvalue())


def list_all(home: Path) -> set[str]:
    """All files of a home but the lock of its sets and what SQLite keeps beside an open database."""
    names = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    return {name for name in names if not name.endswith((".lock", "-wal", "-shm"))}
