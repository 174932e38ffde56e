"""The fault campaign: processes are killed at random moments, and nothing may be lost.

`python -m benchmarks.faults [KILLS [SEED]]`. The web process, the supervisor and the processes of runs get SIGKILL at
random moments, KILLS times (60 unless told otherwise): one of them, the first two at once, or all of them, as when a
machine loses its power. Meanwhile a browser watches a run at work, or shows one that has ended and asks for nothing, or
nobody visits at all; nobody does either while the last runs end. The server alone brings its supervisor back.
Afterwards every run must be done with every epoch exactly once, every batch of them recorded, the database whole, no
process left once the supervisor had nothing to do, and the figures of each epoch the very ones of a run that nobody
disturbed. The result is recorded where the campaign was a whole one, with SEED 0; `--short` trains short runs, and ends
the supervisor instead of waiting until it ends by itself.
"""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, sync_playwright

from benchmarks import record
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.queries import batches_of, epochs_of, runs_of
from mnist_dash.runs.queue import MOST_DEATHS
from mnist_dash.runs.records import Epoch, Run, State
from mnist_dash.runs.supervisor import IDLE
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, ROOT, await_health, free_port, serve

KILLS, SEED, SLOTS = 60, 0, 2
TARGETS = {"run": 4, "supervisor": 2, "web": 2, "web and supervisor": 2, "spare": 1, "everything": 2}
"""What is killed, and how often of thirteen times."""
LOG = re.compile(r"run-(\d+)\.log$")
VISITORS = {"watches": 2, "shows an ended run": 2, "nobody": 1}
"""Who is there meanwhile, and how often of five times."""
PAUSES = (0.3, 7.0)
"""Seconds between two kills: a process needs about eight from its start to its first batch."""
DEADLINE = 900.0
COUNTS = (4, 5)
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


class Campaign:
    """The app in a home of its own, with what is needed to disturb it."""

    def __init__(self, home: Path, page: Page, database: Database, seed: int, short: bool) -> None:
        """Start the server and watch its newest run."""
        self.home, self.page, self.database, self.short = home, page, database, short
        self.dice, self.port, self.submitted = random.Random(seed), free_port(), 0
        self.visits: Counter[str] = Counter()
        self.killed: list[dict[str, str]] = []
        self.web = self.serve()
        page.goto(f"http://localhost:{self.port}/train")

    def serve(self) -> "subprocess.Popen[bytes]":
        """A web process on the same port as before, to which the open page comes back by itself."""
        with (self.home / "server.log").open("ab") as log:
            web = serve(ROOT / "app.py", self.home, self.port, log)
        await_health(f"http://localhost:{self.port}", web)
        return web

    def keep_busy(self) -> None:
        """Queue runs until enough wait or run."""
        active = [run for run in runs_of(self.database) if run.state.active]
        if len(active) < COUNTS[0]:
            for _ in range(COUNTS[1] - len(active)):
                queue.submit(self.database, spec_of(self.submitted, self.short))
                self.submitted += 1

    def visit(self) -> None:
        """Let somebody watch, or look at what has ended, or go."""
        ended = runs_of(self.database, State.DONE)
        who = self.dice.choices(list(VISITORS), list(VISITORS.values()))[0]
        if who == "shows an ended run" and ended:
            self.page.goto(f"http://localhost:{self.port}/train?run={self.dice.choice(ended).id}")
            self.page.get_by_text("Done").first.wait_for()
        elif who == "nobody":
            self.leave()
        else:
            who = "watches"
            self.page.goto(f"http://localhost:{self.port}/train")
        self.visits[who] += 1

    def leave(self) -> None:
        """Show nothing of the server's any more."""
        self.page.goto("about:blank")

    def strike(self) -> None:
        """Kill something that may be killed, and wait a while."""
        target = self.dice.choices(list(TARGETS), list(TARGETS.values()))[0]
        victims = self.victims_of(target)
        if victims:
            self.killed.append({"target": target, "phase": self.phase_of(victims[0])})
            for victim in victims:
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
            if self.web.pid in victims:
                self.web.wait()
                self.web = self.serve()
        self.page.wait_for_timeout(1000 * self.dice.uniform(*PAUSES))

    def victims_of(self, target: str) -> list[int]:
        """The processes to be killed, all at once; none where they do not live or have no death to spare."""
        runs, supervisors, web = self.runs(), self.supervisors(), [self.web.pid]
        if target == "run":
            return [self.dice.choice(runs)] if runs else []
        # All of the runs, so that none goes on: only where each of them has a death to spare.
        every = [pid for pid, _ in self.processes() if self.number_of(pid) is not None]
        spares = [pid for pid, words in self.processes() if "spare" in words and pid not in every]
        everything = [*web, *supervisors, *spares, *every] if sorted(every) == sorted(runs) else []
        at_once = [*web, *supervisors] if supervisors else []
        alone = {"supervisor": supervisors, "web": web, "spare": spares if len(runs) == len(every) else []}
        return {**alone, "web and supervisor": at_once, "everything": everything}[target]

    def runs(self) -> list[int]:
        """The processes of runs that have a death to spare in their present epoch."""
        found = []
        for pid, _ in self.processes():
            number = self.number_of(pid)
            if number is not None:
                ((deaths,),) = self.query("SELECT deaths FROM runs WHERE id = ?", number)
                if deaths < MOST_DEATHS - 1:
                    found.append(pid)
        return found

    def number_of(self, pid: int) -> int | None:
        """Which run a process does, by the log that it writes; None where it does none."""
        with suppress(psutil.Error):
            found = [LOG.search(file.path) for file in psutil.Process(pid).open_files()]
            return next((int(match[1]) for match in found if match), None)
        return None

    def supervisors(self) -> list[int]:
        """The supervisor's process, if it lives."""
        return [pid for pid, words in self.processes() if "worker" in words]

    def phase_of(self, pid: int) -> str:
        """What a run was doing."""
        number = self.number_of(pid)
        if number is None:
            return ""
        ((phase,),) = self.query("SELECT phase FROM runs WHERE id = ?", number)
        return str(phase)

    def processes(self) -> list[tuple[int, list[str]]]:
        """The program's own processes in this home, without the web process."""
        found = []
        for process in psutil.process_iter(["pid", "cmdline", "environ", "status"]):
            words, environ = process.info["cmdline"] or [], process.info["environ"] or {}
            if environ.get("MNIST_DASH_HOME") == str(self.home) and "mnist_dash" in words:
                found.append((process.info["pid"], words))
        return found

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database directly, as a stranger would."""
        connection = sqlite3.connect(self.home / "mnist-dash.db", timeout=30)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def await_until(self, done: Callable[[], bool], seconds: float) -> float:
        """Wait with the page open; the seconds that it took."""
        started = time.monotonic()
        while not done():
            assert time.monotonic() - started < seconds, [(r.id, r.state, r.reason) for r in runs_of(self.database)]
            self.page.wait_for_timeout(500)
        return time.monotonic() - started


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
    """The greatest difference of two runs' figures, epoch by epoch."""
    pairs = zip(disturbed, calm, strict=True)
    return max(
        float(abs(getattr(a, of) - getattr(b, of)))
        for a, b in pairs
        for of in ("loss", "accuracy", "validation_loss", "validation_accuracy")
    )


def main(kills: int = KILLS, seed: int = SEED, short: bool = False) -> None:
    """Run the campaign and write the result."""
    os.environ["MNIST_DASH_SLOTS"] = str(SLOTS)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        settings = replace(Settings.from_environment(os.environ), home=home, offline=True)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        with open_database(settings) as database:
            queue.submit(database, spec_of(0, short))
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            campaign = Campaign(home, page, database, seed, short)
            campaign.submitted = 1
            while len(campaign.killed) < kills:
                campaign.keep_busy()
                campaign.visit()
                campaign.strike()
                print(f"\r{len(campaign.killed)} of {kills} kills", end="", file=sys.stderr, flush=True)
            campaign.leave()
            campaign.await_until(lambda: not any(run.state.active for run in runs_of(database)), DEADLINE)
            disturbed = runs_of(database)
            calm = queue.submit(database, spec_of(0, short))
            campaign.await_until(lambda: not any(run.state.active for run in runs_of(database)), DEADLINE)
            faults = [fault for run in runs_of(database) if (fault := fault_of(database, run))]
            apart = difference(epochs_of(database, min(run.id for run in disturbed)), epochs_of(database, calm.id))
            browser.close()
            # Without a server nobody asks for a supervisor any more.
            campaign.web.terminate()
            campaign.web.wait()
            ended = time.monotonic()
            for pid in campaign.supervisors() if short else ():
                os.kill(pid, signal.SIGTERM)
            while campaign.processes():
                assert time.monotonic() - ended < IDLE + 60, campaign.processes()
                time.sleep(1)
            ((integrity,),) = campaign.query("PRAGMA integrity_check")
            attempts = {run.id: run.attempt for run in disturbed}
    result = {
        "seed": seed,
        "kills": len(campaign.killed),
        "kills_by_target": Counter(kill["target"] for kill in campaign.killed),
        "run_killed_while": Counter(kill["phase"] for kill in campaign.killed if kill["target"] == "run"),
        "visitors": campaign.visits,
        "runs": len(disturbed),
        "runs_done": sum(run.state is State.DONE for run in disturbed),
        "processes_of_runs": sum(attempts.values()),
        "faults": faults,
        "largest_difference_to_undisturbed": apart,
        "attempts_of_the_compared_run": attempts[min(attempts)],
        "integrity": integrity,
        "processes_left": len(campaign.processes()),
        "seconds_until_the_supervisor_ended": time.monotonic() - ended,
        "seconds": time.monotonic() - started,
    }
    if short or kills < KILLS or seed != SEED:
        print(json.dumps(result, indent=2))
    else:
        record.write("faults", result)
    assert not faults, faults
    assert apart == 0.0, apart
    assert integrity == "ok", integrity


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word != "--short"]
    kills, seed = [*numbers, *(KILLS, SEED)[len(numbers) :]]
    main(kills, seed, short="--short" in sys.argv)
