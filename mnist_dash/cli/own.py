"""The command around own digits: count them, and write them to a file."""

import json
from argparse import Namespace

from mnist_dash.cli.terminal import say
from mnist_dash.own_digits.collection import count_by_label
from mnist_dash.own_digits.export import write
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database


def own(settings: Settings, asked: Namespace) -> None:
    """How many own digits there are of each label; with `--out` they are written to a file."""
    with open_database(settings) as database:
        if asked.out:
            write(database, asked.out)
        counts = count_by_label(database)
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
