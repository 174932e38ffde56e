"""What people do to a sweep: start one, stop it, let it go on, ask for more trials, delete it and take that back.

All of it raises NotAllowedError where whoever asks may not.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from mnist_dash.errors import SweepError
from mnist_dash.methods.registry import get_method
from mnist_dash.methods.space import Dimension, check_space, write_space
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import supervisor
from mnist_dash.runs.control import write_stop
from mnist_dash.runs.queue import LONGEST_NAME, write_on_one_line
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.sweeps.queries import read_sweep, read_trials, sweep_of, trials_of
from mnist_dash.sweeps.records import TRIALS, USUAL_TRIALS, Pruner, Sampler, Sweep, Trial, count_wanted
from mnist_dash.users import Role, check_may_change, check_may_train


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """A sweep that is to be started; raises SpecError where it could not be.

    Each trial is `base` with what the `space` varies. The `seed` decides what is tried as far as what has been read
    before does not; the runs have that of their base, so that all are asked with the same validation images.
    """

    base: RunSpec
    space: tuple[Dimension, ...]
    trials: int = USUAL_TRIALS
    sampler: Sampler = Sampler.TPE
    pruner: Pruner = Pruner.MEDIAN

    def __post_init__(self) -> None:
        """Refuse what no sweep can search."""
        TRIALS.check(self.trials)
        check_space(self.base, self.space)


def start_sweep(settings: Settings, database: Database, plan: SweepPlan, name: str | None = None) -> Sweep:
    """Write the sweep down, and see to it that it is looked after."""
    check_may_train(database.user)
    values = {
        "name": write_on_one_line(name or "", LONGEST_NAME) or get_method(plan.base.method).title,
        "base": plan.base.to_json(),
        "space": write_space(plan.space),
        "sampler": plan.sampler,
        "pruner": plan.pruner,
        "seed": plan.base.seed,
        "trials": plan.trials,
        "next_trial": 1,
        "state": State.RUNNING,
        "created": time.time(),
        "begun": time.time(),
        "starts": 0,
        "account": database.user.account,
        "owner": database.user.name,
        "unlimited": database.user.role is Role.ADMINISTER,
    }
    with database.write() as connection:
        key = connection.execute(insert(tables.sweeps).values(values)).inserted_primary_key
    assert key is not None  # noqa: S101 - the database gives every row one
    supervisor.ensure(settings)
    return sweep_of(database, key[0])


def stop_sweep(database: Database, sweep_id: int) -> Sweep:
    """Stop a sweep: trials that wait go, and those at work stop at their next look.

    Raises SweepError where it has ended.
    """
    _find_own(database, sweep_id)
    table = tables.sweeps
    with database.write() as connection:
        state = connection.scalar(select(table.c.state).where(table.c.id == sweep_id).with_for_update())
        if state != State.RUNNING:
            raise SweepError(f"Sweep {sweep_id} is {state} and cannot be stopped; only one that goes on can.")
        ended = {"state": State.STOPPED, "ended": time.time(), "host": None}
        connection.execute(update(table).where(table.c.id == sweep_id).values(ended))
        _stop_trials(connection, sweep_id)
    return sweep_of(database, sweep_id)


def _find_own(database: Database, sweep_id: int, *, deleted: bool = False) -> Sweep:
    """A sweep that whoever asks may change."""
    sweep = sweep_of(database, sweep_id, deleted=deleted)
    check_may_change(database.user, f"Sweep {sweep_id}", sweep.account, sweep.owner)
    return sweep


def _stop_trials(connection: Connection, sweep_id: int) -> None:
    table = tables.runs
    for run in connection.execute(select(table).where(table.c.sweep == sweep_id).with_for_update()).all():
        values = write_stop(run)
        if values is not None:
            # One that has never begun has nothing that anybody could look at.
            gone = {"deleted": time.time()} if run.state == State.QUEUED and not run.attempt else {}
            connection.execute(update(table).where(table.c.id == run.id).values({**values, **gone}))


def resume_sweep(settings: Settings, database: Database, sweep_id: int, more: int = 0) -> Sweep:
    """Let an ended sweep go on, for so many trials `more` than were wanted; one that goes on is given them as well.

    Raises SweepError where nothing would be left to do, and SpecError where the trials become too many.
    """
    sweep, table = _find_own(database, sweep_id), tables.sweeps
    if not more and sweep.active:
        raise SweepError(f"Sweep {sweep_id} goes on already. Stop it, or ask for more trials.")
    if not more and not count_wanted(sweep, trials_of(database, sweep_id)):
        raise SweepError(f"Sweep {sweep_id} has all {sweep.trials:,} trials that were wanted. Ask for more of them.")
    with database.write() as connection:
        row = _lock(connection, sweep_id)
        if row.deleted is not None:
            raise SweepError(f"Sweep {sweep_id} was deleted meanwhile. Restore it first.")
        TRIALS.check(row.trials + more)
        anew = {"state": State.RUNNING, "begun": time.time(), "ended": None, "reason": None, "starts": 0}
        values = {"trials": row.trials + more, **({} if row.state == State.RUNNING else anew)}
        connection.execute(update(table).where(table.c.id == sweep_id).values(values))
    supervisor.ensure(settings)
    return sweep_of(database, sweep_id)


def explain_busy(sweep: Sweep, trials: Sequence[Trial]) -> str | None:
    """Why a sweep cannot be deleted now; None where nothing of it is at work."""
    if sweep.active:
        return f"Sweep {sweep.id} goes on; stop it before you delete it."
    busy = [trial.run for trial in trials if trial.run.state.active]
    return f"Run {busy[0].id}, a trial of sweep {sweep.id}, is {busy[0].state}; stop it first." if busy else None


def delete_sweep(database: Database, sweep_id: int) -> None:
    """Put a sweep that has ended out of sight with all its trials; raises SweepError where anything is at work."""
    _find_own(database, sweep_id)
    with database.write() as connection:
        sweep = _lock(connection, sweep_id)
        busy = explain_busy(read_sweep(sweep), read_trials(connection, sweep_id))
        if busy:
            raise SweepError(busy)
        _mark(connection, sweep_id, None, time.time())


def restore_sweep(database: Database, sweep_id: int) -> Sweep:
    """Take a deletion back, with the trials that went with the sweep; raises SweepError where it is gone for good."""
    _find_own(database, sweep_id, deleted=True)
    with database.write() as connection:
        deleted = _lock(connection, sweep_id).deleted
        if deleted is not None:
            _mark(connection, sweep_id, deleted, None)
    return sweep_of(database, sweep_id)


def _lock(connection: Connection, sweep_id: int) -> tables.Columns:
    table = tables.sweeps
    row = connection.execute(select(table).where(table.c.id == sweep_id).with_for_update()).one_or_none()
    if row is None:
        raise SweepError(f"There is no sweep {sweep_id} any more: it was deleted for good.")
    return row


def _mark(connection: Connection, sweep_id: int, before: float | None, deleted: float | None) -> None:
    """Mark a sweep and those of its trials that bear the same mark: what was deleted by itself stays so."""
    for table, number in ((tables.runs, tables.runs.c.sweep), (tables.sweeps, tables.sweeps.c.id)):
        same = table.c.deleted.is_(None) if before is None else table.c.deleted == before
        connection.execute(update(table).where(number == sweep_id, same).values(deleted=deleted))
