"""Whether runs on a Ray cluster end sooner with two nodes than with one, with the figures of this machine.

`python -m benchmarks.ray_nodes [--runs N] [--epochs N]`, as root on Linux: it starts itself again in a network that has
loopback and nothing else, with PostgreSQL and two nodes, each bound to a core of its own, and ends all of them. Runs of
one spec with seeds of their own are done by one node and then by two; one of them by the local engine, too, on one core
as well, since on another number of them sums come out otherwise in their last digits. In the end a node is killed in
the course of two more runs. The digits are the generator's, so that nothing has to be there. The result is recorded
where as many runs and epochs were asked for as by default.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from benchmarks import record
from mnist_dash.data.generator.writers import generate
from mnist_dash.errors import EngineError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.engines.ray_jobs import RayJobs
from mnist_dash.runs.queries import epochs_of, run_of
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.supervisor import TICK, Supervisor, supervise
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests import postgres
from tests.data.samples import write_npz
from tests.runs.engines.ray_cluster import ADDRESS, ISOLATED, VARIABLES, Cluster

RUNS, EPOCHS, IMAGES = 16, 3, 4_000
MOST = 0.62
"""Two nodes take at most this share of what one takes."""
INSIDE = "--inside"


def main(runs: int, epochs: int) -> None:
    """Measure everything inside a network of its own, and write it down where all runs were asked for."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    programs = postgres.find_programs()
    if programs is None:
        sys.exit("PostgreSQL is not installed.")
    server = postgres.Server(programs)
    try:
        with tempfile.TemporaryDirectory(prefix="ray-") as folder:
            result = measure(Path(folder), server.make_database(), runs, epochs)
    finally:
        server.close()
    if (runs, epochs) == (RUNS, EPOCHS):
        record.write("ray_nodes", result)
    else:
        print(json.dumps(result, indent=2))


def measure(folder: Path, url: str, runs: int, epochs: int) -> dict[str, object]:
    """Seconds with one node and with two, whether figures agree, and what a killed node cost."""
    home, data = folder / "home", folder / "mnist.npz"
    write_npz(data, generate(IMAGES, 0), generate(IMAGES // 4, 1))
    told = {"MNIST_DASH_HOME": str(home), "MNIST_DASH_DATA": str(data), "MNIST_DASH_DB": url}
    os.environ.update(VARIABLES | told)
    settings = Settings(home, data, url, f"ray:{ADDRESS}", slots=runs, offline=True)
    specs = [RunSpec.of("cnn", "mnist", epochs=epochs, seed=seed) for seed in range(runs)]
    cluster = Cluster(folder, bound=True)
    with open_database(settings) as database:
        here = queue.submit(database, specs[0])
        with _on_one_core():
            supervise(replace(settings, engine="local"), database, idle=0)
        try:
            cluster.start("first", 1)
            _await_nodes(1)
            alone, one = _time(settings, database, specs)
            cluster.start("second", 2)
            _await_nodes(2)
            together, two = _time(settings, database, specs)
            lost = _lose(settings, database, cluster, specs[0])
        finally:
            for name in cluster.names:
                cluster.kill(name)
        figures = [_figures(database, run) for run in (here, alone[0], together[0])]
    return {
        **{"runs": runs, "epochs": epochs, "images": IMAGES, "seconds_one_node": one, "seconds_two_nodes": two},
        **{"share": round(two / one, 3), "most": MOST, "holds": two / one <= MOST},
        **{"same_figures": figures[0] == figures[1] == figures[2], "killed_node": lost},
    }


@contextmanager
def _on_one_core() -> Iterator[None]:
    """What this process starts meanwhile computes on the first core alone, as the first node does."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _await_nodes(count: int) -> None:
    jobs = RayJobs(ADDRESS)
    while True:
        with suppress(EngineError):
            if len(jobs.list_nodes()) == count:
                return
        time.sleep(TICK)


def _time(settings: Settings, database: Database, specs: Sequence[RunSpec]) -> tuple[list[Run], float]:
    """Do these runs; the runs and the seconds that passed."""
    began = time.perf_counter()
    runs = queue.submit_all(database, specs)
    _finish(Supervisor(settings, database), database, runs)
    return runs, round(time.perf_counter() - began, 1)


def _finish(supervisor: Supervisor, database: Database, runs: Sequence[Run]) -> None:
    while any(run_of(database, run.id).state.active for run in runs):
        supervisor.tick()
        time.sleep(TICK)
    failed = [run.id for run in runs if run_of(database, run.id).state is not State.DONE]
    if failed:
        sys.exit(f"Runs {failed} failed: {run_of(database, failed[0]).reason}")


def _lose(settings: Settings, database: Database, cluster: Cluster, spec: RunSpec) -> dict[str, object]:
    """Kill a node in the course of two runs of the same spec, one of which nobody disturbs."""
    supervisor = Supervisor(settings, database)
    runs = queue.submit_all(database, [replace(spec, epochs=3 * spec.epochs)] * 2)
    while not all(run_of(database, run.id).epoch for run in runs):
        supervisor.tick()
        time.sleep(TICK)
    cluster.kill("second")
    began = time.perf_counter()
    _finish(supervisor, database, runs)
    ended = [run_of(database, run.id) for run in runs]
    figures = [_figures(database, run) for run in runs]
    return {
        "attempts": sorted(run.attempt for run in ended),
        "epochs_once_each": all(run.epoch == len(epochs_of(database, run.id)) for run in ended),
        "same_figures": figures[0] == figures[1],
        "seconds_to_the_end": round(time.perf_counter() - began, 1),
    }


def _figures(database: Database, run: Run) -> tuple[object, ...]:
    """All that a run has found out, without the seconds that it took."""
    return *(replace(epoch, seconds=0.0) for epoch in epochs_of(database, run.id)), run_of(database, run.id).score


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument(INSIDE, action="store_true", help="this is the network of its own")
    asked = parser.parse_args()
    if asked.inside:
        main(asked.runs, asked.epochs)
    else:
        words = [sys.executable, "-m", "benchmarks.ray_nodes", *sys.argv[1:], INSIDE]
        sys.exit(subprocess.run([*ISOLATED, *words], check=False).returncode)
