"""What can be read of runs."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, func, or_, select

from mnist_dash.errors import RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.audits import Audit, from_bytes
from mnist_dash.runs.records import Answers, Batches, Epoch, EpochDetails, ModelFormat, Run, RunScore, State
from mnist_dash.store import tables
from mnist_dash.store.database import Database

_read_spec = lru_cache(4_096)(RunSpec.from_json)
_MOST_RUNS = 2**31
"""A database would raise an error of its own for a number that fits no column."""


def run_of(database: Database, run_id: int) -> Run:
    """The run with that number; raises RunError where there is none."""
    with database.read() as connection:
        known = 0 < run_id < _MOST_RUNS
        row = connection.execute(select(tables.runs).where(tables.runs.c.id == run_id)).one_or_none() if known else None
    if row is None:
        raise RunError(f"There is no run {run_id}. `python -m mnist_dash runs` lists the runs that there are.")
    return read_run(row)


def runs_of(database: Database, *states: State) -> list[Run]:
    """All runs but the deleted ones, or those in one of `states`, the newest first."""
    query = select(tables.runs).where(tables.runs.c.deleted.is_(None)).order_by(tables.runs.c.id.desc())
    if states:
        query = query.where(tables.runs.c.state.in_(states))
    with database.read() as connection:
        return [read_run(row) for row in connection.execute(query)]


def has_runs(database: Database, *states: State) -> bool:
    """Whether any run but the deleted ones is in one of `states`; no more is read than that takes."""
    table = tables.runs.c
    query = select(table.id).where(table.deleted.is_(None), table.state.in_(states)).limit(1)
    with database.read() as connection:
        return connection.scalar(query) is not None


def find_present(database: Database, run_ids: Collection[int]) -> set[int]:
    """Those of the runs that are there and not deleted; within a millisecond, however many others there are."""
    table = tables.runs.c
    known = [run_id for run_id in run_ids if 0 < run_id < _MOST_RUNS]
    with database.read() as connection:
        return set(connection.scalars(select(table.id).where(table.id.in_(known), table.deleted.is_(None))))


def runs_claimed_by(database: Database, host: str) -> list[Run]:
    """The runs that a process on `host` holds."""
    with database.read() as connection:
        return [read_run(row) for row in connection.execute(select(tables.runs).where(tables.runs.c.host == host))]


def waiting_runs_of(database: Database) -> list[Run]:
    """The queued runs, the next one first as far as that is known now: people take turns, each in their own order."""
    table = tables.runs
    query = select(table).where(table.c.state == State.QUEUED, table.c.deleted.is_(None))
    with database.read() as connection:
        turns = list_turns(connection)
        waiting = [read_run(row) for row in connection.execute(query.order_by(table.c.position, table.c.id))]
    places: dict[int, tuple[int, int]] = {}
    ahead, order = dict(turns), list(turns)
    for run in waiting:
        places[run.id] = ahead[run.account], order.index(run.account)
        ahead[run.account] += 1
    return sorted(waiting, key=lambda run: places[run.id])


def waiting_before(database: Database, run: Run) -> list[Run]:
    """The queued runs that come before this one; none where it waits no more."""
    waiting = waiting_runs_of(database)
    ids = [other.id for other in waiting]
    return waiting[: ids.index(run.id)] if run.id in ids else []


def list_turns(connection: Connection) -> dict[str, int]:
    """How many runs are at work of each account whose runs wait, in the order in which these get their turn.

    Whoever has the least at work comes first, of them whose last run was started longest ago, and then whose run was
    queued first.
    """
    table, theirs = tables.runs.c, tables.runs.alias().c
    queued = (table.state == State.QUEUED, table.deleted.is_(None))
    # Of each by itself, at the end of its index: in groups, all runs that they ever started would be gone through.
    last = select(func.max(theirs.started)).where(theirs.account == table.account).scalar_subquery()
    first = select(table.account, func.min(table.position), last).where(*queued).group_by(table.account)
    waiting = {account: (started or 0.0, place) for account, place, started in connection.execute(first)}
    if len(waiting) < 2:
        return dict.fromkeys(waiting, 0)
    of_them = table.account.in_(waiting)
    at_work = select(table.account, func.count()).where(table.state == State.RUNNING, of_them).group_by(table.account)
    busy = {row.account: row[1] for row in connection.execute(at_work)}
    turns = sorted(waiting, key=lambda account: (busy.get(account, 0), *waiting[account]))
    return {account: busy.get(account, 0) for account in turns}


def epochs_of(database: Database, run_id: int) -> list[Epoch]:
    """The finished epochs, in order."""
    table = tables.epochs.c
    columns = (table.epoch, table.loss, table.accuracy, table.validation_loss, table.validation_accuracy, table.seconds)
    with database.read() as connection:
        rows = connection.execute(select(*columns, table.details).where(table.run == run_id).order_by(table.epoch))
        return [Epoch(*row[:-1], _details(row.details)) for row in rows]


def last_validation_accuracies(database: Database, run_ids: Collection[int]) -> dict[int, float]:
    """The share of validation images that each of these runs reads right after its last epoch, by run."""
    runs, epochs = tables.runs.c, tables.epochs.c
    last = (epochs.run == runs.id, epochs.epoch == runs.epoch, epochs.validation_accuracy.is_not(None))
    query = select(epochs.run, epochs.validation_accuracy).where(runs.id.in_(run_ids), *last)
    with database.read() as connection:
        return {row.run: row.validation_accuracy for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far somebody has read a run's batches."""

    row: int = 0
    attempt: int = 0


def batches_of(database: Database, run_id: int) -> list[Batches]:
    """Every recorded batch, in order."""
    return batches_after(database, run_id, Cursor())[0]


def batches_after(database: Database, run_id: int, cursor: Cursor) -> tuple[list[Batches], Cursor]:
    """The batches recorded after `cursor`, in order, and the cursor after them."""
    table = tables.batches.c
    # A new attempt deletes what an interrupted epoch had left, and a database may give its rows' numbers anew.
    unread = or_(table.id > cursor.row, table.attempt > cursor.attempt)
    query = select(tables.batches).where(table.run == run_id, unread).order_by(table.id)
    with database.read() as connection:
        rows = connection.execute(query).all()
    reached = Cursor(rows[-1].id, rows[-1].attempt) if rows else cursor
    return [_batches(row) for row in rows], reached


def checkpoint_of(database: Database, run_id: int) -> bytes | None:
    """The Keras file of the last finished epoch, or None before the first."""
    table = tables.models.c
    # In one look, since its process may be about to replace it.
    query = select(table.content).where(table.run == run_id, table.format == ModelFormat.KERAS)
    with database.read() as connection:
        content: bytes | None = connection.scalar(query.order_by(table.epoch.desc()).limit(1))
    return content


def model_at(database: Database, run_id: int, epoch: int, model_format: ModelFormat) -> bytes | None:
    """The model of that epoch in that format, or None where it is not kept."""
    table = tables.models.c
    query = select(table.content).where(table.run == run_id, table.epoch == epoch, table.format == model_format)
    with database.read() as connection:
        content: bytes | None = connection.scalar(query)
    return content


def kept_bytes_of(database: Database, run_id: int, model_format: ModelFormat) -> int:
    """The bytes of all models that are kept of a run in that format; none of them is read."""
    table = tables.models.c
    query = select(func.sum(func.length(table.content))).where(table.run == run_id, table.format == model_format)
    with database.read() as connection:
        return connection.scalar(query) or 0


def kept_epochs_of(database: Database, run_id: int, model_format: ModelFormat) -> list[int]:
    """The epochs whose models are kept in that format, in order."""
    table = tables.models.c
    query = select(table.epoch).where(table.run == run_id, table.format == model_format).order_by(table.epoch)
    with database.read() as connection:
        return list(connection.scalars(query))


def _details(text: str | None) -> EpochDetails | None:
    if text is None:
        return None
    found = json.loads(text)
    confusion = tuple(tuple(row) for row in found["confusion"])
    return EpochDetails(confusion, _answers(found["answers"]), tuple((name, share) for name, share in found["dead"]))


def _answers(found: dict[str, list[float]]) -> Answers:
    return Answers(tuple(int(digit) for digit in found["digits"]), tuple(found["shares"]))


def _batches(row: tables.Columns) -> Batches:
    return Batches(
        epoch=row.epoch,
        step=row.step,
        loss=tuple(json.loads(row.loss)),
        accuracy=tuple(json.loads(row.accuracy)),
        seconds=row.seconds,
        rate=row.rate,
        answers=_answers(json.loads(row.answers)) if row.answers else None,
    )


def read_run(row: tables.Columns) -> Run:
    """The run that a row of the table of runs tells of."""
    return Run(
        id=row.id,
        name=row.name,
        spec=_read_spec(row.spec),
        state=State(row.state),
        created=row.created,
        started=row.started,
        ended=row.ended,
        host=row.host,
        attempt=row.attempt,
        epoch=row.epoch,
        best=row.best,
        phase=row.phase,
        reason=row.reason,
        stop_requested=row.stop_requested,
        pause_at=row.pause_at,
        position=row.position,
        train_images=row.train_images,
        steps=row.steps,
        seconds=row.seconds,
        score=RunScore(**json.loads(row.score)) if row.score else None,
        tags=tuple(json.loads(row.tags)),
        sweep=row.sweep,
        trial=row.trial,
        pruned_after=row.pruned_after,
        account=row.account,
        owner=row.owner,
    )


def audit_of(database: Database, run_id: int) -> Audit | None:
    """What an audit has found so far; None before its first fold. Raises RunError where there is no such run."""
    run_of(database, run_id)
    table = tables.models.c
    query = select(table.content).where(table.run == run_id, table.format == ModelFormat.AUDIT)
    with database.read() as connection:
        content: bytes | None = connection.scalar(query.order_by(table.epoch.desc()).limit(1))
    return None if content is None else from_bytes(content)
