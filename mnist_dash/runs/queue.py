"""The queue of runs: who is next, and how one is taken, let go and buried."""

import time
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, insert, select, update

from mnist_dash.errors import RunError
from mnist_dash.methods.registry import get_method
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.outputs import keep_output
from mnist_dash.runs.queries import list_turns, run_of
from mnist_dash.runs.quotas import check_quota
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.rows import write_spec
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.users import check_may_change, check_may_train

MOST_DEATHS = 3
"""A run whose process dies so often within one epoch is given up."""
LONGEST_NAME = 80


def submit(database: Database, spec: RunSpec, name: str | None = None, *, pause_at: int | None = None) -> Run:
    """Queue a run; its name defaults to what it is. `pause_at` is the epoch, or fold, after which it is to pause."""
    return submit_all(database, [spec], name, pause_at=pause_at)[0]


def submit_all(
    database: Database, specs: Sequence[RunSpec], name: str | None = None, *, pause_at: int | None = None
) -> list[Run]:
    """Queue these runs in their order, all of them or none.

    Raises NotAllowedError where whoever asks may not, and QuotaError where that would be more than they may have.
    """
    user = database.user
    check_may_train(user)
    values = {"pause_at": pause_at, "account": user.account, "owner": user.name}
    with database.write() as connection:
        check_quota(connection, database.quota.of(user), user.account, len(specs))
        run_ids = [insert_run(connection, spec, name, **values) for spec in specs]
    return [run_of(database, run_id) for run_id in run_ids]


def insert_run(connection: Connection, spec: RunSpec, name: str | None, **values: int | str | None) -> int:
    """Queue a run in the caller's transaction, with these `values` of its row besides; its number."""
    title = write_on_one_line(name or "", LONGEST_NAME) or _title(spec)
    queued = {"name": title, "state": State.QUEUED, "created": time.time(), "phase": "waiting"} | write_spec(spec)
    place = {"position": last_position(connection) + 1}
    run_id = connection.execute(insert(tables.runs).values(queued | place | values)).inserted_primary_key
    assert run_id is not None  # noqa: S101 - the database gives every row one
    number: int = run_id[0]
    return number


def _title(spec: RunSpec) -> str:
    return f"Label audit, {spec.folds} folds" if spec.folds else get_method(spec.method).title


def write_on_one_line(text: str, longest: int) -> str:
    """A person's words on one line, cut where they are too long."""
    return " ".join(text.split())[:longest]


def last_position(connection: Connection) -> float:
    """The place of the last run in the queue."""
    return connection.scalar(select(func.max(tables.runs.c.position))) or 0.0


def claim(database: Database, host: str, run_id: int | None = None) -> Run | None:
    """Take the next queued run, or the one named, for a process on `host`; None where there is none to take.

    Of several people's runs it is that of whoever `list_turns` names first.
    """
    table = tables.runs
    with database.write(in_turn=False) as connection:
        chosen = _lock_next(connection, run_id)
        if chosen is None:
            return None
        taken = {"state": State.RUNNING, "host": host, "attempt": table.c.attempt + 1, "phase": "starting"}
        connection.execute(update(table).where(table.c.id == chosen).values(taken))
    return run_of(database, chosen)


def _lock_next(connection: Connection, run_id: int | None) -> int | None:
    table = tables.runs
    queued = select(table.c.id).where(table.c.state == State.QUEUED, table.c.deleted.is_(None))
    queued = queued.order_by(table.c.position, table.c.id).limit(1)
    if run_id is not None:
        return connection.scalar(queued.where(table.c.id == run_id).with_for_update())
    # Whoever takes the next one passes over what others are taking at this moment; the one named is waited for.
    theirs = (queued.where(table.c.account == account) for account in list_turns(connection))
    found = (connection.scalar(query.with_for_update(skip_locked=True)) for query in theirs)
    return next((chosen for chosen in found if chosen is not None), None)


def move(database: Database, run_id: int, places: int) -> Run:
    """Move a waiting run by `places` among its owner's, up where negative; raises RunError where it waits no more.

    Raises NotAllowedError where it is somebody else's.
    """
    run, table = run_of(database, run_id), tables.runs
    check_may_change(database.user, f"Run {run_id}", run.account, run.owner)
    theirs = (table.c.state == State.QUEUED, table.c.deleted.is_(None), table.c.account == run.account)
    queued = select(table.c.id, table.c.position).where(*theirs)
    with database.write() as connection:
        # Nobody takes one of them meanwhile, or changes its place.
        waiting = connection.execute(queued.order_by(table.c.position, table.c.id).with_for_update()).all()
        at = next((i for i, run in enumerate(waiting) if run.id == run_id), None)
        if at is None:
            raise RunError(f"Run {run_id} is {run.state}; only a waiting run has a place in the queue.")
        others = [other for other in waiting if other.id != run_id]
        to = min(max(0, at + places), len(others))
        order = [*others[:to], waiting[at], *others[to:]]
        for place, moved in zip(waiting, order, strict=True):
            connection.execute(update(table).where(table.c.id == moved.id).values(position=place.position))
    return run_of(database, run_id)


def mark_dead(database: Database, run_id: int, attempt: int, cause: str, said: str = "") -> Run:
    """Record that the process of `attempt` died: queue the run again, or give it up after MOST_DEATHS in an epoch.

    What it `said` last is kept.
    A paused run stays paused, and goes on from its last finished epoch when it is resumed.
    """
    table = tables.runs
    with database.write() as connection:
        where = (table.c.id == run_id, table.c.attempt == attempt, table.c.host.is_not(None))
        row = connection.execute(select(table).where(*where).with_for_update()).first()
        if row is not None:
            training = row.state == State.RUNNING
            values = _after_death(row.deaths + 1, row, cause) if training else {"host": None, "phase": ""}
            connection.execute(update(table).where(*where).values(values))
            keep_output(connection, run_id, said)
    return run_of(database, run_id)


def _after_death(deaths: int, row: tables.Columns, cause: str) -> Mapping[str, object]:
    name = RunSpec.from_json(row.spec).round_name
    kept = (
        f"{name.capitalize()} {row.epoch} and all before it are kept." if row.epoch else f"No {name} had been finished."
    )
    ended = {"ended": time.time(), "phase": "", "host": None}
    if row.stop_requested:
        return ended | {"state": State.STOPPED, "reason": f"{cause} {kept}"}
    if deaths < MOST_DEATHS:
        reason = f"{cause} {kept} The run was queued again, to go on from there."
        return {"state": State.QUEUED, "host": None, "deaths": deaths, "phase": "waiting", "reason": reason}
    next_step = {"fold": "start another audit", "fit": "start another run"}.get(name, "train it further")
    reason = (
        f"{cause} This was death {deaths} in the same {name}, so it was given up. {kept} Free memory, then {next_step}."
    )
    return ended | {"state": State.FAILED, "deaths": deaths, "reason": reason}
