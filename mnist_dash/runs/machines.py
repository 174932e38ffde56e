"""Which of the machines that share a database are gone: each tells that it is there, and others notice when none does.

Clocks of machines differ. So nobody compares times: a machine is gone for whoever has seen no sign of it for SILENCE
seconds by its own clock, with the database in reach all the while.
"""

import time

from sqlalchemy import delete, func, select, union, update
from sqlalchemy.dialects import postgresql

from mnist_dash.runs.records import State
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.store.shared_tables import machines

BEAT = 10.0
"""Seconds between two signs of a machine, and between two looks at those of others."""
SILENCE = 120.0
"""Seconds without a sign of a machine or of its runs after which others take what it held."""


def give_sign(database: Database, host: str) -> None:
    """Say that a machine is there."""
    row = {"host": host, "seen": time.time()}
    add = postgresql.insert(machines).values(row)
    with database.write(in_turn=False) as connection:
        connection.execute(add.on_conflict_do_update(index_elements=[machines.c.host], set_={"seen": row["seen"]}))


def release(database: Database, host: str) -> None:
    """Let others have the sweeps of a machine that is gone, and forget it."""
    with database.write() as connection:
        held = (tables.sweeps.c.host == host, tables.sweeps.c.state == State.RUNNING)
        connection.execute(update(tables.sweeps).where(*held).values(host=None))
        connection.execute(delete(machines).where(machines.c.host == host))


class Watch:
    """Watches the other machines for the supervisor of one."""

    def __init__(self, host: str) -> None:
        """Nothing has been seen yet."""
        self._host = host
        self._signs: dict[str, tuple[object, float]] = {}

    def forget(self) -> None:
        """Begin anew: while the database is out of reach, no sign is heard."""
        self._signs = {}

    def find_gone(self, database: Database) -> list[str]:
        """The machines that hold runs or sweeps, and have given no sign for SILENCE seconds."""
        now, before = time.monotonic(), self._signs
        self._signs = {
            host: before[host] if host in before and before[host][0] == sign else (sign, now)
            for host, sign in self._read_signs(database).items()
        }
        return [host for host, (_, since) in self._signs.items() if now - since >= SILENCE]

    def _read_signs(self, database: Database) -> dict[str, object]:
        """What changes while a machine is there: what it says itself, and how far its runs are.

        A run goes on where its supervisor was killed. Machines that have never given a sign are those of a person who
        started a run by hand.
        """
        runs, batches = tables.runs.c, tables.batches.c
        holding = union(select(runs.host), select(tables.sweeps.c.host)).subquery()
        known = select(machines.c.host, machines.c.seen).where(
            machines.c.host != self._host, machines.c.host.in_(select(holding.c.host))
        )
        latest = select(func.max(batches.id)).where(batches.run == runs.id).scalar_subquery()
        with database.read() as connection:
            seen = {row.host: row.seen for row in connection.execute(known)}
            held = select(runs.host, runs.id, runs.attempt, runs.epoch, runs.phase, latest)
            rows = connection.execute(held.where(runs.host.in_(seen)).order_by(runs.id)).all()
        return {host: (sign, [tuple(row) for row in rows if row.host == host]) for host, sign in seen.items()}
