"""What a run has shown as finished is never lost, and only its own process writes it."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select

from mnist_dash.errors import RunError, StoreError
from mnist_dash.runs import queue, tables
from mnist_dash.runs.database import Database
from mnist_dash.runs.history import artifact_of, batches_of, checkpoint_of, epochs_of, run_of
from mnist_dash.runs.journal import Journal
from mnist_dash.runs.records import Artifact, Batches, Figures, Run, State
from tests.runs.conftest import Take, an_epoch


def some_batches(epoch: int, step: int = 0) -> Batches:
    return Batches(epoch, step, (2.25, 1.5), (0.25, 0.5), 0.75)


def test_the_start_is_recorded_with_what_the_run_learns_from(database: Database, run: Run, journal: Journal) -> None:
    journal.begin(450, 8)
    begun = run_of(database, run.id)
    assert (begun.train_images, begun.steps) == (450, 8)
    assert begun.started is not None
    assert begun.started >= begun.created


def test_a_second_attempt_keeps_the_start_and_drops_the_batches_of_the_unfinished_epoch_only(
    database: Database, run: Run, journal: Journal, take: Take
) -> None:
    journal.begin(450, 8)
    journal.batches(some_batches(1))
    journal.epoch(an_epoch(1), b"model")
    journal.batches(some_batches(2))
    started = run_of(database, run.id).started
    queue.bury(database, run.id, run.attempt, "Dead.")
    Journal(database, take()).begin(450, 8)
    assert [batch.epoch for batch in batches_of(database, run.id)] == [1]
    assert [epoch.epoch for epoch in epochs_of(database, run.id)] == [1]
    assert run_of(database, run.id).started == started


def test_beginning_leaves_the_batches_of_other_runs_alone(
    database: Database, run: Run, journal: Journal, take: Take
) -> None:
    journal.batches(some_batches(1))
    Journal(database, take()).begin(450, 8)
    assert batches_of(database, run.id) == [some_batches(1)]


def test_batches_come_back_in_order_with_five_digits(database: Database, run: Run, journal: Journal) -> None:
    journal.batches(Batches(1, 0, (2.3025851, 1234567.0), (0.125, 1.0), 0.5))
    journal.batches(some_batches(1, step=2))
    assert batches_of(database, run.id) == [
        Batches(1, 0, (2.3026, 1234600.0), (0.125, 1.0), 0.5),
        some_batches(1, step=2),
    ]


def test_an_epoch_is_recorded_with_its_checkpoint_and_its_time(database: Database, run: Run, journal: Journal) -> None:
    journal.epoch(an_epoch(1), b"one")
    journal.epoch(an_epoch(2), b"two")
    assert epochs_of(database, run.id) == [an_epoch(1), an_epoch(2)]
    assert checkpoint_of(database, run.id) == b"two"
    recorded = run_of(database, run.id)
    assert (recorded.epoch, recorded.seconds) == (2, 4.0)


def test_an_epoch_whose_checkpoint_cannot_be_written_is_not_recorded(
    database: Database, run: Run, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.epoch(an_epoch(1), b"one")

    def refuse(_journal: Journal, connection: Connection, epoch: int, _content: bytes) -> None:
        assert connection.scalar(select(tables.runs.c.epoch)) == epoch == 2
        connection.exec_driver_sql("INSERT INTO checkpoints SELECT * FROM checkpoints")

    monkeypatch.setattr(Journal, "_replace_checkpoint", refuse)
    with pytest.raises(StoreError):
        journal.epoch(an_epoch(2), b"two")
    assert epochs_of(database, run.id) == [an_epoch(1)]
    assert checkpoint_of(database, run.id) == b"one"
    assert (run_of(database, run.id).epoch, run_of(database, run.id).seconds) == (1, 2.0)


def test_an_epoch_cannot_be_recorded_twice(database: Database, run: Run, journal: Journal) -> None:
    journal.epoch(an_epoch(1), b"one")
    with pytest.raises(StoreError, match="UNIQUE"):
        journal.epoch(an_epoch(1, loss=0.1), b"again")
    assert epochs_of(database, run.id) == [an_epoch(1)]
    assert checkpoint_of(database, run.id) == b"one"


def test_every_look_says_whether_a_stop_was_asked_for(database: Database, run: Run, journal: Journal) -> None:
    assert not journal.phase("training")
    assert run_of(database, run.id).phase == "training"
    assert not journal.batches(some_batches(1))
    assert not journal.epoch(an_epoch(1), b"one")
    queue.request_stop(database, run.id)
    assert journal.phase("training")
    assert journal.batches(some_batches(2))
    assert journal.epoch(an_epoch(2), b"two")


def test_a_run_ends_with_its_model_and_its_figures(database: Database, run: Run, journal: Journal) -> None:
    figures = Figures(0.97, 0.96, 0.98, 1_000)
    journal.end(State.DONE, {Artifact.KERAS: b"keras", Artifact.LITERT: b"litert"}, figures)
    ended = run_of(database, run.id)
    assert (ended.state, ended.phase, ended.figures) == (State.DONE, "", figures)
    assert ended.ended is not None
    assert artifact_of(database, run.id, Artifact.KERAS) == b"keras"
    assert artifact_of(database, run.id, Artifact.LITERT) == b"litert"


def test_a_run_can_end_without_model_and_figures(database: Database, run: Run, journal: Journal) -> None:
    journal.end(State.STOPPED, {}, None)
    assert run_of(database, run.id).state is State.STOPPED
    assert run_of(database, run.id).figures is None


def test_a_failed_run_keeps_its_reason_and_its_epochs(database: Database, run: Run, journal: Journal) -> None:
    journal.epoch(an_epoch(1), b"one")
    journal.fail("The loss became NaN.")
    failed = run_of(database, run.id)
    assert (failed.state, failed.reason, failed.phase) == (State.FAILED, "The loss became NaN.", "")
    assert failed.ended is not None
    assert epochs_of(database, run.id) == [an_epoch(1)]


WRITES: dict[str, Callable[[Journal], object]] = {
    "begin": lambda journal: journal.begin(1, 1),
    "phase": lambda journal: journal.phase("haunting"),
    "batches": lambda journal: journal.batches(some_batches(1)),
    "epoch": lambda journal: journal.epoch(an_epoch(1), b"ghost"),
    "end": lambda journal: journal.end(State.DONE, {Artifact.KERAS: b"ghost"}, Figures(1, 1, 1, 1)),
    "fail": lambda journal: journal.fail("haunted"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_a_process_whose_run_was_taken_over_writes_nothing(
    database: Database, run: Run, journal: Journal, take: Take, write: Callable[[Journal], object]
) -> None:
    queue.bury(database, run.id, run.attempt, "Thought dead.")
    again = take()
    with pytest.raises(RunError, match=f"Run {run.id} was taken over or ended; this process \\(attempt 1\\) stops"):
        write(journal)
    _assert_untouched(database, again)


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_nothing_is_written_after_the_end(
    database: Database, run: Run, journal: Journal, write: Callable[[Journal], object]
) -> None:
    journal.end(State.STOPPED, {}, None)
    ended = run_of(database, run.id)
    with pytest.raises(RunError, match="was taken over or ended"):
        write(journal)
    _assert_untouched(database, ended)


def _assert_untouched(database: Database, run: Run) -> None:
    assert run_of(database, run.id) == run
    assert (batches_of(database, run.id), epochs_of(database, run.id)) == ([], [])
    assert checkpoint_of(database, run.id) is None
    with database.read() as connection:
        assert connection.execute(select(tables.artifacts)).all() == []
