"""What can be read of runs."""

import json

from sqlalchemy import func, select

from mnist_dash.errors import RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import tables
from mnist_dash.runs.database import Database
from mnist_dash.runs.records import Artifact, Batches, Epoch, Figures, Run, State


def run_of(database: Database, run_id: int) -> Run:
    """The run with that number; raises RunError where there is none."""
    with database.read() as connection:
        # A database would raise an error of its own for a number that fits no column.
        known = 0 < run_id < 2**31
        row = connection.execute(select(tables.runs).where(tables.runs.c.id == run_id)).one_or_none() if known else None
    if row is None:
        raise RunError(f"There is no run {run_id}. `python -m mnist_dash runs` lists the runs that there are.")
    return _run(row)


def runs_of(database: Database, *states: State) -> list[Run]:
    """All runs, or those in one of `states`, the newest first."""
    query = select(tables.runs).order_by(tables.runs.c.id.desc())
    if states:
        query = query.where(tables.runs.c.state.in_(states))
    with database.read() as connection:
        return [_run(row) for row in connection.execute(query)]


def place_in_queue(database: Database, run_id: int) -> int:
    """How many runs are before this one and not ended: 0 where it is next."""
    table = tables.runs.c
    query = select(func.count()).where(table.state.in_([State.QUEUED, State.RUNNING]), table.id < run_id)
    with database.read() as connection:
        return connection.scalar(query) or 0


def epochs_of(database: Database, run_id: int) -> list[Epoch]:
    """The finished epochs, in order."""
    table = tables.epochs.c
    columns = (table.epoch, table.loss, table.accuracy, table.validation_loss, table.validation_accuracy, table.seconds)
    with database.read() as connection:
        rows = connection.execute(select(*columns).where(table.run == run_id).order_by(table.epoch))
        return [Epoch(*row) for row in rows]


def batches_of(database: Database, run_id: int) -> list[Batches]:
    """Every recorded batch, in order."""
    table = tables.batches.c
    columns = (table.epoch, table.step, table.loss, table.accuracy, table.seconds)
    with database.read() as connection:
        rows = connection.execute(select(*columns).where(table.run == run_id).order_by(table.id)).all()
    return [Batches(e, step, tuple(json.loads(loss)), tuple(json.loads(right)), s) for e, step, loss, right, s in rows]


def artifact_of(database: Database, run_id: int, kind: Artifact) -> bytes:
    """The finished model in that form; raises RunError where there is none yet."""
    table = tables.artifacts.c
    query = select(table.content).where(table.run == run_id, table.kind == kind)
    with database.read() as connection:
        content: bytes | None = connection.scalar(query)
    if content is None:
        state = run_of(database, run_id).state
        raise RunError(f"Run {run_id} is {state} and has no {kind} model. Choose a run that has finished training.")
    return content


def checkpoint_of(database: Database, run_id: int) -> bytes | None:
    """The Keras file of the last finished epoch, or None before the first."""
    query = select(tables.checkpoints.c.content).where(tables.checkpoints.c.run == run_id)
    with database.read() as connection:
        content: bytes | None = connection.scalar(query)
    return content


def _run(row: tables.Columns) -> Run:
    return Run(
        id=row.id,
        name=row.name,
        spec=RunSpec.from_json(row.spec),
        state=State(row.state),
        created=row.created,
        started=row.started,
        ended=row.ended,
        host=row.host,
        attempt=row.attempt,
        epoch=row.epoch,
        phase=row.phase,
        reason=row.reason,
        stop_requested=row.stop_requested,
        train_images=row.train_images,
        steps=row.steps,
        seconds=row.seconds,
        figures=Figures(**json.loads(row.figures)) if row.figures else None,
    )
