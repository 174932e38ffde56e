"""The database is there at the first use, says in words what is wrong with it, and keeps what it was given."""

import re
import sqlite3
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from mnist_dash.errors import StoreError
from mnist_dash.runs import database as module
from mnist_dash.runs import tables
from mnist_dash.runs.database import Database, open_database
from mnist_dash.settings import Settings
from tests.conftest import Python

ROW = {"name": "a run", "spec": "{}", "state": "queued", "created": 0.0}
OPEN = """
import sys
from pathlib import Path
from mnist_dash.runs.database import open_database
from mnist_dash.settings import Settings
print("ready", flush=True)
sys.stdin.readline()
open_database(Settings(home=Path(sys.argv[1]))).close()
"""


def _count(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(tables.runs)) or 0


def _file(settings: Settings) -> Path:
    return settings.home / "mnist-dash.db"


def test_the_first_use_creates_home_and_tables(settings: Settings) -> None:
    assert not settings.home.exists()
    database = open_database(settings)
    assert _count(database) == 0
    database.close()
    assert _file(settings).is_file()


def test_a_second_opening_finds_what_the_first_one_wrote(settings: Settings, database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(tables.runs).values(ROW))
    again = open_database(settings)
    assert _count(again) == 1
    again.close()


def test_readers_and_a_writer_do_not_wait_for_each_other(database: Database) -> None:
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    with database.write() as writer:
        writer.execute(insert(tables.runs).values(ROW))
        assert _count(database) == 0
    assert _count(database) == 1


def test_a_commit_is_on_the_disk_and_rows_that_belong_to_no_run_are_refused(database: Database) -> None:
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    with pytest.raises(StoreError, match="FOREIGN KEY"), database.write() as connection:
        connection.execute(insert(tables.checkpoints).values(run=1, epoch=1, content=b""))


def test_a_reader_sees_one_state_of_the_database(database: Database) -> None:
    count = select(func.count()).select_from(tables.runs)
    with database.read() as reader:
        before = reader.scalar(count)
        with database.write() as writer:
            writer.execute(insert(tables.runs).values(ROW))
        assert (before, reader.scalar(count)) == (0, 0)


def test_processes_that_open_a_new_home_at_once_all_succeed(settings: Settings, python: Python) -> None:
    openers = [python(OPEN, str(settings.home)) for _ in range(3)]
    for opener in openers:
        assert opener.stdout is not None
        assert opener.stdout.readline() == b"ready\n"
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write(b"\n")
        opener.stdin.flush()
    assert [_outcome(opener) for opener in openers] == [(0, b"")] * 3
    database = open_database(settings)
    with database.read() as connection:
        assert connection.execute(select(tables.version)).all() == [(tables.VERSION,)]
    database.close()


def _outcome(process: "subprocess.Popen[bytes]") -> tuple[int, bytes]:
    _, said = process.communicate(timeout=30)
    return process.returncode, said


@pytest.mark.parametrize("version", [tables.VERSION + 1, tables.VERSION - 1])
def test_a_database_of_another_version_is_refused_and_left_alone(
    settings: Settings, database: Database, version: int
) -> None:
    with database.write() as connection:
        connection.execute(update(tables.version).values(version=version))
    with pytest.raises(StoreError, match=f"has form {version}, and this version of MNIST Dash knows form 1") as refused:
        open_database(settings)
    assert "set MNIST_DASH_HOME to another folder" in str(refused.value)
    with database.read() as connection:
        assert connection.scalar(select(tables.version.c.version)) == version


def test_a_file_that_is_no_database_is_refused_with_its_path(settings: Settings) -> None:
    _file(settings.prepared()).write_bytes(b"not a database, but long enough to be read as one. " * 100)
    words = f"The database sqlite:///{_file(settings)} is no database, or is damaged. Move the file away"
    with pytest.raises(StoreError, match=re.escape(words)):
        open_database(settings)


def test_a_damaged_database_is_refused(settings: Settings, database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(tables.runs), [ROW] * 200)
    database.close()
    content = bytearray(_file(settings).read_bytes())
    content[4096:] = bytes(byte ^ 0xA5 for byte in content[4096:])
    _file(settings).write_bytes(content)
    with pytest.raises(StoreError, match=r"is damaged. Move the file away \(keep it: runs may be recovered\)"):
        open_database(settings)


def test_a_folder_in_place_of_the_file_is_refused(settings: Settings) -> None:
    _file(settings).mkdir(parents=True)
    with pytest.raises(StoreError, match=r"cannot be opened\. Check that its folder exists and can be written"):
        open_database(settings)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("nonsense", "…nonsense"),
        ("oracle+unknown://host/runs", "oracle+unknown://host/runs"),
        ("postgres://me:secret@host/runs", "postgres://me:***@host/runs"),
        ("mysql+mysqldb://me:secret@host/runs", "mysql+mysqldb://me:***@host/runs"),
        ("me:secret@host", "…host"),
    ],
)
def test_a_url_that_cannot_be_opened_is_refused_without_its_password(url: str, shown: str) -> None:
    with pytest.raises(
        StoreError, match=f"^MNIST_DASH_DB is '{re.escape(shown)}', which is no database URL"
    ) as refused:
        Database(url)
    assert "secret" not in str(refused.value)
    assert "give an SQLAlchemy URL such as postgresql+psycopg://user@host/name" in str(refused.value)


def test_a_database_that_another_program_keeps_locked_is_named_locked(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    other = sqlite3.connect(_file(settings), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"was kept locked by another program.*Close what holds it and try again"):
        open_database(settings)
    assert _count(database) == 0
    other.close()
    open_database(settings).close()


def test_a_write_that_fails_in_the_middle_leaves_nothing_behind(database: Database) -> None:
    def interrupted() -> None:
        with database.write() as connection:
            connection.execute(insert(tables.runs).values(ROW))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert _count(database) == 0
    with database.write() as connection:
        connection.execute(insert(tables.runs).values(ROW))
    assert _count(database) == 1


def test_a_full_disk_is_named_and_what_was_there_stays_readable(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(tables.runs).values(ROW))

    def fill() -> None:
        with database.write() as connection:
            connection.execute(update(tables.runs).values(name="another"))
            # SQLite takes the present size where less is asked for: there is no room for another page.
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            connection.execute(insert(tables.checkpoints).values(run=1, epoch=1, content=bytes(100_000)))

    with pytest.raises(StoreError, match=r"the disk is full\. Nothing recorded before was lost"):
        fill()
    with database.read() as connection:
        assert connection.execute(select(tables.runs.c.name)).all() == [("a run",)]
        assert connection.execute(select(tables.checkpoints)).all() == []
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        connection.execute(insert(tables.checkpoints).values(run=1, epoch=1, content=bytes(100_000)))


def test_a_file_that_this_process_may_not_write_is_named_read_only(database: Database) -> None:
    def write() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.execute(insert(tables.runs).values(ROW))

    with pytest.raises(StoreError, match=r"is read-only\. Make the file and its folder writable"):
        write()


def test_only_a_server_is_shared_with_other_machines(database: Database) -> None:
    assert not database.is_shared
