"""How far a run is and how long it will still take, from its batches alone."""

from dataclasses import replace

import pytest

from mnist_dash.methods.audit import audit_spec
from mnist_dash.runs.progress import Progress, measure_progress
from mnist_dash.runs.records import Batches, Run


@pytest.fixture
def begun(run: Run) -> Run:
    """A run of 5 epochs with 10 batches each."""
    return replace(run, steps=10)


def _batches(epoch: int, step: int, seconds: float, count: int = 2) -> Batches:
    return Batches(epoch, step, (0.5,) * count, (0.9,) * count, seconds)


def test_a_run_that_has_not_seen_its_data_has_no_steps(run: Run) -> None:
    assert measure_progress(run, []) == Progress(0, 0, None)
    assert measure_progress(run, []).share == 0


def test_a_run_without_batches_has_an_unknown_time_left(begun: Run) -> None:
    assert measure_progress(begun, []) == Progress(0, 50, None)


def test_one_record_gives_no_speed(begun: Run) -> None:
    assert measure_progress(begun, [_batches(1, 0, 0.5)]) == Progress(2, 50, None)


def test_the_time_left_follows_from_the_speed(begun: Run) -> None:
    batches = [_batches(1, 0, 1.0), _batches(1, 2, 1.5), _batches(1, 4, 2.0)]
    progress = measure_progress(begun, batches)
    assert progress == Progress(6, 50, 11.0)
    assert progress.share == 6 / 50


def test_steps_are_counted_over_epochs(begun: Run) -> None:
    batches = [_batches(1, 8, 1.0), _batches(2, 0, 2.0), _batches(2, 2, 3.0, count=1)]
    progress = measure_progress(replace(begun, epoch=1), batches)
    assert (progress.step, progress.steps) == (13, 50)
    assert progress.left == pytest.approx(37 / 1.5)


def test_the_clock_starts_anew_with_each_attempt(begun: Run) -> None:
    first = [_batches(1, 0, 100.0), _batches(1, 8, 900.0)]
    resumed = replace(begun, epoch=1)
    assert measure_progress(resumed, [*first, _batches(2, 0, 0.5)]).left is None
    second = [_batches(2, 0, 0.5), _batches(2, 2, 1.0)]
    assert measure_progress(resumed, first + second).left == pytest.approx(36 / 4)


def test_records_at_the_same_moment_give_no_speed(begun: Run) -> None:
    assert measure_progress(begun, [_batches(1, 0, 1.0), _batches(1, 2, 1.0)]).left is None


def test_the_speed_follows_a_change(begun: Run) -> None:
    run = replace(begun, steps=1_000)
    slow = [_batches(1, 2 * i, float(i)) for i in range(50)]
    fast = [_batches(1, 100 + 2 * i, 50 + 0.1 * i) for i in range(41)]
    left = measure_progress(run, slow + fast).left
    assert left == pytest.approx((5_000 - 182) / 20)


def test_an_interrupted_epoch_counts_from_its_start(begun: Run) -> None:
    assert measure_progress(replace(begun, epoch=2), [_batches(2, 8, 1.0)]).step == 20


def test_finished_epochs_count_where_no_batches_are_known(begun: Run) -> None:
    assert measure_progress(replace(begun, epoch=2), []) == Progress(20, 50, None)


def test_a_finished_run_has_nothing_left(begun: Run) -> None:
    progress = measure_progress(replace(begun, epoch=5), [_batches(5, 6, 1.0), _batches(5, 8, 2.0)])
    assert progress == Progress(50, 50, 0.0)
    assert progress.share == 1


def test_an_audit_is_as_far_as_the_epochs_within_its_folds(begun: Run) -> None:
    audit = replace(begun, spec=audit_spec("mnist", "dense_128", 4, epochs=2), steps=20, epoch=1)
    batches = [_batches(2, 0, 1.0), _batches(2, 10, 3.5, count=5), _batches(2, 15, 4.75, count=5)]
    progress = measure_progress(audit, batches)
    assert (progress.step, progress.steps) == (40, 80)
    assert progress.left == pytest.approx(40 / (18 / 3.75))
