"""The commands that take the whole home along, and bring it back elsewhere."""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from mnist_dash.backup.restore import restore
from mnist_dash.backup.save import back_up
from mnist_dash.cli.targets import check_target
from mnist_dash.cli.terminal import say, show_time_left
from mnist_dash.settings import Settings
from mnist_dash.words import size

TOLD = "write runs, models, own digits and data sets to one file, also while runs are at work"
RESTORED = "bring what `backup` wrote into an empty home"


def describe(command: ArgumentParser) -> None:
    """Give either command its argument."""
    command.add_argument("file", type=Path, metavar="FILE.zip")


def back_up_home(settings: Settings, asked: Namespace) -> None:
    """Write the backup, and tell what is in it."""
    check_target(asked.file, "The backup was", (".zip",))
    contents = back_up(settings, asked.file, show_time_left())
    length = asked.file.stat().st_size
    row = {"file": str(asked.file), "bytes": length, **asdict(contents)}
    say(json.dumps(row) if asked.json else f"Written to {asked.file} ({size(length)}): {contents.describe()}")


def restore_home(settings: Settings, asked: Namespace) -> None:
    """Fill the home, and tell what came of it."""
    contents = restore(settings, asked.file, show_time_left())
    row = {"home": str(settings.home), **asdict(contents)}
    on = " Runs that were at work go on when the app is started, or `worker`." if contents.active else ""
    say(json.dumps(row) if asked.json else f"Restored to {settings.home}: {contents.describe()}.{on}")
