"""The command that finds the digits that a model likes best; a page starts it as a process of its own."""

import json
from argparse import SUPPRESS, ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from mnist_dash.analysis.favourites import find_favourites
from mnist_dash.cli.sets import find_named_set, open_named_set
from mnist_dash.cli.targets import check_target
from mnist_dash.cli.terminal import print_progress_lines, print_result, say, show_progress
from mnist_dash.data.progress import within
from mnist_dash.errors import ModelError
from mnist_dash.methods.fitted.random_guess import RandomGuess
from mnist_dash.models.registry.export import write
from mnist_dash.models.registry.lookup import open_model
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from mnist_dash.words import certainty

_OPENED = 0.05
"""The share of the work that opening the data set is."""


def describe(parser: ArgumentParser) -> None:
    """Add what `favourites` takes."""
    parser.add_argument("model", metavar="MODEL", help="as for evaluate")
    parser.add_argument("--data", metavar="NAME", help="whose mean image it starts from; `data --list` has all sets")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.npz", help="images and probabilities")
    parser.add_argument("--progress", action="store_true", help=SUPPRESS)


def show_favourites(settings: Settings, asked: Namespace) -> None:
    """Find the picture of each digit that a model is surest of, and write them to a file."""
    check_target(asked.out, "The pictures were", (".npz",))
    watch = print_progress_lines() if asked.progress else show_progress
    dataset = open_named_set(settings, asked.data, within(watch, 0, _OPENED))
    with open_database(settings) as database:
        model = open_model(database, asked.model, partial(find_named_set, settings))
    if isinstance(model, RandomGuess):
        raise ModelError(f"Run {asked.model} guesses and likes no digit best. Choose a model that has learnt.")
    found = find_favourites(model, dataset.train.images, within(watch, _OPENED, 1))
    write(asked.out, found.to_npz())
    sure = [float(share) for share in found.probabilities.diagonal()]
    if asked.progress:
        print_result(sure=sure)
    elif asked.json:
        say(json.dumps({"model": asked.model, "file": str(asked.out), "sure": sure}))
    else:
        say(f"The digits that {asked.model} likes best were written to {asked.out}. Sure of them:")
        say("  ".join(f"{digit}: {certainty(share)}" for digit, share in enumerate(sure)))
