"""Commands that are the processes of runs: the supervisor, and what it starts."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from mnist_dash.cli.terminal import say
from mnist_dash.cli.training import report
from mnist_dash.errors import RunError
from mnist_dash.runs import process, supervisor
from mnist_dash.runs.pace import note_first_pace
from mnist_dash.runs.queries import waiting_runs_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database

ABSENCE = 3_600.0
"""Seconds for which a run or sweep at work waits for a database whose server has gone: a machine restarts in less."""
READY = "Ready for a run."


def describe(add: Callable[..., ArgumentParser]) -> None:
    """Add the commands and their arguments."""
    single = add("run", run, "work on one queued run in this process")
    single.add_argument("run", type=int, metavar="ID")
    single.add_argument("--attempt", type=int, metavar="N", help="the attempt under which a supervisor claimed it")
    add("spare", spare, "load TensorFlow, and work on the run that standard input then names")
    watching = add("worker", worker, "start queued runs, in the foreground")
    watching.add_argument("--idle", type=float, default=float("inf"), metavar="SECONDS", help="end after so long idle")


def run(settings: Settings, asked: Namespace) -> None:
    """Work on one run in this process."""
    from mnist_dash.training.attempt import execute

    # A supervisor has just claimed the attempt there: a server that has gone since is waited for, as later.
    with open_database(settings, ABSENCE, known=asked.attempt is not None) as database:
        done = execute(settings, database, asked.run, asked.attempt)
        if asked.attempt is not None and not settings.cluster and waiting_runs_of(database):
            # The supervisor that started this run may have died meanwhile, with others still waiting. A node of a
            # cluster is not its machine.
            supervisor.ensure(settings)
    report(done, asked.json)


def spare(settings: Settings, asked: Namespace) -> None:
    """Be ready for a run, and work on it once standard input names it and its attempt; where that ends, end."""
    from mnist_dash.training import ready

    note_first_pace(settings, ready.load())
    say(READY)
    sys.stdout.flush()
    order = sys.stdin.readline().split()
    if order:
        run_id, attempt = map(int, order)
        process.turn_to(process.run_log(settings, run_id), process.spare_log(settings))
        run(settings, Namespace(run=run_id, attempt=attempt, json=asked.json))


def worker(settings: Settings, asked: Namespace) -> None:
    """Start queued runs, in the foreground."""
    with open_database(settings) as database:
        alone = supervisor.supervise(settings, database, asked.idle)
    if not alone:
        raise RunError(f"A worker for {settings.home} is at work already; one is enough. Nothing was started.")
