"""Databases of earlier versions, brought to today's schema version without losing a run.

By hand, not by Alembic 1.20.1: to import that adds 170 to 180 ms to every command and every process that opens the
database (SQLAlchemy's own import takes 440 ms there), and this look at the version takes 2.5 ms. New columns come from
the tables themselves, so that a version needs no script of its own; renamed ones are listed, and renamed before that.
"""

import json

from sqlalchemy import BindParameter, Connection, MetaData, Table, bindparam, insert, inspect, literal, select, update
from sqlalchemy.schema import CreateColumn

from mnist_dash.store import own_tables, tables

_STEPS = {
    1: (
        "UPDATE runs SET position = id",
        "UPDATE runs SET host = NULL WHERE state <> 'running'",
        "INSERT INTO models (run, epoch, format, content) SELECT run, epoch, 'keras', content FROM checkpoints",
        "INSERT INTO models (run, epoch, format, content) SELECT artifacts.run, runs.epoch, 'litert', "
        "artifacts.content FROM artifacts JOIN runs ON runs.id = artifacts.run WHERE artifacts.kind = 'litert'",
        "DROP TABLE artifacts",
        "DROP TABLE checkpoints",
    ),
    2: (),
    3: (),
    4: (),
    5: (),
    6: (),
    7: (),
    8: (),
    9: ("CREATE UNIQUE INDEX IF NOT EXISTS trials_of_a_sweep ON runs (sweep, trial)",),
    10: (),
    11: (
        # The turns of 100,000 runs of 200 people: 93 ms without it, 22 ms with it.
        "CREATE INDEX IF NOT EXISTS runs_of_an_account ON runs (account, started)",
        "UPDATE sweeps SET unlimited = (account = '')",
    ),
    12: (),
    13: (),
    14: (
        "CREATE INDEX IF NOT EXISTS runs_of_a_method ON runs (method, id)",
        "CREATE INDEX IF NOT EXISTS runs_of_a_data_set ON runs (data, folds, id)",
        "CREATE INDEX IF NOT EXISTS runs_of_some_settings ON runs (settings_digest, id)",
        "CREATE INDEX IF NOT EXISTS runs_of_a_host ON runs (host)",
        "CREATE INDEX IF NOT EXISTS runs_in_order ON runs (position)",
        "CREATE INDEX IF NOT EXISTS runs_with_tags ON runs (id) WHERE tags <> '[]'",
    ),
}
"""What is done to the rows of each earlier version, once the new tables and columns stand."""
_RENAMED = (("runs", "figures", "score"), ("epochs", "insight", "details"), ("models", "form", "format"))
"""Table, old name and new name of each column that another name was found for (SQLite 3.25 and PostgreSQL can)."""
_FOUND_BY_SPEC = 15
"""The version since which runs are found by parts of their specs."""
_ASIDE = "_before"
"""How the name ends of a table whose rows are brought over to one with another key."""
_KEYS = {"own_digits": {"set_key": own_tables.SKETCH}}
"""Of tables with another key than before, what the new part of it is in all rows that were there."""


def upgrade(connection: Connection, found: int) -> None:
    """Bring a database of schema version `found` to `tables.VERSION`, in the caller's transaction."""
    _rename(connection)
    aside = _put_aside(connection)
    tables.metadata.create_all(connection)
    for name in aside:
        _bring_over(connection, tables.metadata.tables[name])
    for table in tables.metadata.sorted_tables:
        present = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                written = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {written}")
    for version in range(found, tables.VERSION):
        for statement in _STEPS[version]:
            connection.exec_driver_sql(statement)
    if found < _FOUND_BY_SPEC:
        _write_what_runs_are_found_by(connection)
    connection.execute(update(tables.version).values(version=tables.VERSION))


def _write_what_runs_are_found_by(connection: Connection) -> None:
    """Take from each run's spec what it is found by, but for the digest: that is the methods' to say."""
    runs = tables.runs
    of_spec: dict[str, BindParameter[object]] = {name: bindparam(f"of_{name}") for name in ("method", "data", "folds")}
    fill = update(runs).where(runs.c.id == bindparam("of_run")).values(of_spec)
    rows = [(row.id, json.loads(row.spec)) for row in connection.execute(select(runs.c.id, runs.c.spec))]
    if rows:
        connection.execute(
            fill,
            [
                {"of_run": run, "of_method": spec["method"], "of_data": spec["data"], "of_folds": spec.get("folds", 0)}
                for run, spec in rows
            ],
        )


def _put_aside(connection: Connection) -> list[str]:
    """Give the tables another name whose rows have another key today: no table can change its key. Their names."""
    inspector, aside = inspect(connection), []
    for name, table in tables.metadata.tables.items():
        keyed = inspector.get_pk_constraint(name)["constrained_columns"] if inspector.has_table(name) else []
        if keyed and keyed != [column.name for column in table.primary_key]:
            # An index keeps its name, which the new table's may want.
            for index in inspector.get_indexes(name):
                connection.exec_driver_sql(f"DROP INDEX {index['name']}")
            # So does a key that has a name, as PostgreSQL's has: it is an index there.
            if key := inspector.get_pk_constraint(name)["name"]:
                connection.exec_driver_sql(f"ALTER TABLE {name} DROP CONSTRAINT {key}")
            connection.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {name}{_ASIDE}")
            aside.append(name)
    return aside


def _bring_over(connection: Connection, table: Table) -> None:
    """Fill a table of another key from the one that was put aside, and drop that."""
    old = Table(f"{table.name}{_ASIDE}", MetaData(), autoload_with=connection)
    kept, added = list(old.columns), _KEYS[table.name]
    rows = select(*(literal(value) for value in added.values()), *kept)
    connection.execute(insert(table).from_select([*added, *(column.name for column in kept)], rows))
    old.drop(connection)


def _rename(connection: Connection) -> None:
    """Rename what bears an old name; not every earlier version has each table and column."""
    inspector = inspect(connection)
    for table, old, new in _RENAMED:
        if inspector.has_table(table) and old in {column["name"] for column in inspector.get_columns(table)}:
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
