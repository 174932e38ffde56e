"""Seeds as one: which runs belong together, their mean, and whether a difference was luck."""

from dataclasses import replace
from math import sqrt

import pytest
from scipy import stats  # type: ignore[import-untyped]

from mnist_dash.analysis.seeds import SeedGroup, compare_seeds, group_by_seed, student_interval
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Run, State
from mnist_dash.store.database import Database
from tests.trained import begun, trained

CNN = RunSpec.of("cnn", "mnist")


def seeded(seed: int, **changes: int | float | str) -> RunSpec:
    return RunSpec.of("cnn", "mnist", seed=seed, **changes)


def several(runs: list[Run]) -> list[SeedGroup]:
    return [group for group in group_by_seed(runs) if group.is_several]


def test_the_interval_of_a_mean_is_students() -> None:
    mean, low, high = student_interval([0.96, 0.97, 0.98])
    assert mean == pytest.approx(0.97)
    # 4.3027 is the quantile of t with 2 degrees of freedom in every table.
    assert (high - low) / 2 == pytest.approx(4.3027 * 0.01 / sqrt(3), rel=1e-4)


def test_the_interval_of_two_seeds_is_honest_and_wide() -> None:
    _, low, high = student_interval([0.990, 0.991])
    assert (high - low) / 2 == pytest.approx(12.706 * 0.0005, rel=1e-3)


def test_runs_that_differ_in_their_seed_alone_are_a_group(database: Database) -> None:
    specs = [seeded(2), seeded(1), seeded(0, epochs=9), seeded(0), RunSpec.of("dense_128", "mnist")]
    runs = [trained(database, spec, right) for spec, right in zip(specs, (960, 970, 990, 980, 500), strict=True)]
    groups = group_by_seed(runs)
    assert [[run.id for run in group.runs] for group in groups] == [[4, 2, 1], [3], [5]]
    assert [run.spec.seed for run in groups[0].tested] == [0, 1, 2]
    assert groups[0].interval == pytest.approx(student_interval([0.96, 0.97, 0.98]))
    assert [group.is_several for group in groups] == [True, False, False]


def test_the_same_seed_twice_says_nothing_of_seeds(database: Database) -> None:
    runs = [trained(database, CNN), trained(database, CNN)]
    assert several(runs) == []
    (group,) = several([*runs, trained(database, seeded(1))])
    assert [run.id for run in group.counted] == [1, 3]
    assert group.describe_uncounted() == "Run 2 (seed 0, done) does not count: only tested runs do, each seed once."


def test_runs_that_have_not_ended_with_a_test_do_not_count(database: Database) -> None:
    done, (run, recorder) = trained(database, seeded(0)), begun(database, seeded(1))
    recorder.end(State.STOPPED, {}, done.score)
    stopped = replace(run, state=State.STOPPED, score=done.score)
    assert several([done, stopped]) == []
    (group,) = several([begun(database, seeded(3))[0], done, stopped, trained(database, seeded(2))])
    assert [run.spec.seed for run in group.counted] == [0, 2]
    assert group.describe_uncounted() == (
        "Run 3 (seed 3, running) and run 2 (seed 1, stopped) do not count: only tested runs do, each seed once."
    )


def test_a_run_that_was_trained_further_is_no_other_seed(database: Database) -> None:
    assert several([trained(database, CNN), trained(database, replace(seeded(1), continued=(3,)))]) == []


def test_an_interval_of_accuracies_ends_at_all(database: Database) -> None:
    (group,) = group_by_seed([trained(database, seeded(0), 999), trained(database, seeded(1), 989)])
    mean, low, high = group.interval
    assert high == 1
    assert 0 < low < mean


def test_a_run_by_itself_counts_whatever_its_state(database: Database) -> None:
    for run in (trained(database, CNN), begun(database, CNN)[0]):
        assert SeedGroup.of_one(run).counted == (run,)
        assert not SeedGroup.of_one(run).is_several


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([0.991, 0.992, 0.990, 0.993, 0.991], [0.990, 0.989, 0.991, 0.990, 0.992]),
        ([0.99, 0.98], [0.97, 0.9701, 0.9702]),
    ],
)
def test_the_interval_of_a_difference_is_welchs(first: list[float], second: list[float]) -> None:
    found = compare_seeds(first, second)
    expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx(tuple(expected))
    other = compare_seeds(second, first)
    assert other.low is not None
    assert (other.mean, other.low) == pytest.approx((-found.mean, -expected.high))


def test_a_difference_that_may_be_chance_is_called_so() -> None:
    found = compare_seeds([0.991, 0.992, 0.990, 0.993, 0.991], [0.990, 0.989, 0.991, 0.990, 0.992])
    assert found.may_be_chance
    assert found.describe("A", "B") == (
        "This difference could be chance: over 5 seeds each, A reads 0.10 points more than B, "
        "95 % interval -0.07 to 0.27."
    )


def test_a_difference_that_luck_hardly_explains_is_called_so() -> None:
    found = compare_seeds([0.99, 0.991, 0.992], [0.95, 0.951])
    assert not found.may_be_chance
    assert found.describe("A", "B").startswith(
        "Luck alone hardly explains this: over 3 and 2 seeds, A reads 4.05 points more than B, 95 % interval 3."
    )


def test_seeds_that_all_came_out_the_same_show_no_luck() -> None:
    found = compare_seeds([0.5, 0.5], [0.25, 0.25])
    assert found.may_be_chance
    assert found.describe("A", "B").startswith("Nobody can tell: over 2 seeds each, A reads 25.00 points more than B")
