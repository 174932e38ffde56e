"""The command that measures how far own digits carry; a page starts it as a process of its own."""

import json
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mnist_dash.analysis.learning_curve import (
    FEWEST,
    SEEDS,
    Curve,
    Mean,
    Task,
    Way,
    digest_digits,
    divide,
    list_means,
    plan,
    read_curve,
    write_curve,
)
from mnist_dash.cli.targets import check_target
from mnist_dash.cli.terminal import print_progress_lines, print_result, say, show_progress
from mnist_dash.data.dataset import MNIST, Dataset, Digits
from mnist_dash.data.progress import Progress, within
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.store.results import read_result
from mnist_dash.errors import DataError, SpecError
from mnist_dash.models.registry.export import write
from mnist_dash.own_digits.collection import digits_of
from mnist_dash.own_digits.sets import SKETCH, find_set
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from mnist_dash.words import percent

TOLD = "how well MNIST and own digits are read by what has learnt from 10, 20, 50, … own digits, in six ways"
_OPENED = 0.03
"""The share of the work that opening MNIST and loading TensorFlow is."""
_WEIGHTS = {Way.RANDOM: 0.1, Way.DENSE: 0.5, Way.CNN: 0.7, Way.VARIED: 1.0, Way.GENERATED: 1.5, Way.READER: 1.5}
"""How long the ways take beside each other."""


def describe(parser: ArgumentParser) -> None:
    """Add what `own-curve` takes."""
    parser.add_argument("--set", metavar="NAME", help="a set of own digits; default: the one that Sketch saves to")
    parser.add_argument(
        "--out", type=Path, metavar="FILE.npz", help="keep the points there, and go on with those there"
    )
    parser.add_argument(
        "--seeds", type=int, default=len(SEEDS), metavar="N", help=f"draws of each, default {len(SEEDS)}"
    )
    parser.add_argument("--progress", action="store_true", help=SUPPRESS)


def measure_learning_curve(settings: Settings, asked: Namespace) -> None:
    """Learn from more and more own digits in every way, and say how much is read right."""
    if not 1 <= asked.seeds <= 100:
        raise SpecError(f"--seeds is {asked.seeds}; allowed is 1 to 100. Three are enough for an interval.")
    if asked.out:
        check_target(asked.out, "The points were", (".npz",))
    watch = print_progress_lines() if asked.progress else show_progress
    digits = _read_digits(settings, asked.set)
    curve = _measure(digits, open_dataset(settings, MNIST, within(watch, 0, _OPENED)), asked, watch)
    if asked.progress:
        print_result(points=len(curve.points))
    else:
        say(*(_as_json(curve) if asked.json else _as_table(curve)))


def _read_digits(settings: Settings, name: str | None) -> Digits:
    with open_database(settings) as database:
        digits = digits_of(database, find_set(database, name).key if name else SKETCH)
    if len(digits) < FEWEST:
        raise DataError(
            f"There are {len(digits)} own digits with a label in that set; a curve begins with {FEWEST}, one of each. "
            "Write some more."
        )
    return digits


def _measure(digits: Digits, mnist: Dataset, asked: Namespace, watch: Progress) -> Curve:
    """All points, each kept as soon as it is known; those that are there already are not measured again."""
    # With TensorFlow, which takes seconds: whatever can be refused has been refused.
    from mnist_dash.training.learning_curve import measure_point

    learnt, own = divide(digits)
    curve = _begin(asked.out, Curve(digest_digits(digits), len(mnist.test), len(own)))
    for task, share in _list_left(curve, plan(len(learnt), range(asked.seeds))):
        watch(f"{task.images:,} digits, {task.way}, seed {task.seed}", _OPENED + (1 - _OPENED) * share)
        point = measure_point(task, learnt, mnist.test, own, mnist.train)
        curve = replace(curve, points=(*curve.points, point))
        if asked.out:
            write(asked.out, write_curve(curve))
    return curve


def _begin(path: Path | None, new: Curve) -> Curve:
    """The curve that was begun in that file, where it is of the same digits; otherwise a new one."""
    content = read_result(path) if path else None
    begun = read_curve(content) if content else None
    same = begun and (begun.digest, begun.tested, begun.left_out) == (new.digest, new.tested, new.left_out)
    return begun if begun and same else new


def _list_left(curve: Curve, tasks: list[Task]) -> Iterator[tuple[Task, float]]:
    """The tasks that are not done, each with the share of the work that is done before it."""
    left = [task for task in tasks if task not in curve.done]
    every = sum(_WEIGHTS[task.way] for task in left)
    before = 0.0
    for task in left:
        yield task, before / every
        before += _WEIGHTS[task.way]


def _as_json(curve: Curve) -> Iterator[str]:
    for way in Way:
        for own, asked in ((False, curve.tested), (True, curve.left_out)):
            for mean in list_means(curve, way, own=own):
                row = {"way": way, "learnt": mean.images, "read": "own digits" if own else MNIST, "images": asked}
                yield json.dumps(row | {"accuracy": mean.share, "interval_95": mean.interval, "seeds": mean.seeds})


def _as_table(curve: Curve) -> Iterator[str]:
    for own, asked in ((False, curve.tested), (True, curve.left_out)):
        if asked:
            yield f"{asked:,} {'own digits that were left out' if own else 'test images of MNIST'}, read right:"
            yield from (f"  {way:10} {_as_row(list(list_means(curve, way, own=own)))}" for way in Way)


def _as_row(means: list[Mean]) -> str:
    return "  ".join(f"{mean.images:,}: {percent(mean.share)}" for mean in means)
