"""What the fault campaigns have in common: the app in a home of its own, somebody who may look, and what is killed."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import psutil
from playwright.sync_api import Page
from sqlalchemy import select

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.queries import batches_of, epochs_of, runs_of
from mnist_dash.runs.queue import MOST_DEATHS
from mnist_dash.runs.records import Epoch, Run, State
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from tests.browser.conftest import ROOT, await_health, free_port, serve

KILLS, SEED, SLOTS = 60, 0, 2
DEADLINE = 900.0
_LOG = re.compile(r"run-(\d+)(?:-attempt-\d+)?\.log$")
_VISITORS = {"watches": 2, "shows an ended run": 2, "nobody": 1}
"""Who is there meanwhile, and how often of five times."""
_PAUSES = (0.3, 7.0)
"""Seconds between two kills: a process needs about eight from its start to its first batch."""
_COUNTS = (4, 5)
"""Runs with the same spec but for the seed are queued whenever fewer than the first wait or run, up to the second."""


def spec_of(seed: int, short: bool) -> RunSpec:
    """A run with all that has to be restored: order, rate, dropout, augmentation, optimizer, batch statistics."""
    return RunSpec.of(
        "custom",
        "mnist",
        layers="conv 16 3, norm, pool 2, flatten, dense 64",
        epochs=2 if short else 8,
        train_size=2_000 if short else 6_000,
        schedule="one_cycle",
        dropout=0.3,
        rotation=10.0,
        elastic=1.0,
        seed=seed,
    )


class Campaign(ABC):
    """The app in a home of its own, with what is needed to disturb it; what can be struck is a matter of each kind."""

    targets: ClassVar[Mapping[str, int]]
    """What is killed, and how often in proportion."""

    def __init__(self, home: Path, page: Page, database: Database, seed: int, *, short: bool) -> None:
        """Start the server and watch its newest run."""
        self.home, self.page, self.database, self.short = home, page, database, short
        self.dice, self.port, self.submitted = random.Random(seed), free_port(), 0
        self.visits: Counter[str] = Counter()
        self.killed: list[dict[str, str]] = []
        self.queue_run()
        self.web = self.serve()
        page.goto(self.make_address("train"))

    def make_address(self, path: str) -> str:
        """The address of a page."""
        return f"http://localhost:{self.port}/{path}"

    def serve(self) -> "subprocess.Popen[bytes]":
        """A web process on the same port as before, to which the open page comes back by itself."""
        with self.log.open("ab") as log:
            web = serve(ROOT / "app.py", self.home, self.port, log)
        await_health(f"http://localhost:{self.port}", web)
        return web

    @property
    def log(self) -> Path:
        """What all web processes have said."""
        return self.home / "server.log"

    def queue_run(self) -> None:
        """Queue the next run."""
        queue.submit(self.database, spec_of(self.submitted, self.short))
        self.submitted += 1

    def disturb(self, kills: int) -> list[Run]:
        """Kill so many times while runs are at work and people come and go; the runs, when all have ended."""
        while len(self.killed) < kills:
            active = [run for run in runs_of(self.database) if run.state.active]
            if len(active) < _COUNTS[0]:
                for _ in range(_COUNTS[1] - len(active)):
                    self.queue_run()
            self.visit()
            self.strike()
            print(f"\r{len(self.killed)} of {kills} kills", end="", file=sys.stderr, flush=True)
        self.leave()
        self.finish()
        return runs_of(self.database)

    def visit(self) -> None:
        """Let somebody watch, or look at what has ended, or go."""
        ended = runs_of(self.database, State.DONE)
        who = self.dice.choices(list(_VISITORS), list(_VISITORS.values()))[0]
        if who == "shows an ended run" and ended:
            self.page.goto(self.make_address(f"train?run={self.dice.choice(ended).id}"))
            self.page.get_by_text("Done").first.wait_for()
        elif who == "nobody":
            self.leave()
        else:
            who = "watches"
            self.page.goto(self.make_address("train"))
        self.visits[who] += 1

    def leave(self) -> None:
        """Show nothing of the server's any more."""
        self.page.goto("about:blank")

    def strike(self) -> None:
        """Kill something that may be killed, and wait a while."""
        target = self.dice.choices(list(self.targets), list(self.targets.values()))[0]
        phase = self.strike_at(target)
        if phase is not None:
            self.killed.append({"target": target, "phase": phase})
        self.pause()

    @abstractmethod
    def strike_at(self, target: str) -> str | None:
        """Kill that; what a run was doing if it was one, and None where nothing could be killed."""

    def pause(self) -> None:
        """Let everything go on for a while."""
        self.page.wait_for_timeout(1000 * self.dice.uniform(*_PAUSES))

    def kill(self, victims: Iterable[int]) -> None:
        """Kill processes at once, and serve the page again where it was the web process."""
        victims = list(victims)
        for victim in victims:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        if self.web.pid in victims:
            self.web.wait()
            self.web = self.serve()

    def runs(self) -> list[int]:
        """The processes of runs, of all of them."""
        return [pid for pid, _ in self.processes() if self.number_of(pid) is not None]

    def find_spared(self) -> list[int]:
        """Those of runs that have a death to spare in their present epoch."""
        return [pid for pid in self.runs() if self.ask(pid, "deaths", MOST_DEATHS) < MOST_DEATHS - 1]

    def can_lose_all(self) -> bool:
        """Whether every run that waits or works has a death to spare, those that no process does yet, too."""
        runs = tables.runs.c
        last = select(runs.id).where(runs.state.in_((State.QUEUED, State.RUNNING)), runs.deaths >= MOST_DEATHS - 1)
        with self.database.read() as connection:
            return connection.execute(last).first() is None

    def supervisors(self) -> list[int]:
        """The supervisor's process, if it lives."""
        return [pid for pid, words in self.processes() if "worker" in words]

    def phase_of(self, pid: int) -> str:
        """What a run was doing; empty for other processes."""
        return str(self.ask(pid, "phase", ""))

    def ask(self, pid: int, column: str, otherwise: Any) -> Any:  # noqa: ANN401 - whatever the column holds
        """What the database says now of the run that a process does."""
        number = self.number_of(pid)
        if number is None:
            return otherwise
        with self.database.read() as connection:
            return connection.scalar(select(tables.runs.c[column]).where(tables.runs.c.id == number))

    def number_of(self, pid: int) -> int | None:
        """Which run a process does, by the log that it writes; None where it does none."""
        with suppress(psutil.Error):
            found = [_LOG.search(file.path) for file in psutil.Process(pid).open_files()]
            return next((int(match[1]) for match in found if match), None)
        return None

    def processes(self) -> list[tuple[int, list[str]]]:
        """The program's own processes in this home, without the web process."""
        found = []
        for process in psutil.process_iter(["pid", "cmdline", "environ", "status"]):
            words, environ = process.info["cmdline"] or [], process.info["environ"] or {}
            if environ.get("MNIST_DASH_HOME") == str(self.home) and "mnist_dash" in words:
                found.append((process.info["pid"], words))
        return found

    def finish(self) -> None:
        """Wait until no run waits or works any more."""
        self.await_until(lambda: not any(run.state.active for run in runs_of(self.database)), DEADLINE)

    def await_until(self, done: Callable[[], bool], seconds: float) -> float:
        """Wait with the page open; the seconds that it took."""
        started = time.monotonic()
        while not done():
            assert time.monotonic() - started < seconds, [(r.id, r.state, r.reason) for r in runs_of(self.database)]
            self.page.wait_for_timeout(500)
        return time.monotonic() - started

    def measure_difference(self) -> float:
        """The greatest difference of the first run's figures from those of one like it that nobody disturbs."""
        calm = queue.submit(self.database, spec_of(0, self.short))
        self.finish()
        first = min(run.id for run in runs_of(self.database))
        return difference(epochs_of(self.database, first), epochs_of(self.database, calm.id))

    def end(self, *, idle: float | None) -> float:
        """End the web process, and see all others end; the seconds until they had.

        By themselves, after `idle` seconds in which nothing is to be done, or at once where that is None.
        """
        self.web.terminate()
        self.web.wait()
        started = time.monotonic()
        for pid in self.supervisors() if idle is None else ():
            os.kill(pid, signal.SIGTERM)
        while self.processes():
            assert time.monotonic() - started < (idle or 0) + 60, self.processes()
            time.sleep(1)
        return time.monotonic() - started

    def tell(self, disturbed: list[Run]) -> dict[str, object]:
        """What was killed, and what became of the runs."""
        attempts = {run.id: run.attempt for run in disturbed}
        return {
            "kills": len(self.killed),
            "kills_by_target": Counter(kill["target"] for kill in self.killed),
            "run_killed_while": Counter(kill["phase"] for kill in self.killed if kill["target"] == "run"),
            "visitors": self.visits,
            "runs": len(disturbed),
            "runs_done": sum(run.state is State.DONE for run in disturbed),
            "processes_of_runs": sum(attempts.values()),
            "attempts_of_the_compared_run": attempts[min(attempts)],
            "faults": [fault for run in runs_of(self.database) if (fault := fault_of(self.database, run))],
        }


def fault_of(database: Database, run: Run) -> str | None:
    """What is wrong with a run, if anything."""
    epochs, batches = epochs_of(database, run.id), batches_of(database, run.id)
    seen = Counter((b.epoch, b.step + i) for b in batches for i in range(len(b.loss)))
    wanted = {(epoch, step) for epoch in range(1, run.spec.epochs + 1) for step in range(run.steps or 0)}
    if run.state is not State.DONE or run.score is None:
        return f"run {run.id} is {run.state}: {run.reason}"
    if [e.epoch for e in epochs] != list(range(1, run.spec.epochs + 1)):
        return f"run {run.id} has the epochs {[e.epoch for e in epochs]}"
    return None if seen == Counter(wanted) else f"run {run.id}: batches are missing or double"


def difference(disturbed: list[Epoch], calm: list[Epoch]) -> float:
    """The greatest difference of two runs' figures, epoch by epoch; infinite where one has more of them."""
    if len(disturbed) != len(calm):
        return float("inf")
    pairs = zip(disturbed, calm, strict=True)
    return max(
        float(abs(getattr(a, of) - getattr(b, of)))
        for a, b in pairs
        for of in ("loss", "accuracy", "validation_loss", "validation_accuracy")
    )
