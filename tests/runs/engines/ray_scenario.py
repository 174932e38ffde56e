"""What happens to runs on a real Ray cluster, told as one object of JSON; run in `ray_cluster.ISOLATED`."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import requests

from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queries, queue
from mnist_dash.runs.engines import cluster as cluster_state
from mnist_dash.runs.engines import ray_jobs
from mnist_dash.runs.engines.ray import name_job
from mnist_dash.runs.engines.ray_jobs import RayJobs
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.supervisor import Supervisor, supervise
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests import postgres
from tests.awaiting import deadline, until
from tests.runs.engines.ray_cluster import ADDRESS, TOKEN, VARIABLES, Cluster

SET = "brought"
"""The set that all runs learn from; on PostgreSQL nobody but the web server's home has it."""
SPEC = RunSpec.of("custom", SET, layers="average 4, flatten", epochs=2, batch_size=50)
LONG = replace(SPEC, epochs=60, batch_size=10)
"""Long enough to be caught in its course."""


class Scenario:
    """A home whose runs go to the cluster, and what was seen of it so far."""

    def __init__(self, settings: Settings, database: Database, cluster: Cluster) -> None:
        """Begin with no node."""
        self.settings, self.database, self.cluster = settings, database, cluster
        self.supervisor, self.jobs = Supervisor(settings, database), RayJobs(ADDRESS)
        self.seen: dict[str, object] = {}

    def until(self, look: Callable[[], object]) -> None:
        """Let the supervisor do its work until `look` is true."""

        def tick() -> object:
            self.supervisor.tick()
            return look()

        until(tick)

    def run(self, run: Run) -> Run:
        """The run as it is now."""
        return queries.run_of(self.database, run.id)

    def finish(self, *runs: Run) -> None:
        """Wait for the ends of runs."""
        self.until(lambda: not any(self.run(run).state.active for run in runs))

    def says(self) -> str:
        """Why runs wait, as the page tells it."""
        return cluster_state.explain_waiting(self.settings, queries.runs_of(self.database)) or ""

    def figures(self, run: Run) -> list[object]:
        """All that a run has found out, without the seconds that it took."""
        epochs = [asdict(replace(epoch, seconds=0.0)) for epoch in queries.epochs_of(self.database, run.id)]
        score = self.run(run).score
        return [epochs, asdict(score) if score else None]

    def tell(self, *runs: Run) -> list[object]:
        """State, attempt, number of epochs and reason of each."""
        now = [self.run(run) for run in runs]
        return [[one.state, one.attempt, len(queries.epochs_of(self.database, one.id)), one.reason] for one in now]

    def nodes_of(self, *runs: Run) -> list[str]:
        """The node of each run's job, by Ray's own number."""
        found = (self._get(f"jobs/{name_job(self.run(run))}").get("driver_node_id") for run in runs)
        return [str(node) for node in found]

    def node(self, name: str) -> str:
        """Ray's number of the living node of that name."""
        rows = self._get("v0/nodes")["data"]["result"]["result"]
        return next(str(row["node_id"]) for row in rows if (row["node_name"], row["state"]) == (name, "ALIVE"))

    @staticmethod
    def _get(path: str) -> Any:  # noqa: ANN401 - whatever JSON says
        token = {"Authorization": f"Bearer {TOKEN}"}
        answer = requests.get(f"{ADDRESS}/api/{path}", headers=token, timeout=deadline())
        # A job that has not reached the cluster yet is told of by no JSON.
        return answer.json() if answer.ok else {}


def play(settings: Settings, database: Database, cluster: Cluster) -> dict[str, object]:
    """Everything, in an order in which no node has to be started for its own sake."""
    here = queue.submit(database, SPEC)
    supervise(replace(settings, engine="local"), database, idle=0)
    scene = Scenario(settings, database, cluster)
    seen = scene.seen
    seen["here"] = scene.figures(here)

    first, second = queue.submit_all(database, [SPEC, SPEC])
    scene.supervisor.tick()
    seen["without a head"] = [scene.says(), scene.tell(first)]
    cluster.start("first", 1)
    cluster.start("second", 2)
    _refuse(scene)

    # From here on two nodes are there, and the supervisor is another one at every look.
    scene.until(lambda: len(_ask_nodes(scene)) == 2)
    scene.until(lambda: all(scene.run(run).state is State.RUNNING for run in (first, second)))
    # A job whose run is at work may still wait for Ray to give it its core.
    scene.until(lambda: "None" not in scene.nodes_of(first, second))
    seen["nodes"] = scene.nodes_of(first, second)
    said = set[str]()

    def renew() -> bool:
        scene.supervisor = Supervisor(settings, database)
        scene.supervisor.tick()
        # What the supervisor before it had written may still be of a moment ago, when a job waited for its core.
        said.add(scene.says())
        return not any(scene.run(run).state.active for run in (first, second))

    until(renew)
    seen["two nodes say"] = sorted(said)
    seen["renewed"] = scene.tell(first, second)
    seen["there"] = [scene.figures(first), scene.figures(second)]

    _lose_node(scene)
    _wait_for_others(scene)
    _lose_head(scene)
    return seen


def _ask_nodes(scene: Scenario) -> tuple[str, ...]:
    state = cluster_state.read_state(scene.settings)
    return state.nodes if state and not state.trouble else ()


def _refuse(scene: Scenario) -> None:
    """Somebody with another token, and with none."""
    until(_answers)

    def is_refused(word: str) -> bool:
        Supervisor(scene.settings, scene.database).tick()
        return word in scene.says()

    for name, token, word in (("another token", "0" * 32, "refuses the"), ("no token", "", "wants a")):
        os.environ["RAY_AUTH_TOKEN"] = token
        os.environ["RAY_AUTH_TOKEN_PATH"] = os.devnull
        # Until the head has begun it may not answer in time.
        until(partial(is_refused, word))
        scene.seen[name] = scene.says()
    os.environ["RAY_AUTH_TOKEN"] = TOKEN


def _answers() -> bool:
    try:
        return requests.get(f"{ADDRESS}/api/version", timeout=deadline()).status_code in (200, 401)
    except requests.RequestException:
        return False


def _lose_node(scene: Scenario) -> None:
    runs = queue.submit_all(scene.database, [LONG, LONG])
    scene.until(lambda: all(scene.run(run).epoch for run in runs))
    lost = scene.node("second")
    at = dict(zip(scene.nodes_of(*runs), runs, strict=True))
    scene.cluster.kill("second")
    scene.seen["epochs before"] = scene.run(at[lost]).epoch
    scene.finish(*runs)
    scene.seen["node lost"] = scene.tell(at[lost])
    scene.seen["undisturbed"] = scene.tell(*(run for run in runs if run is not at[lost]))
    scene.seen["same figures"] = [scene.figures(run) for run in runs]


def _wait_for_others(scene: Scenario) -> None:
    """Somebody else's job has the only core: a run's job waits for it, and is stopped."""
    scene.jobs.submit("of-others", "exec sleep 1000", 1, 1)
    until(lambda: (job := scene.jobs.find("of-others")) and job.status == "RUNNING")
    run, queued = queue.submit_all(scene.database, [SPEC, SPEC])
    scene.until(lambda: "no core is free" in scene.says())
    scene.seen["waits"] = [scene.says(), scene.tell(run, queued)]
    control.stop(scene.database, queued.id)
    control.stop(scene.database, run.id)
    scene.finish(run)
    scene.seen["stopped"] = scene.tell(run, queued)
    scene.jobs.submit("of-others-too", "echo It was; echo not to be >&2; exit 3", 0, 0)
    until(lambda: (job := scene.jobs.find("of-others-too")) and job.status == "FAILED")
    scene.seen["words of others"] = scene.jobs.read_logs("of-others-too")
    scene.jobs.stop("of-others")
    until(lambda: (job := scene.jobs.find("of-others")) and job.status == "STOPPED")


def _lose_head(scene: Scenario) -> None:
    run = queue.submit(scene.database, LONG)
    scene.until(lambda: scene.run(run).epoch)
    scene.cluster.kill("first")
    scene.until(lambda: "cannot be reached" in scene.says())
    scene.seen["head away"] = [scene.says(), scene.tell(run)]
    scene.cluster.start("first", 1)
    scene.finish(run)
    scene.seen["head back"] = scene.tell(run)
    scene.seen["head back figures"] = scene.figures(run)


def main(home: Path, data: Path) -> None:
    """Play it with what stands in `home`, on PostgreSQL where it is installed."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    programs = postgres.find_programs()
    server = postgres.Server(programs) if programs else None
    url = {"MNIST_DASH_DB": server.make_database()} if server else {}
    # A head that has much to do is waited for; one that is away says so at once.
    ray_jobs.PATIENCE = deadline(), deadline()
    os.environ.update(VARIABLES | url | {"MNIST_DASH_HOME": str(home), "MNIST_DASH_DATA": str(data)})
    settings = Settings(home, data, url.get("MNIST_DASH_DB"), f"ray:{ADDRESS}", offline=True, slots=4)
    with tempfile.TemporaryDirectory(prefix="ray-") as folder:
        cluster = Cluster(Path(folder), home if server else None)
        try:
            with open_database(settings) as database:
                named_sets.save(settings, SET, open_dataset(settings))
                seen = play(settings, database, cluster)
                seen["homes with the set"] = [
                    (Path(folder) / f"home-{node}" / "sets" / SET / "shared.json").exists()
                    for node in ("first", "second")
                ]
        finally:
            for log in Path(folder).glob("*.log"):
                sys.stderr.write(f"{log.name}: {log.read_text(errors='replace')[-1500:]}\n")
            for name in cluster.names:
                cluster.kill(name)
            if server:
                server.close()
    sys.stdout.write(json.dumps(seen | {"database": "PostgreSQL" if server else "SQLite"}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
