"""Sweeps as the supervisor sees them: which are going on here, and whose process is to be started once more.

What a sweep does is the business of `mnist_dash/sweeps/`, which stands above this room.
"""

import time

from sqlalchemy import or_, select, update

from mnist_dash.runs.records import State
from mnist_dash.store import tables
from mnist_dash.store.database import Database

MOST_STARTS = 3
"""A sweep whose process was started so often without coming through one look at its trials is given up."""


def find_active_sweeps(database: Database, host: str | None = None) -> list[int]:
    """The sweeps that are going on, or those of them that are this host's or nobody's yet."""
    table = tables.sweeps.c
    query = select(table.id).where(table.state == State.RUNNING).order_by(table.id)
    if host is not None:
        query = query.where(or_(table.host == host, table.host.is_(None)))
    with database.read() as connection:
        return list(connection.scalars(query))


def claim_sweep(database: Database, sweep_id: int, host: str, cause: str) -> bool:
    """Take a sweep whose process does not live, to start one on `host`; false where that is not to be done.

    Where it has been started MOST_STARTS times for nothing it fails instead, with the `cause` of the last death.
    """
    table = tables.sweeps
    where = (table.c.id == sweep_id, table.c.state == State.RUNNING, or_(table.c.host == host, table.c.host.is_(None)))
    with database.write() as connection:
        row = connection.execute(select(table).where(*where).with_for_update()).first()
        if row is None:
            return False
        given_up = row.starts >= MOST_STARTS
        reason = f"{cause} This was death {row.starts} without a step forward, so the sweep was given up. Resume it."
        ended = {"state": State.FAILED, "ended": time.time(), "host": None, "reason": reason}
        taken = {"host": host, "starts": row.starts + 1}
        connection.execute(update(table).where(table.c.id == sweep_id).values(ended if given_up else taken))
    return not given_up
