"""What the local engine knows of the processes it starts, and of those that others have started."""

from dataclasses import replace

import pytest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process, queue
from mnist_dash.runs.engines.engine import Engine
from mnist_dash.runs.engines.local import LocalEngine
from mnist_dash.runs.records import Run, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.runs.conftest import Child


@pytest.fixture
def engine(settings: Settings) -> Engine:
    """An engine with two slots, which has started nothing."""
    return LocalEngine(replace(settings, slots=2))


@pytest.fixture
def claimed(database: Database) -> Run:
    """A run that was claimed."""
    queue.submit(database, RunSpec.of("random", "mnist"))
    run = queue.claim(database, "here")
    assert run is not None
    return run


def test_a_run_that_was_started_here_lives_until_its_process_ends(
    engine: Engine, claimed: Run, children: list[Child]
) -> None:
    engine.start(claimed)
    assert engine.is_at_work()
    assert engine.explain_death(claimed) is None
    children[0].code = 3
    assert engine.explain_death(claimed) == "Its process ended with exit status 3."
    assert not engine.is_at_work()


def test_a_run_that_somebody_else_started_lives_as_long_as_its_lock_is_held(
    engine: Engine, settings: Settings, claimed: Run
) -> None:
    with process.run_lock(settings, claimed.id):
        assert engine.explain_death(claimed) is None
        assert not engine.is_at_work()
    assert engine.explain_death(claimed) == "Its process died while nobody watched."


def test_whoever_works_takes_a_slot_and_whoever_is_paused_does_not(
    engine: Engine, claimed: Run, children: list[Child]
) -> None:
    paused = replace(claimed, state=State.PAUSED)
    assert engine.count_room([]) == 2
    engine.start(claimed)
    assert engine.count_room([claimed]) == 1
    assert engine.count_room([paused]) == 2
    # It has recorded its end, and its process is still at its last words.
    assert engine.count_room([]) == 1
    children[0].code = 0
    assert engine.count_room([]) == 2


def test_what_was_started_here_has_begun(engine: Engine, claimed: Run) -> None:
    assert not engine.withdraw(claimed)
