"""What runs will cost: by calculation first, by the runs of this machine later."""

from dataclasses import replace

import pytest

from mnist_dash.errors import SpecError
from mnist_dash.methods import cost
from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.estimate import STARTING, estimate_cost, estimate_seconds_left, estimate_wait, measure_pace
from mnist_dash.runs.records import Run

GIGABYTE = 10**9


def calculated(spec: RunSpec, images: int, epochs: int) -> float:
    assert spec.network
    return cost.estimate_seconds(spec.network, images, epochs, spec.batch_size, spec.optimizer)


def done(run: Run, epochs: int, seconds: float) -> Run:
    """The run with epochs done on 54,000 images."""
    return replace(run, epoch=epochs, seconds=seconds, train_images=54_000)


def test_without_finished_runs_the_machine_is_as_quick_as_calculated(run: Run) -> None:
    assert measure_pace([]) is None
    assert estimate_cost(run.spec, 54_000, None, 24 * GIGABYTE) == estimate_cost(run.spec, 54_000, 1.0, 24 * GIGABYTE)
    assert estimate_seconds_left(run, 60_000, None) == estimate_seconds_left(run, 60_000, 1.0)


def test_the_pace_is_the_median_of_the_latest_runs(run: Run) -> None:
    once = calculated(run.spec, 54_000, 20)
    runs = [done(run, 20, factor * once) for factor in (2.0, 3.0, 100.0)]
    assert measure_pace(runs) == pytest.approx(3.0)
    assert measure_pace([*runs[:2], run]) == pytest.approx(2.5)


def test_a_run_that_has_mostly_compiled_tells_nothing_of_the_pace(run: Run) -> None:
    tiny = replace(run, epoch=1, seconds=STARTING - 1, train_images=900)
    assert measure_pace([tiny]) is None
    once = calculated(run.spec, 54_000, 20)
    assert measure_pace([tiny, tiny, done(run, 20, 2 * once)]) == pytest.approx(2.0)
    # A quick machine is known by what was calculated to take long.
    quick = done(run, 200, STARTING - 1)
    assert measure_pace([quick]) == pytest.approx((STARTING - 1) / calculated(run.spec, 54_000, 200))


def test_an_estimate_follows_epochs_images_and_pace(spec: RunSpec) -> None:
    found = estimate_cost(spec, 54_000, 2.0, 24 * GIGABYTE)
    assert found
    assert found.seconds == pytest.approx(2 * calculated(spec, 54_000, 5))
    assert 0.5 * GIGABYTE < found.memory < 2 * GIGABYTE


def test_a_teacher_takes_its_time_in_the_estimate_and_none_of_the_pace(run: Run) -> None:
    alone, taught = (RunSpec.of(method, "mnist") for method in ("champion", "distilled"))
    assert alone.network == taught.network
    seconds = []
    for spec in (alone, taught):
        found = estimate_cost(spec, 54_000, 1.0, 24 * GIGABYTE)
        assert found
        seconds.append(found.seconds)
        assert measure_pace([replace(done(run, 20, 2 * found.seconds), spec=spec)]) == pytest.approx(2.0)
    assert 1.3 <= seconds[1] / seconds[0] <= 1.6


def test_nothing_is_estimated_where_nothing_is_learnt() -> None:
    assert estimate_cost(RunSpec.of("random", "mnist"), 60_000, 1.0, 1) is None


def test_a_run_that_needs_more_memory_than_there_is_is_refused_with_both_figures(spec: RunSpec) -> None:
    with pytest.raises(SpecError, match=r"needs about \d.* of memory, and the machine has 100 MB. Choose"):
        estimate_cost(spec, 54_000, 1.0, 10**8)


def test_models_of_all_epochs_that_would_fill_the_database_are_refused() -> None:
    spec = RunSpec.of("mlp_900", "mnist", epochs=1_000, kept_models="every_epoch")
    with pytest.raises(SpecError, match=r"all 1,000 epochs would take about 6\.1 GB; allowed are 2\.0 GB\. Choose"):
        estimate_cost(spec, 54_000, 1.0, 24 * GIGABYTE)
    assert estimate_cost(replace(spec, epochs=100), 54_000, 1.0, 24 * GIGABYTE)


def test_what_is_left_is_read_from_the_runs_own_epochs(run: Run) -> None:
    assert estimate_seconds_left(done(run, 2, 30.0), 60_000, 1.0) == pytest.approx(STARTING + 3 * 15.0)
    assert estimate_seconds_left(run, 60_000, 1.0) == pytest.approx(STARTING + calculated(run.spec, 60_000, 5))


def test_a_small_training_set_is_no_longer_than_it_is(run: Run) -> None:
    small = replace(run, spec=replace(run.spec, train_size=1_000))
    assert estimate_seconds_left(small, 60_000, 1.0) == pytest.approx(STARTING + calculated(run.spec, 1_000, 5))


def test_two_slots_halve_the_wait(run: Run) -> None:
    before = [done(run, 2, 30.0), run]
    assert estimate_wait(before, 60_000, 1.0, 2) == pytest.approx(estimate_wait(before, 60_000, 1.0, 1) / 2)


def test_an_audit_takes_its_epochs_for_every_fold(run: Run) -> None:
    spec = audit_spec("mnist", "dense_128", 4, epochs=3)
    found = estimate_cost(spec, 45_000, 2.0, 24 * GIGABYTE)
    assert found
    assert found.seconds == pytest.approx(2 * calculated(spec, 45_000, 12))
    audit = replace(run, spec=spec, train_images=45_000)
    assert estimate_seconds_left(replace(audit, epoch=1, seconds=30.0), 60_000, 1.0) == pytest.approx(
        STARTING + 3 * 30.0
    )
    assert estimate_seconds_left(audit, 60_000, 1.0) == pytest.approx(STARTING + calculated(spec, 45_000, 12))
    assert measure_pace([replace(audit, epoch=2, seconds=60.0)]) == pytest.approx(60.0 / calculated(spec, 45_000, 6))
