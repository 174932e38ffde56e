"""The supervisor keeps a process alive for every sweep that goes on, and for no other."""

import pytest

from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.space import suggest
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process, supervisor
from mnist_dash.runs.records import State
from mnist_dash.runs.supervisor import THIS_MACHINE, Supervisor
from mnist_dash.runs.sweep_processes import MOST_STARTS, claim_sweep, find_active_sweeps
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps import steps
from mnist_dash.sweeps.control import SweepPlan, resume_sweep, start_sweep, stop_sweep
from mnist_dash.sweeps.queries import sweep_of
from mnist_dash.sweeps.records import Sweep
from tests.runs.conftest import Child

pytestmark = pytest.mark.both_databases


@pytest.fixture
def sweep(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Sweep:
    """A sweep that has just been started, without a supervisor."""
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)
    plan = SweepPlan(RunSpec.of("dense_128", "mnist"), (suggest(METHODS["dense_128"], "dropout"),))
    return start_sweep(settings, database, plan)


@pytest.fixture
def watching(settings: Settings, database: Database) -> Supervisor:
    """A supervisor that ticks when it is told."""
    return Supervisor(settings, database)


def test_a_sweep_gets_one_process_and_another_when_that_has_died(
    watching: Supervisor, sweep: Sweep, database: Database, children: list[Child]
) -> None:
    assert watching.tick()
    assert watching.tick()
    assert len(children) == 1
    children[0].code = -9
    assert watching.tick()
    assert len(children) == 2
    stop_sweep(database, sweep.id)
    children[1].code = 0
    assert not watching.tick()
    assert len(children) == 2


def test_a_process_that_an_earlier_supervisor_started_is_left_at_work(
    settings: Settings, watching: Supervisor, sweep: Sweep, children: list[Child]
) -> None:
    with process.sweep_lock(settings, sweep.id):
        assert watching.tick()
    assert children == []
    assert watching.tick()
    assert len(children) == 1


def test_a_process_that_leads_nowhere_is_started_no_more(
    settings: Settings, watching: Supervisor, sweep: Sweep, database: Database, children: list[Child]
) -> None:
    log = process.sweep_log(settings, sweep.id)
    log.parent.mkdir(parents=True)
    log.write_text("Traceback\nKeyError: 'x'\n")
    for start in range(MOST_STARTS):
        watching.tick()
        assert len(children) == start + 1
        children[-1].code = 1
    watching.tick()
    failed = sweep_of(database, sweep.id)
    assert (failed.state, len(children)) == (State.FAILED, MOST_STARTS)
    assert failed.reason == (
        "Its process ended with exit status 1; its last line was “KeyError: 'x'”. This was death 3 without a step "
        "forward, so the sweep was given up. Resume it."
    )
    assert find_active_sweeps(database) == []
    resume_sweep(settings, database, sweep.id)
    assert watching.tick()
    assert len(children) == MOST_STARTS + 1


def test_a_process_that_came_through_a_look_may_die_as_often_as_it_likes(
    watching: Supervisor, sweep: Sweep, database: Database, children: list[Child]
) -> None:
    for start in range(2 * MOST_STARTS):
        watching.tick()
        steps.note_look(database, sweep, {})
        children[start].code = -9
    assert len(children) == 2 * MOST_STARTS
    assert sweep_of(database, sweep.id).active


def test_a_sweep_of_another_machine_is_left_alone(
    watching: Supervisor, sweep: Sweep, database: Database, children: list[Child]
) -> None:
    assert claim_sweep(database, sweep.id, "another machine", "")
    assert not watching.tick()
    assert children == []
    assert not claim_sweep(database, sweep.id, THIS_MACHINE, "")
    assert find_active_sweeps(database) == [sweep.id]
