"""Runs found among many: the newest that fit, those of some settings, of a data set, with a model.

Each look takes about as long among 100,000 runs as among 100: it reads a window of the newest, by an index. Words
alone may be looked for among all, a window at a time.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice, product

from sqlalchemy import ColumnElement, Connection, String, and_, case, cast, func, literal, or_, select, true

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.kind import AUDIT
from mnist_dash.runs.queries import read_run
from mnist_dash.runs.records import ACTIVE, Run, State
from mnist_dash.runs.rows import digest_settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database

WINDOW = 100
"""The newest runs that a page shows at first, and how many more at once."""
_runs = tables.runs.c
_there = _runs.deleted.is_(None)
# `coalesce` keeps SQLite from an index by which it would go through all runs: here from that of trials, which has all
# others in another order.
_is_no_trial = func.coalesce(_runs.sweep, 0) == 0


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What a run must have: all words of `text` in its number, name, method, owner or tags; empty is any.

    Without `trials`, it is none of a sweep.
    """

    text: str = ""
    methods: Collection[str] = ()
    states: Collection[State] = ()
    tags: Collection[str] = ()
    trials: bool = True

    def fits(self, run: Run) -> bool:
        """Whether the run has it."""
        told = " ".join((str(run.id), run.name, run.spec.method, describe_kind(run), run.owner, *run.tags)).casefold()
        return (
            all(word in told for word in self.text.casefold().split())
            and (not self.methods or run.spec.method in self.methods)
            and (not self.states or run.state in self.states)
            and (not self.tags or not set(self.tags).isdisjoint(run.tags))
            and (self.trials or run.sweep is None)
        )

    def narrow(self) -> Iterator[ColumnElement[bool]]:
        """What the database can say of it but for methods and states: whatever fits is among those rows."""
        if self.tags:
            yield _runs.tags != "[]"
            yield or_(*(_runs.tags.contains(json.dumps(tag), autoescape=True) for tag in self.tags))
        if not self.trials:
            yield _is_no_trial
        told = (cast(_runs.id, String), _runs.name, _runs.method, _audit, _runs.owner, _runs.tags)
        # Databases do not agree on the small letters of other alphabets, and tags stand there as JSON.
        for word in (word for word in self.text.split() if word.isascii() and word.isalnum()):
            yield or_(*(column.icontains(word) for column in told))


_audit = case((_runs.folds > 0, literal("audit, ").concat(cast(_runs.folds, String)).concat(" folds")), else_="")
ANY = RunFilter()


def describe_kind(run: Run) -> str:
    """What a run is, in a word or two: its method, or that it is an audit."""
    return f"audit, {run.spec.folds} folds" if run.kind is AUDIT else run.spec.method


def find_newest(database: Database, most: int = WINDOW, wanted: RunFilter = ANY) -> list[Run]:
    """The newest runs that fit, the newest first."""
    # One after another, since each by itself is in order in its index.
    methods = [_runs.method == method for method in wanted.methods] or [true()]
    states = [_runs.state == state for state in wanted.states] or [true()]
    ways = (_read_on(database, and_(*way, *wanted.narrow())) for way in product(methods, states))
    return list(islice(filter(wanted.fits, merge(*ways, key=lambda run: -run.id)), most))


def find_named(database: Database, run_ids: Collection[int]) -> list[Run]:
    """Those of the runs that are there and not deleted, the newest first."""
    known = [run_id for run_id in run_ids if 0 < run_id < 2**31]
    return _find(database, _runs.id.in_(known)) if known else []


def find_repeats(database: Database, spec: RunSpec) -> list[Run]:
    """The newest runs that can differ from `spec` in the seed alone, and perhaps some others."""
    with database.read() as connection:
        return _find_with_settings(connection, spec, _runs.data == spec.data)


def find_settings(database: Database, specs: Iterable[RunSpec]) -> list[Run]:
    """The newest runs that can differ from one of `specs` in seed and data set at most, and perhaps some others."""
    with database.read() as connection:
        found = {run.id: run for spec in specs for run in _find_with_settings(connection, spec)}
    return [found[run_id] for run_id in sorted(found, reverse=True)]


def find_audits(database: Database, data: str) -> list[Run]:
    """The audits of the data set of that name, the newest first."""
    return _find(database, _runs.data == data, _runs.folds > 0)


def find_learners(database: Database, data: str) -> list[int]:
    """The numbers of the runs that learnt from the data set of that name, or are to, the newest first."""
    with database.read() as connection:
        return list(connection.scalars(select(_runs.id).where(_there, _runs.data == data).order_by(_runs.id.desc())))


def find_with_data(database: Database, method: str, prefix: str) -> list[Run]:
    """The runs of a method on data sets whose names begin so, the newest first."""
    return _find(database, _runs.method == method, _runs.data.startswith(prefix, autoescape=True))


def find_with_models(database: Database, most: int = WINDOW) -> list[Run]:
    """The newest runs that have a model, or will have one, but for trials and audits."""
    begun = or_(_runs.epoch > 0, _runs.state.in_((State.RUNNING, State.DONE)))
    return _find(database, begun, _runs.folds == 0, _is_no_trial, most=most)


def find_methods(database: Database) -> list[str]:
    """The methods that any run has, in the order of the alphabet."""
    # From one to the next, by the index: to go through all runs would take as long as these are many.
    first = select(func.min(_runs.method).label("method")).where(_runs.method > "").cte(recursive=True)
    following = select(func.min(_runs.method)).where(_runs.method > first.c.method).scalar_subquery()
    found = first.union_all(select(following).where(first.c.method.is_not(None))).c.method
    with database.read() as connection:
        return list(connection.scalars(select(found).where(found.is_not(None)).order_by(found)))


def find_states(database: Database) -> list[State]:
    """The states in which any run is."""
    there = _has_each(database, *(_runs.state == state for state in State))
    return [state for state, has in zip(State, there, strict=True) if has]


def find_tags(database: Database) -> list[str]:
    """The tags of the newest runs that have any, in the order of the alphabet."""
    query = select(_runs.tags).where(_there, _runs.tags != "[]").order_by(_runs.id.desc()).limit(5 * WINDOW)
    with database.read() as connection:
        return sorted({tag for text in connection.scalars(query) for tag in json.loads(text)})


def has_any(database: Database, *where: ColumnElement[bool]) -> bool:
    """Whether there is any run of which that holds."""
    with database.read() as connection:
        return connection.scalar(select(_runs.id).where(_there, *where).limit(1)) is not None


def count_trials(database: Database, most: int) -> int:
    """How many runs are trials of sweeps, counted up to `most`."""
    trials = select(_runs.id).where(_there, _runs.sweep > 0).limit(most).subquery()
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(trials)) or 0


def has_others(database: Database) -> bool:
    """Whether any run is no trial of a sweep."""
    return has_any(database, _runs.sweep.is_(None))


def is_changing(database: Database) -> bool:
    """Whether there is any run to wait for, as `Run.changing` says it of one."""
    return any(_has_each(database, _runs.state.in_(ACTIVE), _runs.host > ""))


def _has_each(database: Database, *where: ColumnElement[bool]) -> Sequence[bool]:
    """Whether there is any run of which the first holds, any of which the second does, and so on, asked at once."""
    with database.read() as connection:
        return connection.execute(select(*(select(_runs.id).where(_there, each).exists() for each in where))).one()


def _find_with_settings(connection: Connection, spec: RunSpec, *where: ColumnElement[bool]) -> list[Run]:
    found = _read(connection, _runs.settings_digest == digest_settings(spec), *where, most=WINDOW)
    # Runs of earlier versions have no digest.
    older = (_runs.settings_digest.is_(None), func.coalesce(_runs.method, "") == spec.method, *where)
    found += _read(connection, *older, most=WINDOW - len(found))
    return sorted(found, key=lambda run: -run.id)


def _find(database: Database, *where: ColumnElement[bool], most: int | None = None) -> list[Run]:
    with database.read() as connection:
        return _read(connection, *where, most=most)


def _read(connection: Connection, *where: ColumnElement[bool], most: int | None) -> list[Run]:
    query = select(tables.runs).where(_there, *where).order_by(_runs.id.desc()).limit(most)
    return [read_run(row) for row in connection.execute(query)]


def _read_on(database: Database, where: ColumnElement[bool]) -> Iterator[Run]:
    """The runs of which that holds, the newest first, read a window and one more at a time.

    Pages ask for that one, to know whether there are others.
    """
    many = WINDOW + 1
    found = _find(database, where, most=many)
    yield from found
    while len(found) == many:
        found = _find(database, where, _runs.id < found[-1].id, most=many)
        yield from found
