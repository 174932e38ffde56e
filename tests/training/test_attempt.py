"""One attempt at a run: done, stopped, failed or interrupted, it leaves what people were shown."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update

from mnist_dash.analysis.evaluation import evaluate
from mnist_dash.data.checksums import digest_of
from mnist_dash.data.dataset import scale_to_input
from mnist_dash.data.present_digits import NO_TEST
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.errors import RunError
from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import read_bundled_file
from mnist_dash.models.registry.lookup import load_run_model, open_model
from mnist_dash.models.registry.votes import Vote, keep_vote
from mnist_dash.runs import control, process, queue
from mnist_dash.runs.outputs import output_of
from mnist_dash.runs.queries import audit_of, batches_of, checkpoint_of, epochs_of, kept_epochs_of, model_at, run_of
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import Batches, Epoch, ModelFormat, Run, State
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.training import attempt
from mnist_dash.training.attempt import execute
from tests.awaiting import deadline
from tests.conftest import Python
from tests.data.partial_sets import DIGITS, save_partial_set
from tests.trained import trained
from tests.training.lazily import MARKS, from_keras, steps_of

EARLY = """
import sys
from pathlib import Path
from mnist_dash.runs import control, queue
from mnist_dash.store.database import open_database
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.settings import Settings
from mnist_dash.training.attempt import execute

settings = Settings(home=Path(sys.argv[1]), data=Path(sys.argv[2]), offline=True)
database = open_database(settings)
run = queue.claim(database, "here")
steer = getattr(control, sys.argv[4])
begin = RunRecorder.begin
def steered_meanwhile(*arguments):
    steer(database, run.id)
    begin(*arguments)
if sys.argv[3] == "before":
    steer(database, run.id)
else:
    RunRecorder.begin = steered_meanwhile
ended = execute(settings, database, run.id, run.attempt)
database.close()
print(ended.state, ended.host, ended.epoch, "tensorflow" in sys.modules or "keras" in sys.modules)
"""


RESTLESS: dict[str, Value] = {
    **{"layers": "flatten", "optimizer": "momentum", "learning_rate": 0.5, "clip_norm": 1.0, "epochs": 8, "seed": 5},
}


class Crash(BaseException):
    """What no attempt survives."""


def _queued(database: Database, spec: RunSpec, **changes: int | float | str) -> Run:
    return queue.submit(database, replace(spec, **changes))  # type: ignore[arg-type]


class TestWithTensorFlow:
    """Attempts at small networks in this process."""

    pytestmark = MARKS

    @pytest.mark.parametrize(
        ("name", "by"),
        [
            ("sudoku", "writer"),
            ("two", "image"),
            ("untested", "image"),
            ("untaught", "image"),
            ("learnt-whole", "writer"),
        ],
    )
    def test_a_set_that_lacks_digits_is_learnt_from_and_audited(
        self, settings: Settings, database: Database, spec: RunSpec, name: str, by: str
    ) -> None:
        data, whole = save_partial_set(settings, name), replace(spec, data=name, train_size=None)
        done = execute(settings, database, _queued(database, whole, batch_size=16, validation_by=by).id)
        assert (done.state, done.reason) == (State.DONE, None if data.test else NO_TEST)
        assert (done.score and done.score.images) == (len(data.test) or None)
        audited = queue.submit(database, audit_spec(name, "dense_128", 2, epochs=1, batch_size=16))
        assert execute(settings, database, audited.id).state is State.DONE
        found = audit_of(database, audited.id)
        assert found is not None
        assert found.train_issues is not None
        assert found.test_issues is not None
        assert set(found.train_issues.given) <= set(DIGITS[name][0])
        assert set(found.test_issues.given) <= set(DIGITS[name][1])

    def test_a_finished_run_has_epochs_batches_model_and_figures(
        self, dataset_read: Settings, database: Database, spec: RunSpec
    ) -> None:
        done = execute(dataset_read, database, _queued(database, spec).id)
        assert (done.state, done.epoch, done.reason) == (State.DONE, 2, None)
        assert (done.train_images, done.steps) == (450, 12)
        epochs = epochs_of(database, done.id)
        assert [epoch.epoch for epoch in epochs] == [1, 2]
        assert done.seconds == pytest.approx(sum(epoch.seconds for epoch in epochs))
        batches = batches_of(database, done.id)
        for epoch in epochs:
            steps = [b.step + i for b in batches if b.epoch == epoch.epoch for i in range(len(b.loss))]
            assert steps == list(range(12))
            loss, right = (
                [value for b in batches if b.epoch == epoch.epoch for value in getattr(b, name)]
                for name in ("loss", "accuracy")
            )
            sizes = [40] * 11 + [10]
            assert epoch.loss == pytest.approx(np.average(loss, weights=sizes), rel=1e-4)
            assert epoch.accuracy == pytest.approx(np.average(right, weights=sizes), rel=1e-4)
        assert epochs[1].loss < epochs[0].loss

    def test_the_figures_are_those_of_the_kept_model_on_the_test_images(
        self, dataset_read: Settings, database: Database, spec: RunSpec
    ) -> None:
        done = execute(dataset_read, database, _queued(database, spec, epochs=1).id)
        test = open_dataset(dataset_read).test
        answers = load_run_model(database, str(done.id)).probabilities(test.images)
        result = evaluate(answers, test.labels)
        assert done.score is not None
        assert (done.score.accuracy, done.score.low, done.score.high) == (result.accuracy, *result.interval)
        assert done.score.images == 200
        keras_model = from_keras(checkpoint_of(database, done.id))
        np.testing.assert_allclose(answers, keras_model(scale_to_input(test.images)).numpy(), atol=1e-5)

    def test_without_held_out_images_epochs_have_no_figures_for_them(
        self, dataset_read: Settings, database: Database, spec: RunSpec
    ) -> None:
        done = execute(dataset_read, database, _queued(database, spec, epochs=1, validation_split=0.0).id)
        epoch = epochs_of(database, done.id)[0]
        assert (epoch.validation_loss, epoch.validation_accuracy) == (None, None)
        assert done.train_images == 500

    def test_the_last_epoch_and_the_best_one_can_be_asked(self, dataset_read: Settings, database: Database) -> None:
        done = execute(dataset_read, database, queue.submit(database, RunSpec.of("custom", "mnist", **RESTLESS)).id)
        best = max(epochs_of(database, done.id), key=_rank).epoch
        assert done.best == best
        for form in (ModelFormat.KERAS, ModelFormat.LITERT):
            assert kept_epochs_of(database, done.id, form) == sorted({best, 8})
        images = open_dataset(dataset_read).test.images
        for name, epoch in ((f"{done.id}", 8), (f"{done.id}:best", best)):
            model = from_keras(model_at(database, done.id, epoch, ModelFormat.KERAS))
            answers = open_model(database, name).probabilities(images)
            np.testing.assert_allclose(answers, model(scale_to_input(images)).numpy(), atol=1e-5)

    def test_an_interrupted_run_goes_on_and_has_every_batch_once(
        self, dataset_read: Settings, database: Database, spec: RunSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = RunRecorder.batches

        def crash_in_the_second_epoch(recorder: RunRecorder, some: Batches) -> Command:
            command = write(recorder, some)
            if some.epoch == 2:
                raise Crash
            return command

        run = _queued(database, spec, epochs=3)
        with monkeypatch.context() as patch:
            patch.setattr(RunRecorder, "batches", crash_in_the_second_epoch)
            with pytest.raises(Crash):
                execute(dataset_read, database, run.id)
        left = run_of(database, run.id)
        assert (left.state, left.epoch) == (State.RUNNING, 1)
        assert {some.epoch for some in batches_of(database, run.id)} == {1, 2}

        queue.mark_dead(database, run.id, left.attempt, "Its process was killed.")
        resumed = execute(dataset_read, database, run.id)
        assert (resumed.state, resumed.attempt, resumed.epoch) == (State.DONE, 2, 3)
        assert steps_of(database, resumed) == [(epoch, step) for epoch in (1, 2, 3) for step in range(12)]

    def test_a_run_that_died_after_its_last_epoch_only_needs_its_model(
        self, dataset_read: Settings, database: Database, spec: RunSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def crash(*_arguments: object) -> None:
            raise Crash

        run = _queued(database, spec)
        with monkeypatch.context() as patch:
            patch.setattr(RunRecorder, "end", crash)
            with pytest.raises(Crash):
                execute(dataset_read, database, run.id)
        queue.mark_dead(database, run.id, 1, "Its process was killed.")
        before = epochs_of(database, run.id)
        done = execute(dataset_read, database, run.id)
        assert (done.state, done.epoch) == (State.DONE, 2)
        assert epochs_of(database, run.id) == before
        assert done.score is not None

    def test_a_run_stopped_in_the_middle_keeps_the_model_of_its_finished_epochs(
        self, dataset_read: Settings, database: Database, spec: RunSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = _queued(database, spec, epochs=50)
        _stop_when(database, monkeypatch, lambda some: some.epoch == 2 and some.step == 0)
        tested, seen = attempt._tested, []

        def looked_at_meanwhile(*arguments: Any) -> Any:  # noqa: ANN401 - handed on
            seen.append(run_of(database, run.id))
            return tested(*arguments)

        monkeypatch.setattr(attempt, "_tested", looked_at_meanwhile)
        stopped = execute(dataset_read, database, run.id)
        assert (stopped.state, stopped.epoch, stopped.host) == (State.STOPPED, 1, None)
        assert [(run.state, run.phase) for run in seen] == [(State.STOPPED, "testing the model")]
        assert len(epochs_of(database, run.id)) == 1
        assert stopped.score is not None
        test = open_dataset(dataset_read).test
        result = evaluate(load_run_model(database, str(run.id)).probabilities(test.images), test.labels)
        assert result.accuracy == stopped.score.accuracy

    def test_a_run_stopped_in_its_first_epoch_has_no_model(
        self, dataset_read: Settings, database: Database, spec: RunSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = _queued(database, spec)
        _stop_when(database, monkeypatch, lambda some: some.step == 0)
        stopped = execute(dataset_read, database, run.id)
        assert (stopped.state, stopped.epoch, stopped.score) == (State.STOPPED, 0, None)
        with pytest.raises(RunError, match="is stopped and has finished no epoch"):
            load_run_model(database, str(run.id))

    def test_a_stop_that_comes_with_the_last_epoch_finds_a_finished_run(
        self, dataset_read: Settings, database: Database, spec: RunSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = _queued(database, spec, epochs=1)
        write = RunRecorder.epoch

        def stop_and_write(recorder: RunRecorder, epoch: Epoch, checkpoint: bytes, litert: bytes | None) -> Command:
            control.stop(database, run.id)
            return write(recorder, epoch, checkpoint, litert=litert)

        monkeypatch.setattr(RunRecorder, "epoch", stop_and_write)
        assert execute(dataset_read, database, run.id).state is State.DONE

    def test_a_run_learns_from_a_vote(self, with_data: Settings, database: Database) -> None:
        taught = trained(database, RunSpec.of("cnn", "mnist"), litert=read_bundled_file("cnn"))
        keep_vote(database, Vote("both", ("reader", str(taught.id))))
        changes: dict[str, Value] = {"epochs": 1, "batch_size": 64}
        losses = {}
        for trust in (1.0, 0.0):
            spec = RunSpec.of("distilled", "mnist", **changes, teacher="both", trust=trust)
            done = execute(with_data, database, queue.submit(database, spec).id)
            assert done.state is State.DONE
            losses[trust] = batches_of(database, done.id)[0].loss[0]
        assert losses[1.0] != losses[0.0]

    def test_steps_that_are_too_large_end_the_run_with_the_reason(
        self, dataset_read: Settings, database: Database, spec: RunSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _after_epoch_1(monkeypatch, lambda weights: weights * 1e30)
        failed = execute(dataset_read, database, _queued(database, spec).id)
        assert (failed.state, failed.epoch) == (State.FAILED, 1)
        assert failed.reason == (
            "The loss became NaN in epoch 2, batch 1: the steps were too large. Finished epochs and their model are "
            "kept. Try a tenth of the learning rate."
        )
        assert len(epochs_of(database, failed.id)) == 1
        test = open_dataset(dataset_read).test
        kept = evaluate(load_run_model(database, str(failed.id)).probabilities(test.images), test.labels)
        assert failed.score is not None
        assert failed.score.accuracy == kept.accuracy
        # What was seen of the break-down stays to be seen.
        seen = batches_of(database, failed.id)
        finite = {some.epoch: bool(np.isfinite(some.loss).all()) for some in seen}
        assert finite == {1: True, 2: False}

    def test_an_epoch_that_leaves_broken_weights_is_not_recorded(
        self, dataset_read: Settings, database: Database, spec: RunSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from mnist_dash.training.loop import Trainer

        monkeypatch.setattr(Trainer, "_step", _broken(Trainer._step))
        failed = execute(dataset_read, database, _queued(database, spec, batch_size=450).id)
        assert (failed.state, failed.epoch) == (State.FAILED, 0)
        assert failed.reason is not None
        assert failed.reason.startswith("The weights became NaN or infinite at the end of epoch 1: the steps were too")
        assert checkpoint_of(database, failed.id) is None


Step = Callable[..., tuple[Any, Any]]


def _broken(step: Step) -> Step:
    """A step with a loss that is a number and weights that are none afterwards."""

    def broken(self: Any, *batch: Any) -> tuple[Any, Any]:  # noqa: ANN401 - no types
        loss, right = step(self, *batch)
        for variable in self._model.trainable_variables:
            variable.assign(variable * np.nan)
        return loss, right

    return broken


def _after_epoch_1(monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], Any]) -> None:
    """Change the weights after the first epoch was recorded."""
    from mnist_dash.training.session import TrainingSession

    record = TrainingSession._record

    def record_and_change(self: TrainingSession, number: int, *rest: Any) -> None:  # noqa: ANN401 - handed on
        record(self, number, *rest)
        if number == 1:
            self._model.set_weights([change(weights) for weights in self._model.get_weights()])

    monkeypatch.setattr(TrainingSession, "_record", record_and_change)


def _stop_when(database: Database, monkeypatch: pytest.MonkeyPatch, when: Callable[[Batches], bool]) -> None:
    """Ask the first run to stop just before the first batches are written that `when` picks."""
    write = RunRecorder.batches

    def stop_and_write(recorder: RunRecorder, batches: Batches) -> Command:
        if when(batches):
            control.stop(database, 1)
        return write(recorder, batches)

    monkeypatch.setattr(RunRecorder, "batches", stop_and_write)


def _rank(epoch: Epoch) -> tuple[float, float, int]:
    """The higher, the better it did on validation images; of equals the first."""
    return epoch.validation_accuracy or 0.0, -(epoch.validation_loss or 0.0), -epoch.epoch


@pytest.mark.parametrize("moment", ["before", "meanwhile"])
@pytest.mark.parametrize(("action", "state"), [("stop", "stopped"), ("pause", "paused")])
def test_a_stop_or_a_pause_before_training_does_not_load_tensorflow(
    with_data: Settings, database: Database, spec: RunSpec, python: Python, moment: str, action: str, state: str
) -> None:
    queue.submit(database, spec)
    arguments = (str(with_data.home), str(with_data.data), moment, action)
    said, complaints = python(EARLY, *arguments).communicate(timeout=deadline())
    assert (said, complaints) == (f"{state} None 0 False\n".encode(), b"")
    if action == "pause":
        assert control.resume(database, 1, 1).state is State.QUEUED


@pytest.mark.parametrize(("act", "state"), [(control.stop, State.STOPPED), (control.resume, State.DONE)])
def test_a_pause_before_training_that_is_taken_back_at_once_does_not_happen(
    with_data: Settings,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[..., Run],
    state: State,
) -> None:
    run = queue.submit(database, RunSpec.of("random", "mnist"), pause_at=0)
    pause = RunRecorder.pause

    def taken_back_just_before(self: RunRecorder, *, attached: bool) -> Command:
        act(database, run.id, *([1] if act is control.resume else []))
        return pause(self, attached=attached)

    monkeypatch.setattr(RunRecorder, "pause", taken_back_just_before)
    ended = execute(with_data, database, run.id)
    assert (ended.state, ended.host) == (state, None)


def test_writers_that_are_unknown_end_a_run_before_it_trains(with_data: Settings, database: Database) -> None:
    """The set may have become another one since the run was queued."""
    run = queue.submit(database, RunSpec.of("cnn", "mnist", validation_by="writer"))
    failed = execute(with_data, database, run.id)
    assert (failed.state, failed.epoch, batches_of(database, run.id)) == (State.FAILED, 0, [])
    assert (failed.reason or "").startswith(
        "validation_by is 'writer', but nothing says who wrote the images of mnist;"
    )


def test_a_teacher_that_is_gone_ends_a_run_before_it_trains(with_data: Settings, database: Database) -> None:
    """The vote may have been deleted since the run was queued."""
    run = queue.submit(database, RunSpec.of("distilled", "mnist", teacher="three"))
    failed = execute(with_data, database, run.id)
    assert (failed.state, batches_of(database, run.id)) == (State.FAILED, [])
    assert (failed.reason or "").startswith("teacher is 'three'; allowed are cnn, reader,")


def test_guessing_needs_no_training(with_data: Settings, database: Database) -> None:
    run = queue.submit(database, RunSpec.of("random", "mnist"))
    done = execute(with_data, database, run.id)
    assert done.state is State.DONE
    assert done.score is not None
    assert 0 < done.score.accuracy < 0.2


def test_a_run_that_was_asked_to_stop_before_it_began_does_nothing(with_data: Settings, database: Database) -> None:
    run = queue.submit(database, RunSpec.of("random", "mnist"))
    queue.claim(database, "here")
    control.stop(database, run.id)
    stopped = execute(with_data, database, run.id, attempt=1)
    assert (stopped.state, stopped.score, stopped.train_images) == (State.STOPPED, None, None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"train_size": 501}, "train_size is 501, but the data set has 500 training images; ask for fewer."),
        ({"batch_size": 451}, "batch_size is 451, but only 450 images are left to learn from"),
        ({"data": "nowhere"}, "There is no data set 'nowhere'"),
    ],
)
def test_a_run_that_does_not_fit_its_data_fails_with_the_reason(
    with_data: Settings, database: Database, spec: RunSpec, changes: dict[str, int | str], reason: str
) -> None:
    failed = execute(with_data, database, _queued(database, spec, **changes).id)
    assert failed.state is State.FAILED
    assert failed.reason is not None
    assert failed.reason.startswith(reason)


def _failing(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def fail(*_arguments: object) -> None:
        raise fault

    monkeypatch.setattr(attempt, "_attempt", fail)


def _fill_numpy() -> None:
    np.zeros((2**24, 2**24))


def _fill_tensorflow() -> None:
    import tensorflow as tf

    tf.zeros((2**24, 2**24))


@pytest.mark.parametrize("fill", [_fill_numpy, _fill_tensorflow])
def test_a_run_whose_memory_runs_out_fails_with_advice(
    with_data: Settings,
    database: Database,
    spec: RunSpec,
    monkeypatch: pytest.MonkeyPatch,
    fill: Callable[[], None],
) -> None:
    """More than there is, asked for in truth."""
    with pytest.raises(Exception, match=r"allocat") as raised:
        fill()
    _failing(monkeypatch, raised.value)
    failed = execute(with_data, database, queue.submit(database, spec).id)
    assert failed.state is State.FAILED
    assert failed.reason == (
        "Memory ran out, of this machine or of its graphics card. "
        "Choose a smaller batch or fewer training images, or close other programs."
    )


@pytest.mark.parametrize("is_here", [True, False])
def test_a_fault_of_the_program_ends_the_run_with_one_line_and_the_process_with_the_fault(
    with_data: Settings, database: Database, spec: RunSpec, monkeypatch: pytest.MonkeyPatch, is_here: bool
) -> None:
    _failing(monkeypatch, LookupError("in\ntwo lines"))
    run = queue.submit(database, spec)
    log = process.run_log(with_data, run.id)
    if is_here:
        log.parent.mkdir(parents=True)
        log.touch()
    with pytest.raises(LookupError, match="in\ntwo lines"):
        execute(with_data, database, run.id)
    failed = run_of(database, run.id)
    assert failed.state is State.FAILED
    assert failed.reason == (
        "LookupError: in two lines. This is a fault of the program; "
        f"{log if is_here else 'its last output'} has the details."
    )
    said = output_of(database, run.id)
    assert said.startswith("Traceback (most recent call last):")
    assert said.endswith("LookupError: in\ntwo lines")


def test_a_run_that_another_process_works_on_cannot_be_taken(
    with_data: Settings, database: Database, spec: RunSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "LOCK_PATIENCE", 0.05)
    run = queue.submit(database, spec)
    with (
        process.run_lock(with_data, run.id),
        pytest.raises(RunError, match=f"Run {run.id} is being worked on by another process"),
    ):
        execute(with_data, database, run.id)
    assert run_of(database, run.id).state is State.QUEUED


def test_only_a_queued_run_can_be_started_by_hand(with_data: Settings, database: Database, spec: RunSpec) -> None:
    run = queue.submit(database, spec)
    control.stop(database, run.id)
    with pytest.raises(RunError, match=f"Run {run.id} is stopped; only a queued run can be started"):
        execute(with_data, database, run.id)
    with pytest.raises(RunError, match="There is no run 99"):
        execute(with_data, database, 99)


def test_an_attempt_that_is_out_of_date_is_refused(with_data: Settings, database: Database, spec: RunSpec) -> None:
    run = queue.submit(database, spec)
    queue.claim(database, "here")
    queue.mark_dead(database, run.id, 1, "Its process was killed.")
    again = queue.claim(database, "here")
    with pytest.raises(RunError, match=f"Run {run.id} is running at attempt 2; attempt 1 is out of date"):
        execute(with_data, database, run.id, attempt=1)
    assert run_of(database, run.id) == again


@pytest.mark.on_postgresql
def test_a_machine_learns_from_what_another_one_has_brought(database: Database, with_data: Settings) -> None:
    other = replace(with_data, home=with_data.home.with_name("other"))
    made = named_sets.save(other, "mine", open_dataset(other))
    run = execute(with_data, database, queue.submit(database, RunSpec.of("random", "mine")).id)
    assert (run.state, run.reason) == (State.DONE, None)
    with database.read() as connection:
        assert connection.scalar(select(tables.runs.c.data_digest)) == digest_of(made)


def test_no_attempt_goes_on_with_other_data(database: Database, with_data: Settings) -> None:
    run = queue.submit(database, replace(RunSpec.of("custom", "mnist", layers="flatten"), epochs=3))
    with database.write() as connection:
        connection.execute(update(tables.runs).values(epoch=1, data_digest="of others"))
    ended = execute(with_data, database, run.id)
    assert ended.state is State.FAILED
    assert (ended.reason or "").startswith("The data under this name are not those that the epochs before")
