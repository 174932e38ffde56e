"""What lessons are checked by: the data set, the runs in the database, the drawing of this tab, the answers given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Image
from mnist_dash.data.dataset import FEATURES, Dataset
from mnist_dash.data.present_digits import find_digits
from mnist_dash.lessons.checks import (
    Verdict,
    check_choice,
    check_drawing,
    check_experiment,
    check_number,
    check_remedy,
    find_ended,
)
from mnist_dash.lessons.lesson import (
    DrawingTask,
    Experiment,
    Fact,
    Lesson,
    NumberQuestion,
    Question,
    Remedy,
    Step,
)
from mnist_dash.methods.layers import Conv
from mnist_dash.methods.registry import get_method
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import list_bundled
from mnist_dash.runs.finding import RunFilter, find_named, find_newest, find_settings
from mnist_dash.runs.records import Run
from mnist_dash.sketch.sheet_reading import read_sheet
from mnist_dash.store.database import Database
from mnist_dash.ui.lessons import tab_progress
from mnist_dash.ui.shell import cached_analysis, resources, state

Verdicts = Mapping[str, Verdict]
"""Where each step of a lesson stands, by its name."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A data set, the `runs` that can count, the newest first, and the image (28, 28) of one drawn digit, if any."""

    data: Dataset
    runs: Sequence[Run]
    drawn: Image | None


def gather(data: Dataset, lessons: Iterable[Lesson]) -> Evidence:
    """What there is at this moment for these lessons."""
    return Evidence(data, find_runs(resources.database(), lessons), _find_drawn())


def find_runs(database: Database, lessons: Iterable[Lesson]) -> list[Run]:
    """The runs that can count: with an experiment's settings, the newest of a remedy's method, what was done before."""
    specs: list[RunSpec] = []
    mended: set[str] = set()
    done: set[int] = set()
    for lesson, step in ((each, step) for each in lessons for step in each.steps):
        if not isinstance(step.task, Experiment | Remedy):
            continue
        base = _find_base(lesson, step.task)
        if isinstance(step.task, Experiment):
            specs.append(step.task.make_spec())
        elif base:
            mended.add(base.method)
        done.add(int(tab_progress.recall(lesson.name, step.name) or 0))
    newest = find_newest(database, wanted=RunFilter(methods=mended)) if mended else []
    found = {run.id: run for run in (*find_settings(database, specs), *newest, *find_named(database, done))}
    return [found[run_id] for run_id in sorted(found, reverse=True)]


def _find_drawn() -> Image | None:
    sketches = read_sheet(state.sketch().sheet, resources.cut_confidence())
    return sketches[0].image if len(sketches) == 1 else None


def check_all(lesson: Lesson, evidence: Evidence) -> Verdicts:
    """Where each step stands; the runs that have done one are remembered, so that it is noticed when they go."""
    found = {step.name: _check(lesson, step, evidence) for step in lesson.steps}
    for name, verdict in found.items():
        if verdict.done and verdict.run:
            tab_progress.put(lesson.name, name, verdict.run.id)
    return found


def _check(lesson: Lesson, step: Step, evidence: Evidence) -> Verdict:
    given = tab_progress.recall(lesson.name, step.name)
    number = None if given is None else int(given)
    match step.task:
        case Question():
            return check_choice(step.task, number)
        case NumberQuestion():
            return check_number(step.task, given, _find_fact(step.task.fact, lesson, evidence))
        case Experiment():
            return check_experiment(step.task, evidence.runs, number, find_partners(lesson, step, evidence.runs))
        case Remedy():
            bases = find_partners(lesson, step, evidence.runs) or []
            return check_remedy(step.task, evidence.runs, bases, find_losses, number)
        case DrawingTask():
            return check_drawing(step.task.wanted, read_drawing(evidence))


def find_partners(lesson: Lesson, step: Step, runs: Sequence[Run]) -> list[Run] | None:
    """The ended runs of the experiment that a step stands against; None where it stands alone."""
    base = _find_base(lesson, step.task) if isinstance(step.task, Experiment | Remedy) else None
    return find_ended(base, runs) if base else None


def _find_base(lesson: Lesson, task: Experiment | Remedy) -> Experiment | None:
    """The experiment that a task stands against; None where it stands alone."""
    if task.against is None:
        return None
    base = lesson.find_step(task.against).task
    assert isinstance(base, Experiment)  # noqa: S101 - a test keeps it so
    return base


def read_drawing(evidence: Evidence) -> list[int]:
    """What each bundled model reads in the drawing; nothing where there is none of one digit."""
    if evidence.drawn is None:
        return []
    image = evidence.drawn[np.newaxis]
    return [int(resources.bundled_model(name).probabilities(image)[0].argmax()) for name in list_bundled()]


def find_losses(run: Run) -> list[float]:
    """The validation losses of a run, epoch by epoch."""
    epochs = resources.epochs_of(run.id, run.epoch)
    return [epoch.validation_loss for epoch in epochs if epoch.validation_loss is not None]


def _find_fact(fact: Fact, lesson: Lesson, evidence: Evidence) -> float | None:
    data = evidence.data
    match fact:
        case Fact.LARGEST_VALUE:
            return cached_analysis.overview_of(data).summary.high
        case Fact.FEATURES:
            return FEATURES
        case Fact.CLASSES:
            return len(find_digits(data.train.labels, data.test.labels))
        case Fact.FILTER_WEIGHTS:
            first = (get_method("cnn").layers or ())[0]
            return first.kernel**2 if isinstance(first, Conv) else None
        case Fact.BEST_EPOCH:
            losses = find_losses(run) if (run := find_own_run(lesson, evidence)) else []
            return float(np.argmin(losses) + 1) if losses else None
        case Fact.TEST_ACCURACY:
            run = find_own_run(lesson, evidence)
            return 100 * run.score.accuracy if run and run.score else None


def find_own_run(lesson: Lesson, evidence: Evidence) -> Run | None:
    """The run that has done the first experiment of a lesson."""
    step = next((step for step in lesson.steps if isinstance(step.task, Experiment)), None)
    return _check(lesson, step, evidence).run if step and _check(lesson, step, evidence).done else None
