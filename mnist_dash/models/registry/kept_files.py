"""The Keras files in a database that came from elsewhere, looked at before a run goes on from one."""

from sqlalchemy import select

from mnist_dash.errors import ModelError
from mnist_dash.models.registry.model_files import Kind, find_kind
from mnist_dash.runs.records import ModelFormat
from mnist_dash.store import tables
from mnist_dash.store.database import Database


def check_keras_files(database: Database) -> None:
    """Raise ModelError where one is none, or would run code."""
    table = tables.models.c
    keras = select(table.run, table.content).where(table.format == ModelFormat.KERAS)
    with database.read() as connection:
        for run, content in connection.execute(keras).yield_per(1):
            if find_kind(content, f"run-{run}.keras") is not Kind.KERAS:
                raise ModelError(f"The model of run {run} is no Keras file.")
