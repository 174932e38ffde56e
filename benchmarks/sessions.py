"""Many people on one server: how long each page takes where all of them ask for it at the same moment.

`python -m benchmarks.sessions [PAGE …]` (every page unless told otherwise). A server of its own with a few runs in its
home; so many sessions, each a client of Streamlit's own protocol, open a page and then ask all at once for it to be run
anew, as a widget does that is moved. `median_ms` is the median over sessions and ROUNDS of the time until the script
has run to its end and all that it says has come; `alone_ms` that of one session with nobody else there, and
`processor_ms` the processor time that the server takes for one such run.
`megabytes_a_session` is what the process has grown by for each session that holds the page open.

Clients and server share the machine's cores.
"""

import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks import record
from benchmarks.clients import Client, opened
from tests.browser.conftest import ROOT, Server, started

PAGES = (
    *("home", "sketch", "lessons", "explore", "datasets", "own_digits"),
    *("train", "runs", "sweeps", "methods", "models", "stress"),
)
SESSIONS = (20, 50)
ROUNDS = 5
SETTLING = 8
"""Seconds in which a page is looked at before it is measured."""
GOALS = {20: 250, 50: 600}
"""Milliseconds that are allowed."""
RUNS = (
    ("random", "--seed", "1"),
    ("dense_128", "--seed", "2", "--hyperparameter", "epochs=1"),
    ("dense_128", "--seed", "3", "--hyperparameter", "epochs=2"),
)
"""The runs that the pages show."""


async def measure(server: Server, page: str, sessions: int) -> dict[str, float]:
    """Times of so many sessions on one page, in milliseconds, and what each keeps, in megabytes."""
    process = psutil.Process(server.pid)
    async with AsyncExitStack() as held:
        before = process.memory_info().rss
        clients = [Client(await held.enter_async_context(opened(server.url)), "", page) for _ in range(sessions)]
        for client in clients:
            await rerun(client)
        # What a page settles into stands after a second run: choices are in the link, and models are loaded.
        for client in clients:
            await rerun(client)
        grown = process.memory_info().rss - before
        worked = read_processor_seconds(process)
        took = [time for _ in range(ROUNDS) for time in await asyncio.gather(*map(rerun, clients))]
        worked = read_processor_seconds(process) - worked
    return {
        "processor_ms": round(1000 * worked / len(took), 1),
        "median_ms": round(1000 * median(took)),
        "most_ms": round(1000 * max(took)),
        "megabytes_a_session": round(grown / 2**20 / sessions, 2),
    }


def read_processor_seconds(process: psutil.Process) -> float:
    """Seconds of processor time that the server has taken by now."""
    times = process.cpu_times()
    return float(times.user + times.system)


async def rerun(client: Client) -> float:
    """Seconds that one run of a page's script takes, from the question to its end."""
    begun = time.perf_counter()
    await client.ask()
    await client.end()
    return time.perf_counter() - begun


def prepare(home: Path) -> None:
    """Train what the pages show."""
    for run in RUNS:
        command = [sys.executable, "-m", "mnist_dash", "train", *run]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "MNIST_DASH_HOME": str(home)})


async def settle(server: Server, page: str) -> None:
    """Look at a page until it has what a first visitor causes: models made ready, what commands have found."""
    async with opened(server.url) as socket:
        client = Client(socket, "", page)
        for _ in range(SETTLING):
            await rerun(client)
            await asyncio.sleep(1)


def measure_page(server: Server, page: str) -> Iterator[tuple[str, Any]]:
    """The figures of a page, one by one."""
    asyncio.run(settle(server, page))
    alone = asyncio.run(measure(server, page, 1))
    yield "alone_ms", alone["median_ms"]
    for sessions in SESSIONS:
        yield str(sessions), asyncio.run(measure(server, page, sessions))
        gc.collect()


def summarise(found: dict[str, dict[str, Any]], sessions: int) -> dict[str, Any]:
    """The page that takes longest where so many ask."""
    took = {page: figures[str(sessions)]["median_ms"] for page, figures in found.items()}
    slowest = max(took, key=took.__getitem__)
    return {"goal_ms": GOALS[sessions], "slowest": slowest, "median_ms": took[slowest]}


def main(*pages: str) -> None:
    """Measure every page and write the result."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        prepare(home)
        with started(home) as server:
            found: dict[str, dict[str, Any]] = {}
            for page in pages or PAGES:
                found[page] = dict(measure_page(server, page))
                print(page, found[page], flush=True)
            faults = server.faults()
    summary = {str(sessions): summarise(found, sessions) for sessions in SESSIONS}
    result: dict[str, object] = {"pages": found, "summary": summary, "rounds": ROUNDS, "faults": faults}
    if pages:
        print(result)
    else:
        record.write("sessions", result)


if __name__ == "__main__":
    main(*sys.argv[1:])
