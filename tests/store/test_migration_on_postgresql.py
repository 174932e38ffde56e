"""A database of an earlier schema version on a server is brought to today's as one in a file is."""

from collections.abc import Mapping

import psycopg
import pytest
from sqlalchemy import make_url, select

from mnist_dash.errors import StoreError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.own_digits.collection import count_by_label
from mnist_dash.own_digits.sets import list_sets
from mnist_dash.runs import queue
from mnist_dash.runs.queries import batches_of, checkpoint_of, epochs_of, kept_epochs_of, run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Batches, ModelFormat, RunScore, State
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database, open_database
from tests.postgres import Server
from tests.runs.conftest import an_epoch, some_batches
from tests.store.conftest import OpenedAtOnce, describe_tables
from tests.store.test_migration import DONE, RUNS, SCHEMA_1
from tests.store.test_migration_from_4 import RUN, SCHEMA_4
from tests.store.test_migration_from_8 import SCHEMA_8
from tests.store.test_migration_from_11 import SCHEMA_11
from tests.store.test_migration_from_12 import SCHEMA_12
from tests.store.test_migration_from_13 import SCHEMA_13
from tests.store.test_migration_from_14 import SCHEMA_14

pytestmark = pytest.mark.on_postgresql
_HERE = (
    ("BLOB", "BYTEA"),
    ("id INTEGER NOT NULL", "id SERIAL NOT NULL"),
    ("zeroblob(784)", "decode(repeat('00', 784), 'hex')"),
    ("X'", "'\\x"),
)
"""How the older programs' tables are written for SQLite and for PostgreSQL."""
_ROWS_4 = {name: value for name, value in RUN.items() if name != "figures"}
_OLD: Mapping[int, tuple[str, list[Mapping[str, object]]]] = {
    1: (SCHEMA_1, list(RUNS)),
    4: (SCHEMA_4, [RUN]),
    8: (SCHEMA_8, [_ROWS_4 | {"score": RUN["figures"]}]),
    11: (SCHEMA_11, [_ROWS_4 | {"score": RUN["figures"]}]),
    12: (SCHEMA_12, [_ROWS_4 | {"score": RUN["figures"]}]),
    13: (SCHEMA_13, [_ROWS_4 | {"score": RUN["figures"]}]),
    14: (SCHEMA_14, [_ROWS_4 | {"score": RUN["figures"]}]),
}


def _connect(settings: Settings) -> "psycopg.Connection[tuple[object, ...]]":
    url = make_url(settings.database_url)
    return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))


@pytest.fixture(params=_OLD)
def version(request: pytest.FixtureRequest, settings: Settings) -> int:
    """The earlier schema version of the database that the settings name."""
    found: int = request.param
    schema, runs = _OLD[found]
    for here, there in _HERE:
        schema = schema.replace(here, there)
    with _connect(settings) as connection:
        # Some rows come before those that they belong to.
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(schema)
        for run in runs:
            values = dict(run) | {"stop_requested": bool(run["stop_requested"])}
            places = ", ".join(f"%({name})s" for name in values)
            connection.execute(f"INSERT INTO runs ({', '.join(values)}) VALUES ({places})", values)  # noqa: S608
        if found == 1:
            for run in runs[:4]:
                connection.execute("INSERT INTO checkpoints VALUES (%s, %s, 'keras')", (run["id"], run["epoch"]))
            connection.execute("INSERT INTO artifacts VALUES (%s, 'litert', 'litert')", (DONE,))
        for table in ("runs", "batches"):
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
            )
    return found


def test_its_tables_are_those_of_a_new_database(version: int, settings: Settings, database_server: Server) -> None:
    with open_database(settings) as migrated, Database(database_server.make_room()) as new:
        assert describe_tables(migrated) == describe_tables(new)
        with migrated.read() as connection:
            assert connection.scalars(select(tables.version.c.version)).all() == [tables.VERSION] != [version]


def test_what_was_there_is_kept_and_goes_on(version: int, settings: Settings, spec: RunSpec) -> None:
    with open_database(settings) as migrated:
        assert sorted(run.id for run in runs_of(migrated)) == [run["id"] for run in _OLD[version][1]]
        done = run_of(migrated, 1)
        assert (done.state, done.epoch, done.score) == (State.DONE, 2, RunScore(0.97, 0.96, 0.98, 200))
        if version == 1:
            assert checkpoint_of(migrated, DONE) == b"keras"
            assert kept_epochs_of(migrated, DONE, ModelFormat.LITERT) == [2]
        else:
            assert [epoch.epoch for epoch in epochs_of(migrated, 1)] == [1, 2]
            assert batches_of(migrated, 1) == [Batches(1, 0, (2.5, 1.25), (0.25, 0.5), 0.5, 0.001)]
            assert checkpoint_of(migrated, 1) == b"\x01\x02"
        assert [one.name for one in list_sets(migrated)] == ["own-digits", *(["class-7a"] if version >= 8 else [])]
        assert count_by_label(migrated) == ({7: 1} if version == 4 else {})
        queue.submit(migrated, spec)
        claimed = queue.claim(migrated, "here")
        assert claimed is not None
        recorder = RunRecorder(migrated, claimed)
        recorder.begin(100, 10)
        recorder.batches(some_batches(claimed.epoch + 1))
        recorder.epoch(an_epoch(claimed.epoch + 1), b"next")
        assert checkpoint_of(migrated, claimed.id) == b"next"


def test_processes_that_open_it_at_once_all_succeed(
    version: int, settings: Settings, opened_at_once: OpenedAtOnce
) -> None:
    assert version < tables.VERSION
    assert opened_at_once(3) == [(0, b"")] * 3
    with open_database(settings) as migrated, migrated.read() as connection:
        assert connection.scalars(select(tables.version.c.version)).all() == [tables.VERSION]


@pytest.mark.parametrize("version", [1], indirect=True)
def test_a_migration_that_fails_half_way_leaves_it_as_it_was(version: int, settings: Settings) -> None:
    with _connect(settings) as connection:
        connection.execute("DROP TABLE artifacts")
    for _ in range(2):
        with pytest.raises(StoreError, match="artifacts"):
            open_database(settings)
    with _connect(settings) as connection:
        assert connection.execute("SELECT version FROM version").fetchall() == [(version,)]
        found = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        )
        assert {name for (name,) in found} == {"runs", "version", "batches", "checkpoints", "epochs"}
