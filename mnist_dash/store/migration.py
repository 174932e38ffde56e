"""Databases of earlier versions, brought to today's form without losing a run.

By hand, not by Alembic 1.20.1: to import that adds 170 to 180 ms to every command and every process that opens the
database (SQLAlchemy's own import takes 440 ms there), and this look at the version takes 2.5 ms. New columns come from
the tables themselves, so that a form needs no script of its own.
"""

from sqlalchemy import Connection, inspect, update
from sqlalchemy.schema import CreateColumn

from mnist_dash.store import tables

_STEPS = {
    1: (
        "UPDATE runs SET position = id",
        "UPDATE runs SET host = NULL WHERE state <> 'running'",
        "INSERT INTO models (run, epoch, form, content) SELECT run, epoch, 'keras', content FROM checkpoints",
        "INSERT INTO models (run, epoch, form, content) SELECT artifacts.run, runs.epoch, 'litert', artifacts.content "
        "FROM artifacts JOIN runs ON runs.id = artifacts.run WHERE artifacts.kind = 'litert'",
        "DROP TABLE artifacts",
        "DROP TABLE checkpoints",
    ),
    2: (),
    3: (),
}
"""What is done to the rows of each earlier form, once the new tables and columns stand."""


def upgrade(connection: Connection, found: int) -> None:
    """Bring a database of form `found` to `tables.VERSION`, in the caller's transaction."""
    tables.metadata.create_all(connection)
    for table in tables.metadata.sorted_tables:
        present = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                written = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {written}")
    for version in range(found, tables.VERSION):
        for statement in _STEPS[version]:
            connection.exec_driver_sql(statement)
    connection.execute(update(tables.version).values(version=tables.VERSION))
