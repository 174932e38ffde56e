"""What is said of several runs: settings that differ, means over seeds, and which lead may be chance."""

from dataclasses import replace
from math import sqrt

import pytest

from mnist_dash.analysis.comparison import (
    are_comparable,
    compare_settings,
    find_close_to_best,
    group_repeats,
    next_seed,
    student_interval,
)
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import State
from mnist_dash.store.database import Database
from tests.trained import begun, trained

CNN = RunSpec.of("cnn", "mnist")


def seeded(seed: int, **changes: int | float | str) -> RunSpec:
    return RunSpec.of("cnn", "mnist", seed=seed, **changes)


def test_settings_are_told_apart_by_whether_all_agree() -> None:
    differing, same = compare_settings([CNN, RunSpec.of("dense_128", "mnist", epochs=7), CNN])
    assert differing == {"method": ("cnn", "dense_128", "cnn"), "epochs": (5, 7, 5)}
    assert same["data"] == ("mnist", "mnist", "mnist")
    assert set(same) == {"data", "continued", *CNN.parameters} - {"epochs"}


def test_a_run_that_was_continued_differs_from_one_that_was_not() -> None:
    differing, _ = compare_settings([CNN, replace(CNN, continued=(3,))])
    assert differing == {"continued": ((), (3,))}


def test_the_interval_of_a_mean_is_students() -> None:
    mean, low, high = student_interval([0.96, 0.97, 0.98])
    assert mean == pytest.approx(0.97)
    # 4.3027 is the quantile of t with 2 degrees of freedom in every table.
    assert (high - low) / 2 == pytest.approx(4.3027 * 0.01 / sqrt(3), rel=1e-4)


def test_runs_that_differ_in_their_seed_alone_are_repeats(database: Database) -> None:
    specs = [seeded(0), seeded(1), seeded(0, epochs=9), seeded(2), RunSpec.of("dense_128", "mnist")]
    runs = [trained(database, spec, right) for spec, right in zip(specs, (960, 970, 990, 980, 500), strict=True)]
    (repeats,) = group_repeats(runs)
    assert [run.spec.seed for run in repeats.runs] == [0, 1, 2]
    assert (repeats.mean, repeats.low, repeats.high) == pytest.approx(student_interval([0.96, 0.97, 0.98]))


def test_the_same_seed_twice_says_nothing_of_seeds(database: Database) -> None:
    assert group_repeats([trained(database, CNN), trained(database, CNN)]) == []


def test_a_run_that_was_not_finished_is_no_repeat(database: Database) -> None:
    done, (run, recorder) = trained(database, seeded(0)), begun(database, seeded(1))
    recorder.end(State.STOPPED, {}, done.score)
    assert group_repeats([done, replace(run, state=State.STOPPED, score=done.score)]) == []


def test_an_interval_of_accuracies_ends_at_all(database: Database) -> None:
    (repeats,) = group_repeats([trained(database, seeded(0), 999), trained(database, seeded(1), 989)])
    assert repeats.high == 1
    assert 0 < repeats.low < repeats.mean


def test_the_next_seed_is_one_that_no_repeat_has() -> None:
    assert next_seed(CNN, []) == 1
    assert next_seed(CNN, [CNN, seeded(1), seeded(2), seeded(3, epochs=9), seeded(4)]) == 3


def test_seeds_begin_anew_behind_the_highest() -> None:
    assert next_seed(seeded(2**31 - 1), [seeded(0)]) == 1


def test_accuracies_on_other_images_cannot_be_compared(database: Database) -> None:
    run = trained(database, CNN)
    assert run.score
    assert are_comparable([run, trained(database, seeded(1))])
    assert not are_comparable([run, replace(run, score=replace(run.score, images=200))])
    assert not are_comparable([run, trained(database, RunSpec.of("cnn", "generated"))])


def test_runs_whose_intervals_overlap_that_of_the_best_are_close(database: Database) -> None:
    far, best, near = (trained(database, CNN, right) for right in (900, 960, 950))
    assert find_close_to_best([far, best, near]) == (best, [near])
    assert find_close_to_best([far]) == (far, [])


def test_without_a_tested_run_none_is_best(database: Database) -> None:
    run, _ = begun(database, CNN)
    assert find_close_to_best([run]) == (None, [])
