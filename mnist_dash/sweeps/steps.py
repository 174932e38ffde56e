"""What the process of a sweep writes down, each step in one transaction that checks that it is still wanted."""

import json
import time
from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.control import write_stop
from mnist_dash.runs.queue import insert_run
from mnist_dash.runs.quotas import explain_refusal
from mnist_dash.runs.records import State
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.sweeps.records import Sweep, Trial
from mnist_dash.users import Quota


def add_trial(database: Database, sweep: Sweep, spec: RunSpec) -> bool:
    """Queue the next trial with that spec; false where the sweep goes on no more or has asked for it already.

    False, too, where its owner may have no more runs now.
    """
    with database.write() as connection:
        row = _find_active(connection, sweep)
        if row is None or row.next_trial != sweep.next_trial or _explain_wait(connection, database, sweep):
            return False
        name = f"Sweep {sweep.id}, trial {sweep.next_trial}"
        whose = {"account": sweep.account, "owner": sweep.owner}
        insert_run(connection, spec, name, sweep=sweep.id, trial=sweep.next_trial, **whose)
        _write(connection, sweep, next_trial=sweep.next_trial + 1)
    return True


def hold(database: Database, sweep: Sweep) -> bool:
    """Whether the sweep waits, since its owner may have no more runs now; it says so as long as that is so."""
    with database.read() as connection:
        reason = _explain_wait(connection, database, sweep)
    if reason != sweep.reason:
        with database.write() as connection:
            if _find_active(connection, sweep) is not None:
                _write(connection, sweep, reason=reason)
    return reason is not None


def _explain_wait(connection: Connection, database: Database, sweep: Sweep) -> str | None:
    quota = Quota() if sweep.unlimited else database.quota
    reason = explain_refusal(connection, quota, sweep.account, 1)
    return reason and f"The sweep waits and goes on by itself: {reason}"


def prune_trial(database: Database, sweep: Sweep, trial: Trial, reason: str) -> None:
    """Ask a trial to stop after its last finished epoch, with the reason; nothing where it has gone on meanwhile."""
    table = tables.runs
    with database.write() as connection:
        where = (table.c.id == trial.run.id, table.c.epoch == trial.run.epoch, table.c.stop_requested.is_(False))
        run = connection.execute(select(table).where(*where).with_for_update()).first()
        values = write_stop(run) if run is not None else None
        if values is not None and _find_active(connection, sweep) is not None:
            told = {"pruned_after": trial.run.epoch, "reason": reason}
            connection.execute(update(table).where(table.c.id == trial.run.id).values({**values, **told}))


def end_sweep(database: Database, sweep: Sweep, state: State, reason: str | None = None) -> None:
    """End a sweep; nothing where it has ended, or was given more trials meanwhile."""
    with database.write() as connection:
        row = _find_active(connection, sweep)
        if row is not None and row.trials == sweep.trials:
            _write(connection, sweep, state=state, ended=time.time(), reason=reason, host=None)


def note_look(database: Database, sweep: Sweep, importance: Mapping[str, float]) -> None:
    """Write down that a look at the trials came to its end, and what it found."""
    with database.write() as connection:
        _write(connection, sweep, starts=0, importance=json.dumps(dict(importance)))


def _find_active(connection: Connection, sweep: Sweep) -> tables.Columns | None:
    table = tables.sweeps
    where = (table.c.id == sweep.id, table.c.state == State.RUNNING)
    return connection.execute(select(table).where(*where).with_for_update()).first()


def _write(connection: Connection, sweep: Sweep, **values: object) -> None:
    connection.execute(update(tables.sweeps).where(tables.sweeps.c.id == sweep.id).values(values))
