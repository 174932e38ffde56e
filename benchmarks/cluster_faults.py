"""The fault campaign on a Ray cluster and PostgreSQL: nodes, head and database go as well, and nothing may be lost.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.cluster_faults [KILLS [SEED]] [--short]`, as root on Linux: it starts
itself again in a network that has loopback and nothing else, with PostgreSQL, the head, a second node, the app and a
browser, and ends all of them. As in `benchmarks.faults` the processes of runs, the supervisor and the web process get
SIGKILL at random moments. So do the second node or the head, with all that they run, each begun anew after some seconds
as its administrator would, and the second node with the head, which knows it no more; what ran there goes on until
then. The database is shut down, or ends as in a crash, for some seconds. And now and then all of it goes at once.

Afterwards every run must be done with every epoch exactly once and every batch of them recorded, the database whole,
the web server's log without a fault, no process left, and the figures of each epoch the very ones of a run that nobody
disturbed. The result is recorded where the campaign was a whole one, with SEED 0; `--short` trains short runs.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import make_url

from benchmarks import record
from benchmarks.campaign import KILLS, SEED, SLOTS, Campaign
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests import postgres
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, Server
from tests.runs.engines.ray_cluster import ADDRESS, ISOLATED, VARIABLES, Cluster

INSIDE = "--inside"
HEAD, SECOND = "first", "second"
PATIENCE = 120_000
"""Milliseconds that a page may take, where two cores start a cluster anew beside it."""


class ClusterCampaign(Campaign):
    """Runs are jobs of a cluster of two nodes, each with a home of its own, and the database is PostgreSQL."""

    targets: ClassVar = {
        **{"run": 4, "supervisor": 2, "web": 2, "web and supervisor": 1},
        **{"node": 2, "head": 2, "database": 3, "everything": 1},
    }

    def __init__(
        self,
        home: Path,
        page: Page,
        database: Database,
        seed: int,
        cluster: Cluster,
        store: postgres.Server,
        *,
        short: bool,
    ) -> None:
        """Start everything."""
        self.cluster, self.store = cluster, store
        self.start_nodes()
        super().__init__(home, page, database, seed, short=short)

    def strike_at(self, target: str) -> str | None:
        """Let that go, and come back after a while; nothing where runs have no death to spare for it."""
        spared, supervisors, web = self.find_spared(), self.supervisors(), [self.web.pid]
        if target == "database":
            self.lose_database()
            return ""
        if target == "run":
            chosen = [self.dice.choice(spared)] if spared else []
        elif target in ("supervisor", "web", "web and supervisor"):
            both = [*web, *supervisors] if supervisors else []
            chosen = {"supervisor": supervisors, "web": web, "web and supervisor": both}[target]
        else:
            return self.lose_machines(target) if self.can_lose_all() else None
        phase = self.phase_of(chosen[0]) if chosen else None
        self.kill(chosen)
        return phase

    def lose_database(self) -> None:
        """Let it be away for a while."""
        self.dice.choice([self.store.stop, self.store.crash])()
        self.pause()
        self.store.start()

    def lose_machines(self, target: str) -> str:
        """Let a node, the head or all that there is be away for a while."""
        if target == "node":
            self.cluster.kill(SECOND)
            self.pause()
            self.cluster.start(SECOND, 2)
        elif target == "head":
            self.cluster.kill(HEAD)
            self.pause()
            # The second node is of a cluster that is no more.
            self.cluster.kill(SECOND)
            self.start_nodes()
        else:
            self.store.crash()
            for node in (SECOND, HEAD):
                self.cluster.kill(node)
            # The page is served again while there is nothing that it could show.
            self.kill([*self.supervisors(), self.web.pid])
            self.pause()
            self.store.start()
            self.start_nodes()
        return ""

    def start_nodes(self) -> None:
        """Start the head and the second node, which finds it when it is ready."""
        self.cluster.start(HEAD, 1)
        self.cluster.start(SECOND, 2)


def main(kills: int, seed: int, *, short: bool) -> None:
    """Run the campaign inside a network of its own, and write the result."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    programs = postgres.find_programs()
    if programs is None or not (programs / "pg_amcheck").exists():
        sys.exit("PostgreSQL is not installed, or older than 14, which has no pg_amcheck.")
    with closing(postgres.Server(programs)) as store, tempfile.TemporaryDirectory(prefix="ray-") as folder:
        result = measure(Path(folder), store, kills, seed, short=short)
    if short or kills < KILLS or seed != SEED:
        print(json.dumps(result, indent=2))
    else:
        record.write("cluster_faults", result)
    wrong = {name: result[name] for name in ("faults", "server_faults") if result[name]}
    assert not wrong, wrong
    assert result["largest_difference_to_undisturbed"] == 0.0, result["largest_difference_to_undisturbed"]
    assert result["integrity"] == "ok", result["integrity"]


def measure(folder: Path, store: postgres.Server, kills: int, seed: int, *, short: bool) -> dict[str, object]:
    """What was killed, and what became of the runs."""
    home, url, started = folder / "home", store.make_database(), time.monotonic()
    home.mkdir()
    told = {"MNIST_DASH_HOME": str(home), "MNIST_DASH_DB": url, "MNIST_DASH_ENGINE": f"ray:{ADDRESS}"}
    os.environ.update(VARIABLES | told | {"MNIST_DASH_SLOTS": str(SLOTS), "MNIST_DASH_OFFLINE": "1"})
    cluster = Cluster(folder, home, bound=True)
    with sync_playwright() as playwright, open_database(Settings.from_environment(os.environ)) as database:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE)
        try:
            campaign = ClusterCampaign(home, page, database, seed, cluster, store, short=short)
            disturbed = campaign.disturb(kills)
            apart = campaign.measure_difference()
            result = campaign.tell(disturbed)
            browser.close()
            campaign.end(idle=None)
        finally:
            for name in cluster.names:
                cluster.kill(name)
        server = Server(campaign.make_address(""), campaign.web.pid, home, campaign.log)
        integrity = store.check_integrity(str(make_url(url).database))
    return {
        "seed": seed,
        **result,
        "server_faults": server.faults(),
        "largest_difference_to_undisturbed": apart,
        "integrity": integrity,
        "seconds": time.monotonic() - started,
    }


if __name__ == "__main__":
    words = sys.argv[1:]
    if INSIDE in words:
        numbers = [int(word) for word in words if not word.startswith("--")]
        kills, seed = [*numbers, *(KILLS, SEED)[len(numbers) :]]
        main(kills, seed, short="--short" in words)
    else:
        line = [sys.executable, "-m", "benchmarks.cluster_faults", *words, INSIDE]
        sys.exit(subprocess.run([*ISOLATED, *line], check=False).returncode)
