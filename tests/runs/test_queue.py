"""Who is next in the queue, who may take a run, and what becomes of one whose process died."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from mnist_dash.errors import RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import epochs_of, run_of, runs_of, waiting_runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Run, State
from mnist_dash.store.database import Database
from tests.awaiting import deadline
from tests.conftest import Python
from tests.runs.conftest import SITUATIONS, Bring, Take, an_epoch

pytestmark = pytest.mark.both_databases

CLAIM = """
import os
import sys
from mnist_dash.store.database import open_database
from mnist_dash.runs.queue import claim
from mnist_dash.settings import Settings
database = open_database(Settings.from_environment(os.environ))
print("ready", flush=True)
sys.stdin.readline()
while run := claim(database, sys.argv[1]):
    print(run.id, run.attempt, run.host, flush=True)
database.close()
"""


def test_a_submitted_run_waits_with_its_spec(database: Database, spec: RunSpec) -> None:
    run = queue.submit(database, spec, "mine")
    assert run == run_of(database, run.id)
    assert (run.spec, run.state, run.name, run.phase) == (spec, State.QUEUED, "mine", "waiting")
    assert (run.attempt, run.epoch, run.seconds, run.started, run.ended) == (0, 0, 0.0, None, None)
    assert not run.stop_requested
    assert (run.host, run.best, run.pause_at, run.tags) == (None, None, None, ())
    assert queue.submit(database, spec, pause_at=1).pause_at == 1


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (None, "Dense network"),
        ("", "Dense network"),
        (" \n ", "Dense network"),
        ("  two\n words ", "two words"),
        ("9" * 200, "9" * 80),
        ("a\0b", "a\ufffdb"),
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


def test_processes_claim_every_run_exactly_once(database: Database, spec: RunSpec, python: Python) -> None:
    submitted = [queue.submit(database, spec).id for _ in range(20)]
    claimers = [python(CLAIM, host) for host in ("one", "two")]
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
    said, complaints = process.communicate(timeout=deadline())
    assert (process.returncode, complaints) == (0, b"")
    return said.decode().splitlines()


def test_the_next_run_in_line_is_claimed_whatever_its_number(database: Database, spec: RunSpec) -> None:
    one, two, three = (queue.submit(database, spec).id for _ in range(3))
    queue.move(database, three, -2)
    assert [run.id for run in waiting_runs_of(database)] == [three, one, two]
    assert [run.id for run in iter(lambda: queue.claim(database, "here"), None)] == [three, one, two]


@pytest.mark.parametrize(
    ("which", "places", "order"),
    [
        (0, 1, [1, 0, 2, 3]),
        (0, 99, [1, 2, 3, 0]),
        (3, -1, [0, 1, 3, 2]),
        (3, -99, [3, 0, 1, 2]),
        (1, 2, [0, 2, 3, 1]),
        (2, 0, [0, 1, 2, 3]),
        (0, -1, [0, 1, 2, 3]),
    ],
)
def test_a_waiting_run_moves_up_and_down_the_queue(
    database: Database, spec: RunSpec, which: int, places: int, order: list[int]
) -> None:
    ids = [queue.submit(database, spec).id for _ in range(4)]
    moved = queue.move(database, ids[which], places)
    assert moved == run_of(database, ids[which])
    assert [run.id for run in waiting_runs_of(database)] == [ids[i] for i in order]
    later = queue.submit(database, spec)
    assert waiting_runs_of(database)[-1].id == later.id


def test_moving_looks_past_runs_that_do_not_wait(database: Database, bring: Bring) -> None:
    first, _, _, last = bring("queued"), bring("running"), bring("left"), bring("queued")
    queue.move(database, last.id, -1)
    assert [run.id for run in waiting_runs_of(database)] == [last.id, first.id]


@pytest.mark.parametrize("situation", [name for name in SITUATIONS if name not in ("queued", "interrupted")])
def test_only_a_waiting_run_has_a_place_in_the_queue(database: Database, bring: Bring, situation: str) -> None:
    run = bring(situation)
    words = f"Run {run.id} is {run.state}; only a waiting run has a place in the queue."
    with pytest.raises(RunError, match=f"^{re.escape(words)}$"):
        queue.move(database, run.id, 1)
    assert run_of(database, run.id) == run
    with pytest.raises(RunError, match="There is no run 99"):
        queue.move(database, 99, 1)


def test_a_run_that_was_interrupted_keeps_its_place(database: Database, bring: Bring) -> None:
    first, second = bring("interrupted"), bring("queued")
    assert [run.id for run in waiting_runs_of(database)] == [first.id, second.id]


@pytest.mark.parametrize("situation", [name for name in SITUATIONS if name not in ("queued", "interrupted")])
def test_only_a_queued_run_is_claimed(database: Database, bring: Bring, situation: str) -> None:
    run = bring(situation)
    assert queue.claim(database, "there") is None
    assert queue.claim(database, "there", run.id) is None
    assert run_of(database, run.id) == run


def test_a_run_whose_process_died_is_queued_again_with_the_reason(database: Database, run: Run) -> None:
    buried = queue.mark_dead(database, run.id, run.attempt, "Its process was killed.")
    assert (buried.state, buried.phase, buried.host) == (State.QUEUED, "waiting", None)
    assert buried.reason == (
        "Its process was killed. No epoch had been finished. The run was queued again, to go on from there."
    )
    again = queue.claim(database, "here")
    assert again is not None
    assert (again.id, again.attempt, again.reason) == (run.id, 2, buried.reason)


def test_finished_epochs_are_named_as_kept(database: Database, run: Run, recorder: RunRecorder) -> None:
    recorder.epoch(an_epoch(1), b"model")
    reason = queue.mark_dead(database, run.id, run.attempt, "Its process was killed.").reason
    assert reason is not None
    assert "Epoch 1 and all before it are kept." in reason


def test_the_third_death_within_an_epoch_gives_the_run_up(database: Database, take: Take) -> None:
    for _ in range(queue.MOST_DEATHS - 1):
        run = take()
        assert queue.mark_dead(database, run.id, run.attempt, "Dead.").state is State.QUEUED
    run = take()
    given_up = queue.mark_dead(database, run.id, run.attempt, "Dead.")
    assert (given_up.state, given_up.attempt, given_up.phase, given_up.host) == (State.FAILED, 3, "", None)
    assert given_up.ended is not None
    assert given_up.reason is not None
    assert given_up.reason == (
        "Dead. This was death 3 in the same epoch, so it was given up. No epoch had been finished. Free memory, then "
        "train it further."
    )


def test_a_finished_epoch_forgives_the_deaths_before_it(database: Database, take: Take) -> None:
    for _ in range(queue.MOST_DEATHS - 1):
        run = take()
        queue.mark_dead(database, run.id, run.attempt, "Dead.")
    run = take()
    RunRecorder(database, run).epoch(an_epoch(1), b"model")
    for _ in range(queue.MOST_DEATHS - 1):
        assert queue.mark_dead(database, run.id, run.attempt, "Dead.").state is State.QUEUED
        run = take()
    assert queue.mark_dead(database, run.id, run.attempt, "Dead.").state is State.FAILED
    assert run.attempt == 5
    assert [epoch.epoch for epoch in epochs_of(database, run.id)] == [1]


def test_a_run_that_died_when_it_was_asked_to_stop_is_stopped(database: Database, bring: Bring) -> None:
    run = bring("stopping")
    buried = queue.mark_dead(database, run.id, run.attempt, "Its process was killed.")
    assert (buried.state, buried.host, buried.phase) == (State.STOPPED, None, "")
    assert buried.reason == "Its process was killed. Epoch 1 and all before it are kept."
    assert buried.ended is not None


@pytest.mark.parametrize("times", [1, 5])
def test_a_paused_run_whose_process_died_stays_paused(database: Database, bring: Bring, times: int) -> None:
    run = bring("paused")
    for _ in range(times):
        buried = queue.mark_dead(database, run.id, run.attempt, "Its process was killed.")
    assert (buried.state, buried.host, buried.epoch, buried.reason) == (State.PAUSED, None, 1, None)
    resumed = control.resume(database, run.id, 1)
    assert (resumed.state, resumed.pause_at) == (State.QUEUED, None)


def test_a_stopped_run_whose_process_died_while_it_tested_the_model_is_let_go(database: Database, bring: Bring) -> None:
    run = bring("testing")
    assert (run.state, run.host, run.phase) == (State.STOPPED, "here", "testing the model")
    buried = queue.mark_dead(database, run.id, run.attempt, "Its process was killed.")
    assert (buried.state, buried.host, buried.phase, buried.reason) == (State.STOPPED, None, "", None)
    assert not buried.changing


def test_the_death_of_an_earlier_attempt_changes_nothing(database: Database, run: Run, take: Take) -> None:
    queue.mark_dead(database, run.id, run.attempt, "Dead.")
    again = take()
    assert again.id == run.id
    assert queue.mark_dead(database, run.id, run.attempt, "Dead again.") == again


@pytest.mark.parametrize("situation", ["queued", "interrupted", "left", "done", "stopped", "failed"])
def test_a_run_that_no_process_holds_cannot_die(database: Database, bring: Bring, situation: str) -> None:
    run = bring(situation)
    assert queue.mark_dead(database, run.id, run.attempt, "Dead.") == run
