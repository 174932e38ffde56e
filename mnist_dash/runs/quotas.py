"""How much one person may take of what all share: runs that wait, and minutes of training a day."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, or_, select

from mnist_dash.errors import QuotaError
from mnist_dash.runs.records import State
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.users import Quota

DAY = 24 * 60 * 60.0
"""Seconds for which a finished epoch counts."""


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody takes: how many of their runs wait, and the epochs of the last day, the oldest first.

    Of each epoch when it was finished (seconds since 1970) and the seconds that it took. What counts is what was
    recorded as finished: a pause takes nothing, and an epoch that a dying machine has lost is not charged.
    """

    queued: int
    epochs: Sequence[tuple[float, float]]

    @property
    def seconds(self) -> float:
        """How long was trained in the last day."""
        return sum(seconds for _, seconds in self.epochs)

    def find_opening(self, minutes: int) -> float:
        """When less than `minutes` will have been trained in the day before, if nothing more is."""
        left = self.seconds
        for finished, seconds in self.epochs:
            left -= seconds
            if left < minutes * 60:
                return finished + DAY
        return time.time()


def read_use(connection: Connection, account: str) -> Use:
    """What that account takes now."""
    runs, epochs, since = tables.runs.c, tables.epochs.c, time.time() - DAY
    waiting = select(func.count()).where(runs.account == account, runs.state == State.QUEUED, runs.deleted.is_(None))
    # A deleted run has taken its time, too; it is there for a day at least.
    lately = (runs.account == account, or_(runs.ended.is_(None), runs.ended > since))
    trained = select(epochs.finished, epochs.seconds).where(epochs.run == runs.id, epochs.finished > since, *lately)
    found = connection.execute(trained.order_by(epochs.finished)).all()
    return Use(connection.scalar(waiting) or 0, [(row.finished, row.seconds) for row in found])


def explain_refusal(connection: Connection, quota: Quota, account: str, more: int) -> str | None:
    """Why `more` runs of that account may not be queued, or go on where they are none; None where they may."""
    if quota == Quota():
        return None
    use = read_use(connection, account)
    if quota.minutes is not None and use.seconds >= quota.minutes * 60:
        # The minute after it, since seconds are not said.
        opening = datetime.fromtimestamp(use.find_opening(quota.minutes) + 60, UTC)
        return (
            f"{use.seconds / 60:,.0f} minutes were trained in the last 24 hours, and allowed are {quota.minutes:,} a "
            f"person. What is at work goes on to its end; more can be started from {opening:%d %B, %H:%M} UTC on."
        )
    if quota.queued is not None and use.queued + more > quota.queued and more:
        return (
            f"{_runs(use.queued)} in the queue and {more} more came; allowed are {quota.queued} a person at once. "
            "Wait until one begins, or cancel one that waits."
        )
    return None


def check_quota(connection: Connection, quota: Quota, account: str, more: int) -> None:
    """Raise QuotaError where `more` runs of that account may not be queued."""
    reason = explain_refusal(connection, quota, account, more)
    if reason:
        raise QuotaError(reason)


def refuse_runs(database: Database, more: int = 1) -> str | None:
    """Why whoever uses the database may not queue `more` runs now; None where they may."""
    quota = database.quota.of(database.user)
    if quota == Quota():
        return None
    with database.read() as connection:
        return explain_refusal(connection, quota, database.user.account, more)


def describe_left(database: Database) -> str | None:
    """What is left to whoever uses the database, in words; None where nothing is counted."""
    quota = database.quota.of(database.user)
    if quota == Quota():
        return None
    with database.read() as connection:
        use = read_use(connection, database.user.account)
    left = []
    if quota.queued is not None:
        left.append(f"{max(0, quota.queued - use.queued)} of {quota.queued} places in the queue")
    if quota.minutes is not None:
        minutes = max(0, int(quota.minutes - use.seconds / 60))
        left.append(f"{minutes:,} of {quota.minutes:,} minutes of training in 24 hours")
    return f"Left to you: {' and '.join(left)}."


def _runs(count: int) -> str:
    return "1 run waits" if count == 1 else f"{count} runs wait"
