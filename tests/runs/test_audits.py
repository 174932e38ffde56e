"""Audits are kept fold by fold, whole, and known to be of one data set."""

from dataclasses import fields, replace

import numpy as np
import pytest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.errors import RunError
from mnist_dash.methods.audit import assign_folds, audit_spec
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queue
from mnist_dash.runs.audits import Audit, LabelIssues, from_bytes, to_bytes
from mnist_dash.runs.queries import audit_of, checkpoint_of, kept_epochs_of, run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.store.database import Database
from tests.runs.conftest import SCORE, an_epoch

pytestmark = pytest.mark.both_databases

SPEC = audit_spec("mnist", "dense_128", 3)


@pytest.fixture
def dataset(small: Digits) -> Dataset:
    """300 training and 40 test images."""
    train, test = small.take(slice(300)), small.take(slice(300, 340))
    return Dataset("mnist", train, test, "here", sha256={"train_images": "1", "test_images": "2"})


def _shares(images: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(10), images).astype(np.float32)


def _label_issues(*index: int) -> LabelIssues:
    count = len(index)
    digits, shares = np.full(count, 3, np.uint8), np.full(count, 0.25, np.float32)
    half, twice = np.full(count, 0.125, np.float32), np.full(count, 0.5, np.float32)
    return LabelIssues(np.array(index, np.int64), digits, digits + 1, shares, half, twice, count // 2)


def _running(database: Database, spec: RunSpec = SPEC) -> tuple[Run, RunRecorder]:
    queued = queue.submit(database, spec)
    run = queue.claim(database, "here", queued.id)
    assert run is not None
    return run, RunRecorder(database, run)


def _finished(database: Database, spec: RunSpec = SPEC) -> Run:
    run, recorder = _running(database, spec)
    recorder.end(State.DONE, {}, SCORE)
    return run_of(database, run.id)


def test_each_fold_is_filled_in_once_and_the_test_images_get_the_mean(dataset: Dataset) -> None:
    assigned = assign_folds(dataset.train.labels, 3, 0)
    audit, read = Audit.of(dataset), _shares(300, 0)
    tests = [_shares(40, seed) for seed in (1, 2, 3)]
    for fold, test in enumerate(tests, 1):
        assert np.array_equal(np.isnan(audit.train).all(axis=1), assigned >= fold)
        audit = audit.after(fold, assigned, read[assigned == fold], test)
        np.testing.assert_allclose(audit.test, np.mean(tests[:fold], axis=0), atol=1e-6)
    assert audit.folds == 3
    assert np.array_equal(audit.train, read.astype(np.float16))
    assert Audit.of(dataset).folds == 0


def test_an_audit_comes_back_from_its_bytes_as_it_was(dataset: Dataset) -> None:
    begun = replace(Audit.of(dataset), folds=2, test=_shares(40, 1))
    _assert_same(from_bytes(to_bytes(begun)), begun)
    done = replace(begun, train=_shares(300, 0).astype(np.float16), train_issues=_label_issues(7, 3))
    _assert_same(
        from_bytes(to_bytes(replace(done, test_issues=_label_issues()))), replace(done, test_issues=_label_issues())
    )


def _assert_same(one: Audit, other: Audit) -> None:
    assert (one.data, one.sha256, one.folds) == (other.data, other.sha256, other.folds)
    for name in ("train", "test"):
        assert getattr(one, name).dtype == getattr(other, name).dtype
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("train_issues", "test_issues"):
        found, wanted = getattr(one, name), getattr(other, name)
        assert (found is None) is (wanted is None)
        for field in fields(LabelIssues) if wanted is not None else ():
            ours, theirs = getattr(found, field.name), getattr(wanted, field.name)
            np.testing.assert_array_equal(ours, theirs)
            assert type(ours) is type(theirs)
            assert np.asarray(ours).dtype == np.asarray(theirs).dtype


def test_an_audit_of_sixty_thousand_images_takes_two_megabytes_at_the_most() -> None:
    audit = Audit("mnist", {}, 5, _shares(60_000, 0).astype(np.float16), _shares(10_000, 1))
    assert len(to_bytes(audit)) < 2e6


def test_a_data_set_with_other_images_is_noticed(dataset: Dataset) -> None:
    audit = Audit.of(dataset)
    assert audit.fits(dataset)
    for other in (
        replace(dataset, name="generated"),
        replace(dataset, sha256={**dataset.sha256, "train_images": "3"}),
        replace(dataset, train=dataset.train.take(slice(299))),
    ):
        assert not audit.fits(other)


def test_the_newest_fold_is_kept_and_no_model(database: Database, dataset: Dataset) -> None:
    run, recorder = _running(database)
    assert audit_of(database, run.id) is None
    for fold in (1, 2):
        recorder.epoch(an_epoch(fold), to_bytes(replace(Audit.of(dataset), folds=fold)), ModelFormat.AUDIT)
        found = audit_of(database, run.id)
        assert found is not None
        assert found.folds == fold
    assert kept_epochs_of(database, run.id, ModelFormat.AUDIT) == [2]
    assert (run_of(database, run.id).best, checkpoint_of(database, run.id)) == (None, None)
    recorder.end(State.DONE, {(2, ModelFormat.AUDIT): to_bytes(replace(Audit.of(dataset), folds=3))}, SCORE)
    assert (found := audit_of(database, run.id)) is not None
    assert found.folds == 3


def test_an_audit_of_no_run_is_refused(database: Database) -> None:
    with pytest.raises(RunError, match=r"^There is no run 7\."):
        audit_of(database, 7)


def test_an_audit_is_called_what_it_is(database: Database) -> None:
    assert queue.submit(database, SPEC).name == "Label audit, 3 folds"
    assert queue.submit(database, SPEC, "mine").name == "mine"


def test_an_audit_whose_process_died_is_told_of_its_folds(database: Database) -> None:
    run, _ = _running(database)
    reasons = [queue.mark_dead(database, run.id, run.attempt, "Dead.").reason]
    run = queue.claim(database, "here", run.id) or run
    RunRecorder(database, run).epoch(an_epoch(1), b"audit", ModelFormat.AUDIT)
    for _ in range(queue.MOST_DEATHS):
        reasons.append(queue.mark_dead(database, run.id, run.attempt, "Dead.").reason)
        run = queue.claim(database, "here", run.id) or run
    assert reasons[0] == "Dead. No fold had been finished. The run was queued again, to go on from there."
    assert reasons[1] == "Dead. Fold 1 and all before it are kept. The run was queued again, to go on from there."
    assert reasons[-1] == (
        "Dead. This was death 3 in the same fold, so it was given up. Fold 1 and all before it are kept. Free memory, "
        "then start another audit."
    )


def test_an_audit_cannot_be_trained_further(database: Database) -> None:
    run = _finished(database)
    with pytest.raises(RunError, match=r"^Run 1 is an audit of 3 networks; it cannot go on\. Start another one\.$"):
        control.train_further(database, run.id, 3)
    assert run_of(database, run.id) == run
