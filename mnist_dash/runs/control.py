"""What people do to a run: stop, pause, resume, one epoch at a time, train further.

All of it raises NotAllowedError where the run is somebody else's; what makes a run wait or go on raises QuotaError
where that would be more than whoever asks may have.
"""

import time
from collections.abc import Callable, Mapping

from sqlalchemy import Connection, func, select, update

from mnist_dash.errors import RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.estimate import check_kept
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.queue import last_position
from mnist_dash.runs.quotas import check_quota
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.rows import write_spec
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.users import check_may_change

Change = Callable[[Connection, tables.Columns], Mapping[str, object] | None]
"""What becomes of a run's row, or None where that is not allowed."""


def stop(database: Database, run_id: int) -> Run:
    """Stop a run: at once where no process holds it, else at its next look; raises RunError where it has ended."""

    return _changed(database, run_id, lambda _, run: write_stop(run), "stopped; only one that has not ended")


def write_stop(run: tables.Columns) -> Mapping[str, object] | None:
    """What becomes of the row of a run that is to stop; None where it has ended."""
    if run.state == State.QUEUED or (run.state == State.PAUSED and run.host is None):
        return {"state": State.STOPPED, "ended": time.time(), "phase": "", "pause_at": None}
    # A paused process is woken to do it.
    held = run.state in (State.RUNNING, State.PAUSED)
    return {"state": State.RUNNING, "stop_requested": True} if held else None


def pause(database: Database, run_id: int) -> Run:
    """Pause a run: a waiting one at once, a running one after the batches at work; raises RunError otherwise."""

    def change(_: Connection, run: tables.Columns) -> Mapping[str, object] | None:
        if run.state == State.QUEUED:
            return {"state": State.PAUSED, "phase": "", "host": None}
        if RunSpec.from_json(run.spec).is_fitted:
            raise RunError(f"Run {run_id} learns all at once, and cannot pause on its way. Stop it, or let it end.")
        return {"pause_at": run.epoch} if run.state == State.RUNNING else None

    return _changed(database, run_id, change, "paused; only a waiting or running one")


def resume(database: Database, run_id: int, slots: int, *, step: bool = False) -> Run:
    """Let a paused run go on, for one epoch alone where `step`; raises RunError where it is not paused.

    It goes on in its own process where that still waits and fewer than `slots` runs are at work, else through the
    queue from its last finished epoch. A running run that was asked to pause goes on as well.
    """

    def change(connection: Connection, run: tables.Columns) -> Mapping[str, object] | None:
        pause_at = run.epoch + 1 if step else None
        if run.state == State.RUNNING:
            return {"pause_at": pause_at}
        if run.state != State.PAUSED:
            return None
        at_once = run.host is not None and _at_work(connection, run.host) < slots
        check_quota(connection, database.quota.of(database.user), run.account, 0 if at_once else 1)
        if at_once:
            return {"state": State.RUNNING, "phase": "training", "pause_at": pause_at}
        return {"state": State.QUEUED, "phase": "waiting", "host": None, "pause_at": pause_at}

    return _changed(database, run_id, change, "resumed; only a paused one")


def train_further(database: Database, run_id: int, epochs: int) -> Run:
    """Queue an ended run again for `epochs` more after its last one; raises RunError or SpecError."""

    def change(connection: Connection, run: tables.Columns) -> Mapping[str, object] | None:
        if State(run.state).active:
            return None
        spec = RunSpec.from_json(run.spec)
        if run.sweep is not None:
            raise RunError(
                f"Run {run_id} is trial {run.trial} of sweep {run.sweep}, which compares it as it is. Start another "
                "run with its settings."
            )
        if not spec.learns:
            raise RunError(f"Run {run_id} guesses at random and learns nothing; there is nothing to train further.")
        if spec.is_fitted:
            raise RunError(
                f"Run {run_id} has learnt all at once ({spec.method}), and no epoch could follow. Start another run "
                "with other settings."
            )
        if spec.folds:
            raise RunError(f"Run {run_id} is an audit of {spec.folds} networks; it cannot go on. Start another one.")
        further = spec.further(epochs, run.epoch)
        check_kept(further)
        check_quota(connection, database.quota.of(database.user), run.account, 1)
        anew = {"ended": None, "reason": None, "deaths": 0, "stop_requested": False, "pause_at": None}
        place = {"state": State.QUEUED, "phase": "waiting", "host": None, "position": last_position(connection) + 1}
        return {**anew, **place, **write_spec(further), "deleted": None}

    return _changed(database, run_id, change, "trained further; only one that has ended")


def _changed(database: Database, run_id: int, change: Change, allowed: str) -> Run:
    """Change the run in one transaction by what is in its row now; raises RunError where that is not allowed."""
    before = run_of(database, run_id)
    check_may_change(database.user, f"Run {run_id}", before.account, before.owner)
    where = tables.runs.c.id == run_id
    with database.write() as connection:
        row = connection.execute(select(tables.runs).where(where).with_for_update()).one()
        values = change(connection, row)
        if values is not None:
            connection.execute(update(tables.runs).where(where).values(values))
    if values is None:
        raise RunError(f"Run {before.id} is {row.state} and cannot be {allowed} can.")
    return run_of(database, run_id)


def _at_work(connection: Connection, host: str) -> int:
    table = tables.runs.c
    query = select(func.count()).where(table.state == State.RUNNING, table.host == host)
    return connection.scalar(query) or 0
