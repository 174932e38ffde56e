"""Several seeds of a spec: which are there, which are still to be trained, and how they are started."""

from dataclasses import replace

import pytest

from mnist_dash.errors import SpecError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import supervisor
from mnist_dash.runs.queries import runs_of
from mnist_dash.runs.records import State
from mnist_dash.runs.seeds import find_same, ignore_seed, plan_more_seeds, plan_seeds
from mnist_dash.runs.starting import start_run, start_runs
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.trained import begun, trained

pytestmark = pytest.mark.both_databases

CNN = RunSpec.of("cnn", "mnist")


def seeded(seed: int, **changes: int | float | str) -> RunSpec:
    return RunSpec.of("cnn", "mnist", seed=seed, **changes)


@pytest.fixture
def ensured(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """How often somebody was called who takes runs; nothing is started."""
    calls: list[Settings] = []
    monkeypatch.setattr(supervisor, "ensure", calls.append)
    return calls


def test_specs_are_the_same_but_for_the_seed_alone() -> None:
    assert ignore_seed(CNN) == ignore_seed(seeded(7))
    for other in (seeded(0, epochs=9), replace(CNN, data="mine"), replace(CNN, continued=(3,))):
        assert ignore_seed(other) != ignore_seed(CNN)


def test_so_many_seeds_are_planned_from_that_of_the_spec_on() -> None:
    plan = plan_seeds(seeded(4), 3, [])
    assert plan.new == (seeded(4), seeded(5), seeded(6))
    assert plan.describe() == "Seeds 4, 5 and 6 will be trained."


def test_behind_the_highest_seed_they_begin_anew() -> None:
    assert [spec.seed for spec in plan_seeds(seeded(2**31 - 1), 2, []).new] == [2**31 - 1, 0]


def test_what_is_there_or_on_its_way_is_not_trained_twice(database: Database) -> None:
    trained(database, seeded(1))
    begun(database, seeded(0))
    trained(database, seeded(2, epochs=9))
    plan = plan_seeds(CNN, 3, runs_of(database))
    assert plan.new == (seeded(2),)
    assert [run.id for run in plan.present] == [2, 1]
    assert plan.describe() == (
        "Seed 2 will be trained. Taken as it stands: run 2 (seed 0, running) and run 1 (seed 1, done)."
    )
    whole = plan_seeds(CNN, 2, runs_of(database))
    assert whole.describe() == "All are there already: run 2 (seed 0, running) and run 1 (seed 1, done)."


def test_a_seed_that_failed_or_was_stopped_is_trained_anew(database: Database) -> None:
    for seed, state in enumerate((State.FAILED, State.STOPPED)):
        begun(database, seeded(seed))[1].end(state, {}, None)
    assert plan_seeds(CNN, 2, runs_of(database)).new == (seeded(0), seeded(1))


@pytest.mark.parametrize("seeds", [1, 21, -3])
def test_one_seed_or_very_many_are_refused(seeds: int) -> None:
    with pytest.raises(SpecError, match=f"seeds is {seeds}; allowed is a whole number from 2 to 20"):
        plan_seeds(CNN, seeds, [])


def test_more_seeds_are_those_that_no_run_has(database: Database) -> None:
    assert plan_more_seeds(CNN, 1, []).new == (seeded(1),)
    for spec in (CNN, seeded(1), seeded(2), seeded(3, epochs=9), seeded(4)):
        trained(database, spec)
    assert plan_more_seeds(CNN, 2, runs_of(database)).new == (seeded(3), seeded(5))
    assert plan_more_seeds(seeded(2**31 - 1), 1, runs_of(database)).new == (replace(CNN, seed=3),)


def test_the_same_runs_are_found_among_others(database: Database) -> None:
    runs = [trained(database, spec) for spec in (CNN, seeded(0, epochs=9), seeded(5))]
    assert [run.id for run in find_same(seeded(8), runs)] == [1, 3]


def test_several_runs_are_queued_in_order_and_somebody_is_called(
    settings: Settings, database: Database, ensured: list[Settings]
) -> None:
    runs = start_runs(settings, database, [seeded(3), seeded(1)], "mine")
    assert [(run.id, run.spec.seed, run.name) for run in runs] == [(1, 3, "mine"), (2, 1, "mine")]
    assert runs[0].position < runs[1].position
    assert start_run(settings, database, CNN, pause_at=1).pause_at == 1
    assert ensured == [settings, settings]


def test_all_are_queued_or_none(settings: Settings, database: Database, ensured: list[Settings]) -> None:
    with pytest.raises(AttributeError):
        start_runs(settings, database, [CNN, None])  # type: ignore[list-item]
    assert runs_of(database) == []
    assert ensured == []
