"""What people do with what they have: name runs, tag them, delete them and take that back; delete data sets.

All of it raises NotAllowedError where it is somebody else's.
"""

import json
import time
from collections.abc import Sequence

from sqlalchemy import delete as sql_delete
from sqlalchemy import exists, insert, select, update

from mnist_dash.data.store import named_sets
from mnist_dash.errors import DataError, RunError
from mnist_dash.runs import process
from mnist_dash.runs.finding import find_learners
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.queue import LONGEST_NAME, write_on_one_line
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.users import check_may_change
from mnist_dash.words import join_words

KEPT = 24 * 3600.0
"""Seconds for which a deleted run can be restored."""
MOST_TAGS, LONGEST_TAG = 8, 24
_LISTED = 20
"""Runs that are named where more stand in the way."""


def rename(database: Database, run_id: int, name: str) -> Run:
    """Give a run another name; raises RunError where it would have none."""
    title = write_on_one_line(name, LONGEST_NAME)
    if not title:
        raise RunError(f"The name of run {run_id} would be empty; give it at least one letter.")
    return _written(database, run_id, name=title)


def tag(database: Database, run_id: int, tags: Sequence[str]) -> Run:
    """Give a run these tags and no others; raises RunError where they are too many or too long."""
    kept = tuple(dict.fromkeys(filter(None, (" ".join(tag.split()) for tag in tags))))
    if len(kept) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in kept):
        raise RunError(f"Run {run_id} would have the tags {kept}; allowed are {MOST_TAGS} of {LONGEST_TAG} letters.")
    return _written(database, run_id, tags=json.dumps(kept))


def delete(database: Database, run_ids: Sequence[int]) -> None:
    """Put runs that have ended out of sight; raises RunError, and deletes none, where one has not."""
    for run_id in run_ids:
        run = _find_own(database, run_id)
        if run.state.active:
            raise RunError(f"Run {run_id} is {run.state}; stop it before you delete it.")
    _mark(database, run_ids, time.time())


def restore(database: Database, run_ids: Sequence[int]) -> None:
    """Take a deletion back, of those that have not been gone for good meanwhile."""
    table = tables.runs.c
    with database.read() as connection:
        found = connection.execute(select(table.id, table.account, table.owner).where(table.id.in_(run_ids))).all()
    for run in found:
        check_may_change(database.user, f"Run {run.id}", run.account, run.owner)
    _mark(database, run_ids, None)


def keep_model(database: Database, run_id: int, epoch: int, model_format: ModelFormat, content: bytes) -> None:
    """Keep an ended run's model in another format."""
    table, row = tables.models, {"run": run_id, "epoch": epoch, "format": model_format}
    with database.write() as connection:
        # The run first, as its own process does: it may be about to keep the same.
        connection.execute(select(tables.runs.c.id).where(tables.runs.c.id == run_id).with_for_update())
        connection.execute(sql_delete(table).where(*(table.c[name] == value for name, value in row.items())))
        connection.execute(insert(table).values(row | {"content": content}))


def delete_set(database: Database, settings: Settings, name: str) -> None:
    """Remove a data set that no run learnt from; raises DataError where one did, since its figures would be about
    images that nobody can look at any more.
    """
    named_sets.check_may_delete(settings, name, database.user)
    learnt = [str(run_id) for run_id in find_learners(database, name)]
    if learnt:
        which = f"Run {learnt[0]} learns" if len(learnt) == 1 else f"Runs {join_words(learnt, _LISTED)} learn"
        raise DataError(f"{which} from {name!r}. Delete the runs first, or keep the set.")
    named_sets.delete(settings, name, database.user)


def _written(database: Database, run_id: int, **values: str) -> Run:
    _find_own(database, run_id)
    with database.write() as connection:
        connection.execute(update(tables.runs).where(tables.runs.c.id == run_id).values(values))
    return run_of(database, run_id)


def _find_own(database: Database, run_id: int) -> Run:
    """A run that whoever asks may change."""
    run = run_of(database, run_id)
    check_may_change(database.user, f"Run {run_id}", run.account, run.owner)
    return run


def _mark(database: Database, run_ids: Sequence[int], deleted: float | None) -> None:
    ended = tables.runs.c.state.in_([state for state in State if not state.active])
    with database.write() as connection:
        connection.execute(update(tables.runs).where(tables.runs.c.id.in_(run_ids), ended).values(deleted=deleted))


def purge(settings: Settings, database: Database) -> None:
    """Delete for good what was put out of sight KEPT ago: runs and sweeps with all that belongs to them, logs too.

    The logs go first: whatever ends this on its way, the rows are there for the next one to go on.
    """
    runs, sweeps, before = tables.runs, tables.sweeps, time.time() - KEPT
    with database.read() as connection:
        run_ids = connection.scalars(select(runs.c.id).where(runs.c.deleted < before)).all()
        sweep_ids = connection.scalars(select(sweeps.c.id).where(sweeps.c.deleted < before)).all()
    if not run_ids and not sweep_ids:
        return
    logs = [process.run_log(settings, one) for one in run_ids] + [process.sweep_log(settings, one) for one in sweep_ids]
    for log in logs:
        log.unlink(missing_ok=True)
    with database.write() as connection:
        gone = select(runs.c.id).where(runs.c.deleted < before)
        for table in (tables.reviews, tables.models, tables.batches, tables.epochs):
            connection.execute(sql_delete(table).where(table.c.run.in_(gone)))
        connection.execute(sql_delete(runs).where(runs.c.deleted < before))
        # The number of a sweep may be given again, and is not while a trial that somebody has restored bears it.
        childless = ~exists().where(runs.c.sweep == sweeps.c.id)
        connection.execute(sql_delete(sweeps).where(sweeps.c.deleted < before, childless))
