"""Whether a sweep with TPE and pruning finds as good settings as random search with twice the trials, and how soon.

`MNIST_DASH_HOME=FOLDER MNIST_DASH_DATA=FOLDER python -m benchmarks.sweep [--seeds N] [--trials N] [--images N]`. Sweeps
and runs stay in the home under their names, so that what was cut off goes on where it was. All trials run in this
process, one after another, and nothing but validation images is asked. The best of many trials is flattered by the
images that it was chosen by, so that the settings found by each sweep are trained again with other seeds, which draw
other validation images. The result is recorded where as much was asked for as by default.
"""

import json
import os
import sys
from argparse import ArgumentParser
from dataclasses import replace
from statistics import mean
from threading import Event, Thread

from benchmarks import record
from mnist_dash.methods.space import Options, Range
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process, queue
from mnist_dash.runs.queries import epochs_of, runs_of
from mnist_dash.runs.records import Run, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from mnist_dash.sweeps import controller
from mnist_dash.sweeps.control import SweepPlan, start_sweep
from mnist_dash.sweeps.queries import sweep_of, sweeps_of, trials_of
from mnist_dash.sweeps.records import Outcome, Pruner, Sampler, Sweep, find_best
from mnist_dash.training.attempt import execute

SPACE = (
    Range("learning_rate", 0.0001, 0.1, log=True),
    Range("batch_size", 16, 256, log=True, whole=True),
    Range("dropout", 0.0, 0.8),
    Range("weight_decay", 0.0, 0.5),
    Options("optimizer", ("adam", "adamw", "sgd", "momentum", "rmsprop")),
    Options("activation", ("relu", "gelu", "tanh", "sigmoid")),
)
SEEDS, TRIALS, IMAGES, EPOCHS = 3, 40, 2_000, 5
AGAIN = 3
"""Other seeds with which the settings that were found are trained."""
_FIRST_AGAIN = 1_000
_GLANCE = 0.05


def main(seeds: int, trials: int, images: int) -> None:
    """Search what is not searched yet, and write what both ways have found."""
    settings = Settings.from_environment(os.environ).prepare()
    # Held, so that no supervisor takes what is trained here.
    with open_database(settings) as database, process.supervisor_lock(settings).acquire(timeout=10):
        found = [measure(settings, database, seed, trials, images) for seed in range(seeds)]
    ways = {
        way: {name: mean(float(row[way][name]) for row in found) for name in ("best", "again", "seconds", "epochs")}
        for way in ("tpe", "random")
    }
    asked = {"seeds": seeds, "trials": {"tpe": trials, "random": 2 * trials}, "images": images, "epochs": EPOCHS}
    result = {**asked, "mean": ways, "sweeps": found}
    if (seeds, trials, images) == (SEEDS, TRIALS, IMAGES):
        record.write("sweep", result)
    else:
        print(json.dumps(result, indent=2))


def measure(settings: Settings, database: Database, seed: int, trials: int, images: int) -> dict[str, dict[str, float]]:
    """What TPE with pruning and random search without it find with one seed."""
    base = RunSpec.of("cnn", "mnist", epochs=EPOCHS, train_size=images, validation_split=0.5, seed=seed)
    plans = {
        "tpe": SweepPlan(base, SPACE, trials, Sampler.TPE, Pruner.MEDIAN),
        "random": SweepPlan(base, SPACE, 2 * trials, Sampler.RANDOM, Pruner.NONE),
    }
    return {way: describe(settings, database, search(settings, database, way, plan)) for way, plan in plans.items()}


def search(settings: Settings, database: Database, way: str, plan: SweepPlan) -> Sweep:
    """The sweep of that plan, which is searched here unless it has been."""
    name = f"{way}, seed {plan.base.seed}, {plan.trials} trials, {plan.base.train_size} images"
    known = next((sweep for sweep in sweeps_of(database) if sweep.name == name), None)
    sweep = known or start_sweep(settings, database, plan, name)
    while sweep_of(database, sweep.id).active:
        controller.act(database, sweep_of(database, sweep.id), trials_of(database, sweep.id), 1)
        for trial in trials_of(database, sweep.id):
            if trial.outcome.active:
                print(trial.run.name, name, file=sys.stderr)
                _train(settings, database, trial.run, sweep)
    return sweep_of(database, sweep.id)


def _train(settings: Settings, database: Database, run: Run, sweep: Sweep) -> None:
    """Train a trial, while a thread looks whether it is to be given up."""
    if run.state is State.RUNNING:
        queue.mark_dead(database, run.id, run.attempt, "The benchmark was cut off.")
    ended = Event()

    def prune() -> None:
        while not ended.wait(_GLANCE):
            controller.act(database, sweep_of(database, sweep.id), trials_of(database, sweep.id), 0)

    thread = Thread(target=prune)
    thread.start()
    try:
        execute(settings, database, run.id)
    finally:
        ended.set()
        thread.join()


def describe(settings: Settings, database: Database, sweep: Sweep) -> dict[str, float]:
    """What the best trial read, what its settings read with other seeds, and what the search took."""
    trials = trials_of(database, sweep.id)
    best = find_best(trials)
    assert best is not None
    assert best.accuracy is not None
    specs = [replace(best.run.spec, seed=_FIRST_AGAIN + number) for number in range(AGAIN)]
    return {
        "best": best.accuracy,
        "again": mean(_read_again(settings, database, spec) for spec in specs),
        "seconds": round(sum(trial.run.seconds for trial in trials), 1),
        "epochs": sum(trial.run.epoch for trial in trials),
        "pruned": len([trial for trial in trials if trial.outcome is Outcome.PRUNED]),
    }


def _read_again(settings: Settings, database: Database, spec: RunSpec) -> float:
    """The share of its validation images that a run with that spec reads, trained here unless it has been."""
    done = next((run for run in runs_of(database, State.DONE) if run.spec == spec), None)
    run = done or execute(settings, database, queue.submit(database, spec).id)
    accuracy = epochs_of(database, run.id)[-1].validation_accuracy
    assert accuracy is not None
    return accuracy


if __name__ == "__main__":
    arguments = ArgumentParser(description="Compare a sweep with random search of twice the trials.")
    arguments.add_argument("--seeds", type=int, default=SEEDS)
    arguments.add_argument("--trials", type=int, default=TRIALS)
    arguments.add_argument("--images", type=int, default=IMAGES)
    asked = arguments.parse_args()
    main(asked.seeds, asked.trials, asked.images)
