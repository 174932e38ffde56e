"""What can be read of runs."""

import re

import pytest

from mnist_dash.errors import RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.database import Database
from mnist_dash.runs.history import (
    artifact_of,
    batches_of,
    checkpoint_of,
    epochs_of,
    place_in_queue,
    run_of,
    runs_of,
)
from mnist_dash.runs.journal import Journal
from mnist_dash.runs.records import Artifact, Epoch, Run, State
from tests.runs.conftest import Take, an_epoch


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
    queue.request_stop(database, ids[1])
    assert [run.id for run in runs_of(database)] == ids[::-1]
    assert [run.id for run in runs_of(database, State.RUNNING)] == [ids[0]]
    assert [run.id for run in runs_of(database, State.QUEUED, State.STOPPED)] == [ids[2], ids[1]]
    assert runs_of(database, State.DONE) == []


def test_the_place_in_the_queue_counts_what_is_before_it_and_not_ended(database: Database, spec: RunSpec) -> None:
    ids = [queue.submit(database, spec).id for _ in range(4)]
    assert [place_in_queue(database, i) for i in ids] == [0, 1, 2, 3]
    queue.claim(database, "here")
    queue.request_stop(database, ids[1])
    assert [place_in_queue(database, i) for i in ids[2:]] == [1, 2]


def test_epochs_without_held_out_images_have_no_figures_for_them(
    database: Database, run: Run, journal: Journal
) -> None:
    epoch = Epoch(1, 0.5, 0.9, None, None, 2.0)
    journal.epoch(epoch, b"model")
    assert epochs_of(database, run.id) == [epoch]


def test_each_run_has_its_own_history(database: Database, run: Run, journal: Journal, take: Take) -> None:
    journal.epoch(an_epoch(1), b"model")
    other = take()
    assert (epochs_of(database, other.id), batches_of(database, other.id)) == ([], [])
    assert checkpoint_of(database, other.id) is None
    assert checkpoint_of(database, run.id) == b"model"


def test_the_model_of_a_run_that_has_none_is_refused_with_its_state(database: Database, run: Run) -> None:
    words = f"Run {run.id} is running and has no litert model. Choose a run that has finished training."
    with pytest.raises(RunError, match=f"^{re.escape(words)}$"):
        artifact_of(database, run.id, Artifact.LITERT)
    with pytest.raises(RunError, match="There is no run 99"):
        artifact_of(database, 99, Artifact.KERAS)
