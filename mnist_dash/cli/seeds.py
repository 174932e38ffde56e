"""`train` with several seeds: what is there already is taken, the rest is trained, and the mean is told."""

import json
from argparse import Namespace
from collections.abc import Sequence

from mnist_dash.analysis.seeds import SeedGroup, group_by_seed
from mnist_dash.cli import training
from mnist_dash.cli.terminal import say
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import process
from mnist_dash.runs.estimate import estimate_cost, estimate_together
from mnist_dash.runs.finding import find_repeats
from mnist_dash.runs.pace import describe_duration, find_pace
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.seeds import SEEDS, SeedPlan, plan_seeds
from mnist_dash.runs.starting import start_runs
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from mnist_dash.words import interval, percent


def train(settings: Settings, asked: Namespace) -> None:
    """Queue a run, or one with each of several seeds, and watch to the end."""
    if asked.seeds is None:
        training.train(settings, asked)
        return
    seeds = SEEDS.parse(asked.seeds)
    assert isinstance(seeds, int)  # noqa: S101 - the number is whole
    with open_database(settings) as database:
        spec, images = training.prepare_run(settings, database, asked)
        plan = plan_seeds(spec, seeds, find_repeats(database, spec))
        if not asked.json:
            pace = find_pace(settings, database)
            say(f"{plan.describe()} {_estimate(settings, spec, images, plan, pace)}".strip(), error=True)
        new = start_runs(settings, database, plan.new, asked.name) if plan.new else []
        _report(_watch_all(settings, database, plan.present, new), asked.json)


def _estimate(settings: Settings, spec: RunSpec, images: int, plan: SeedPlan, pace: float | None) -> str:
    """How long all that is still to be trained will take."""
    if not plan.new:
        return ""
    cost = estimate_cost(spec, images, pace, process.read_memory())
    return f"About {describe_duration(estimate_together(cost, len(plan.new), settings.slots), pace)} in all."


def _watch_all(settings: Settings, database: Database, present: Sequence[Run], new: Sequence[Run]) -> list[Run]:
    """All runs as they ended, by seed; Ctrl-C stops the new ones, and no other that is paused is waited for."""
    waited = [run for run in present if run.changing and run.state is not State.PAUSED]
    for run in [*new, *waited]:
        training.watch_run(settings, database, run_of(database, run.id), new)
    return sorted((run_of(database, run.id) for run in (*present, *new)), key=lambda run: run.spec.seed)


def _summarise(group: SeedGroup) -> dict[str, object]:
    mean, *interval = group.interval if group.is_several else (None,)
    counted = {"runs": [run.id for run in group.tested], "seeds": [run.spec.seed for run in group.tested]}
    return {**counted, "mean_test_accuracy": mean, "interval_over_seeds": interval or None}


def _report(runs: Sequence[Run], as_json: bool) -> None:
    """Print how each ended, and the mean; raises RunError where one failed."""
    for run in runs:
        say(training.describe_run(run, as_json))
    (group,) = group_by_seed(runs)
    if as_json:
        say(json.dumps(_summarise(group)))
    elif group.is_several:
        mean, low, high = group.interval
        say(f"Mean over {len(group.tested)} seeds: {percent(mean)} ({interval(low, high)}, by Student's t).")
    else:
        say("Fewer than two seeds were tested: there is no mean to tell.")
    for run in runs:
        training.check_not_failed(run)
