"""A home comes back as it was; whatever is no whole backup is refused, and nothing of it is kept."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest

from mnist_dash.backup.archive import Contents, Record
from mnist_dash.backup.restore import restore
from mnist_dash.backup.save import back_up
from mnist_dash.data.store import named_sets
from mnist_dash.errors import BackupError, StoreError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue, supervisor
from mnist_dash.runs.queries import batches_of, epochs_of, model_at, run_of, runs_of
from mnist_dash.runs.records import ModelFormat, State
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.copying import copy_database
from mnist_dash.store.database import Database, open_database
from tests.backup.conftest import CACHED, STAGED, list_all, rewrite

CONTENTS = Contents(runs=2, active=1, own_digits=0, sets=1)


@pytest.fixture
def archive(full: Settings, tmp_path: Path) -> Path:
    """A backup of the full home, taken while its database is open."""
    path = tmp_path / "home.zip"
    back_up(full, path)
    return path


def test_a_home_comes_back_as_it_was(full: Settings, database: Database, elsewhere: Settings, tmp_path: Path) -> None:
    told: list[float] = []
    assert back_up(full, tmp_path / "home.zip", lambda _, share: told.append(share)) == CONTENTS
    assert (told == sorted(told), told[-1]) == (True, 1.0)
    told.clear()
    assert restore(elsewhere, tmp_path / "home.zip", lambda _, share: told.append(share)) == CONTENTS
    assert (told == sorted(told), told[-1]) == (True, 1.0)
    assert list_all(elsewhere.home) == list_all(full.home) - {CACHED, STAGED}
    for name in list_all(elsewhere.home) - {"mnist-dash.db"}:
        assert (elsewhere.home / name).read_bytes() == (full.home / name).read_bytes()
    with open_database(elsewhere) as there:
        assert runs_of(there) == runs_of(database)
        for run in runs_of(database):
            assert epochs_of(there, run.id) == epochs_of(database, run.id)
            assert batches_of(there, run.id) == batches_of(database, run.id)
            (here, came) = (model_at(each, run.id, run.epoch, ModelFormat.KERAS) for each in (database, there))
            assert here == came is not None
    mine = named_sets.open_set(elsewhere, "mine")
    np.testing.assert_array_equal(mine.train.images, named_sets.open_set(full, "mine").train.images)


def test_what_is_written_while_the_database_is_copied_is_not_waited_for_and_not_half_there(
    full: Settings, database: Database, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnist_dash.store.copying._PAGES", 2)
    spec, added = RunSpec.of("dense_128", "mnist"), 0

    def write(text: str, _: float) -> None:
        nonlocal added
        if text == "Copying runs":
            queue.submit(database, spec)
            added += 1

    assert back_up(full, tmp_path / "home.zip", write).runs == CONTENTS.runs
    assert added > 10
    assert restore(elsewhere, tmp_path / "home.zip") == CONTENTS
    assert len(runs_of(database)) == CONTENTS.runs + added


def test_runs_that_were_at_work_are_queued_again_after_their_last_finished_epoch(
    archive: Path, elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore(elsewhere, archive)
    with open_database(elsewhere) as there:
        # Claimed under the name of a machine, as a supervisor claims.
        with there.write() as connection:
            connection.execute(tables.runs.update().values(host=supervisor.THIS_MACHINE).where(tables.runs.c.id == 2))
        monkeypatch.setattr(queue, "claim", lambda *_: None)
        supervisor.Supervisor(elsewhere, there).tick()
        run = run_of(there, 2)
    assert (run.state, run.epoch, run.host) == (State.QUEUED, 1, None)
    assert run.reason is not None
    assert "Epoch 1 and all before it are kept. The run was queued again" in run.reason


def test_a_home_that_has_something_is_refused_with_what_it_has(archive: Path, full: Settings) -> None:
    before = list_all(full.home)
    with pytest.raises(BackupError, match=r"is no empty home: it has mnist-dash.db, sets, logs and maps\. Nothing was"):
        restore(full, archive)
    with pytest.raises(BackupError, match="MNIST_DASH_DB names a database elsewhere"):
        restore(replace(full, db="sqlite:///runs.db"), archive)
    assert list_all(full.home) == before


def test_caches_may_be_there_before(archive: Path, elsewhere: Settings) -> None:
    (elsewhere.home / "data").mkdir(parents=True)
    (elsewhere.home / "data" / "kept").touch()
    (elsewhere.home / "logs").mkdir()
    assert restore(elsewhere, archive) == CONTENTS
    assert (elsewhere.home / "data" / "kept").exists()
    assert (elsewhere.home / "logs" / "run-1.log").exists()


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("members", "change", "words"),
    [
        ({"sets/mine/meta.json": None}, None, "it does not hold what it says"),
        ({"sets/mine/more.npy": b"x"}, None, "it does not hold what it says"),
        ({"maps/0123abcd.npz": b"a lap"}, None, "maps/0123abcd.npz in the backup is damaged: its checksum differs"),
        ({"maps/0123abcd.npz": b"a longer map"}, None, "it does not hold what it says"),
        ({"backup.json": None}, None, "This is no backup of MNIST Dash"),
        ({"backup.json": b"[]"}, None, "is no backup of MNIST Dash, or a damaged one"),
        ({}, lambda record: record.update(form=2), "of form 2, and this program reads form 1"),
        ({}, lambda record: record.update(schema=99), "of schema version 99, and this program knows versions up to"),
        ({}, lambda record: record.pop("files"), "is no backup of MNIST Dash, or a damaged one"),
        ({}, lambda record: record["files"].pop("mnist-dash.db"), "it does not hold what it says"),
    ],
)
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(
    archive: Path, elsewhere: Settings, members: dict[str, bytes | None], change: Change | None, words: str
) -> None:
    rewrite(archive, members, change or (lambda _: None))
    with pytest.raises(BackupError, match=words):
        restore(elsewhere, archive)
    assert not elsewhere.home.exists()


@pytest.mark.parametrize("name", ["../evil.npy", "/var/evil.npy", "sets/../../evil.npy", "sets/mine/a.py", "locks/a"])
def test_a_name_that_is_none_of_a_home_is_refused(archive: Path, elsewhere: Settings, name: str) -> None:
    told = {"bytes": 1, "sha256": sha256(b"x").hexdigest()}
    rewrite(archive, {name: b"x"}, lambda record: record["files"].update({name: told}))
    with pytest.raises(BackupError, match="which is no file of a home"):
        restore(elsewhere, archive)
    assert not elsewhere.home.exists()
    assert not list(archive.parent.rglob("evil.npy"))


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99])
def test_a_file_that_is_cut_is_refused(archive: Path, elsewhere: Settings, share: float) -> None:
    archive.write_bytes(archive.read_bytes()[: int(share * archive.stat().st_size)])
    with pytest.raises(BackupError, match=r"no ZIP, or cut short or damaged|or one that is cut short"):
        restore(elsewhere, archive)
    assert not elsewhere.home.exists()


def test_a_flipped_byte_is_found(archive: Path, elsewhere: Settings) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 3] ^= 0xFF
    archive.write_bytes(content)
    with pytest.raises(BackupError, match="damaged"):
        restore(elsewhere, archive)
    assert not elsewhere.home.exists()


def _replace_database(archive: Path, folder: Path, script: str, fresh: bool = False) -> None:
    """Run SQL over the database in an archive, or in a new one, and let the record fit."""
    path = folder / "changed.db"
    if not fresh:
        with ZipFile(archive) as opened:
            path.write_bytes(opened.read("mnist-dash.db"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(script)
    content = path.read_bytes()
    told = {"bytes": len(content), "sha256": sha256(content).hexdigest()}
    rewrite(archive, {"mnist-dash.db": content}, lambda record: record["files"].update({"mnist-dash.db": told}))


@pytest.mark.parametrize(
    ("script", "fresh", "words"),
    [
        ("UPDATE version SET version = 99", False, "has schema version 99, and this version of MNIST Dash knows"),
        ("CREATE TABLE other (x)", True, "Its database is none of this program"),
        ("CREATE TRIGGER t AFTER UPDATE ON runs BEGIN DELETE FROM epochs; END", False, "has a trigger or view"),
        ("ALTER TABLE votes DROP COLUMN members", False, "Its database lacks votes.members"),
        ("UPDATE models SET content = x'00' WHERE format = 'keras'", False, "This is no Keras model"),
        ("UPDATE runs SET spec = 'x' WHERE id = 1", False, "The backup cannot be restored. The spec is"),
    ],
)
def test_a_database_that_is_none_of_this_program_is_refused(
    archive: Path, elsewhere: Settings, tmp_path: Path, script: str, fresh: bool, words: str
) -> None:
    _replace_database(archive, tmp_path, script, fresh)
    with pytest.raises(BackupError, match=words):
        restore(elsewhere, archive)
    assert not elsewhere.home.exists()


def test_an_older_database_is_brought_to_todays_schema_version(
    archive: Path, elsewhere: Settings, tmp_path: Path
) -> None:
    older = tables.VERSION - 1
    _replace_database(archive, tmp_path, "UPDATE version SET version = version - 1; DROP TABLE class_phones")
    rewrite(archive, {}, lambda record: record.update(schema=older))
    assert restore(elsewhere, archive) == CONTENTS
    with open_database(elsewhere) as there, there.read() as connection:
        assert connection.exec_driver_sql("SELECT version FROM version").scalar() == tables.VERSION
        assert connection.exec_driver_sql("SELECT count(*) FROM class_phones").scalar() == 0


def test_more_than_the_disk_has_room_for_is_refused_before_anything_is_unpacked(
    archive: Path, elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Record, "bytes", 10**18)
    with pytest.raises(BackupError, match=r"The backup holds 1,000,000,000.0 GB, and .* has room for [\d.,]+ GB"):
        restore(elsewhere, archive)
    assert not elsewhere.home.exists()


def test_a_rename_that_fails_is_taken_back(archive: Path, elsewhere: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if target == elsewhere.home / "mnist-dash.db":
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(BackupError, match=r"No space left on device.*Nothing was restored"):
        restore(elsewhere, archive)
    assert not elsewhere.home.exists()


def test_nothing_is_no_backup(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is nothing to back up in"):
        back_up(settings, tmp_path / "home.zip")
    assert not list(tmp_path.iterdir())


@pytest.mark.on_postgresql
def test_a_database_on_a_server_is_refused_with_what_saves_it(database: Database, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"MNIST_DASH_DB names a database on a server.* pg_dump"):
        copy_database(database, tmp_path / "copy.db", lambda *_: None)
    assert not (tmp_path / "copy.db").exists()
