"""Commands around runs: queue and watch, list, stop, let go on; and the conversion of models."""

import json
import sys
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from tqdm import tqdm

from mnist_dash.cli.reader_set import open_data_of
from mnist_dash.cli.terminal import say
from mnist_dash.data.dataset import MNIST
from mnist_dash.data.present_digits import explain_no_test
from mnist_dash.errors import ModelError, RunError, SpecError, UnreachableError
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.parameters import PARAMETERS
from mnist_dash.methods.registry import Method, get_method
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.model_files import Kind, find_kind, find_target, read_content
from mnist_dash.models.registry.teachers import check_teacher
from mnist_dash.runs import control, process, supervisor
from mnist_dash.runs.engines.cluster import explain_waiting
from mnist_dash.runs.estimate import estimate_cost
from mnist_dash.runs.progress import measure_progress
from mnist_dash.runs.queries import batches_of, run_of, runs_of, waiting_before
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.starting import start_run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from mnist_dash.words import interval, percent

GLANCE = 0.2
"""Seconds between two looks at a run that is being watched."""


def train(settings: Settings, asked: Namespace) -> None:
    """Queue a run and watch it to its end."""
    with open_database(settings) as database:
        spec, _ = prepare_run(settings, database, asked)
        report(watch_run(settings, database, start_run(settings, database, spec, asked.name)), asked.json)


def prepare_run(settings: Settings, database: Database, asked: Namespace) -> tuple[RunSpec, int]:
    """The spec that was asked for and how many images it learns from; raises where it cannot run."""
    method = get_method(asked.method)
    # Refused before the data are made or fetched, which may take minutes.
    wanted = read_spec(method, asked)
    check_teacher(database, wanted)
    dataset = open_data_of(settings, method, asked)
    spec = replace(wanted, data=dataset.name)
    learnt = len(draw_run_split(spec, dataset.train).train)
    estimate_cost(spec, learnt, 1.0, process.read_memory())
    if not asked.json:
        say(*filter(None, (dataset.notice, explain_no_test(dataset))), error=True)
    return spec, learnt


def read_spec(method: Method, asked: Namespace) -> RunSpec:
    """The spec that was asked for, on the method's own data set; raises SpecError."""
    return RunSpec.of(method.name, method.data or MNIST, **_changes(method, asked))


def runs(settings: Settings, asked: Namespace) -> None:
    """List all runs, the newest first."""
    with open_database(settings) as database:
        found = runs_of(database)
    if not found and not asked.json:
        say("No runs yet. `python -m mnist_dash train cnn` trains the first.")
    for run in found:
        say(json.dumps(_row(run)) if asked.json else _sentence(run))
    if not asked.json and (waiting := explain_waiting(settings, found)):
        say(waiting, error=True)


def stop(settings: Settings, asked: Namespace) -> None:
    """Stop a run; finished epochs are kept."""
    with open_database(settings) as database:
        run = control.stop(database, asked.run)
    say(json.dumps(_row(run)) if asked.json else f"Run {run.id} was asked to stop.")


def pause(settings: Settings, asked: Namespace) -> None:
    """Pause a run."""
    with open_database(settings) as database:
        run = control.pause(database, asked.run)
    say(json.dumps(_row(run)) if asked.json else f"Run {run.id} was asked to pause. `resume {run.id}` lets it go on.")


def resume(settings: Settings, asked: Namespace) -> None:
    """Let a paused run go on, or train an ended one further."""
    with open_database(settings) as database:
        if asked.epochs is None:
            run = control.resume(database, asked.run, settings.slots, step=asked.step)
        else:
            epochs = PARAMETERS["epochs"].parse(asked.epochs)
            assert isinstance(epochs, int)  # noqa: S101 - the parameter is whole
            run = control.train_further(database, asked.run, epochs)
    supervisor.ensure(settings)
    say(
        json.dumps(_row(run))
        if asked.json
        else f"Run {run.id} is {run.state}, {run.epoch} {run.spec.round_name}s done."
    )


def convert(_settings: Settings, asked: Namespace) -> None:
    """Turn a Keras file into a `.tflite`, a `.half.tflite` or an `.onnx` file, as the target is called."""
    if not asked.source.exists():
        raise ModelError(f"There is nothing at {asked.source}. Check the path.")
    content = read_content(asked.source)
    kind = find_kind(content, asked.source.name)
    if kind is Kind.LITERT:
        raise ModelError(f"{asked.source} is a LiteRT file already. Name a Keras file, or use it as it is.")
    from mnist_dash.training.foreign import convert_foreign

    made = convert_foreign(content, kind, find_target(asked.target.name))
    try:
        asked.target.write_bytes(made)
    except OSError as e:
        raise ModelError(f"{e.filename} cannot be written ({e.strerror}). Name a file in a folder with room.") from e
    say(json.dumps({"file": str(asked.target)}) if asked.json else f"Written to {asked.target}")


def _changes(method: Method, asked: Namespace) -> Mapping[str, Value]:
    texts = dict(_pair(method, text) for text in asked.hyperparameter)
    named = {"epochs": asked.epochs, "train_size": asked.train_size, "seed": asked.seed}
    texts |= {name: text for name, text in named.items() if text is not None}
    unknown = next((name for name in texts if name not in method.hyperparameters), None)
    if unknown:
        raise SpecError(f"{unknown} is nothing that {method.name} has; it has {', '.join(method.hyperparameters)}.")
    return {name: method.hyperparameters[name].parse(text) for name, text in texts.items()}


def _pair(method: Method, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or name not in method.hyperparameters:
        allowed = ", ".join(method.hyperparameters)
        raise SpecError(f"--hyperparameter got {text!r}; allowed is KEY=VALUE with one of {allowed}.")
    return name, value


def watch_run(settings: Settings, database: Database, run: Run, own: Sequence[Run] | None = None) -> Run:
    """Follow a run to its end; Ctrl-C asks it, or whichever are one's `own`, to stop, and is waited for."""
    with tqdm(total=1, unit="batch", disable=not sys.stderr.isatty(), leave=False) as bar:
        while run.changing:
            try:
                time.sleep(GLANCE)
                # The run waits for a server that is away as well; that it is stands in the log, which is the terminal.
                with suppress(UnreachableError):
                    run = run_of(database, run.id)
                    _show(bar, database, run)
                    supervisor.ensure(settings)
            except KeyboardInterrupt:
                _stop(database, [run] if own is None else own)
                run = run_of(database, run.id)
    return run


def _stop(database: Database, runs: Sequence[Run]) -> None:
    """Ask those of `runs` to stop that have not ended; where all have, nothing is left to wait for."""
    active = [run.id for run in runs if run_of(database, run.id).state.active]
    if not active:
        raise KeyboardInterrupt
    for run_id in active:
        control.stop(database, run_id)


def report(run: Run, as_json: bool) -> None:
    """Print how a run ended; raises RunError where it failed."""
    say(describe_run(run, as_json))
    check_not_failed(run)


def describe_run(run: Run, as_json: bool) -> str:
    """A run and how it ended: a sentence, or a JSON object."""
    return json.dumps(_summary(run)) if as_json else _sentence(run)


def check_not_failed(run: Run) -> None:
    """Raise RunError where the run failed."""
    if run.state is State.FAILED:
        raise RunError(f"Run {run.id} failed. {run.reason}")


def _show(bar: "tqdm[None]", database: Database, run: Run) -> None:
    if bar.disable:
        return
    reached = measure_progress(run, batches_of(database, run.id))
    waiting = f"waiting for {_ahead(database, run)} runs" if run.state is State.QUEUED else run.phase
    bar.set_description_str(
        f"Run {run.id}: {waiting}, {run.spec.round_name} {min(run.epoch + 1, run.spec.rounds)} of {run.spec.rounds}"
    )
    bar.total, bar.n = max(1, reached.steps), reached.step
    bar.refresh()


def _ahead(database: Database, run: Run) -> int:
    return len(waiting_before(database, run)) + len(runs_of(database, State.RUNNING))


def _row(run: Run) -> dict[str, object]:
    accuracy = run.score.accuracy if run.score else None
    row = {"run": run.id, "name": run.name, "state": run.state, "method": run.spec.method, "epoch": run.epoch}
    return row | {"test_accuracy": accuracy, "reason": run.reason}


def _summary(run: Run) -> dict[str, object]:
    score = run.score
    return _row(run) | {
        "parameters": run.spec.parameter_count,
        "epochs": run.spec.epochs,
        "train_images": run.train_images,
        "seconds": round(run.seconds, 3),
        "test_interval": [score.low, score.high] if score else None,
        "spec": run.spec.to_fields(),
    }


def _sentence(run: Run) -> str:
    text = f"Run {run.id}, {run.name} ({run.spec.method}): {run.state}"
    if run.spec.has_epochs:
        text += f", {run.epoch} of {run.spec.rounds} {run.spec.round_name}s"
    if run.score:
        text += f", {percent(run.score.accuracy)} of {run.score.images:,} test images right"
        text += f" ({interval(run.score.low, run.score.high)})"
    return f"{text}. {run.reason}" if run.reason else text
