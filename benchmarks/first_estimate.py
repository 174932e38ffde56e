"""What a run is said to take before this machine has done any, and what it then takes.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.first_estimate`. In a new home a process gets ready, as when somebody looks
at Train, and times some batches; then runs of EPOCHS are trained one after the other. Once with nothing else at work,
and once beside a process for each core that computes all the time. `calculated` are the seconds that would be promised
of a machine that nobody has timed, `promised` those at the pace that was found, and `took` those of the run.
"""

import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import record
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process, queue
from mnist_dash.runs.estimate import estimate_cost
from mnist_dash.runs.pace import read_first_pace
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.records import State
from mnist_dash.runs.supervisor import supervise
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database

EPOCHS = {"fast": 2, "cnn": 2, "dense_128": 5, "mlp_900": 2, "tiny": 2, "champion": 1}
GLANCE = 0.2


def time_machine(settings: Settings) -> float:
    """The pace that a process finds while it gets ready for a run."""
    ready = process.start(process.make_command("spare"), process.spare_log(settings), told=True)
    try:
        while (pace := read_first_pace(settings)) is None:
            assert ready.poll() is None, process.spare_log(settings).read_text()
            time.sleep(GLANCE)
    finally:
        ready.kill()
        ready.communicate()
    return pace


def compare(settings: Settings, database: Database, pace: float, method: str) -> Mapping[str, float]:
    """What a run was said to take, and what it took."""
    queued = queue.submit(database, RunSpec.of(method, "mnist", epochs=EPOCHS[method]))
    supervise(settings, database, idle=0)
    run = run_of(database, queued.id)
    assert run.state is State.DONE, run.reason
    assert run.train_images
    assert run.seconds
    calculated, promised = (
        estimate_cost(run.spec, run.train_images, known, process.read_memory()) for known in (None, pace)
    )
    assert calculated
    assert promised
    found = {
        **{"calculated": round(calculated.seconds, 1), "promised": round(promised.seconds, 1)},
        **{"took": round(run.seconds, 1), "took_over_calculated": round(run.seconds / calculated.seconds, 2)},
        "took_over_promised": round(run.seconds / promised.seconds, 2),
    }
    print(" ", method, found, flush=True)
    return found


def measure() -> Mapping[str, object]:
    """The pace that is found, and all runs in a new home."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNIST_DASH_HOME", folder)
        settings = replace(Settings.from_environment(os.environ), home=Path(folder), slots=1, offline=True).prepare()
        pace = time_machine(settings)
        print(f"Pace {pace:.2f}", flush=True)
        with open_database(settings) as database:
            runs = {method: compare(settings, database, pace, method) for method in EPOCHS}
    return {"pace": round(pace, 2), "runs": runs}


@contextmanager
def at_work(processes: int) -> Iterator[None]:
    """So many processes compute meanwhile."""
    computing = [multiprocessing.get_context("spawn").Process(target=compute, daemon=True) for _ in range(processes)]
    for one in computing:
        one.start()
    try:
        yield
    finally:
        for one in computing:
            one.kill()
            one.join()


def compute() -> None:
    """Take all of a core, for ever."""
    while True:
        sum(range(10_000))


def main() -> None:
    """Measure and write the result."""
    quiet = measure()
    with at_work(os.cpu_count() or 1):
        busy = measure()
    record.write("first_estimate", {"quiet": quiet, "busy": busy})


if __name__ == "__main__":
    main()
