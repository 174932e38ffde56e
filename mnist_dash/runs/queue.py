"""From queued to running and to the end: every change of a run's state that its own process does not make."""

import time

from sqlalchemy import insert, select, update

from mnist_dash.errors import RunError
from mnist_dash.methods.registry import method_named
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import tables
from mnist_dash.runs.database import Database
from mnist_dash.runs.history import run_of
from mnist_dash.runs.records import Run, State

MOST_DEATHS = 3
"""A run whose process dies so often within one epoch is given up."""


def submit(database: Database, spec: RunSpec, name: str | None = None) -> Run:
    """Queue a run; its name defaults to the method's title."""
    title = " ".join((name or "").split())[:80] or method_named(spec.method).title
    values = {"name": title, "spec": spec.to_json(), "state": State.QUEUED, "created": time.time(), "phase": "waiting"}
    with database.write() as connection:
        run_id = connection.execute(insert(tables.runs).values(values)).inserted_primary_key
    assert run_id is not None  # noqa: S101 - the database gives every row one
    return run_of(database, run_id[0])


def claim(database: Database, host: str, run_id: int | None = None) -> Run | None:
    """Take the oldest queued run, or the one named, for a process on `host`; None where there is none to take."""
    table = tables.runs
    queued = select(table.c.id).where(table.c.state == State.QUEUED).order_by(table.c.id).limit(1)
    if run_id is not None:
        queued = queued.where(table.c.id == run_id)
    with database.write() as connection:
        chosen = connection.scalar(queued.with_for_update(skip_locked=True))
        if chosen is None:
            return None
        connection.execute(
            update(table)
            .where(table.c.id == chosen)
            .values(state=State.RUNNING, host=host, attempt=table.c.attempt + 1, phase="starting")
        )
    return run_of(database, chosen)


def request_stop(database: Database, run_id: int) -> Run:
    """Ask a run to stop: a queued one stops at once, a running one at its next look; raises RunError if ended."""
    run_of(database, run_id)
    table = tables.runs
    with database.write() as connection:
        where = table.c.id == run_id
        queued = update(table).where(where, table.c.state == State.QUEUED)
        running = update(table).where(where, table.c.state == State.RUNNING)
        stopped = connection.execute(queued.values(state=State.STOPPED, ended=time.time(), phase="")).rowcount
        asked = connection.execute(running.values(stop_requested=True)).rowcount
    run = run_of(database, run_id)
    if not stopped and not asked:
        raise RunError(f"Run {run_id} is {run.state} already; only a queued or running one can be stopped.")
    return run


def bury(database: Database, run_id: int, attempt: int, cause: str) -> Run:
    """Record that the process of `attempt` died: queue the run again, or give it up after MOST_DEATHS in an epoch."""
    table = tables.runs
    with database.write() as connection:
        where = (table.c.id == run_id, table.c.attempt == attempt, table.c.state == State.RUNNING)
        row = connection.execute(select(table.c.deaths, table.c.epoch, table.c.stop_requested).where(*where)).first()
        if row is not None:
            connection.execute(update(table).where(*where).values(_after_death(row.deaths + 1, row, cause)))
    return run_of(database, run_id)


def _after_death(deaths: int, row: tables.Columns, cause: str) -> dict[str, object]:
    kept = f"Epoch {row.epoch} and all before it are kept." if row.epoch else "No epoch had been finished."
    if row.stop_requested:
        return {"state": State.STOPPED, "ended": time.time(), "phase": "", "reason": f"{cause} {kept}"}
    if deaths < MOST_DEATHS:
        reason = f"{cause} {kept} The run was queued again, to go on from there."
        return {"state": State.QUEUED, "deaths": deaths, "phase": "waiting", "reason": reason}
    reason = (
        f"{cause} This was death {deaths} in the same epoch, so it was given up. {kept} Free memory and start anew."
    )
    return {"state": State.FAILED, "deaths": deaths, "ended": time.time(), "phase": "", "reason": reason}
