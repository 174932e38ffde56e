"""The set that the method `reader` learns from: made by a command of its own, or by the first training on it."""

import json
import signal
from argparse import Namespace

from mnist_dash.cli import acting
from mnist_dash.cli.data import list_figures
from mnist_dash.cli.sets import open_named_set
from mnist_dash.cli.terminal import print_progress_lines, print_result, say, show_progress, show_time_left
from mnist_dash.data.dataset import MNIST, Dataset
from mnist_dash.data.store import reader_sets
from mnist_dash.errors import DataError
from mnist_dash.methods.registry import Method
from mnist_dash.settings import Settings


def make_reader_set(settings: Settings, asked: Namespace) -> None:
    """Make the set under a name."""
    told = print_progress_lines() if asked.progress else show_time_left()
    if asked.progress:
        # Whoever started this as a child may end it at any time: what is half made goes with it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    user = acting.read_user(asked)
    made = reader_sets.make_reader_set(settings, asked.name, asked.strokes, asked.seed, told, user=user)
    if asked.progress:
        print_result(name=made.name, origin=made.origin)
    elif asked.json:
        say(json.dumps(list_figures(made)))
    else:
        say(f"{made.name}: {len(made.train):,} training and {len(made.test):,} test images from {made.origin}")
        say(reader_sets.describe_people(settings, made))


def open_data_of(settings: Settings, method: Method, asked: Namespace) -> Dataset:
    """The set that is asked for, or else the one that the method is meant to learn from, made where there is none."""
    if asked.data or method.data == MNIST:
        return open_named_set(settings, asked.data, show_progress)
    if method.data is None:
        raise DataError(
            f"{method.name} learns digits of your own. Name their data set with --data NAME; the page Own digits makes "
            "one, and so does `import`."
        )

    def announce() -> None:
        if not asked.json:
            time = reader_sets.describe_time()
            say(f"{method.data}, the set that it learns from, is made first: {time}.", error=True)
            say(reader_sets.describe_people(settings), error=True)

    found = reader_sets.open_or_make_reader_set(settings, method.data, show_time_left(), announce)
    if not asked.json:
        say(f"Learning from {found.name}: {found.origin}. {reader_sets.describe_people(settings, found)}", error=True)
    return found
