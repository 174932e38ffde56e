"""The training set of the bundled reader under a name: from MNIST, the generator and the strokes of people, if any."""

from pathlib import Path
from typing import TYPE_CHECKING

from mnist_dash.data.checksums import checksums
from mnist_dash.data.dataset import MNIST, Dataset
from mnist_dash.data.generator import VERSION
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.errors import DataError
from mnist_dash.settings import Settings

if TYPE_CHECKING:
    from mnist_dash.data.reader_set.build import Recipe

_READ, _BUILT = 0.05, 0.97
"""The share of the work at which everything has been read, and at which the digits are drawn."""


def make_reader_set(
    settings: Settings,
    name: str,
    strokes: Path | None = None,
    seed: int = 1,
    progress: Progress = silent,
    recipe: "Recipe | None" = None,
) -> Dataset:
    """Draw the set and keep it under a name; its test images are MNIST's own.

    `strokes` is a file of JSON lines; without a `recipe` the usual one is taken. Raises DataError for a name, a seed or
    a file that is not allowed, and as `open_dataset` does.
    """
    # With an imaging library that few need.
    from mnist_dash.data.io.pen_strokes import read_strokes
    from mnist_dash.data.reader_set.build import Recipe, build_reader_set, hold_out

    named_sets.check_name(settings, name)
    if seed < 0:
        raise DataError(f"The seed is {seed}; allowed is 0 or more. Choose another whole number.")
    mnist = open_dataset(settings, MNIST, within(progress, 0, _READ))
    written = list(read_strokes(strokes, silent)) if strokes else []
    learnt, _ = hold_out(mnist.train)
    watch = within(progress, _READ, _BUILT)
    train = build_reader_set(learnt, written, recipe or Recipe(), seed, watch).digits
    made = Dataset(name, train, mnist.test, _describe(len(written), seed), sha256=checksums(train, mnist.test))
    saved = named_sets.save(settings, name, made)
    progress("Ready", 1.0)
    return saved


def _describe(strokes: int, seed: int) -> str:
    people = f", {strokes:,} pen-stroke digits of people" if strokes else ""
    return f"MNIST, MNIST redrawn, pen-stroke generator {VERSION}{people}, seed {seed}"
