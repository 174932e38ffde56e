"""The database is there at the first use, says in words what is wrong with it, and keeps what it was given."""

import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from mnist_dash.errors import StoreError, UnreachableError
from mnist_dash.settings import Settings
from mnist_dash.store import database as module
from mnist_dash.store import tables
from mnist_dash.store.backends import explain_errors
from mnist_dash.store.database import Database, open_database
from tests.awaiting import deadline
from tests.store.conftest import OpenedAtOnce

ROW = {"name": "a run", "spec": "{}", "state": "queued", "created": 0.0}
MODEL = {"run": 1, "epoch": 1, "format": "keras"}


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


@pytest.mark.both_databases
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
        connection.execute(insert(tables.models).values(MODEL | {"content": b""}))


@pytest.mark.both_databases
def test_a_reader_sees_one_state_of_the_database(database: Database) -> None:
    count = select(func.count()).select_from(tables.runs)
    with database.read() as reader:
        before = reader.scalar(count)
        with database.write() as writer:
            writer.execute(insert(tables.runs).values(ROW))
        assert (before, reader.scalar(count)) == (0, 0)


@pytest.mark.both_databases
def test_processes_that_open_a_new_home_at_once_all_succeed(settings: Settings, opened_at_once: OpenedAtOnce) -> None:
    assert opened_at_once(3) == [(0, b"")] * 3
    database = open_database(settings)
    with database.read() as connection:
        assert connection.execute(select(tables.version)).all() == [(tables.VERSION,)]
    database.close()


def test_a_database_of_a_newer_schema_version_is_refused_and_left_alone(settings: Settings, database: Database) -> None:
    newer = tables.VERSION + 1
    with database.write() as connection:
        connection.execute(update(tables.version).values(version=newer))
        connection.exec_driver_sql("ALTER TABLE runs ADD COLUMN colour TEXT")
    before = _schema(database)
    words = f"has schema version {newer}, and this version of MNIST Dash knows versions up to {tables.VERSION}: a newer"
    with pytest.raises(StoreError, match=words) as refused:
        open_database(settings)
    assert "Use that version, or set MNIST_DASH_HOME to another folder." in str(refused.value)
    assert _schema(database) == before
    with database.read() as connection:
        assert connection.scalar(select(tables.version.c.version)) == newer


def _schema(database: Database) -> list[str]:
    with database.read() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT sql FROM sqlite_master ORDER BY name")]


def test_a_database_of_todays_schema_version_is_opened_while_another_process_writes(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as connection:
        connection.execute(insert(tables.runs).values(ROW))
    other = sqlite3.connect(_file(settings), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM runs")
    monkeypatch.setattr(module, "PATIENCE", 0)
    with open_database(settings) as second:
        assert _count(second) == 1
    other.close()


def test_a_file_that_is_no_database_is_refused_with_its_path(settings: Settings) -> None:
    _file(settings.prepare()).write_bytes(b"not a database, but long enough to be read as one. " * 100)
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


@pytest.fixture
def impatient(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The test's database, opened by somebody who waits for nobody."""
    with database.write() as connection:
        connection.execute(insert(tables.runs).values(ROW))
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    with open_database(settings) as impatient:
        yield impatient


def _rename(database: Database) -> None:
    with database.write() as connection:
        connection.execute(update(tables.runs).values(name="another"))


def test_a_database_that_another_program_keeps_locked_is_named_locked_and_can_be_read(
    settings: Settings, impatient: Database
) -> None:
    other = sqlite3.connect(_file(settings), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"was kept locked by another program.*Close what holds it and try again"):
        _rename(impatient)
    assert _count(impatient) == 1
    other.close()
    _rename(impatient)


def test_a_new_database_that_another_program_keeps_locked_is_named_locked(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    other = sqlite3.connect(_file(settings.prepare()), isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="was kept locked by another program"):
        open_database(settings)
    other.close()
    open_database(settings).close()


@pytest.mark.both_databases
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
            connection.execute(insert(tables.models).values(MODEL | {"content": bytes(100_000)}))

    with pytest.raises(StoreError, match=r"the disk is full\. Nothing recorded before was lost"):
        fill()
    with database.read() as connection:
        assert connection.execute(select(tables.runs.c.name)).all() == [("a run",)]
        assert connection.execute(select(tables.models)).all() == []
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        connection.execute(insert(tables.models).values(MODEL | {"content": bytes(100_000)}))


def test_a_file_that_may_not_be_written_is_named_read_only_and_can_be_read(
    settings: Settings, database: Database
) -> None:
    with database.write() as connection:
        connection.execute(insert(tables.runs).values(ROW))
    # The mode is that of the opening, since no file is read-only to the superuser.
    with Database(f"sqlite:///file:{_file(settings)}?mode=ro&uri=true") as reader:
        with pytest.raises(StoreError, match=r"is read-only\. Make the file and its folder writable"):
            _rename(reader)
        assert _count(reader) == 1
    _rename(database)


@pytest.mark.both_databases
def test_only_a_server_is_shared_with_other_machines(settings: Settings, database: Database) -> None:
    assert database.is_shared is (settings.db is not None)


@pytest.fixture
def writer(settings: Settings) -> Iterator[sqlite3.Connection]:
    """Somebody about to write into a database of which no log is kept yet, as a new one has none."""
    with closing(sqlite3.connect(_file(settings.prepare()))) as writer:
        writer.executescript("CREATE TABLE other (value)")
        writer.execute("BEGIN IMMEDIATE")
        yield writer


def test_a_new_database_that_another_process_changes_is_waited_for(
    settings: Settings, writer: sqlite3.Connection
) -> None:
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_database, settings)
        with pytest.raises(TimeoutError):
            opening.result(timeout=0.3)
        writer.rollback()
        with opening.result(timeout=deadline()) as database:
            assert _count(database) == 0


@pytest.mark.usefixtures("writer")
def test_it_is_not_waited_for_without_end(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    with pytest.raises(StoreError, match="was kept locked by another program"):
        open_database(settings)


def test_many_writers_of_one_process_wait_for_their_turn_however_long(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    with open_database(settings) as shared:

        def write(_: int) -> None:
            with shared.write() as connection:
                connection.execute(insert(tables.runs).values(ROW))
                # Longer than SQLite waits.
                Event().wait(0.05)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(16)))
        assert _count(shared) == 16


def test_a_database_without_a_free_connection_may_have_one_in_a_moment() -> None:
    with pytest.raises(UnreachableError, match=r"All connections .* in use"), explain_errors("sqlite://", 0):
        raise PoolTimeoutError
