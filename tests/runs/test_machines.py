"""What a machine held that is gone for good is taken by those that share the database with it, and by nobody before."""

import time
from collections.abc import Callable
from dataclasses import replace
from math import ceil
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from mnist_dash.errors import RunError, UnreachableError
from mnist_dash.methods.space import Range
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, machines, queue, supervisor
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Batches, Run, State
from mnist_dash.runs.supervisor import Supervisor
from mnist_dash.runs.sweep_processes import find_active_sweeps
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.store.shared_tables import machines as told
from mnist_dash.sweeps.control import SweepPlan, start_sweep
from tests.runs.conftest import Child, an_epoch

pytestmark = [pytest.mark.on_postgresql, pytest.mark.usefixtures("children")]
NETWORK = RunSpec.of("dense_128", "mnist")
Clock = Callable[[float], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Lets seconds pass."""
    # Between two calls they stand still: how long the test itself takes counts for nothing.
    passed = [float(ceil(time.monotonic()))]
    for module in (machines, supervisor):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: passed[0], time=time.time))

    def later(seconds: float) -> None:
        passed[0] += seconds

    return later


@pytest.fixture
def here(settings: Settings, database: Database) -> Supervisor:
    """The supervisor of this machine."""
    return Supervisor(settings, database)


@pytest.fixture
def there(settings: Settings, database: Database) -> Supervisor:
    """The supervisor of another."""
    return Supervisor(replace(settings, home=settings.home.with_name("other")), database)


@pytest.fixture
def held(there: Supervisor, database: Database) -> Run:
    """A run that is at work there, and has come to its second epoch."""
    run = queue.submit(database, NETWORK)
    there.tick()
    RunRecorder(database, run_of(database, run.id)).epoch(an_epoch(1), b"model")
    return run_of(database, run.id)


def _looks(here: Supervisor, later: Clock, *, silent: float = machines.SILENCE) -> None:
    """Two looks with so many seconds between them."""
    here.tick()
    later(silent)
    here.tick()


def test_a_run_of_a_machine_that_is_gone_goes_on_here(
    here: Supervisor, held: Run, database: Database, later: Clock
) -> None:
    lost = RunRecorder(database, held)
    _looks(here, later)
    run = run_of(database, held.id)
    assert (run.state, run.attempt, run.epoch, run.host) == (State.RUNNING, 2, 1, here._host)
    assert run.reason is not None
    assert run.reason.endswith("was not heard of for 2 minutes. Epoch 1 and all before it are kept. The run was queued "
                               "again, to go on from there.")  # fmt: skip
    # The machine was not gone: it slept. What its process writes now counts for nothing, and it stops.
    with pytest.raises(RunError, match="was taken over or ended; this process"):
        lost.epoch(an_epoch(2), b"model")


def test_it_is_left_alone_before(here: Supervisor, held: Run, database: Database, later: Clock) -> None:
    _looks(here, later, silent=machines.SILENCE - 1)
    assert run_of(database, held.id) == held


def test_a_machine_that_gives_signs_keeps_its_run(
    here: Supervisor, there: Supervisor, held: Run, database: Database, later: Clock
) -> None:
    for _ in range(5):
        _looks(here, later, silent=machines.SILENCE - 1)
        there.tick()
    assert run_of(database, held.id) == held


@pytest.mark.parametrize("sign", ["batches", "epoch", "phase"])
def test_a_run_that_goes_on_is_a_sign(here: Supervisor, held: Run, database: Database, later: Clock, sign: str) -> None:
    """Its supervisor was killed, and whoever has started that is not there to do so again."""
    recorder = RunRecorder(database, held)
    for step in range(5):
        _looks(here, later, silent=machines.SILENCE - 1)
        if sign == "batches":
            recorder.batches(Batches(2, 10 * step, (1.0,), (0.5,), 1.0))
        elif sign == "epoch":
            recorder.epoch(an_epoch(step + 2), b"model")
        else:
            recorder.phase(f"step {step}")
    assert run_of(database, held.id).attempt == 1


def test_while_the_database_is_away_nobody_is_silent(
    here: Supervisor, held: Run, database: Database, later: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.tick()
    with monkeypatch.context() as away:
        away.setattr(machines, "give_sign", _unreachable)
        for _ in range(2):
            later(machines.SILENCE / 2)
            here._look()
    later(machines.BEAT)
    here.tick()
    assert run_of(database, held.id) == held
    later(machines.SILENCE)
    here.tick()
    assert run_of(database, held.id).attempt == 2


def _unreachable(*_: object) -> None:
    raise UnreachableError("It is away.")


def test_a_machine_that_has_never_given_a_sign_is_a_persons(here: Supervisor, database: Database, later: Clock) -> None:
    queue.submit(database, NETWORK)
    run = queue.claim(database, "by hand")
    assert run is not None
    _looks(here, later)
    assert run_of(database, run.id) == run


def test_a_paused_run_of_a_machine_that_is_gone_can_be_resumed_anywhere(
    here: Supervisor, held: Run, database: Database, later: Clock, settings: Settings
) -> None:
    control.pause(database, held.id)
    RunRecorder(database, held).pause(attached=True)
    _looks(here, later)
    paused = run_of(database, held.id)
    assert (paused.state, paused.host) == (State.PAUSED, None)
    control.resume(database, held.id, settings.slots)
    here.tick()
    assert (run_of(database, held.id).state, run_of(database, held.id).attempt) == (State.RUNNING, 2)


def test_a_sweep_of_a_machine_that_is_gone_goes_on_here(
    here: Supervisor,
    there: Supervisor,
    settings: Settings,
    database: Database,
    later: Clock,
    children: list[Child],
) -> None:
    plan = SweepPlan(NETWORK, (Range("learning_rate", 0.001, 0.1, log=True),), trials=2)
    sweep = start_sweep(settings, database, plan)
    there.tick()
    assert find_active_sweeps(database, here._host) == []
    before = len(children)
    _looks(here, later)
    assert find_active_sweeps(database, here._host) == [sweep.id]
    assert len(children) == before + 1


def test_of_several_that_notice_one_takes_it(
    here: Supervisor, held: Run, settings: Settings, database: Database, later: Clock
) -> None:
    third = Supervisor(replace(settings, home=settings.home.with_name("third")), database)
    third.tick()
    _looks(here, later)
    third.tick()
    assert run_of(database, held.id).attempt == 2
    with database.read() as connection:
        assert connection.scalar(select(tables.runs.c.deaths)) == 1


def test_it_is_forgotten_until_it_is_heard_of_again(
    here: Supervisor, there: Supervisor, held: Run, database: Database, later: Clock
) -> None:
    assert held.host == there._host

    def hosts() -> set[str]:
        with database.read() as connection:
            return set(connection.scalars(select(told.c.host)))

    assert hosts() == {there._host}
    _looks(here, later)
    assert hosts() == {here._host}
    there._next_sign = 0.0
    there.tick()
    assert hosts() == {here._host, there._host}
