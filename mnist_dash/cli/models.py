"""Commands around models by others: add one, list them and the votes, prepare what they are given, delete one."""

import json
import signal
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from mnist_dash.cli import acting
from mnist_dash.cli.terminal import print_progress_lines, print_result, say, show_progress
from mnist_dash.cli.voting import write_vote
from mnist_dash.data.progress import within
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.models.registry.imported import (
    ALLOWED,
    UnreadableModel,
    check_name,
    delete_imported,
    import_model,
    list_imported,
    list_unreadable,
    prepare_imported,
    suggest_name,
)
from mnist_dash.models.registry.model_files import check_model_file
from mnist_dash.models.registry.model_record import ImportedModel
from mnist_dash.models.registry.votes import delete_vote, find_vote, list_votes
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database

_OPENED = 0.1
"""The share of the work that opening the training images is."""


def describe_adding(parser: ArgumentParser) -> None:
    """Give the command that adds a model its arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .keras, .h5 or .tflite file")
    parser.add_argument("--name", metavar="NAME", help=f"{ALLOWED}; default: as the file is called")
    parser.add_argument("--prepare", action="store_true", help="use it with the preparation that is found, if any")
    acting.describe(parser)
    parser.add_argument("--progress", action="store_true", help=SUPPRESS)


def describe_listing(parser: ArgumentParser) -> None:
    """Give the command that lists models its arguments."""
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--prepare", metavar="NAME", help="use it with the preparation that was found")
    change.add_argument("--as-is", metavar="NAME", help="use it without")
    change.add_argument("--delete", metavar="NAME", help="remove it")


def add_model(settings: Settings, asked: Namespace) -> None:
    """Keep a model by others under a name, and say what it needs."""
    told = print_progress_lines() if asked.progress else show_progress
    if asked.progress:
        # Whoever started this as a child may end it at any time.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    with open_database(settings) as opened:
        database = opened.acting_as(acting.read_user(asked))
        name = asked.name or suggest_name(database, asked.file.name)
        check_name(database, name)
        # Refused before the training images are made or fetched, which may take minutes.
        check_model_file(asked.file, asked.file.name)
        data = open_dataset(settings, None, within(told, 0, _OPENED))
        record = import_model(database, asked.file, name, data, progress=within(told, _OPENED, 1))
        if asked.prepare and record.offer:
            record = prepare_imported(database, name, prepared=True)
    if data.notice and not (asked.json or asked.progress):
        say(data.notice, error=True)
    if asked.progress:
        print_result(name=name)
    else:
        say(json.dumps(_row(record)) if asked.json else _describe(record))


def models(settings: Settings, asked: Namespace) -> None:
    """List the models that were added; or prepare what one is given, or delete it."""
    unreadable: list[UnreadableModel] = []
    votes: list[str] = []
    with open_database(settings) as database:
        if asked.delete:
            (delete_vote if find_vote(database, asked.delete) else delete_imported)(database, asked.delete)
            say(json.dumps({"deleted": asked.delete}) if asked.json else f"{asked.delete} deleted")
            return
        if asked.prepare or asked.as_is:
            found = [prepare_imported(database, asked.prepare or asked.as_is, prepared=bool(asked.prepare))]
        else:
            found, unreadable = list_imported(database), list_unreadable(database)
            votes = [write_vote(database, vote, asked.json) for vote in list_votes(database)]
    if not (found or unreadable or votes or asked.json):
        say("No models by others yet. `python -m mnist_dash import-model FILE` adds the first.")
    for record in found:
        say(json.dumps(_row(record)) if asked.json else _describe(record))
    for model in unreadable:
        way = f"`models --delete {model.name}` removes it."
        row = {"model": model.name, "reason": model.reason}
        say(json.dumps(row) if asked.json else f"{model.name}: {model.reason} {way}")
    say(*votes)


def _row(record: ImportedModel) -> Mapping[str, object]:
    offer = record.offer
    return {
        "model": record.name,
        "file": record.file,
        "kind": record.kind,
        "takes": record.takes,
        "parameters": record.parameters,
        "outputs": record.in_use.preparation.outputs,
        "preparation": record.in_use.preparation.describe(),
        "training_accuracy": record.in_use.accuracy,
        "prepared": record.prepared,
        "offer": offer.preparation.describe() if offer else None,
        "offer_training_accuracy": offer.accuracy if offer else None,
        "data": record.data,
    }


def _describe(record: ImportedModel) -> str:
    way = f" Use it so: `models --prepare {record.name}`." if record.offer and not record.prepared else ""
    return f"{record.name}: {' '.join(record.describe())}{way}"
