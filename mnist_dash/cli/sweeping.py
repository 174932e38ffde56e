"""Commands around sweeps: search for good settings, list what was found, stop, go on, and the process of a sweep."""

import argparse
import json
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from tqdm import tqdm

from mnist_dash.cli.processes import ABSENCE
from mnist_dash.cli.terminal import say
from mnist_dash.cli.training import GLANCE, prepare_run, read_spec
from mnist_dash.errors import SweepError, UnreachableError
from mnist_dash.methods.registry import METHODS, get_method
from mnist_dash.methods.space import parse_dimension
from mnist_dash.methods.spec_text import write_settings
from mnist_dash.runs import process, supervisor
from mnist_dash.runs.pace import describe_duration, find_pace
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from mnist_dash.sweeps import control
from mnist_dash.sweeps.control import SweepPlan
from mnist_dash.sweeps.cost import estimate_sweep
from mnist_dash.sweeps.queries import sweep_of, sweeps_of, trials_of
from mnist_dash.sweeps.records import TRIALS, USUAL_TRIALS, Outcome, Pruner, Sampler, Sweep, Trial, find_best
from mnist_dash.words import join_words, percent

TOLD = "search for good settings: each trial is a run, compared on validation images"
_VARIED = (
    "what is tried: NAME=LOW..HIGH, NAME=LOW..HIGH:log on a logarithmic scale, NAME=A,B,C, or NAME alone for a usual "
    "range; any number of them"
)

Add = Callable[[str, Callable[[Settings, Namespace], None], str], argparse.ArgumentParser]
"""Adds a command of that name, with what does it and what is said of it."""


def describe(add: Add) -> None:
    """Add the commands of people."""
    made = add("sweep", sweep, TOLD)
    made.add_argument("method", metavar="METHOD", help=", ".join(METHODS))
    made.add_argument("--vary", nargs="+", action="extend", required=True, metavar="SETTING", help=_VARIED)
    made.add_argument("--trials", metavar="N", help=f"default: {USUAL_TRIALS}")
    made.add_argument("--sampler", choices=list(map(str, Sampler)), default=str(Sampler.TPE))
    made.add_argument("--pruner", choices=list(map(str, Pruner)), default=str(Pruner.MEDIAN))
    made.add_argument("--epochs", metavar="N", help="of each trial")
    made.add_argument("--train-size", metavar="N", help="a number of images, or all")
    made.add_argument("--seed", metavar="N", help="of every trial, and of what is tried")
    made.add_argument(
        "--hyperparameter", nargs="+", action="extend", default=[], metavar="KEY=VALUE", help="the same in all trials"
    )
    made.add_argument("--data", metavar="NAME", help="a data set by its name; default: the method's own")
    made.add_argument("--name", metavar="TEXT", help="what to call the sweep")
    made.add_argument("--no-wait", action="store_true", help="start it and end; it goes on by itself")
    listed = add(
        "sweeps", sweeps, "list all sweeps, or the trials of one; stop or delete it, let it go on, or ask for more"
    )
    listed.add_argument("sweep", type=int, nargs="?", metavar="ID")
    change = listed.add_mutually_exclusive_group()
    change.add_argument("--stop", action="store_true", help="stop it; finished trials are kept")
    change.add_argument("--resume", action="store_true", help="let it go on where it was stopped")
    change.add_argument("--more", metavar="N", help="ask for so many trials more than were wanted")
    change.add_argument("--delete", action="store_true", help="delete it with its trials, once it has ended")
    change.add_argument("--restore", action="store_true", help="take that back, within a day")


def describe_process(add: Add) -> None:
    """Add the command that the supervisor starts."""
    add("run-sweep", run_sweep, "look after one sweep in this process").add_argument("sweep", type=int, metavar="ID")


def sweep(settings: Settings, asked: Namespace) -> None:
    """Start a sweep and watch it to its end."""
    method = get_method(asked.method)
    space = tuple(parse_dimension(method, text) for text in asked.vary)
    trials = USUAL_TRIALS if asked.trials is None else _parse_trials(asked.trials)
    wanted = SweepPlan(read_spec(method, asked), space, trials, Sampler(asked.sampler), Pruner(asked.pruner))
    with open_database(settings) as database:
        base, images = prepare_run(settings, database, asked)
        plan = replace(wanted, base=base)
        pace, memory = find_pace(settings, database), process.read_memory()
        seconds = estimate_sweep(plan, images, pace, memory, settings.slots)
        started = control.start_sweep(settings, database, plan, asked.name)
        if not asked.json:
            varied = join_words([dimension.describe() for dimension in space], 20)
            say(
                f"Sweep {started.id} varies {varied}. {trials} trials, at most {describe_duration(seconds, pace)}.",
                error=True,
            )
        if asked.no_wait:
            say(json.dumps(_row(database, started)) if asked.json else _sentence(database, started))
            return
        _report(database, _watch(settings, database, started), asked.json)


def sweeps(settings: Settings, asked: Namespace) -> None:
    """List all sweeps, the newest first, or the trials of one; or stop, resume, extend, delete or restore one."""
    changes = asked.stop or asked.resume or asked.delete or asked.restore or asked.more is not None
    if changes and asked.sweep is None:
        raise SweepError("Which sweep is to be changed is not said; allowed is the number of one. `sweeps` lists all.")
    with open_database(settings) as database:
        if changes:
            _change(settings, database, asked)
        elif asked.sweep is not None:
            found = sweep_of(database, asked.sweep)
            for trial in trials_of(database, found.id):
                say(json.dumps(_trial_row(found, trial)) if asked.json else _trial_sentence(found, trial))
        else:
            _list_all(database, asked.json)


def _list_all(database: Database, as_json: bool) -> None:
    every = sweeps_of(database)
    for one in every:
        say(json.dumps(_row(database, one)) if as_json else _sentence(database, one))
    if not every and not as_json:
        say("No sweeps yet. `python -m mnist_dash sweep cnn --vary learning_rate dropout` starts the first.")


def _change(settings: Settings, database: Database, asked: Namespace) -> None:
    if asked.delete:
        control.delete_sweep(database, asked.sweep)
        told = f"Sweep {asked.sweep} was deleted with its trials. `sweeps {asked.sweep} --restore` takes that back."
        say(json.dumps({"deleted": asked.sweep}) if asked.json else told)
        return
    if asked.stop:
        found = control.stop_sweep(database, asked.sweep)
        told = f"Sweep {found.id} was stopped. `sweeps {found.id} --resume` lets it go on."
    elif asked.restore:
        found = control.restore_sweep(database, asked.sweep)
        told = _sentence(database, found)
    else:
        more = 0 if asked.more is None else _parse_trials(asked.more, 1)
        found = control.resume_sweep(settings, database, asked.sweep, more)
        told = f"Sweep {found.id} goes on, to {found.trials} trials."
    say(json.dumps(_row(database, found)) if asked.json else told)


def run_sweep(settings: Settings, asked: Namespace) -> None:
    """Look after one sweep in this process."""
    from mnist_dash.sweeps.controller import conduct

    with open_database(settings, ABSENCE) as database:
        found = conduct(settings, database, asked.sweep)
        say(json.dumps(_row(database, found)) if asked.json else _sentence(database, found))


def _parse_trials(text: str, least: int = 2) -> int:
    if not text.isdecimal() or not least <= int(text) <= TRIALS.high:
        raise SweepError(f"trials is {text!r}; allowed is a whole number from {least} to {TRIALS.high:,}.")
    return int(text)


def _watch(settings: Settings, database: Database, found: Sweep) -> Sweep:
    """Follow a sweep to its end; Ctrl-C stops it, and what is at work is waited for."""
    bar = tqdm(total=found.trials, unit="trial", disable=not sys.stderr.isatty(), leave=False)
    with bar:
        while found.active or any(trial.run.changing for trial in trials_of(database, found.id)):
            try:
                time.sleep(GLANCE)
                # As its trials do, and its own process.
                with suppress(UnreachableError):
                    found = sweep_of(database, found.id)
                    _show(bar, found, trials_of(database, found.id))
                    supervisor.ensure(settings)
            except KeyboardInterrupt:
                if not found.active:
                    raise
                found = control.stop_sweep(database, found.id)
    return found


def _show(bar: "tqdm[None]", found: Sweep, trials: Sequence[Trial]) -> None:
    if not bar.disable:
        best = find_best(trials)
        bar.set_description_str(f"Sweep {found.id}: best {percent(best.accuracy)}" if best else f"Sweep {found.id}")
        bar.total, bar.n = found.trials, len([trial for trial in trials if not trial.outcome.active])
        bar.refresh()


def _report(database: Database, found: Sweep, as_json: bool) -> None:
    """Print what was found; raises SweepError where the sweep failed."""
    say(json.dumps(_row(database, found)) if as_json else _sentence(database, found))
    best = find_best(trials_of(database, found.id))
    if best and not as_json:
        words = [f"{name}={text}" for name, text in write_settings(best.run.spec).items() if name != "method"]
        told = f" --hyperparameter {' '.join(words)}" if words else ""
        say(f"Use its settings: python -m mnist_dash train {best.run.spec.method}{told} --data {best.run.spec.data}")
    if found.state is State.FAILED:
        raise SweepError(f"Sweep {found.id} failed. {found.reason}")


def _count(trials: Sequence[Trial]) -> dict[str, int]:
    return {str(outcome): len([one for one in trials if one.outcome is outcome]) for outcome in Outcome}


def _row(database: Database, found: Sweep) -> dict[str, object]:
    trials = trials_of(database, found.id)
    best = find_best(trials)
    row = {"sweep": found.id, "name": found.name, "state": found.state, "method": found.base.method}
    told = {"trials": found.trials, **_count(trials), "importance": dict(found.importance), "reason": found.reason}
    return row | told | {"best": _trial_row(found, best) if best else None}


def _sentence(database: Database, found: Sweep) -> str:
    trials = trials_of(database, found.id)
    counted = [f"{count} {outcome}" for outcome, count in _count(trials).items() if count]
    text = f"Sweep {found.id}, {found.name} ({found.base.method}): {found.state}, {found.trials} trials wanted"
    text += f", {join_words(counted, 20)}" if counted else ""
    best = find_best(trials)
    text += f". Best so far: {_trial_sentence(found, best)}" if best else "."
    return f"{text} {found.reason}" if found.reason else text


def _trial_row(found: Sweep, trial: Trial) -> dict[str, object]:
    row = {"trial": trial.number, "run": trial.run.id, "outcome": trial.outcome, "epoch": trial.run.epoch}
    values = trial.read_values(found.space)
    return row | {"validation_accuracy": trial.accuracy, "values": values, "reason": trial.run.reason}


def _trial_sentence(found: Sweep, trial: Trial) -> str:
    values = " ".join(f"{name}={value}" for name, value in trial.read_values(found.space).items())
    read = f", {percent(trial.accuracy)} of the validation images right" if trial.accuracy is not None else ""
    text = f"trial {trial.number} (run {trial.run.id}), {values}: {trial.outcome}{read}."
    return f"{text} {trial.run.reason}" if trial.run.reason else text
