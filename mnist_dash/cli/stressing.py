"""The command that measures how models stand stress; a page starts it as a process of its own."""

import json
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from mnist_dash.analysis.nudges import find_directions, write_directions
from mnist_dash.analysis.robustness import Robustness, measure_robustness
from mnist_dash.cli.sets import find_named_set, open_named_set
from mnist_dash.cli.targets import check_target
from mnist_dash.cli.terminal import print_progress_lines, print_result, say, show_progress
from mnist_dash.data.dataset import Digits
from mnist_dash.data.present_digits import NO_TEST
from mnist_dash.data.progress import Progress, within
from mnist_dash.data.stress.stresses import STRESSES, draw_digits
from mnist_dash.errors import DataError, SpecError
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.registry.export import write
from mnist_dash.models.registry.lookup import open_model
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from mnist_dash.words import percent

TOLD = "how much models still read while digits are turned, blurred, covered, and the like, more and more"
NUDGES_TOLD = "find where a little more ink or less misleads a model most, digit by digit, and write it to a file"
NUDGED = 100
"""Test digits whose directions are found, unless told otherwise."""
_OPENED = 0.1
"""The share of the work that opening the data set and the models is."""


def describe(parser: ArgumentParser) -> None:
    """Add what `stress` takes."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help="as for evaluate, one or several")
    parser.add_argument("--kind", required=True, choices=list(STRESSES), metavar="KIND", help=", ".join(STRESSES))
    parser.add_argument("--data", metavar="NAME", help="a data set by its name; `data --list` has all")
    parser.add_argument("--count", type=int, metavar="N", help="test digits, default: 2,000, or 300 of a nudge")
    parser.add_argument("--out", type=Path, metavar="FILE.npz", help="write the counts as arrays")
    _describe_drawing(parser)


def describe_nudges(parser: ArgumentParser) -> None:
    """Add what `nudge` takes."""
    parser.add_argument("model", metavar="MODEL", help="as for evaluate")
    parser.add_argument("--data", metavar="NAME", help="a data set by its name; `data --list` has all")
    parser.add_argument("--count", type=int, default=NUDGED, metavar="N", help=f"test digits, default: {NUDGED}")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.npz", help="write the directions as arrays")
    _describe_drawing(parser)


def _describe_drawing(parser: ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the digits and of what is random")
    parser.add_argument("--progress", action="store_true", help=SUPPRESS)


def stress_models(settings: Settings, asked: Namespace) -> None:
    """Accuracy of each model at every level of a stress."""
    asked.count = STRESSES[asked.kind].count if asked.count is None else asked.count
    watch = _check(asked, "The counts were")
    data, digits, models = _open(settings, asked, asked.models, watch)
    found = measure_robustness(models, digits, asked.kind, asked.seed, within(watch, _OPENED, 1))
    if asked.out:
        write(asked.out, found.to_npz())
    if asked.progress:
        print_result(images=found.images)
    elif asked.json:
        _say_json(asked, data, found)
    else:
        _say_table(asked, found)


def find_nudges(settings: Settings, asked: Namespace) -> None:
    """Find the directions in which digits mislead a model most, and write them to a file."""
    watch = _check(asked, "The directions were")
    data, digits, models = _open(settings, asked, [asked.model], watch)
    write(asked.out, write_directions(find_directions(models[0], digits, within(watch, _OPENED, 1))))
    if asked.progress:
        print_result(images=len(digits))
    elif asked.json:
        told = {"model": asked.model, "data": data, "images": len(digits), "seed": asked.seed}
        say(json.dumps(told | {"file": str(asked.out)}))
    else:
        say(f"Where {len(digits):,} test digits mislead {asked.model} most was written to {asked.out}.")


def _check(asked: Namespace, what: str) -> Progress:
    """Refuse what cannot be done before any work; how the work is told."""
    if asked.count < 1:
        raise SpecError(f"The count is {asked.count}; allowed is 1 or more. Ask about one digit at least.")
    if asked.seed < 0:
        raise SpecError(f"The seed is {asked.seed}; allowed is 0 or more. Choose another.")
    if asked.out:
        check_target(asked.out, what, (".npz",))
    return print_progress_lines() if asked.progress else show_progress


def _open(
    settings: Settings, asked: Namespace, names: Sequence[str], watch: Progress
) -> tuple[str, Digits, list[Classifier]]:
    """The name of the data set, digits of its test split, and the models of these names."""
    dataset = open_named_set(settings, asked.data, within(watch, 0, _OPENED / 2))
    if not dataset.test:
        raise DataError(f"{dataset.name} cannot be tested on. {NO_TEST} Choose a set with test images.")
    with open_database(settings) as database:
        models = [open_model(database, name, partial(find_named_set, settings)) for name in names]
    return dataset.name, draw_digits(dataset.test, asked.count, asked.seed), models


def _say_json(asked: Namespace, data: str, found: Robustness) -> None:
    for name, right in zip(asked.models, (found.right / found.images).tolist(), strict=True):
        told = {"model": name, "data": data, "kind": asked.kind, "images": found.images, "seed": asked.seed}
        say(json.dumps(told | {"levels": found.levels.tolist(), "accuracy": [round(share, 6) for share in right]}))


def _say_table(asked: Namespace, found: Robustness) -> None:
    kind = STRESSES[asked.kind]
    say(f"{kind.title} ({kind.unit}): of {found.images:,} test digits are read right")
    say("  ".join([f"{'model':24}", *(f"{level:>8g}" for level in found.levels)]))
    for name, right in zip(asked.models, found.right, strict=True):
        say("  ".join([f"{name:24.24}", *(f"{percent(count / found.images):>8}" for count in right.tolist())]))
