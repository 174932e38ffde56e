"""From queued to running and to the end: who may take a run, and what becomes of one whose process died."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from mnist_dash.errors import RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.database import Database
from mnist_dash.runs.history import run_of, runs_of
from mnist_dash.runs.journal import Journal
from mnist_dash.runs.records import Run, State
from mnist_dash.settings import Settings
from tests.conftest import Python
from tests.runs.conftest import Take, an_epoch

CLAIM = """
import sys
from pathlib import Path
from mnist_dash.runs.database import open_database
from mnist_dash.runs.queue import claim
from mnist_dash.settings import Settings
database = open_database(Settings(home=Path(sys.argv[1])))
print("ready", flush=True)
sys.stdin.readline()
while run := claim(database, sys.argv[2]):
    print(run.id, run.attempt, run.host, flush=True)
database.close()
"""


def test_a_submitted_run_waits_with_its_spec(database: Database, spec: RunSpec) -> None:
    run = queue.submit(database, spec, "mine")
    assert run == run_of(database, run.id)
    assert (run.spec, run.state, run.name, run.phase) == (spec, State.QUEUED, "mine", "waiting")
    assert (run.attempt, run.epoch, run.seconds, run.started, run.ended) == (0, 0, 0.0, None, None)
    assert not run.stop_requested


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (None, "Dense network"),
        ("", "Dense network"),
        (" \n ", "Dense network"),
        ("  two\n words ", "two words"),
        ("9" * 200, "9" * 80),
    ],
)
def test_a_run_has_a_name_of_one_short_line(database: Database, spec: RunSpec, given: str | None, name: str) -> None:
    assert queue.submit(database, spec, given).name == name


def test_the_oldest_queued_run_is_claimed_first(database: Database, spec: RunSpec) -> None:
    submitted = [queue.submit(database, spec).id for _ in range(3)]
    claimed = [queue.claim(database, "here") for _ in range(4)]
    assert [run.id if run else None for run in claimed] == [*submitted, None]


def test_a_claimed_run_is_running_on_its_host_at_its_first_attempt(run: Run) -> None:
    assert (run.state, run.host, run.attempt, run.phase) == (State.RUNNING, "here", 1, "starting")


def test_a_run_can_be_claimed_by_its_number_once(database: Database, spec: RunSpec) -> None:
    first, second = queue.submit(database, spec), queue.submit(database, spec)
    claimed = queue.claim(database, "here", second.id)
    assert claimed is not None
    assert claimed.id == second.id
    assert queue.claim(database, "there", second.id) is None
    assert queue.claim(database, "there", 99) is None
    assert run_of(database, first.id).state is State.QUEUED


def test_threads_claim_every_run_exactly_once(database: Database, spec: RunSpec) -> None:
    submitted = [queue.submit(database, spec).id for _ in range(20)]
    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(lambda host: queue.claim(database, str(host)), range(25)))
    assert sorted(run.id for run in claimed if run) == submitted


def test_processes_claim_every_run_exactly_once(
    settings: Settings, database: Database, spec: RunSpec, python: Python
) -> None:
    submitted = [queue.submit(database, spec).id for _ in range(20)]
    claimers = [python(CLAIM, str(settings.home), host) for host in ("one", "two")]
    for claimer in claimers:
        assert claimer.stdout is not None
        assert claimer.stdout.readline() == b"ready\n"
    for claimer in claimers:
        assert claimer.stdin is not None
        claimer.stdin.write(b"\n")
        claimer.stdin.flush()
    lines = [line.split() for claimer in claimers for line in _said(claimer)]
    assert sorted(int(line[0]) for line in lines) == submitted
    assert {int(line[1]) for line in lines} == {1}
    assert [run.host for run in runs_of(database)] == [line[2] for line in sorted(lines, key=lambda x: -int(x[0]))]


def _said(process: "subprocess.Popen[bytes]") -> list[str]:
    said, complaints = process.communicate(timeout=30)
    assert (process.returncode, complaints) == (0, b"")
    return said.decode().splitlines()


def test_a_queued_run_stops_at_once(database: Database, spec: RunSpec) -> None:
    run = queue.request_stop(database, queue.submit(database, spec).id)
    assert run.state is State.STOPPED
    assert run.ended is not None
    assert queue.claim(database, "here") is None


def test_a_running_run_is_asked_to_stop(database: Database, run: Run) -> None:
    asked = queue.request_stop(database, run.id)
    assert (asked.state, asked.stop_requested) == (State.RUNNING, True)
    assert queue.request_stop(database, run.id) == asked


@pytest.mark.parametrize("state", [State.DONE, State.STOPPED])
def test_an_ended_run_cannot_be_stopped(database: Database, run: Run, journal: Journal, state: State) -> None:
    journal.end(state, {}, None)
    words = f"Run {run.id} is {state} already; only a queued or running one can be stopped."
    with pytest.raises(RunError, match=f"^{re.escape(words)}$"):
        queue.request_stop(database, run.id)
    assert not run_of(database, run.id).stop_requested


@pytest.mark.parametrize("number", [0, 7, 2**31, 2**63, 10**30])
def test_a_run_that_is_not_there_cannot_be_stopped(database: Database, number: int) -> None:
    with pytest.raises(RunError, match=f"There is no run {number}"):
        queue.request_stop(database, number)


def test_stopping_one_run_leaves_the_others_alone(database: Database, spec: RunSpec, run: Run) -> None:
    waiting = queue.submit(database, spec)
    queue.request_stop(database, run.id)
    assert run_of(database, waiting.id) == waiting


def test_a_run_whose_process_died_is_queued_again_with_the_reason(database: Database, run: Run) -> None:
    buried = queue.bury(database, run.id, run.attempt, "Its process was killed.")
    assert (buried.state, buried.phase) == (State.QUEUED, "waiting")
    assert buried.reason == (
        "Its process was killed. No epoch had been finished. The run was queued again, to go on from there."
    )
    again = queue.claim(database, "here")
    assert again is not None
    assert (again.id, again.attempt, again.reason) == (run.id, 2, buried.reason)


def test_finished_epochs_are_named_as_kept(database: Database, run: Run, journal: Journal) -> None:
    journal.epoch(an_epoch(1), b"model")
    reason = queue.bury(database, run.id, run.attempt, "Its process was killed.").reason
    assert reason is not None
    assert "Epoch 1 and all before it are kept." in reason


def test_the_third_death_within_an_epoch_gives_the_run_up(database: Database, take: Take) -> None:
    for _ in range(queue.MOST_DEATHS - 1):
        run = take()
        assert queue.bury(database, run.id, run.attempt, "Dead.").state is State.QUEUED
    run = take()
    given_up = queue.bury(database, run.id, run.attempt, "Dead.")
    assert (given_up.state, given_up.attempt, given_up.phase) == (State.FAILED, 3, "")
    assert given_up.ended is not None
    assert given_up.reason is not None
    assert "This was death 3 in the same epoch, so it was given up." in given_up.reason


def test_a_finished_epoch_forgives_the_deaths_before_it(database: Database, take: Take) -> None:
    for _ in range(queue.MOST_DEATHS - 1):
        run = take()
        queue.bury(database, run.id, run.attempt, "Dead.")
    run = take()
    Journal(database, run).epoch(an_epoch(1), b"model")
    for _ in range(queue.MOST_DEATHS - 1):
        assert queue.bury(database, run.id, run.attempt, "Dead.").state is State.QUEUED
        run = take()
    assert queue.bury(database, run.id, run.attempt, "Dead.").state is State.FAILED
    assert run.attempt == 5


def test_a_run_that_died_when_it_was_asked_to_stop_is_stopped(database: Database, run: Run) -> None:
    queue.request_stop(database, run.id)
    buried = queue.bury(database, run.id, run.attempt, "Its process was killed.")
    assert (buried.state, buried.reason) == (State.STOPPED, "Its process was killed. No epoch had been finished.")
    assert buried.ended is not None


def test_the_death_of_an_earlier_attempt_changes_nothing(database: Database, run: Run, take: Take) -> None:
    queue.bury(database, run.id, run.attempt, "Dead.")
    again = take()
    assert again.id == run.id
    assert queue.bury(database, run.id, run.attempt, "Dead again.") == again


def test_an_ended_run_cannot_die(database: Database, run: Run, journal: Journal) -> None:
    journal.end(State.DONE, {}, None)
    buried = queue.bury(database, run.id, run.attempt, "Dead.")
    assert (buried.state, buried.reason) == (State.DONE, None)
