"""What is said of several runs: settings that differ, and which lead may be chance."""

from dataclasses import replace

from mnist_dash.analysis.comparison import (
    are_comparable,
    compare_settings,
    find_close_to_best,
)
from mnist_dash.methods.spec import RunSpec
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
