"""What can be read of sweeps."""

import json

from sqlalchemy import Connection, select

from mnist_dash.errors import SweepError
from mnist_dash.methods.space import read_space
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.queries import read_run
from mnist_dash.runs.records import State
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.sweeps.records import Pruner, Sampler, Sweep, Trial


def sweep_of(database: Database, sweep_id: int, *, deleted: bool = False) -> Sweep:
    """The sweep with that number, one that was `deleted` and can be restored too; raises SweepError without one."""
    with database.read() as connection:
        # A database would raise an error of its own for a number that fits no column.
        known = 0 < sweep_id < 2**31
        query = select(tables.sweeps).where(tables.sweeps.c.id == sweep_id)
        query = query if deleted else query.where(tables.sweeps.c.deleted.is_(None))
        row = connection.execute(query).one_or_none() if known else None
    if row is None:
        raise SweepError(
            f"There is no sweep {sweep_id}. `python -m mnist_dash sweeps` lists the sweeps that there are."
        )
    return read_sweep(row)


def sweeps_of(database: Database) -> list[Sweep]:
    """All sweeps but the deleted ones, the newest first."""
    table = tables.sweeps
    with database.read() as connection:
        rows = connection.execute(select(table).where(table.c.deleted.is_(None)).order_by(table.c.id.desc()))
        return [read_sweep(row) for row in rows]


def trials_of(database: Database, sweep_id: int) -> list[Trial]:
    """The trials of a sweep in their order, without those that were deleted."""
    with database.read() as connection:
        return read_trials(connection, sweep_id)


def read_trials(connection: Connection, sweep_id: int) -> list[Trial]:
    """The same, in the caller's transaction."""
    runs, epochs = tables.runs.c, tables.epochs.c
    there = (runs.sweep == sweep_id, runs.deleted.is_(None))
    read = select(epochs.run, epochs.validation_accuracy).where(
        epochs.run == runs.id, epochs.validation_accuracy.is_not(None), *there
    )
    found = [read_run(row) for row in connection.execute(select(tables.runs).where(*there).order_by(runs.trial))]
    rows = connection.execute(read.order_by(epochs.epoch)).all()
    accuracies: dict[int, list[float]] = {}
    for run, accuracy in rows:
        accuracies.setdefault(run, []).append(accuracy)
    return [Trial(run.trial or 0, run, tuple(accuracies.get(run.id, ()))) for run in found]


def read_sweep(row: tables.Columns) -> Sweep:
    """What a row says."""
    return Sweep(
        id=row.id,
        name=row.name,
        base=RunSpec.from_json(row.base),
        space=read_space(row.space),
        sampler=Sampler(row.sampler),
        pruner=Pruner(row.pruner),
        seed=row.seed,
        trials=row.trials,
        next_trial=row.next_trial,
        state=State(row.state),
        created=row.created,
        begun=row.begun,
        ended=row.ended,
        reason=row.reason,
        importance=json.loads(row.importance) if row.importance else {},
        account=row.account,
        owner=row.owner,
        unlimited=row.unlimited,
    )
