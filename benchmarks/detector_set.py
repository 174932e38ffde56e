"""The data set from which `digit_or_not` learns: `python -m benchmarks.detector_set` keeps it under that name.

Label 1 stands for digits of the set `reader`, which has to be there (`mnist-dash reader-set`): a quarter of MNIST's and
all others, so that most of them are by unusual hands or of unusual forms; 0 stands for what is none. Characters that
nobody knows, turned and halved digits are taken only where the bundled reader is not sure of them: many look like
digits indeed. Test images are MNIST's own, so that a run is scored as every other.
"""

import os

import numpy as np

from mnist_dash.arrays import Images, Integers
from mnist_dash.cli.terminal import show_progress
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.reader_set.build import hold_out
from mnist_dash.data.reader_set.strangers import draw_pairs, draw_strangers, draw_turned, draw_wrong_cuts
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.registry import READER
from mnist_dash.models.bundled import DIGIT_OR_NOT, load_bundled
from mnist_dash.settings import Settings

STRANGERS = {"letters": 22_000, "signs": 6_000, "scribbles": 7_000, "noise": 3_000, "blanks": 2_000}
CHARACTERS, TURNED, PAIRS, CUTS = 20_000, 7_000, 8_000, 8_000
SURE = 0.9
"""A reader's confidence from which a character or a turned digit is no example of what is none."""
SEED = 1
"""Other than those of the benchmarks."""


def make_detector_set(settings: Settings, reader_set: str, name: str) -> None:
    """Draw the set to the digits of a reader's set, and keep it under a name."""
    learnt = open_dataset(settings, reader_set)
    digits = learnt.train.take(
        _choose_digits(len(learnt.train), len(hold_out(open_dataset(settings, "mnist").train)[0]))
    )
    parts = []
    for number, (kind, count) in enumerate(STRANGERS.items()):
        show_progress(f"Drawing {kind}", number / (len(STRANGERS) + 1))
        parts.append(draw_strangers(kind, count, SEED))
    show_progress("Drawing characters", len(STRANGERS) / (len(STRANGERS) + 1))
    halves, beside = draw_wrong_cuts(digits.images, CUTS, SEED)
    unknown = draw_strangers("characters", CHARACTERS, SEED), draw_turned(digits, TURNED, SEED), halves
    others = np.concatenate([*parts, *map(doubtful, unknown), beside, draw_pairs(digits.images, PAIRS, SEED)])
    show_progress("Ready", 1)
    train = Digits(
        np.concatenate([digits.images, others]),
        np.concatenate([np.ones(len(digits), np.uint8), np.zeros(len(others), np.uint8)]),
    )
    test = Digits(learnt.test.images, np.ones(len(learnt.test), np.uint8))
    origin = f"{len(digits):,} digits of {learnt.origin}, and {len(others):,} images of what is no digit, seed {SEED}"
    named_sets.save(settings, name, Dataset(name, train, test, origin, sha256={}))


def _choose_digits(count: int, mnist: int) -> Integers:
    """A quarter of the first `mnist` of `count` digits, and all that follow, mixed: their places."""
    rng = np.random.default_rng(SEED)
    return rng.permutation(np.concatenate([rng.permutation(mnist)[: mnist // 4], np.arange(mnist, count)]))


def doubtful(images: Images) -> Images:
    """Those of the images of which the bundled reader is not sure."""
    return np.asarray(images[load_bundled(READER).probabilities(images).max(axis=1) < SURE])


if __name__ == "__main__":
    make_detector_set(Settings.from_environment(os.environ), READER, DIGIT_OR_NOT)
