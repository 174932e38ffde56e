"""The reader taught a set of own digits: a data set of the digits of this moment, and a run that fine-tunes on it."""

import re
from dataclasses import dataclass

from mnist_dash.data.checksums import checksums
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.store import named_sets
from mnist_dash.errors import DataError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.own_digits.collection import digits_of
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.runs.finding import find_with_data
from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.users import check_may_train

METHOD = "fine_tuned"
FEWEST = 10
"""Own digits that the reader is taught at least."""
VALIDATION = 0.2
"""The share of own digits that is kept aside to see what it was worth, of SPARED digits and more."""
SPARED = 50
_STEM, _MARK = 30, 8
"""Letters of a set's name, and hexadecimal digits of its digits' checksum, in the name of the data set."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the reader is taught: the `data` set, made where it is not there, and the `spec` of the run."""

    data: Dataset
    spec: RunSpec


def prepare_lesson(database: Database, settings: Settings, chosen: OwnSet, test: Digits) -> Lesson:
    """What the digits of this moment teach, to be tested on `test` images; the same digits give the same data set.

    Raises DataError where there are too few, and SettingsError where nothing can be kept.
    """
    check_may_train(database.user)
    digits = digits_of(database, chosen.key)
    if len(digits) < FEWEST or len({*digits.labels.tolist()}) < 2:
        raise DataError(
            f"The set {chosen.name} has {len(digits)} digits with a label; needed are {FEWEST}, two different "
            "ones among them. Write some more."
        )
    sums = checksums(digits, test)
    name = f"{chosen.name[:_STEM]}-{sums['train_images'][: _MARK // 2]}{sums['train_labels'][: _MARK // 2]}"
    origin = f"own digits of the set {chosen.name}, {len(digits):,} in all, tested on images of another set"
    made = Dataset(name, digits, Digits(test.images, test.labels), origin, sha256=sums)
    there = name in named_sets.names(settings)
    data = named_sets.open_set(settings, name) if there else _save(database, settings, made)
    validation = VALIDATION if len(digits) >= SPARED else 0.0
    return Lesson(data, RunSpec.of(METHOD, name, validation_split=validation))


def find_lessons(database: Database, chosen: OwnSet) -> list[Run]:
    """The runs in which the reader was taught digits of the set, the newest first."""
    stem = f"{chosen.name[:_STEM]}-"
    name = re.compile(rf"{re.escape(stem)}[0-9a-f]{{{_MARK}}}")
    return [run for run in find_with_data(database, METHOD, stem) if name.fullmatch(run.spec.data)]


def _save(database: Database, settings: Settings, made: Dataset) -> Dataset:
    try:
        return named_sets.save(settings, made.name, made, database.user)
    except DataError:
        # Another session has taught the same digits at the same moment.
        if made.name in named_sets.names(settings):
            return named_sets.open_set(settings, made.name)
        raise
