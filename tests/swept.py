"""Sweeps whose trials have been done, as their processes would have left them."""

from collections.abc import Sequence

from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.space import Options, Range, suggest
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Epoch, Run, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps import controller
from mnist_dash.sweeps.control import SweepPlan, start_sweep
from mnist_dash.sweeps.queries import sweep_of, trials_of
from mnist_dash.sweeps.records import Pruner, Sampler, Sweep, Trial

SPACE = (
    suggest(METHODS["dense_128"], "learning_rate"),
    Range("batch_size", 16, 64, whole=True),
    Options("optimizer", ("adam", "sgd")),
)
FIGURES = ((0.5, 0.7, 0.9), (0.6, 0.8, 0.95), (0.55, 0.75, 0.92), (0.5, 0.6, 0.7), (0.58, 0.8, 0.93))
"""What five trials of three epochs read of their validation images."""


def a_plan(trials: int = 3, sampler: Sampler = Sampler.TPE, pruner: Pruner = Pruner.MEDIAN) -> SweepPlan:
    """A sweep over runs of three epochs."""
    return SweepPlan(RunSpec.of("dense_128", "mnist", epochs=3, seed=5), SPACE, trials, sampler, pruner)


def act_on(database: Database, sweep: Sweep, slots: int = 1) -> list[Trial]:
    """Let a new process of the sweep do what is to be done now; the trials as they are then."""
    controller.act(database, sweep_of(database, sweep.id), trials_of(database, sweep.id), slots)
    return trials_of(database, sweep.id)


def learn_trial(database: Database, trial: Trial, accuracies: Sequence[float], state: State | None = State.DONE) -> Run:
    """Let a waiting trial read these shares of its validation images, epoch by epoch, and end so; None: go on."""
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


def search(settings: Settings, database: Database, wanted: int) -> Sweep:
    """A sweep of so many trials, of which as many as there are FIGURES are done, and the next one waits, if wanted."""
    sweep = start_sweep(settings, database, a_plan(wanted))
    for figures in FIGURES:
        learn_trial(database, act_on(database, sweep)[-1], figures)
    act_on(database, sweep)
    act_on(database, sweep)
    return sweep_of(database, sweep.id)
