"""The fault campaign: processes are killed at random moments, and nothing may be lost.

`python -m benchmarks.faults [KILLS [SEED]]`. The web process, the supervisor and the processes of runs get SIGKILL at
random moments, KILLS times (60 unless told otherwise): one of them, the first two at once, or all of them, as when a
machine loses its power. Meanwhile a browser watches a run at work, or shows one that has ended and asks for nothing, or
nobody visits at all; nobody does either while the last runs end. The server alone brings its supervisor back.
Afterwards every run must be done with every epoch exactly once, every batch of them recorded, the database whole, no
process left once the supervisor had nothing to do, and the figures of each epoch the very ones of a run that nobody
disturbed. The result is recorded where the campaign was a whole one, with SEED 0; `--short` trains short runs, and ends
the supervisor instead of waiting until it ends by itself. `benchmarks.cluster_faults` does the like to a cluster.
"""

import json
import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from playwright.sync_api import sync_playwright

from benchmarks import record
from benchmarks.campaign import KILLS, SEED, SLOTS, Campaign
from mnist_dash.runs.supervisor import IDLE
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS


class LocalCampaign(Campaign):
    """Runs are processes of this machine, and the database is a file."""

    targets: ClassVar = {"run": 4, "supervisor": 2, "web": 2, "web and supervisor": 2, "spare": 1, "everything": 2}

    def strike_at(self, target: str) -> str | None:
        """Kill all that belongs to it at once; nothing where it does not live or has no death to spare."""
        victims = self.victims_of(target)
        if not victims:
            return None
        phase = self.phase_of(victims[0])
        self.kill(victims)
        return phase

    def victims_of(self, target: str) -> list[int]:
        """The processes to be killed."""
        runs, spared, supervisors, web = self.runs(), self.find_spared(), self.supervisors(), [self.web.pid]
        if target == "run":
            return [self.dice.choice(spared)] if spared else []
        spares = [pid for pid, words in self.processes() if "spare" in words and pid not in runs]
        # All of the runs, so that none goes on: only where each of them has a death to spare.
        everything = [*web, *supervisors, *spares, *runs] if sorted(runs) == sorted(spared) else []
        at_once = [*web, *supervisors] if supervisors else []
        alone = {"supervisor": supervisors, "web": web, "spare": spares if len(runs) == len(spared) else []}
        return {**alone, "web and supervisor": at_once, "everything": everything}[target]

    def check_integrity(self) -> str:
        """What SQLite finds in its file, asked as a stranger would; "ok" is nothing."""
        with closing(sqlite3.connect(self.home / "mnist-dash.db", timeout=30)) as connection:
            return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


def main(kills: int = KILLS, seed: int = SEED, short: bool = False) -> None:
    """Run the campaign and write the result."""
    os.environ["MNIST_DASH_SLOTS"] = str(SLOTS)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        settings = replace(Settings.from_environment(os.environ), home=home, offline=True)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        with open_database(settings) as database:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            campaign = LocalCampaign(home, page, database, seed, short=short)
            disturbed = campaign.disturb(kills)
            apart = campaign.measure_difference()
            told = campaign.tell(disturbed)
            browser.close()
            # Without a server nobody asks for a supervisor any more.
            ended = campaign.end(idle=None if short else IDLE)
            integrity = campaign.check_integrity()
    result = {
        "seed": seed,
        **told,
        "largest_difference_to_undisturbed": apart,
        "integrity": integrity,
        "seconds_until_the_supervisor_ended": ended,
        "seconds": time.monotonic() - started,
    }
    if short or kills < KILLS or seed != SEED:
        print(json.dumps(result, indent=2))
    else:
        record.write("faults", result)
    assert not told["faults"], told["faults"]
    assert apart == 0.0, apart
    assert integrity == "ok", integrity


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word != "--short"]
    kills, seed = [*numbers, *(KILLS, SEED)[len(numbers) :]]
    main(kills, seed, short="--short" in sys.argv)
