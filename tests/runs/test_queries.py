"""What can be read of runs."""

import re

import pytest

from mnist_dash.errors import RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import (
    Cursor,
    batches_after,
    batches_of,
    checkpoint_of,
    epochs_of,
    kept_epochs_of,
    model_at,
    run_of,
    runs_claimed_by,
    runs_of,
    waiting_runs_of,
)
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Answers, Batches, Epoch, EpochDetails, ModelFormat, Run, State
from mnist_dash.store.database import Database
from tests.runs.conftest import SITUATIONS, Bring, Take, an_epoch, some_batches

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("number", [-1, 0, 2, 2**31, 2**63, 10**30])
def test_a_run_that_is_not_there_is_named_with_a_way_to_those_that_are(
    database: Database, run: Run, number: int
) -> None:
    words = f"There is no run {number}. `python -m mnist_dash runs` lists the runs that there are."
    assert run.id == 1
    with pytest.raises(RunError, match=f"^{re.escape(words)}$"):
        run_of(database, number)


def test_runs_are_listed_the_newest_first_and_by_state(database: Database, spec: RunSpec) -> None:
    assert runs_of(database) == []
    ids = [queue.submit(database, spec).id for _ in range(3)]
    queue.claim(database, "here")
    control.stop(database, ids[1])
    assert [run.id for run in runs_of(database)] == ids[::-1]
    assert [run.id for run in runs_of(database, State.RUNNING)] == [ids[0]]
    assert [run.id for run in runs_of(database, State.QUEUED, State.STOPPED)] == [ids[2], ids[1]]
    assert runs_of(database, State.DONE) == []


def test_the_line_holds_waiting_runs_alone(database: Database, bring: Bring) -> None:
    runs = {situation: bring(situation) for situation in SITUATIONS}
    assert [run.id for run in waiting_runs_of(database)] == [runs["queued"].id, runs["interrupted"].id]


def test_a_machine_holds_the_runs_whose_processes_are_there(database: Database, spec: RunSpec, bring: Bring) -> None:
    runs = {situation: bring(situation) for situation in SITUATIONS}
    queue.submit(database, spec)
    queue.claim(database, "another machine", waiting_runs_of(database)[-1].id)
    held = {"running", "pausing", "stopping", "paused", "testing"}
    assert {run.id for run in runs_claimed_by(database, "here")} == {runs[situation].id for situation in held}


@pytest.mark.parametrize(
    "epoch",
    [
        Epoch(1, 0.5, 0.9, None, None, 2.0),
        Epoch(1, 0.5, 0.9, 0.6, 0.8, 2.0),
        Epoch(
            *(1, 0.5, 0.9, 0.6, 0.8, 2.0),
            EpochDetails(
                tuple(tuple(range(i, i + 10)) for i in range(10)),
                Answers((7, 0, 3), (0.9999, 0.5, 1.0)),
                (("dense", 0.25), ("dense_1", 0.0)),
            ),
        ),
    ],
    ids=["nothing held out", "validation", "details"],
)
def test_an_epoch_comes_back_as_it_was_recorded(
    database: Database, run: Run, recorder: RunRecorder, epoch: Epoch
) -> None:
    recorder.epoch(epoch, b"model")
    assert epochs_of(database, run.id) == [epoch]


def test_a_watcher_gets_the_batches_that_it_has_not_seen_yet(
    database: Database, run: Run, recorder: RunRecorder, take: Take
) -> None:
    first = Batches(1, 0, (2.5,), (0.25,), 0.5, 0.01, Answers((7, 1), (0.5, 0.75)))
    assert batches_after(database, run.id, Cursor()) == ([], Cursor())
    recorder.batches(first)
    seen, cursor = batches_after(database, run.id, Cursor())
    assert seen == [first]
    RunRecorder(database, take()).batches(some_batches(1))
    recorder.batches(some_batches(1, step=1))
    seen, later = batches_after(database, run.id, cursor)
    assert seen == [some_batches(1, step=1)]
    assert batches_after(database, run.id, later) == ([], later)
    assert batches_of(database, run.id) == [first, some_batches(1, step=1)]


def test_a_watcher_sees_what_a_new_attempt_records_in_place_of_what_was_deleted(
    database: Database, run: Run, recorder: RunRecorder, take: Take
) -> None:
    """SQLite gives the numbers of deleted rows to new ones."""
    recorder.begin(450, 8)
    for step in (0, 2, 4):
        recorder.batches(some_batches(1, step))
    _, cursor = batches_after(database, run.id, Cursor())
    queue.mark_dead(database, run.id, run.attempt, "Dead.")
    again = RunRecorder(database, take())
    again.begin(450, 8)
    for step in (0, 2):
        again.batches(some_batches(1, step))
        seen, cursor = batches_after(database, run.id, cursor)
        assert seen == [some_batches(1, step)]


def test_each_run_has_its_own_history(database: Database, run: Run, recorder: RunRecorder, take: Take) -> None:
    recorder.epoch(an_epoch(1), b"model")
    other = take()
    assert (epochs_of(database, other.id), batches_of(database, other.id)) == ([], [])
    assert checkpoint_of(database, other.id) is None
    assert checkpoint_of(database, run.id) == b"model"


def test_models_are_found_by_epoch_and_form(database: Database, run: Run, recorder: RunRecorder) -> None:
    recorder.epoch(an_epoch(1, accuracy=0.9), b"one")
    recorder.epoch(an_epoch(2, accuracy=0.8), b"two")
    recorder.answering(2, b"litert")
    assert kept_epochs_of(database, run.id, ModelFormat.KERAS) == [1, 2]
    assert kept_epochs_of(database, run.id, ModelFormat.LITERT) == [2]
    assert model_at(database, run.id, 1, ModelFormat.KERAS) == b"one"
    assert model_at(database, run.id, 2, ModelFormat.LITERT) == b"litert"
    assert model_at(database, run.id, 1, ModelFormat.LITERT) is None
    assert model_at(database, 99, 1, ModelFormat.KERAS) is None
    assert checkpoint_of(database, run.id) == b"two"
