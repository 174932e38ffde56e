"""The commands that let several models vote, and say which votes there are."""

import json
from argparse import ArgumentParser, Namespace
from functools import partial

from mnist_dash.cli.sets import find_named_set
from mnist_dash.cli.terminal import say
from mnist_dash.models.registry.imported import ALLOWED
from mnist_dash.models.registry.votes import FEWEST, MOST, Vote, explain_missing, find_missing
from mnist_dash.models.registry.voting import add_vote
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database


def describe(parser: ArgumentParser) -> None:
    """Add what `vote` takes."""
    parser.add_argument("name", metavar="NAME", help=ALLOWED)
    told = f"{FEWEST} to {MOST} models: bundled, imported, or the number of a run"
    parser.add_argument("members", nargs="+", metavar="MODEL", help=told)


def vote(settings: Settings, asked: Namespace) -> None:
    """Let models vote under a name."""
    with open_database(settings) as database:
        made = add_vote(database, asked.name, asked.members, partial(find_named_set, settings))
        say(write_vote(database, made, asked.json))


def write_vote(database: Database, vote: Vote, as_json: bool) -> str:
    """A vote and what it lacks: a sentence, or a JSON object."""
    missing = find_missing(database, vote)
    if as_json:
        return json.dumps({"model": vote.name, "members": vote.members, "missing": missing})
    if missing:
        return f"{explain_missing(vote, missing)} `models --delete {vote.name}` removes it."
    return f"{vote.name}: a vote of {vote.describe_members()}."
