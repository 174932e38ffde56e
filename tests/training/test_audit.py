"""An audit: every image is read once, by a network that never saw it, whatever interrupts the work."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from mnist_dash.data.augmentation import Augmentation
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.parameters import Handwriting
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.audit import assign_folds, audit_spec, fold_spec
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.model_options import list_model_options
from mnist_dash.runs import control, queue
from mnist_dash.runs.audits import Audit, LabelIssues
from mnist_dash.runs.progress import measure_progress
from mnist_dash.runs.queries import audit_of, batches_of, epochs_of, kept_epochs_of, run_of
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import Batches, Epoch, ModelFormat, Run, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.training.attempt import execute
from mnist_dash.training.batch_loader import BatchLoader
from tests.awaiting import deadline, until
from tests.conftest import Start
from tests.data.samples import write_npz
from tests.training.lazily import MARKS, build, make_trainer, score, steps_of

pytestmark = MARKS
SPEC = audit_spec("mnist", "dense_128", 4, epochs=2, batch_size=40, seed=5)
CALM = Handwriting(difference=0.5, variation=0.5, gaps=0.0)
"""Writers whose digits a small network learns to read in a moment."""
FLIPPED = tuple(range(50, 1_500, 75))


def _changed(digits: Digits) -> Digits:
    """The digits with one label in 75 that is wrong."""
    labels, places = digits.labels.copy(), [place for place in FLIPPED if place < len(digits)]
    labels[places] = (labels[places] + 5) % 10
    return Digits(digits.images, labels)


def _found(database: Database, run: Run) -> Audit:
    found = audit_of(database, run.id)
    assert found is not None
    return found


def _label_issues(found: LabelIssues | None) -> LabelIssues:
    assert found is not None
    return found


def test_a_finished_audit_has_read_every_image_and_keeps_no_model(dataset_read: Settings, database: Database) -> None:
    done = execute(dataset_read, database, queue.submit(database, SPEC).id)
    assert (done.state, done.epoch, done.train_images, done.steps, done.best) == (State.DONE, 4, 375, 20, None)
    audit = _found(database, done)
    assert audit.fits(open_dataset(dataset_read))
    assert (audit.train.shape, audit.test.shape, audit.folds) == ((500, 10), (200, 10), 4)
    for shares in (audit.train.astype(float), audit.test):
        np.testing.assert_allclose(shares.sum(axis=1), 1, atol=5e-3)
    assert steps_of(database, done) == [(fold, step) for fold in (1, 2, 3, 4) for step in range(20)]
    assert measure_progress(done, batches_of(database, done.id)).share == 1
    labels = open_dataset(dataset_read).train.labels
    right = np.mean([epoch.validation_accuracy for epoch in epochs_of(database, done.id)])
    assert right == pytest.approx(np.mean(audit.train.argmax(axis=1) == labels), abs=0.005)
    assert done.seconds == pytest.approx(sum(epoch.seconds for epoch in epochs_of(database, done.id)))
    assert done.score is not None
    answers = audit.test.argmax(axis=1) == open_dataset(dataset_read).test.labels
    assert done.score.accuracy == pytest.approx(answers.mean())
    kept = {form: kept_epochs_of(database, done.id, form) for form in ModelFormat}
    assert kept == {form: [4] if form is ModelFormat.AUDIT else [] for form in ModelFormat}
    assert str(done.id) not in list_model_options([done])


def test_no_network_learns_from_the_fold_that_it_reads(
    dataset_read: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mnist_dash.training.scoring import Score, Scorer

    learnt, read = [], []
    feed, score = BatchLoader.__init__, Scorer.score

    def feeding(
        self: BatchLoader, digits: Digits, augmentation: Augmentation, seed: int, epoch: int, disturbance: float = 0
    ) -> None:
        learnt.append(_names(digits))
        feed(self, digits, augmentation, seed, epoch, disturbance)

    def scored(self: Scorer, digits: Digits) -> Score:
        read.append(_names(digits))
        return score(self, digits)

    monkeypatch.setattr(BatchLoader, "__init__", feeding)
    monkeypatch.setattr(Scorer, "score", scored)
    execute(dataset_read, database, queue.submit(database, SPEC).id)
    dataset = open_dataset(dataset_read)
    everything, validation = _names(dataset.train), read[::2]
    assert read[1::2] == [_names(dataset.test)] * 4
    assert sorted(name for fold in validation for name in fold) == sorted(everything)
    for fold, part in enumerate(validation):
        for seen in learnt[2 * fold : 2 * fold + 2]:
            assert not set(seen) & set(part)
            assert sorted(seen + part) == sorted(everything)


def _names(digits: Digits) -> list[bytes]:
    """Each image as its own content: no two of the generator are the same."""
    return [image.tobytes() for image in digits.images]


def test_a_fold_is_read_as_by_an_ordinary_network_of_its_seed(dataset_read: Settings, database: Database) -> None:
    done = execute(dataset_read, database, queue.submit(database, replace(SPEC, epochs=1)).id)
    train = open_dataset(dataset_read).train
    assigned = assign_folds(train.labels, 4, SPEC.seed)
    spec = fold_spec(SPEC, 3)
    model = build(spec)
    rates = np.full(10, spec.learning_rate)
    list(make_trainer(model, 40).epoch(BatchLoader(train.take(assigned != 3), Augmentation(), spec.seed, 1), rates))
    wanted = score(model, train.take(assigned == 3)).probabilities
    np.testing.assert_allclose(_found(database, done).train[assigned == 3], wanted, atol=2e-3)


def test_labels_that_were_changed_on_purpose_are_found(settings: Settings, database: Database, tmp_path: Path) -> None:
    path, digits = tmp_path / "flipped.npz", generate(1_500, 3, handwriting=CALM)
    write_npz(path, _changed(digits), generate(200, 1))
    with_errors = replace(settings, data=path)
    spec = audit_spec("mnist", "dense_128", 3, epochs=12, batch_size=32, learning_rate=0.003, schedule="one_cycle")
    done = execute(with_errors, database, queue.submit(database, spec).id)
    found = _label_issues(_found(database, done).train_issues)
    changed = np.isin(found.index, FLIPPED)
    assert changed.sum() >= 0.8 * len(FLIPPED)
    assert changed[:10].sum() >= 7
    assert np.mean(found.suggested[changed] == digits.labels[found.index[changed]]) > 0.8


class Crash(BaseException):
    """What no attempt survives."""


def _when(monkeypatch: pytest.MonkeyPatch, fold: int, act: Callable[[], object], *, step: int = 10) -> None:
    """Act just before a batch in the second epoch of a fold is recorded."""
    write = RunRecorder.batches

    def act_and_write(recorder: RunRecorder, some: Batches) -> Command:
        if some.epoch == fold and some.step == step:
            act()
        return write(recorder, some)

    monkeypatch.setattr(RunRecorder, "batches", act_and_write)


def _crash() -> None:
    raise Crash


def _whole(settings: Settings, database: Database) -> Run:
    return execute(settings, database, queue.submit(database, SPEC).id)


def _assert_same(one: Audit, other: Audit) -> None:
    assert np.array_equal(one.train, other.train)
    assert np.array_equal(one.test, other.test)
    for first, second in ((one.train_issues, other.train_issues), (one.test_issues, other.test_issues)):
        for field in fields(LabelIssues):
            assert np.array_equal(getattr(_label_issues(first), field.name), getattr(_label_issues(second), field.name))


def test_an_interrupted_audit_goes_on_with_the_next_fold(
    dataset_read: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queue.submit(database, SPEC)
    with monkeypatch.context() as patch:
        _when(patch, 3, _crash)
        with pytest.raises(Crash):
            execute(dataset_read, database, run.id)
    left = run_of(database, run.id)
    assert (left.state, left.epoch, _found(database, run).folds) == (State.RUNNING, 2, 2)
    queue.mark_dead(database, run.id, left.attempt, "Its process was killed.")
    done = execute(dataset_read, database, run.id)
    assert (done.state, done.attempt) == (State.DONE, 2)
    assert steps_of(database, done) == [(fold, step) for fold in (1, 2, 3, 4) for step in range(20)]
    _assert_same(_found(database, done), _found(database, _whole(dataset_read, database)))


def test_an_audit_that_died_after_its_last_fold_only_looks_for_label_issues(
    dataset_read: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queue.submit(database, SPEC)
    with monkeypatch.context() as patch:
        patch.setattr(RunRecorder, "end", lambda *_arguments: _crash())
        with pytest.raises(Crash):
            execute(dataset_read, database, run.id)
    batches = batches_of(database, run.id)
    assert _found(database, run).train_issues is None
    queue.mark_dead(database, run.id, 1, "Its process was killed.")
    assert execute(dataset_read, database, run.id).state is State.DONE
    assert batches_of(database, run.id) == batches
    assert _found(database, run).train_issues is not None


def test_an_audit_is_stopped_within_a_fold_and_keeps_those_before(
    dataset_read: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queue.submit(database, SPEC)
    _when(monkeypatch, 2, lambda: control.stop(database, run.id))
    stopped = execute(dataset_read, database, run.id)
    assert (stopped.state, stopped.epoch, stopped.score, stopped.host) == (State.STOPPED, 1, None, None)
    audit = _found(database, run)
    assert (audit.folds, audit.train_issues) == (1, None)
    assert np.isnan(audit.train).all(axis=1).sum() == 375


@pytest.mark.parametrize("linger", [True, False])
def test_a_paused_audit_goes_on_as_if_nothing_had_been(
    dataset_read: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, linger: bool
) -> None:
    """In its own process, which waits, or in a later one."""
    from mnist_dash.training import epoch_runner

    run = queue.submit(database, SPEC)

    def resumed(recorder: RunRecorder) -> Command:
        recorder.pause(attached=linger)
        control.resume(database, run.id, 1)
        return Command.GO_ON if linger else Command.PAUSE

    with monkeypatch.context() as patch:
        patch.setattr(epoch_runner, "wait", resumed)
        _when(patch, 2, lambda: control.pause(database, run.id))
        done = execute(dataset_read, database, run.id)
    assert done.state is (State.DONE if linger else State.QUEUED)
    if not linger:
        done = execute(dataset_read, database, run.id)
    assert (done.state, done.attempt) == (State.DONE, 1 if linger else 2)
    _assert_same(_found(database, done), _found(database, _whole(dataset_read, database)))


def test_a_pause_that_is_wanted_at_the_end_of_a_fold_is_heeded_before_the_next(
    dataset_read: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mnist_dash.training import epoch_runner

    run, seen = queue.submit(database, SPEC, pause_at=2), []

    def resumed(recorder: RunRecorder) -> Command:
        recorder.pause(attached=True)
        seen.append(control.resume(database, run.id, 1).epoch)
        return Command.GO_ON

    monkeypatch.setattr(epoch_runner, "wait", resumed)
    assert execute(dataset_read, database, run.id).state is State.DONE
    assert seen == [2]


def test_images_that_changed_since_the_audit_began_are_noticed(
    dataset_read: Settings, database: Database, tmp_path: Path, small: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queue.submit(database, SPEC)
    with monkeypatch.context() as patch:
        _when(patch, 2, _crash)
        with pytest.raises(Crash):
            execute(dataset_read, database, run.id)
    queue.mark_dead(database, run.id, 1, "Its process was killed.")
    other = tmp_path / "other.npz"
    write_npz(other, _changed(small), generate(200, 1))
    failed = execute(replace(dataset_read, data=other), database, run.id)
    assert failed.state is State.FAILED
    assert failed.reason == "The data set mnist has changed since this audit began. Start another one."


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (audit_spec("mnist", "dense_128", 20, batch_size=476), r"batch_size is 476, but only 475 images are left"),
        (SPEC, r"The loss became NaN in fold 1, batch \d+"),
    ],
    ids=["batch", "diverged"],
)
def test_an_audit_that_cannot_go_on_fails_with_the_reason(
    dataset_read: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, spec: RunSpec, reason: str
) -> None:
    from mnist_dash.training.loop import Trainer

    if "NaN" in reason:
        step = Trainer._step
        monkeypatch.setattr(Trainer, "_step", lambda self, *batch: [part * np.nan for part in step(self, *batch)])
    failed = execute(dataset_read, database, queue.submit(database, spec).id)
    assert failed.state is State.FAILED
    assert failed.reason is not None
    assert re.match(reason, failed.reason)


def test_a_digit_with_fewer_images_than_folds_is_refused_with_both_numbers(
    settings: Settings, database: Database, tmp_path: Path, small: Digits
) -> None:
    path = tmp_path / "few.npz"
    threes = np.flatnonzero(small.labels == 3)[5:]
    write_npz(path, small.take(np.setdiff1d(np.arange(500), threes)), generate(200, 1))
    run = queue.submit(database, audit_spec("mnist", "dense_128", 6))
    failed = execute(replace(settings, data=path), database, run.id)
    assert failed.reason is not None
    assert failed.reason.startswith("folds is 6, but one digit has only 5 training images;")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_an_audit_whose_process_is_killed_ends_as_one_that_was_not(
    dataset_read: Settings, database: Database, start: Start
) -> None:
    spec = replace(SPEC, epochs=20)
    run = queue.submit(database, spec)
    worker = start("worker", "--idle", "0.1")
    until(lambda: run_of(database, run.id).epoch >= 1)
    _kill(worker)
    assert worker.wait(deadline()) == 0
    done = run_of(database, run.id)
    assert (done.state, done.attempt, done.epoch) == (State.DONE, 2, 4)
    assert steps_of(database, done) == [(fold, step) for fold in (1, 2, 3, 4) for step in range(200)]
    whole = execute(dataset_read, database, queue.submit(database, spec).id)
    _assert_same(_found(database, done), _found(database, whole))
    for one, other in zip(epochs_of(database, whole.id), epochs_of(database, done.id), strict=True):
        assert _measured(one) == _measured(other)


def _measured(epoch: Epoch) -> Epoch:
    return replace(epoch, seconds=0.0)


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    psutil.Process(worker.pid).children()[0].send_signal(signal.SIGKILL)
