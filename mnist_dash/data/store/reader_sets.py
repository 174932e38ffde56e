"""The training set of the method `reader` under a name: from MNIST, the generator and the strokes of people, if any."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_dash.data.checksums import checksums
from mnist_dash.data.dataset import MNIST, Dataset
from mnist_dash.data.generator import VERSION
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.data.store import cache, named_sets
from mnist_dash.data.store.catalog import is_ready, open_dataset
from mnist_dash.errors import DataError
from mnist_dash.settings import Settings
from mnist_dash.users import LOCAL, User

if TYPE_CHECKING:
    from mnist_dash.data.generator.writers import Written
    from mnist_dash.data.reader_set.build import Recipe

_FETCHED, _BUILT = 0.05, 0.99
"""The share of the work at which MNIST is there, where it has to be fetched, and at which the digits are drawn."""
_OF_PEOPLE = "pen-stroke digits of people"


def make_reader_set(
    settings: Settings,
    name: str,
    strokes: Path | None = None,
    seed: int = 1,
    progress: Progress = silent,
    recipe: "Recipe | None" = None,
    user: User = LOCAL,
) -> Dataset:
    """Draw the set and keep it under a name as that user's; its test images are MNIST's own.

    `strokes` is a file of JSON lines, the one of the settings where it is None; without a `recipe` the usual one is
    taken. Raises DataError for a name, a seed or a file that is not allowed, and as `open_dataset` does.
    """
    named_sets.check_name(settings, name)
    if seed < 0:
        raise DataError(f"The seed is {seed}; allowed is 0 or more. Choose another whole number.")
    written = _read_people(settings, strokes)
    with _lock_making(settings, name, progress):
        named_sets.check_name(settings, name)  # another process may have made it meanwhile
        return _make(settings, name, written, seed, progress, recipe, user)


def open_or_make_reader_set(
    settings: Settings, name: str, progress: Progress = silent, announce: Callable[[], None] = lambda: None
) -> Dataset:
    """The set of that name; where there is none, it is made as `make_reader_set` does, with its errors.

    `announce` is called when nothing that could be known before speaks against the making.
    """
    if name in named_sets.names(settings):
        return named_sets.open_set(settings, name)
    written = _read_people(settings, None)
    announce()
    with _lock_making(settings, name, progress):
        if name in named_sets.names(settings):
            return named_sets.open_set(settings, name)
        return _make(settings, name, written, 1, progress)


def describe_time() -> str:
    """About how long the making takes on one core; some thousand strokes of people add another minute."""
    from mnist_dash.data.reader_set.build import Recipe

    minutes = max(1, round(Recipe().estimate_seconds() / 60))
    return "about a minute" if minutes == 1 else f"about {minutes} minutes"


def has_people(settings: Settings, dataset: Dataset | None = None) -> bool:
    """Whether strokes of people are in a set, or go into one that is not there yet."""
    return settings.strokes is not None if dataset is None else holds_people(dataset)


def holds_people(dataset: Dataset) -> bool:
    """Whether strokes of people are in a set, by where it came from."""
    return _OF_PEOPLE in dataset.origin


def describe_people(settings: Settings, dataset: Dataset | None = None) -> str:
    """Whether strokes of people are in a set, or go into one that is not there yet; and how to give some."""
    if dataset is None:
        if settings.strokes:
            return f"Pen strokes of people go into it: those in {settings.strokes}."
        return "No pen strokes of people go into it: none are at hand. MNIST_DASH_STROKES names a file of some."
    if has_people(settings, dataset):
        return "Pen strokes of people are in it."
    if settings.strokes:
        return "No pen strokes of people are in it, though there are some now. Delete it, and make it anew with them."
    return "No pen strokes of people are in it. MNIST_DASH_STROKES names a file of some for the next one."


def _read_people(settings: Settings, strokes: Path | None) -> "list[Written]":
    """The digits in a file, or in that of the settings; raises DataError where it cannot be read or holds none."""
    path = strokes or settings.strokes
    if path is None:
        return []
    # With an imaging library that few need.
    from mnist_dash.data.io.pen_strokes import read_strokes

    try:
        written = list(read_strokes(path, silent))
    except DataError as e:
        if path == settings.strokes:
            raise DataError(f"MNIST_DASH_STROKES cannot be taken: {e}") from e
        raise
    if not written:
        raise DataError(f"{path} holds no digits; needed is a JSON object with label and strokes in each line.")
    return written


def _make(
    settings: Settings,
    name: str,
    written: "list[Written]",
    seed: int,
    progress: Progress,
    recipe: "Recipe | None" = None,
    user: User = LOCAL,
) -> Dataset:
    from mnist_dash.data.reader_set.build import Recipe, build_reader_set, hold_out

    # What is there already takes no share of the time.
    fetched = 0.0 if is_ready(settings, MNIST) else _FETCHED
    mnist = open_dataset(settings, MNIST, within(progress, 0, fetched))
    learnt, _ = hold_out(mnist.train)
    watch = within(progress, fetched, _BUILT)
    train = build_reader_set(learnt, written, recipe or Recipe(), seed, watch).digits
    made = Dataset(name, train, mnist.test, _describe(len(written), seed), sha256=checksums(train, mnist.test))
    saved = named_sets.save(settings, name, made, user)
    progress("Ready", 1.0)
    return saved


@contextmanager
def _lock_making(settings: Settings, name: str, progress: Progress) -> Iterator[None]:
    """One process makes a set of this name at a time: it takes minutes, and the others would do it in vain."""
    folder = settings.home / "locks"
    with cache.make_writable(settings, folder), cache.lock_folder(folder / f"set-{name}", progress):
        yield


def _describe(strokes: int, seed: int) -> str:
    people = f", {strokes:,} {_OF_PEOPLE}" if strokes else ""
    return f"MNIST, MNIST redrawn, pen-stroke generator {VERSION}{people}, seed {seed}"
