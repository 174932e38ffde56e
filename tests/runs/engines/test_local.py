"""What the local engine knows of the processes it starts, and of those that others have started."""

from dataclasses import replace

import pytest

from mnist_dash.runs import process
from mnist_dash.runs.engines.engine import Engine
from mnist_dash.runs.engines.local import LocalEngine
from mnist_dash.runs.records import Run, State
from mnist_dash.settings import Settings
from tests.runs.conftest import Child


@pytest.fixture
def engine(settings: Settings) -> Engine:
    """An engine with two slots, which has started nothing."""
    return LocalEngine(replace(settings, slots=2))


def test_a_run_that_was_started_here_lives_until_its_process_ends(
    engine: Engine, run: Run, children: list[Child]
) -> None:
    engine.start(run)
    assert engine.is_at_work()
    assert engine.explain_death(run) is None
    children[0].code = 3
    assert engine.explain_death(run) == "Its process ended with exit status 3."
    assert not engine.is_at_work()


def test_a_run_that_somebody_else_started_lives_as_long_as_its_lock_is_held(
    engine: Engine, settings: Settings, run: Run
) -> None:
    with process.run_lock(settings, run.id):
        assert engine.explain_death(run) is None
        assert not engine.is_at_work()
    assert engine.explain_death(run) == "Its process died while nobody watched."


def test_whoever_works_takes_a_slot_and_whoever_is_paused_does_not(
    engine: Engine, run: Run, children: list[Child]
) -> None:
    paused = replace(run, state=State.PAUSED)
    assert engine.count_room([]) == 2
    engine.start(run)
    assert engine.count_room([run]) == 1
    assert engine.count_room([paused]) == 2
    # It has recorded its end, and its process is still at its last words.
    assert engine.count_room([]) == 1
    children[0].code = 0
    assert engine.count_room([]) == 2


def test_what_was_started_here_has_begun(engine: Engine, run: Run) -> None:
    assert not engine.withdraw(run)
