"""Many people who watch the runs of a class: how long the page takes for whoever does something on it.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.watchers [PEOPLE …]` (PEOPLE unless told otherwise, and only then is
anything recorded). For each number of people, and for one web process and for two that share them as a proxy would, a
home and a PostgreSQL of their own, RUNS runs that have ended, and TRAINING that are recorded as trainings record them,
by a process that stands for them: so many trainings would leave nothing of two cores. Each person is a client of
Streamlit's own protocol with *Runs* open, whose browser looks again whenever the page wants to, and who does something
about every EVERY seconds: the page is drawn anew. `asked` is the time from that to its end, `looked` that of looks. A
server that hears nothing of a browser for long, since it comes to nothing else, cuts the connection; the browser comes
again, as a new one, and `cut` says how often.

Clients, servers and database share the machine's cores.
"""

import asyncio
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median, quantiles

import psutil
import pytest
from websockets.exceptions import WebSocketException

from benchmarks import record
from benchmarks.clients import Client, opened
from benchmarks.many_runs import fill, make_epoch
from benchmarks.sessions import read_processor_seconds
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process, queue
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Batches
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from tests import postgres
from tests.browser.conftest import Server, started

PEOPLE, RUNS, TRAINING = (50, 200), 2_000, 20
WEBS = (1, 2)
"""Web processes that share the people, each its own."""
EVERY = 20.0
"""Seconds between two things that a person does, in the mean."""
ARRIVING, SETTLING, MEASURED = 60.0, 60.0, 120.0
"""Seconds in which people come, in which they are not measured yet, and in which they are."""
BATCHES, EPOCHS = 0.5, 10.0
"""Seconds between two records of the batches of a run, and of its epochs."""
AGAIN = 1.0
"""Seconds until a browser whose connection was cut comes again."""
FEW = 20
"""Of fewer than so many nothing is said: who does something looks later, and where pages look rarely, hardly at all."""
GOAL = 100
"""Milliseconds within which 95 of 100 are answered."""
PAGE = "runs"


@dataclass
class Seen:
    """What people have waited for, in seconds, and how often pages look again."""

    asked: list[float] = field(default_factory=list)
    looked: list[float] = field(default_factory=list)
    between: dict[int, float] = field(default_factory=dict)
    cut: int = 0


def train(settings: Settings, ended: Event) -> None:
    """Record TRAINING runs as trainings do, until it has ended."""
    spec, numbers = RunSpec.of("dense_128", "mnist", epochs=1_000), (0.5,) * 20
    with open_database(settings) as database:
        queue.submit_all(database, [replace(spec, seed=seed) for seed in range(TRAINING)])
        recorders = []
        while run := queue.claim(database, "elsewhere"):
            recorders.append(RunRecorder(database, run))
            recorders[-1].begin(54_000, 844)
        epoch, due = 1, time.monotonic() + EPOCHS
        while not ended.wait(BATCHES):
            for recorder in recorders:
                recorder.batches(Batches(epoch, 0, numbers, numbers, 1.0, 0.001))
                if time.monotonic() >= due:
                    recorder.epoch(replace(make_epoch(0.9), epoch=epoch), b"")
            if time.monotonic() >= due:
                epoch, due = epoch + 1, time.monotonic() + EPOCHS


@contextmanager
def serve_class(folder: Path, database_server: postgres.Server, webs: int) -> Iterator[list[Server]]:
    """So many web processes with the runs of a class, of which some are trained."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNIST_DASH_DB", database_server.make_database())
        settings = replace(Settings.from_environment(os.environ), home=folder, offline=True)
        with open_database(settings) as database:
            fill(database, RUNS)
        # No supervisor may live: it would look for the processes of these runs.
        with process.supervisor_lock(settings.prepare()).acquire(timeout=60):
            context = multiprocessing.get_context("spawn")
            ended = context.Event()
            training = context.Process(target=train, args=(settings, ended))
            training.start()
            try:
                with ExitStack() as stack:
                    yield [stack.enter_context(started(folder)) for _ in range(webs)]
            finally:
                ended.set()
                training.join()


async def live(url: str, number: int, begun: float, seen: Seen) -> None:
    """One person: comes, and watches until all is measured."""
    rng = random.Random(number)
    await asyncio.sleep(rng.uniform(0, ARRIVING))
    while time.monotonic() < begun + ARRIVING + SETTLING + MEASURED:
        try:
            await watch_runs(url, number, begun, rng, seen)
        except (WebSocketException, ConnectionError):
            seen.cut += 1
            await asyncio.sleep(AGAIN)


async def watch_runs(url: str, number: int, begun: float, rng: random.Random, seen: Seen) -> None:
    """On one connection: looks when the page wants to, and now and then does something."""
    async with opened(url) as socket:
        client = Client(socket, "", PAGE)
        await ask(client, [])
        looks = acts = time.monotonic()
        while (now := time.monotonic()) < begun + ARRIVING + SETTLING + MEASURED:
            is_measured = now > begun + ARRIVING + SETTLING
            part, seconds = next(iter(client.looks.items()), (None, EVERY))
            seen.between[number] = seconds
            if now >= acts:
                await ask(client, seen.asked if is_measured else [])
                looks, acts = time.monotonic() + seconds, time.monotonic() + rng.expovariate(1 / EVERY)
            elif part and now >= looks:
                await ask(client, seen.looked if is_measured else [], fragment_id=part, is_auto_rerun=True)
                looks = time.monotonic() + seconds
            await asyncio.sleep(max(0.0, min(looks, acts) - time.monotonic()))


async def ask(client: Client, took: list[float], **fields: object) -> None:
    """Add the seconds from a question to the end of its answer, or until the connection was cut."""
    begun = time.monotonic()
    try:
        await client.ask(**fields)
        await client.end()
    finally:
        took.append(time.monotonic() - begun)


async def watch(servers: Sequence[Server], people: int) -> tuple[Seen, float]:
    """What so many people have waited for, and how many processors the web processes kept busy meanwhile."""
    seen, begun, processes = Seen(), time.monotonic(), [psutil.Process(server.pid) for server in servers]
    urls = [servers[number % len(servers)].url for number in range(people)]
    lives = [asyncio.create_task(live(url, number, begun, seen)) for number, url in enumerate(urls)]
    await asyncio.sleep(ARRIVING + SETTLING)
    worked = sum(map(read_processor_seconds, processes))
    await asyncio.sleep(MEASURED)
    worked = sum(map(read_processor_seconds, processes)) - worked
    await asyncio.gather(*lives)
    return seen, worked / MEASURED


def describe(seconds: list[float]) -> dict[str, float]:
    """How many there were, their median and what 95 of 100 do not exceed, in milliseconds; of few only how many."""
    if len(seconds) < FEW:
        return {"count": len(seconds)}
    return {
        "count": len(seconds),
        "median_ms": round(1000 * median(seconds)),
        "95_percent_ms": round(1000 * quantiles(seconds, n=20)[-1]),
    }


def measure(people: int, webs: int) -> dict[str, object]:
    """What so many people have waited for who share so many web processes."""
    programs = postgres.find_programs()
    assert programs, postgres.REASON
    with (
        closing(postgres.Server(programs)) as database_server,
        tempfile.TemporaryDirectory() as folder,
        serve_class(Path(folder), database_server, webs) as servers,
    ):
        seen, busy = asyncio.run(watch(servers, people))
        faults = [fault for server in servers for fault in server.faults()]
    found: dict[str, object] = {
        "asked": describe(seen.asked),
        "looked": describe(seen.looked),
        "seconds_between_looks": median(seen.between.values()),
        "processors_busy": round(busy, 2),
        "cut": seen.cut,
        "faults": faults,
    }
    print(people, webs, found, flush=True)
    return found


def main(people: Sequence[int]) -> None:
    """Measure and write the result."""
    found = {str(number): {str(webs): measure(number, webs) for webs in WEBS} for number in people or PEOPLE}
    told = {"runs": RUNS, "training": TRAINING, "seconds_between_acts": EVERY, "goal_95_percent_ms": GOAL}
    if not people:
        record.write("watchers", told | {"people_by_web_processes": found})


if __name__ == "__main__":
    main([*map(int, sys.argv[1:])])
