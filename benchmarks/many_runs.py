"""What a page and an event cost where 100, 10,000 and 100,000 runs are kept: at most as the logarithm grows.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.many_runs [--postgresql] [COUNT …]` (COUNTS unless told otherwise, and only
then is anything recorded). For each count a new home with so many runs that have ended, of PEOPLE people and all
methods, and after them the few that `benchmarks.sessions` trains. A server of its own shows every page to one session;
then, without it, a run is queued, claimed while WAITING people's runs wait, and recorded. `--postgresql` measures the
same on PostgreSQL besides, on a server of its own as the tests start it.

`median_ms` is the median over ROUNDS of the time until a page's script has run to its end, or over LIVES of that of an
event; `processor_ms` the processor time of the server for one such run. `growth` is the figure at the most runs over
that at the fewest, and `goal` what the logarithm would make of it.
"""

import asyncio
import math
import os
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import pytest
from sqlalchemy import delete, insert, select

from benchmarks import record
from benchmarks.clients import Client, opened
from benchmarks.sessions import PAGES, RUNS, prepare, read_processor_seconds, rerun, settle
from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.methods.registry import CUSTOM, METHODS
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import housekeeping, queue
from mnist_dash.runs.queries import has_runs, runs_claimed_by
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Answers, Batches, Epoch, EpochDetails, RunScore, State
from mnist_dash.runs.supervisor import host_of
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database, open_database
from mnist_dash.users import Role, User
from tests import postgres
from tests.browser.conftest import Server, started
from tests.leftovers import end_workers

COUNTS = (100, 10_000, 100_000)
ROUNDS, LIVES = 15, 50
PEOPLE = tuple(User(f"benchmark {number}", f"Person {number}", Role.TRAIN) for number in range(200))
WAITING = 20
SPECS = 10_000
"""Different settings; where there are more runs, as many have the same."""
CHUNK = 500
"""Rows that are queued before they are read: the last place in the queue is looked for among them."""
ENDS = 23
"""Different ends; prime, so that every person and every method meets each."""
FAILED, STOPPED, TAGGED = (3, 11), (7, 19), (5,)
"""Those of them that are no success, and that somebody has tagged."""
MINUTE = 60.0
CHECKPOINT = bytes(1_500_000)
"""As large as that of `dense_128`."""
Values = dict[str, Any]
Figures = dict[str, dict[str, dict[str, float]]]
"""Of pages and of events: of each its figures by name."""


def fill(database: Database, count: int) -> None:
    """Add so many runs that have ended, with an epoch each, to an empty database: 100,000 within half a minute.

    The program itself queues and ends a few in a home beside it, and their rows are copied with whatever they hold.
    """
    if count <= 0:
        return
    with tempfile.TemporaryDirectory() as folder, open_database(Settings(home=Path(folder), offline=True)) as beside:
        ends = [end_run(beside, number) for number in range(ENDS)]
        queued = list(queue_runs(beside, min(count, SPECS)))
    with database.write() as connection:
        for first in range(0, count, CHUNK):
            numbers = range(first, min(first + CHUNK, count))
            rows = [copy_row(queued[i % len(queued)], ends[i % ENDS][0], i, count) for i in numbers]
            connection.execute(insert(tables.runs), rows)
        # In the order in which they came.
        found = connection.execute(select(tables.runs.c.id, tables.runs.c.ended).order_by(tables.runs.c.id)).all()
        epochs = [ends[i % ENDS][1] | {"run": run.id, "finished": run.ended} for i, run in enumerate(found)]
        connection.execute(insert(tables.epochs), epochs)
        if database.is_shared:
            # As PostgreSQL does by itself within a minute.
            connection.exec_driver_sql(f"ANALYZE {tables.runs.name}, {tables.epochs.name}")


def end_run(database: Database, number: int) -> tuple[Values, Values]:
    """What changes in the row of a run from the queue to its end, with when it came, and the row of its epoch."""
    run = queue.submit(database, RunSpec.of("dense_128", "mnist", epochs=1))
    before = read_row(database, run.id)
    claimed = queue.claim(database, "here", run.id)
    assert claimed is not None
    recorder, right = RunRecorder(database, claimed), 9_000 + 40 * number
    recorder.begin(54_000, 844, "0" * 64)
    recorder.epoch(make_epoch(right / 10_000), b"")
    if number in FAILED:
        recorder.fail("The loss became NaN.")
    else:
        score = RunScore(right / 10_000, *wilson_interval(right, 10_000), 10_000)
        recorder.end(State.STOPPED if number in STOPPED else State.DONE, {}, score)
    if number in TAGGED:
        housekeeping.tag(database, run.id, ["keep"])
    after = read_row(database, run.id)
    with database.read() as connection:
        epoch = connection.execute(select(tables.epochs).where(tables.epochs.c.run == run.id)).mappings().one()
    changed = {name: value for name, value in after.items() if value != before[name]}
    return changed | {"created": after["created"]}, dict(epoch)


def make_epoch(accuracy: float) -> Epoch:
    """A finished epoch with all that one records."""
    answers = Answers(tuple(range(10)), (0.9,) * 10)
    return Epoch(1, 0.35, 0.9, 0.2, accuracy, 3.0, EpochDetails(((60,) * 10,) * 10, answers, (("dense", 0.01),)))


def read_row(database: Database, run_id: int) -> Values:
    """The row of a run, whatever its columns are."""
    with database.read() as connection:
        row = connection.execute(select(tables.runs).where(tables.runs.c.id == run_id)).mappings().one()
    return dict(row)


def queue_runs(database: Database, count: int) -> Iterator[Values]:
    """Rows of so many queued runs, each with settings and a seed of its own, as the program writes them."""
    methods = [name for name, method in METHODS.items() if method.learns and name != CUSTOM]
    for first in range(0, count, CHUNK):
        with database.write() as connection:
            connection.execute(delete(tables.runs))
            for number in range(first, min(first + CHUNK, count)):
                method, person = methods[number % len(methods)], PEOPLE[number % len(PEOPLE)]
                once = {"epochs": 1} if "epochs" in METHODS[method].hyperparameters else {}
                spec = RunSpec.of(method, "mnist", seed=number, train_size=1_000 + number, **once)
                queue.insert_run(connection, spec, None, account=person.account, owner=person.name)
            rows = connection.execute(select(tables.runs).order_by(tables.runs.c.id)).mappings().all()
        yield from map(dict, rows)


def copy_row(queued: Values, end: Values, number: int, count: int) -> Values:
    """A queued run that has come to that end: one each minute, the last of `count` now."""
    row = queued | end | {"name": f"{queued['name']} {number}", "position": number + 1.0}
    times = {name: row[name] - MINUTE * (count - number) for name in ("created", "started", "ended")}
    return {name: value for name, value in (row | times).items() if name != "id"}


async def look(server: Server, page: str) -> dict[str, float]:
    """Milliseconds of one session on a page that has settled, and those of the server's processor."""
    process = psutil.Process(server.pid)
    async with opened(server.url) as socket:
        client = Client(socket, "", page)
        # Choices are in the link after the first one, as in `benchmarks.sessions`.
        for _ in range(2):
            await rerun(client)
        worked = read_processor_seconds(process)
        took = [await rerun(client) for _ in range(ROUNDS)]
        worked = read_processor_seconds(process) - worked
    return {"median_ms": round(1000 * median(took), 1), "processor_ms": round(1000 * worked / ROUNDS, 1)}


def measure_page(server: Server, page: str) -> dict[str, float]:
    """The figures of a page."""
    asyncio.run(settle(server, page))
    found = asyncio.run(look(server, page))
    print(" ", page, found, flush=True)
    return found


class Clock:
    """Times what is done, by name."""

    def __init__(self) -> None:
        """Nothing was done yet."""
        self._took: dict[str, list[float]] = {}

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Take the time of a block."""
        begun = time.perf_counter()
        yield
        self._took.setdefault(name, []).append(time.perf_counter() - begun)

    def summarise(self) -> dict[str, dict[str, float]]:
        """The median of each, in milliseconds."""
        return {name: {"median_ms": round(1000 * median(took), 3)} for name, took in self._took.items()}


def measure_events(settings: Settings) -> dict[str, dict[str, float]]:
    """The figures of what happens to a run; no supervisor lives meanwhile."""
    clock, spec = Clock(), RunSpec.of("dense_128", "mnist", epochs=1)
    batches = Batches(1, 0, (0.5,) * 50, (0.9,) * 50, 1.0, 0.001)
    with open_database(settings) as database:
        host = host_of(settings, database)
        people = {user.account: database.acting_as(user) for user in PEOPLE[:WAITING]}
        for _ in range(LIVES):
            with clock.time("has_runs"):
                assert not has_runs(database, State.QUEUED, State.RUNNING)
        for theirs in people.values():
            queue.submit(theirs, spec)
        for _ in range(LIVES):
            with clock.time("claim"):
                run = queue.claim(database, host)
            assert run is not None
            recorder = RunRecorder(database, run)
            recorder.begin(54_000, 844)
            with clock.time("batches"):
                recorder.batches(batches)
            with clock.time("epoch"):
                recorder.epoch(make_epoch(0.9), CHECKPOINT)
            with clock.time("runs_claimed_by"):
                assert [held.id for held in runs_claimed_by(database, host)] == [run.id]
            recorder.end(State.DONE, {}, None)
            with clock.time("submit"):
                queue.submit(people[run.account], spec)
    found = clock.summarise()
    print(" ", found, flush=True)
    return found


@contextmanager
def new_home(database_server: postgres.Server | None) -> Iterator[Settings]:
    """The settings of an empty home, for this process and for those that it starts."""
    url = database_server.make_database() if database_server else None
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.delenv("MNIST_DASH_DB", raising=False)
        if url:
            patch.setenv("MNIST_DASH_DB", url)
        yield replace(Settings.from_environment(os.environ), home=Path(folder), offline=True)


def measure(count: int, database_server: postgres.Server | None) -> tuple[Figures, list[str]]:
    """The figures where so many runs are kept, and what the server's log complains of."""
    with new_home(database_server) as settings:
        begun = time.perf_counter()
        with open_database(settings) as database:
            fill(database, count - len(RUNS))
        print(f"{count:,} runs, written in {time.perf_counter() - begun:.1f} s", flush=True)
        prepare(settings.home)
        # The supervisor that they have left would look at the queue meanwhile.
        end_workers(settings.home)
        with started(settings.home) as server:
            pages = {page: measure_page(server, page) for page in PAGES}
            faults = server.faults()
        return {"pages": pages, "events": measure_events(settings)}, faults


def find_growth(fewest: Figures, most: Figures) -> Figures:
    """By what each figure grows from the fewest runs to the most."""
    return {
        kind: {
            name: {figure: round(value / max(fewest[kind][name][figure], 1e-3), 2) for figure, value in figures.items()}
            for name, figures in named.items()
        }
        for kind, named in most.items()
    }


def compare(counts: Sequence[int], database_server: postgres.Server | None = None) -> Mapping[str, object]:
    """All figures on one database, and how they grow."""
    found = {count: measure(count, database_server) for count in sorted(counts)}
    fewest, most = min(found), max(found)
    growth, goal = find_growth(found[fewest][0], found[most][0]), round(math.log(most) / math.log(fewest), 2)
    largest = {kind: max(named, key=lambda name: named[name]["median_ms"]) for kind, named in growth.items()}
    summary = {kind: {"most": name, "growth": growth[kind][name]["median_ms"]} for kind, name in largest.items()}
    told = {str(count): {**figures, "faults": faults} for count, (figures, faults) in found.items()}
    return {"counts": told, "growth": growth, "summary": summary, "goal": goal}


def main(counts: Sequence[int], *, on_postgresql: bool) -> None:
    """Measure every count and write the result."""
    result: dict[str, object] = {"rounds": ROUNDS, "lives": LIVES, "sqlite": compare(counts or COUNTS)}
    if on_postgresql:
        programs = postgres.find_programs()
        assert programs, postgres.REASON
        with closing(postgres.Server(programs)) as database_server:
            result["postgresql"] = compare(counts or COUNTS, database_server)
    if counts:
        print(result)
    else:
        record.write("many_runs", result)


if __name__ == "__main__":
    arguments = ArgumentParser(description="Measure what pages and events cost where many runs are kept.")
    arguments.add_argument("counts", nargs="*", type=int, metavar="COUNT")
    arguments.add_argument("--postgresql", action="store_true", help="on PostgreSQL besides")
    asked = arguments.parse_args()
    main(asked.counts, on_postgresql=asked.postgresql)
