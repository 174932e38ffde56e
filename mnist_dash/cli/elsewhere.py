"""The command that reads digits from elsewhere with some models; a page starts it as a process of its own."""

import json
from argparse import SUPPRESS, ArgumentParser, Namespace
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mnist_dash.analysis.answers import ModelAnswers, ask_about, make_answers_key, read_answers
from mnist_dash.analysis.elsewhere import SetReading, choose_part, count_right, find_same_images, write_table
from mnist_dash.analysis.evaluated_images import EvaluatedImages, take_part
from mnist_dash.analysis.evaluation import evaluate, wilson_interval
from mnist_dash.cli.sets import find_named_set, open_named_set
from mnist_dash.cli.targets import check_target
from mnist_dash.cli.terminal import print_progress_lines, print_result, say, show_progress
from mnist_dash.data.dataset import MNIST, Dataset
from mnist_dash.data.progress import Progress, within
from mnist_dash.data.store import catalog
from mnist_dash.data.store.results import ResultKind, find_result_file, read_result
from mnist_dash.errors import DataError, DownloadError
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.registry.answering import AnsweringModel, find_all_answering, identify
from mnist_dash.models.registry.export import write
from mnist_dash.models.registry.learnt import find_learnt, has_learnt
from mnist_dash.models.registry.lookup import open_model
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from mnist_dash.words import interval, percent

TOLD = "how well models read other people's digits, data set by data set and digit by digit"
_OPENED = 0.2
"""The share of the work that opening the data sets and the models is."""


def describe(parser: ArgumentParser) -> None:
    """Add what `elsewhere` takes."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help="as for evaluate, one or several")
    parser.add_argument(
        "--data", action="append", metavar="NAME", help="a data set, again for another; default: all that people wrote"
    )
    parser.add_argument("--out", type=Path, metavar="FILE.csv", help="write a row for each model, data set and digit")
    parser.add_argument("--progress", action="store_true", help=SUPPRESS)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A model that is asked, and who it is where it has a name; a file has none, and its answers are not kept."""

    name: str
    model: Classifier
    who: AnsweringModel | None
    learnt: frozenset[str]


def read_elsewhere(settings: Settings, asked: Namespace) -> None:
    """Ask each model about each data set that it was not asked about yet, and keep the answers for whoever looks."""
    if asked.out:
        check_target(asked.out, "The figures were", (".csv",))
    watch = print_progress_lines() if asked.progress else show_progress
    sets = _open_sets(settings, asked.data, within(watch, 0, _OPENED))
    with open_database(settings) as database:
        models = [_open(settings, database, name) for name in dict.fromkeys(asked.models)]
        part = (1 - _OPENED) / (len(models) * len(sets))
        readings: dict[str, list[SetReading]] = {model.name: [] for model in models}
        for at, (data, model) in enumerate((data, model) for data in sets for model in models):
            start = _OPENED + at * part
            readings[model.name].append(_read(settings, model, data, within(watch, start, start + part)))
    if asked.out:
        write(asked.out, write_table(readings))
    if asked.progress:
        print_result(sets=len(sets))
    else:
        (_say_json if asked.json else _say_table)(readings)


def _open_sets(settings: Settings, names: list[str] | None, watch: Progress) -> list[Dataset]:
    """The sets of these names, or all that people wrote, none whose images are those of another one before it."""
    if names is None:
        # It is among those that people wrote from here on, where it can be had at all.
        with suppress(DownloadError):
            catalog.open_dataset(settings, MNIST, watch)
    chosen = list(dict.fromkeys(names or catalog.list_written(settings)))
    if not chosen:
        raise DataError("There is no data set that people wrote. Import one, or name one by --data.")
    each = 1 / len(chosen)
    opened = [
        open_named_set(settings, name, within(watch, at * each, (at + 1) * each)) for at, name in enumerate(chosen)
    ]
    for data in opened:
        if not data.test and not data.train:
            raise DataError(f"{data.name} has no image. Name another data set.")
    same = {} if names else find_same_images(opened)
    return [data for data in opened if data.name not in same]


def _open(settings: Settings, database: Database, name: str) -> _Asked:
    find_data = partial(find_named_set, settings)
    who = next(iter(find_all_answering(database, [name])), None)
    learnt = find_learnt(database, who, find_data) if who else frozenset()
    return _Asked(name, open_model(database, name, find_data), who, learnt)


def _read(settings: Settings, model: _Asked, data: Dataset, watch: Progress) -> SetReading:
    part = choose_part(data)
    images = take_part(data, part)
    answers = _ask(settings, model, data, images, watch)
    found = evaluate(answers.probabilities, answers.labels)
    return SetReading(data.name, part, found, has_learnt(model.learnt, data, images.split))


def _ask(settings: Settings, model: _Asked, data: Dataset, images: EvaluatedImages, watch: Progress) -> ModelAnswers:
    """The answers that are kept; where there are none, those that the model gives, which are kept from then on."""
    if model.who is None:
        return ask_about(model.model, images, watch)
    key = make_answers_key(identify(model.who), data.sha256, images)
    path = find_result_file(settings, ResultKind.ANSWERS, key)
    content = read_result(path)
    kept = read_answers(content) if content is not None else None
    if kept is not None and len(kept.index) == len(images):
        watch(f"{model.name} has read {data.name}", 1)
        return kept
    text = f"{model.name} reads {len(images):,} images of {data.name}"
    answers = ask_about(model.model, images, lambda _, share: watch(text, share))
    write(path, answers.to_npz())
    return answers


def _say_json(readings: dict[str, list[SetReading]]) -> None:
    for model, of_model in readings.items():
        for reading in of_model:
            found = reading.evaluation
            told = {"model": model, "data": reading.data, "split": str(reading.part), "learnt_from": reading.learnt}
            told |= {"images": found.images, "accuracy": found.accuracy, "interval": found.interval}
            digits = [
                {"digit": int(digit), "images": images, "right": right, "interval": wilson_interval(right, images)}
                for digit, images, right in count_right(found)[1:]
            ]
            say(json.dumps(told | {"digits": digits}))


def _say_table(readings: dict[str, list[SetReading]]) -> None:
    for rows in zip(*readings.values(), strict=True):
        kind = "test images" if rows[0].part == "test" else "images, all of them: none are for testing"
        say(f"{rows[0].data}: {rows[0].evaluation.images:,} {kind}")
        for model, reading in zip(readings, rows, strict=True):
            found = reading.evaluation
            learnt = ", learnt from these" if reading.learnt else ""
            say(f"  {model}: {percent(found.accuracy)} right, {interval(*found.interval)}{learnt}")
            shares = (f"{digit}: {percent(right / images, 1)}" for digit, images, right in count_right(found)[1:])
            say(f"    {'  '.join(shares)}")
