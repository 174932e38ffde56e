"""What a run has shown as finished is never lost, and only its own process writes it."""

from collections.abc import Callable
from dataclasses import replace
from math import inf, isnan, nan

import pytest
from sqlalchemy import Connection, delete, select

from mnist_dash.errors import RunError, StoreError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import batches_of, checkpoint_of, epochs_of, kept_epochs_of, model_at, run_of
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import Answers, Batches, ModelFormat, Run, RunScore, State
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from tests.runs.conftest import SCORE, SITUATIONS, Bring, Take, an_epoch, some_batches

pytestmark = pytest.mark.both_databases


def test_the_start_is_recorded_with_what_the_run_learns_from(
    database: Database, run: Run, recorder: RunRecorder
) -> None:
    recorder.begin(450, 8)
    begun = run_of(database, run.id)
    assert (begun.train_images, begun.steps) == (450, 8)
    assert begun.started is not None
    assert begun.started >= begun.created


def test_a_second_attempt_keeps_the_start_and_drops_the_batches_of_the_unfinished_epoch_only(
    database: Database, run: Run, recorder: RunRecorder, take: Take
) -> None:
    recorder.begin(450, 8)
    recorder.batches(some_batches(1))
    recorder.epoch(an_epoch(1), b"model")
    recorder.batches(some_batches(2))
    started = run_of(database, run.id).started
    queue.mark_dead(database, run.id, run.attempt, "Dead.")
    RunRecorder(database, take()).begin(450, 8)
    assert [batch.epoch for batch in batches_of(database, run.id)] == [1]
    assert [epoch.epoch for epoch in epochs_of(database, run.id)] == [1]
    assert run_of(database, run.id).started == started


def test_beginning_leaves_the_batches_of_other_runs_alone(
    database: Database, run: Run, recorder: RunRecorder, take: Take
) -> None:
    recorder.batches(some_batches(1))
    RunRecorder(database, take()).begin(450, 8)
    assert batches_of(database, run.id) == [some_batches(1)]


def test_batches_come_back_in_order_with_five_digits(database: Database, run: Run, recorder: RunRecorder) -> None:
    answers = Answers((3, 9), (0.25, 1.0))
    recorder.batches(Batches(1, 0, (2.3025851, 1234567.0), (0.125, 1.0), 0.5, 0.0123456789, answers))
    recorder.batches(some_batches(1, step=2))
    assert batches_of(database, run.id) == [
        Batches(1, 0, (2.3026, 1234600.0), (0.125, 1.0), 0.5, 0.0123456789, answers),
        some_batches(1, step=2),
    ]


def test_batches_that_are_no_numbers_any_more_are_recorded_as_such(
    database: Database, run: Run, recorder: RunRecorder
) -> None:
    recorder.batches(Batches(1, 0, (nan, inf), (0.125, 0.0), 0.5, 10.0, Answers((0,), (nan,))))
    (seen,) = batches_of(database, run.id)
    assert isnan(seen.loss[0])
    assert seen.loss[1] == inf
    assert seen.answers is not None
    assert isnan(seen.answers.shares[0])


def test_an_epoch_is_recorded_with_its_checkpoint_and_its_time(
    database: Database, run: Run, recorder: RunRecorder
) -> None:
    recorder.epoch(an_epoch(1), b"one")
    recorder.epoch(an_epoch(2), b"two")
    assert epochs_of(database, run.id) == [an_epoch(1), an_epoch(2)]
    assert checkpoint_of(database, run.id) == b"two"
    recorded = run_of(database, run.id)
    assert (recorded.epoch, recorded.seconds) == (2, 4.0)


def test_an_epoch_whose_checkpoint_cannot_be_written_is_not_recorded(
    database: Database, run: Run, recorder: RunRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.epoch(an_epoch(1), b"one")

    def refuse(_recorder: RunRecorder, connection: Connection, epoch: int, *_: object) -> None:
        assert connection.scalar(select(tables.runs.c.epoch)) == epoch == 2
        connection.exec_driver_sql("INSERT INTO models SELECT * FROM models")

    monkeypatch.setattr(RunRecorder, "_keep", refuse)
    with pytest.raises(StoreError):
        recorder.epoch(an_epoch(2), b"two")
    assert epochs_of(database, run.id) == [an_epoch(1)]
    assert checkpoint_of(database, run.id) == b"one"
    assert (run_of(database, run.id).epoch, run_of(database, run.id).seconds) == (1, 2.0)


def test_an_epoch_cannot_be_recorded_twice(database: Database, run: Run, recorder: RunRecorder) -> None:
    recorder.epoch(an_epoch(1), b"one")
    with pytest.raises(StoreError, match=r"UNIQUE constraint failed|violates unique constraint"):
        recorder.epoch(an_epoch(1, loss=0.1), b"again")
    assert epochs_of(database, run.id) == [an_epoch(1)]
    assert checkpoint_of(database, run.id) == b"one"


@pytest.mark.parametrize(
    ("epochs", "best", "kept"),
    [
        ([0.8], 1, [1]),
        ([0.8, 0.9], 2, [2]),
        ([0.9, 0.8], 1, [1, 2]),
        ([0.9, 0.8, 0.7], 1, [1, 3]),
        ([0.8, 0.9, 0.7], 2, [2, 3]),
        ([0.9, 0.8, 0.95], 3, [3]),
        ([0.9, 0.9], 1, [1, 2]),
        ([None], None, [1]),
        ([None, None], None, [2]),
    ],
)
def test_the_model_of_the_best_epoch_is_kept_beside_the_last_one(
    database: Database, run: Run, recorder: RunRecorder, epochs: list[float | None], best: int | None, kept: list[int]
) -> None:
    for number, accuracy in enumerate(epochs, 1):
        recorder.epoch(an_epoch(number, accuracy=accuracy), f"model {number}".encode())
        recorder.answering(number, f"litert {number}".encode())
    assert run_of(database, run.id).best == best
    for form, name in ((ModelFormat.KERAS, "model"), (ModelFormat.LITERT, "litert")):
        assert kept_epochs_of(database, run.id, form) == kept
        assert [model_at(database, run.id, epoch, form) for epoch in kept] == [f"{name} {i}".encode() for i in kept]


def test_of_epochs_that_read_as_many_right_the_one_with_the_least_loss_is_the_best(
    database: Database, run: Run, recorder: RunRecorder
) -> None:
    for number, loss in ((1, 0.6), (2, 0.4), (3, 0.5)):
        recorder.epoch(replace(an_epoch(number), validation_loss=loss), b"model")
    assert run_of(database, run.id).best == 2


def test_an_epoch_whose_model_is_not_kept_is_not_the_best_one(
    database: Database, run: Run, recorder: RunRecorder
) -> None:
    """Databases of an earlier form kept the last model alone."""
    for number, accuracy in ((1, 0.9), (2, 0.7)):
        recorder.epoch(an_epoch(number, accuracy=accuracy), b"model")
    with database.write() as connection:
        connection.execute(delete(tables.models).where(tables.models.c.epoch == 1))
    recorder.epoch(an_epoch(3, accuracy=0.8), b"three")
    assert run_of(database, run.id).best == 3


def test_a_model_that_is_ready_to_answer_is_kept_while_training_goes_on(
    database: Database, run: Run, recorder: RunRecorder
) -> None:
    recorder.epoch(an_epoch(1), b"one")
    recorder.answering(1, b"litert")
    recorder.epoch(an_epoch(2, accuracy=0.9), b"two")
    assert kept_epochs_of(database, run.id, ModelFormat.LITERT) == [1]
    recorder.answering(2, b"litert 2")
    assert kept_epochs_of(database, run.id, ModelFormat.LITERT) == [2]


def test_every_look_says_what_is_wanted(database: Database, run: Run, recorder: RunRecorder) -> None:
    def looks(number: int) -> set[Command]:
        return {
            recorder.phase("training"),
            recorder.batches(some_batches(number)),
            recorder.epoch(an_epoch(number), b"model"),
        }

    assert looks(1) == {Command.GO_ON}
    assert run_of(database, run.id).phase == "training"
    control.pause(database, run.id)
    assert looks(2) == {Command.PAUSE}
    control.stop(database, run.id)
    assert looks(3) == {Command.STOP}


def test_a_run_ends_with_its_models_and_its_figures(database: Database, run: Run, recorder: RunRecorder) -> None:
    recorder.epoch(an_epoch(1, accuracy=0.9), b"one")
    recorder.epoch(an_epoch(2, accuracy=0.8), b"two")
    recorder.end(State.DONE, {(1, ModelFormat.LITERT): b"litert 1", (2, ModelFormat.LITERT): b"litert 2"}, SCORE)
    ended = run_of(database, run.id)
    assert (ended.state, ended.phase, ended.score, ended.host) == (State.DONE, "", SCORE, None)
    assert ended.ended is not None
    assert [model_at(database, run.id, epoch, ModelFormat.LITERT) for epoch in (1, 2)] == [b"litert 1", b"litert 2"]
    assert [model_at(database, run.id, epoch, ModelFormat.KERAS) for epoch in (1, 2)] == [b"one", b"two"]


def test_models_that_answered_meanwhile_are_gone_at_the_end(
    database: Database, run: Run, recorder: RunRecorder
) -> None:
    recorder.epoch(an_epoch(1), b"one")
    recorder.answering(1, b"litert 1")
    recorder.epoch(an_epoch(2, accuracy=0.9), b"two")
    recorder.end(State.DONE, {(2, ModelFormat.LITERT): b"litert 2"}, SCORE)
    assert (
        kept_epochs_of(database, run.id, ModelFormat.LITERT),
        kept_epochs_of(database, run.id, ModelFormat.KERAS),
    ) == ([2], [2])


def test_a_run_that_keeps_every_epochs_model_keeps_all_that_answer_and_of_the_others_the_last_and_best(
    database: Database, spec: RunSpec
) -> None:
    queue.submit(database, replace(spec, kept_models="every_epoch"))
    run = queue.claim(database, "here")
    assert run is not None
    recorder = RunRecorder(database, run)
    for number, accuracy in enumerate((0.9, 0.8, 0.7), 1):
        recorder.epoch(an_epoch(number, accuracy=accuracy), b"keras", litert=f"litert {number}".encode())
    recorder.end(State.DONE, {(3, ModelFormat.LITERT): b"litert 3", (1, ModelFormat.LITERT): b"litert 1"}, SCORE)
    assert kept_epochs_of(database, run.id, ModelFormat.KERAS) == [1, 3]
    assert kept_epochs_of(database, run.id, ModelFormat.LITERT) == [1, 2, 3]
    assert model_at(database, run.id, 2, ModelFormat.LITERT) == b"litert 2"


def test_a_run_can_end_without_model_and_figures(database: Database, run: Run, recorder: RunRecorder) -> None:
    recorder.end(State.STOPPED, {}, None)
    assert run_of(database, run.id).state is State.STOPPED
    assert run_of(database, run.id).score is None


def test_a_run_is_stopped_at_once_and_what_its_model_scores_follows(
    database: Database, run: Run, recorder: RunRecorder
) -> None:
    recorder.epoch(an_epoch(1), b"one")
    control.stop(database, run.id)
    recorder.stop()
    stopped = run_of(database, run.id)
    assert (stopped.state, stopped.phase, stopped.host) == (State.STOPPED, "testing the model", "here")
    assert stopped.ended is not None
    recorder.end(State.STOPPED, {(1, ModelFormat.LITERT): b"litert"}, SCORE)
    tested = run_of(database, run.id)
    assert (tested.state, tested.phase, tested.host, tested.score) == (State.STOPPED, "", None, SCORE)


def test_a_failed_run_keeps_its_reason_and_its_epochs(database: Database, run: Run, recorder: RunRecorder) -> None:
    recorder.epoch(an_epoch(1), b"one")
    recorder.fail("The loss became NaN.")
    failed = run_of(database, run.id)
    assert (failed.state, failed.reason, failed.phase, failed.host) == (State.FAILED, "The loss became NaN.", "", None)
    assert checkpoint_of(database, run.id) == b"one"
    assert failed.ended is not None
    assert epochs_of(database, run.id) == [an_epoch(1)]


WRITES: dict[str, Callable[[RunRecorder], object]] = {
    "begin": lambda recorder: recorder.begin(1, 1),
    "phase": lambda recorder: recorder.phase("haunting"),
    "batches": lambda recorder: recorder.batches(some_batches(1)),
    "epoch": lambda recorder: recorder.epoch(an_epoch(1), b"ghost"),
    "answering": lambda recorder: recorder.answering(1, b"ghost"),
    "pause": lambda recorder: recorder.pause(attached=True),
    "wanted": RunRecorder.read_command,
    "leave": RunRecorder.leave,
    "stop": RunRecorder.stop,
    "end": lambda recorder: recorder.end(State.DONE, {(1, ModelFormat.KERAS): b"ghost"}, RunScore(1, 1, 1, 1)),
    "fail": lambda recorder: recorder.fail("haunted"),
}
EVERY = pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))


@EVERY
def test_a_process_whose_run_was_taken_over_writes_nothing(
    database: Database, run: Run, recorder: RunRecorder, take: Take, write: Callable[[RunRecorder], object]
) -> None:
    queue.mark_dead(database, run.id, run.attempt, "Thought dead.")
    again = take()
    with pytest.raises(RunError, match=f"Run {run.id} was taken over or ended; this process \\(attempt 1\\) stops"):
        write(recorder)
    _assert_untouched(database, again)


@EVERY
@pytest.mark.parametrize("state", [State.DONE, State.FAILED])
def test_nothing_is_written_after_the_end(
    database: Database, run: Run, recorder: RunRecorder, write: Callable[[RunRecorder], object], state: State
) -> None:
    recorder.end(state, {}, None)
    ended = run_of(database, run.id)
    with pytest.raises(RunError, match="was taken over or ended"):
        write(recorder)
    _assert_untouched(database, ended)


@pytest.mark.parametrize("situation", [name for name in SITUATIONS if name != "queued"])
def test_each_claim_is_an_attempt_of_its_own(database: Database, bring: Bring, situation: str) -> None:
    run = bring(situation)
    assert run.attempt == 1
    if run.state is State.PAUSED:
        control.resume(database, run.id, 0)
    elif not run.state.active:
        control.train_further(database, run.id, 1)
    again = queue.claim(database, "there", run.id)
    assert (again is not None) == (run.state is not State.RUNNING)
    assert again is None or again.attempt == 2


def _assert_untouched(database: Database, run: Run) -> None:
    assert run_of(database, run.id) == run
    assert (batches_of(database, run.id), epochs_of(database, run.id)) == ([], [])
    assert checkpoint_of(database, run.id) is None
    with database.read() as connection:
        assert connection.execute(select(tables.models)).all() == []
