"""The command around own digits: list their sets, count the digits of one, write them, and look at the handwriting."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from mnist_dash.cli.handwriting import tell_handwriting
from mnist_dash.cli.terminal import say
from mnist_dash.own_digits.collection import count_by_label, digits_of
from mnist_dash.own_digits.export import OwnDigitFormat, write
from mnist_dash.own_digits.sets import SKETCH, find_set, list_sets
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database


def describe_own(command: ArgumentParser) -> None:
    """What can be said to it."""
    which = command.add_mutually_exclusive_group()
    which.add_argument("--set", metavar="NAME", help="a set of own digits; default: the one that Sketch saves to")
    which.add_argument("--sets", action="store_true", help="list all sets with the number of their digits")
    what = command.add_mutually_exclusive_group()
    what.add_argument("--out", type=Path, metavar="FILE", help=f"by the name's ending: {', '.join(OwnDigitFormat)}")
    hand = "how they differ from those of MNIST's writers, who of these is nearest, and which are most unusual"
    what.add_argument("--handwriting", action="store_true", help=hand)


def own(settings: Settings, asked: Namespace) -> None:
    """How many own digits a set has of each label; with `--out` they are written to a file, with `--sets` all sets.

    With `--handwriting` how they are written.
    """
    with open_database(settings) as database:
        if asked.sets:
            _list_sets(database, asked)
            return
        set_key = find_set(database, asked.set).key if asked.set else SKETCH
        if asked.handwriting:
            tell_handwriting(settings, digits_of(database, set_key), as_json=asked.json)
        else:
            _count(database, asked, set_key)


def _list_sets(database: Database, asked: Namespace) -> None:
    sets = list_sets(database)
    if asked.json:
        say(*(json.dumps({"name": one.name, "owner": one.owner, "own_digits": one.digits}) for one in sets))
        return
    say(*(f"{one.name}: {one.digits:,}{f', of {one.owner}' if one.owner else ''}" for one in sets))


def _count(database: Database, asked: Namespace, set_key: str) -> None:
    if asked.out:
        write(database, asked.out, set_key)
    counts = count_by_label(database, set_key)
    labels = {str(label): count for label, count in sorted(counts.items(), key=str) if label is not None}
    none, total = counts.get(None, 0), sum(counts.values())
    if asked.json:
        written = {"file": str(asked.out)} if asked.out else {}
        say(json.dumps({"own_digits": total, "labels": labels, "no_digit": none, **written}))
        return
    say(f"{total:,} own digits, {none:,} of them no digit")
    say(*(f"{label}: {count:,}" for label, count in labels.items()))
    if asked.out:
        say(f"Written to {asked.out}")
