"""Sweeps without processes: what their trials have read is made up."""

from collections.abc import Callable, Sequence

import pytest

from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.space import Options, Range, suggest
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue, supervisor
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Epoch, Run, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps import controller
from mnist_dash.sweeps.control import SweepPlan, start_sweep
from mnist_dash.sweeps.queries import sweep_of, trials_of
from mnist_dash.sweeps.records import Pruner, Sampler, Sweep, Trial

Act = Callable[..., list[Trial]]
Learn = Callable[..., Run]
SPACE = (
    suggest(METHODS["dense_128"], "learning_rate"),
    Range("batch_size", 16, 64, whole=True),
    Options("optimizer", ("adam", "sgd")),
)


def a_plan(trials: int = 3, sampler: Sampler = Sampler.TPE, pruner: Pruner = Pruner.MEDIAN) -> SweepPlan:
    """A sweep over runs of three epochs."""
    return SweepPlan(RunSpec.of("dense_128", "mnist", epochs=3, seed=5), SPACE, trials, sampler, pruner)


@pytest.fixture(autouse=True)
def no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is started."""
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)


@pytest.fixture
def sweep(settings: Settings, database: Database) -> Sweep:
    """A sweep of three trials that has just been started."""
    return start_sweep(settings, database, a_plan())


@pytest.fixture
def act(database: Database) -> Act:
    """Lets a new process of the sweep do what is to be done now; the trials as they are then."""

    def act(sweep: Sweep, slots: int = 1) -> list[Trial]:
        controller.act(database, sweep_of(database, sweep.id), trials_of(database, sweep.id), slots)
        return trials_of(database, sweep.id)

    return act


@pytest.fixture
def learn(database: Database) -> Learn:
    """Lets a waiting trial read these shares of its validation images, epoch by epoch, and end so; None: go on."""

    def learn(trial: Trial, accuracies: Sequence[float], state: State | None = State.DONE) -> Run:
        run = queue.claim(database, "here", trial.run.id)
        assert run is not None
        recorder = RunRecorder(database, run)
        recorder.begin(450, 8)
        for number, accuracy in enumerate(accuracies, 1):
            recorder.epoch(Epoch(number, 0.5, 0.9, 0.4, accuracy, 1.0), b"checkpoint")
        if state is State.FAILED:
            recorder.fail("The loss became NaN.")
        elif state is not None:
            recorder.end(state, {}, None)
        return run_of(database, run.id)

    return learn
