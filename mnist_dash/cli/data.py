"""Commands around data: find, import and list sets, write them to files, draw new ones."""

import json
import signal
from argparse import SUPPRESS, ArgumentParser, Namespace
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from mnist_dash.cli.terminal import print_progress_lines, print_result, say, show_progress
from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.data.io import export
from mnist_dash.data.io.discovery import Holdout
from mnist_dash.data.io.export import FileFormat, format_of
from mnist_dash.data.io.importing import ImportReport
from mnist_dash.data.io.normalising import Fit, Polarity
from mnist_dash.data.io.orientation import Orientation
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.data.present_digits import describe_missing, find_digits
from mnist_dash.data.store import catalog, named_sets, staging
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.errors import DataError, UnreachableError
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.runs.housekeeping import delete_set
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database


def data(settings: Settings, asked: Namespace) -> None:
    """Find or fetch the data, verify it, summarise it; or list, write or delete sets."""
    if asked.list:
        _list(settings, asked.json)
    elif asked.delete:
        with open_database(settings) as database:
            delete_set(database, settings, asked.delete)
        say(json.dumps({"deleted": asked.delete}) if asked.json else f"{asked.delete} deleted")
    else:
        if asked.out:
            format_of(asked.out, FileFormat)  # before data are fetched in vain
        with_source = replace(settings, data=asked.source) if asked.source else settings
        found = open_dataset(with_source, asked.data, show_progress)
        if asked.out:
            _write(found, asked)
        else:
            _summarise(found, asked.json)


def describe_importing(parser: ArgumentParser) -> None:
    """Give the command that imports digits its arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE_OR_FOLDER")
    parser.add_argument("--name", metavar="NAME", help=named_sets.ALLOWED)
    parser.add_argument("--polarity", default=str(Polarity.AUTO), choices=list(map(str, Polarity)))
    parser.add_argument("--fit", default=str(Fit.AUTO), choices=list(map(str, Fit)))
    parser.add_argument(
        "--orientation", default=str(Orientation.AS_IS), choices=list(map(str, Orientation)), help="how the digits lie"
    )
    parser.add_argument(
        "--holdout",
        default=str(Holdout.AUTO),
        choices=list(map(str, Holdout)),
        help="auto: without test images, the last seventh of each digit becomes some; none: all are for training",
    )
    parser.add_argument("--stage", action="store_true", help=SUPPRESS)
    parser.add_argument("--progress", action="store_true", help=SUPPRESS)


def import_data(settings: Settings, asked: Namespace) -> None:
    """Import digits from files or a folder as a set of its own."""
    told = print_progress_lines() if asked.progress else show_progress
    if asked.progress:
        # Whoever started this as a child may end it at any time: what is half read goes with it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not asked.stage:
        if asked.name is None:
            raise DataError(f"The set has no name yet; allowed are {named_sets.ALLOWED}. Add --name NAME.")
        named_sets.check_name(settings, asked.name)
    options = ReadingOptions(
        Polarity(asked.polarity), Fit(asked.fit), Orientation(asked.orientation), Holdout(asked.holdout)
    )
    token = staging.stage(settings, asked.files, options, told, load_bundled(DEFAULT).probabilities)
    if asked.stage:
        print_result(token=token)
        return
    understood = staging.open_staged(settings, token)
    try:
        dataset = staging.accept(settings, token, asked.name)
    except DataError:
        staging.discard(settings, token)
        raise
    _understood(replace(understood, dataset=dataset), asked)


def _list(settings: Settings, as_json: bool) -> None:
    with suppress(UnreachableError):
        named_sets.share_own(settings)
    named = named_sets.describe_sets(settings)
    for name in catalog.names(settings):
        found = named.get(name)
        owner = found.owner[1] if found else ""
        is_ready = found.is_here if found else catalog.is_ready(settings, name)
        row: dict[str, Any] = {"name": name, "ready": is_ready, "owner": owner}
        told = ("" if row["ready"] else " (not read yet)") + (f", of {owner}" if owner else "")
        say(json.dumps(row) if as_json else name + told)


def _summarise(found: Dataset, as_json: bool) -> None:
    if as_json:
        say(json.dumps(list_figures(found)))
        return
    kind = "the official set" if found.official else "not the official set"
    say(f"{found.name} ({kind}) from {found.origin}")
    say(f"{len(found.train):,} training and {len(found.test):,} test images of 28×28 pixels, {_classes(found)}")
    for note in filter(None, (describe_missing(found), found.notice)):
        say(note)


def _classes(found: Dataset) -> str:
    count = len(_find(found))
    return f"{count} {'class' if count == 1 else 'classes'}"


def _find(found: Dataset) -> tuple[int, ...]:
    return find_digits(found.train.labels, found.test.labels)


def list_figures(found: Dataset) -> dict[str, Any]:
    """All that is known of a set, for JSON."""
    sizes = {"train": len(found.train), "test": len(found.test), "classes": len(_find(found))}
    named = {"name": found.name, "official": found.official, "origin": found.origin, "notice": found.notice}
    return named | sizes | {"sha256": dict(found.sha256)}


def _write(found: Dataset, asked: Namespace) -> None:
    first, second = (found.split(Split(asked.split)), None) if asked.split else (found.train, found.test)
    if not len(first):
        raise DataError(f"{found.name} has no test images to write. Write its training images: --split train.")
    export.write(asked.out, first, second, show_progress)
    count = len(first) + len(second or ())
    summary = {"file": str(asked.out), "name": found.name, "images": count, "bytes": asked.out.stat().st_size}
    say(json.dumps(summary) if asked.json else f"{count:,} digits of {found.name} written to {asked.out}")


def _lie(understood: ImportReport) -> str:
    return "" if understood.orientation is Orientation.AS_IS else f", orientation {understood.orientation}"


def _understood(understood: ImportReport, asked: Namespace) -> None:
    found = understood.dataset
    names = ("format", "polarity", "fit", "orientation", "sizes", "missing", "left_out")
    told = {name: getattr(understood, name) for name in names}
    told["suspicion"] = understood.suspicion and asdict(understood.suspicion)
    if asked.json:
        say(json.dumps(list_figures(found) | told | {"reasons": understood.reasons, "notes": understood.notes}))
        return
    say(f"{found.name}: {len(found.train):,} training and {len(found.test):,} test images from {found.origin}")
    how = f"polarity {understood.polarity}, fit {understood.fit}{_lie(understood)}"
    say(f"{understood.format}, {understood.sizes} pixels, {how}")
    if understood.suspicion:
        way = f"Import them with --orientation {understood.suspicion.orientation} to put them upright."
        say(f"{understood.suspicion.describe()} {way}")
    if understood.left_out:
        say(f"{understood.left_out:,} left out:", *(f"  {reason}" for reason in understood.reasons))
    for note in filter(None, (describe_missing(found), found.notice, *understood.notes)):
        say(note)
