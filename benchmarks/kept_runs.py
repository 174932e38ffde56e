"""Runs that stay in a home, so that what was cut off goes on with the first run that was not done."""

import sys

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.records import Run, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.training.attempt import execute


def train(settings: Settings, database: Database, spec: RunSpec) -> Run:
    """The run with that spec, which is trained here unless it has been."""
    done: Run | None = next((run for run in runs_of(database, State.DONE) if run.spec == spec), None)
    if done is None:
        print(spec.method, spec.data, spec.seed, file=sys.stderr)
        done = run_of(database, execute(settings, database, queue.submit(database, spec).id, None).id)
    assert done.state is State.DONE, done.reason
    return done
