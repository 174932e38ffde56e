"""The two data sets that the bundled models learn from: `python -m benchmarks.bundle_sets FOLDER` writes them.

`reader.npz`: MNIST's training digits, some of them redrawn by other pens, and digits of the generator in every way of
writing that it knows alike, so that slashed zeros and flagged ones are no surprise. `digit_or_not.npz`: label 1 for
these digits, 0 for what is none. The last `HELD_OUT` training images are in neither: thresholds and calibrations are
chosen on them. Test images are MNIST's own, so that a run on either set is scored as every other.

The models that are bundled today learnt from version 1 of the generator, as their cards' checksums say: another version
(`mnist_dash.data.generator.VERSION`) draws other digits and letters, and so makes other sets under the same seed.
"""

import os
import sys
from pathlib import Path

import numpy as np

from benchmarks.placement import PEN
from mnist_dash.arrays import Images
from mnist_dash.data.dataset import CLASSES, Digits
from mnist_dash.data.generator.skeletons import SKELETONS
from mnist_dash.data.generator.writers import ink_curves, write_skeleton
from mnist_dash.data.reader_set.redrawing import draw_placements, preprocess_inks, redraw
from mnist_dash.data.reader_set.strangers import draw_pairs, draw_strangers
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.settings import Settings
from mnist_dash.sketch.mnist_preprocessing import preprocess

HELD_OUT = 5_000
"""The last training images: no bundled model learns from them."""
REDRAWN, PENNED = 15_000, 12_000
STRANGERS = {"letters": 40_000, "signs": 10_000, "scribbles": 12_000, "noise": 6_000, "blanks": 3_000}
PAIRS = 8_000
SEED = 1
"""Other than those of the benchmarks."""


def main(folder: Path) -> None:
    """Write both files."""
    data = open_dataset(Settings.from_environment(os.environ), "mnist")
    assert len(data.train) == 60_000, "bundled models learn from all of MNIST"
    learnt, test = data.train.take(slice(0, len(data.train) - HELD_OUT)), data.test
    digits = _joined(learnt, redrawn(learnt, REDRAWN, SEED), penned(PENNED, SEED))
    _write(folder / "reader.npz", digits, test)
    others = np.concatenate([*(draw_strangers(kind, count, SEED) for kind, count in STRANGERS.items())])
    others = np.concatenate([others, draw_pairs(learnt.images, PAIRS, SEED)])
    known = Digits(digits.images, np.ones(len(digits), np.uint8))
    strange = Digits(others, np.zeros(len(others), np.uint8))
    _write(folder / "digit_or_not.npz", _joined(known, strange), Digits(test.images, np.ones(len(test), np.uint8)))


def redrawn(digits: Digits, count: int, seed: int) -> Digits:
    """`count` of the digits, taken at random and drawn anew by random pens at random places."""
    chosen = digits.take(np.random.default_rng((seed, 2)).permutation(len(digits))[:count])
    return Digits(preprocess_inks(redraw(chosen.images, draw_placements(count, seed, PEN))), chosen.labels)


def penned(count: int, seed: int) -> Digits:
    """`count` digits of the generator, as many of each class, in every way of writing it alike."""
    labels = (np.arange(count) % CLASSES).astype(np.uint8)
    return Digits(np.stack([_penned(int(label), i, seed) for i, label in enumerate(labels)]), labels)


def _penned(label: int, number: int, seed: int) -> Images:
    rng = np.random.default_rng((seed, 3, number))
    ways = SKELETONS[label]
    # From a fine line on a large sheet to a marker on a small one.
    breadth = float(np.clip(0.12 * np.exp(0.4 * rng.normal()), 0.04, 0.3))
    made = preprocess(ink_curves(write_skeleton(ways[rng.integers(len(ways))], rng), breadth))
    assert made, "a pen leaves ink"
    return made.image


def _joined(*parts: Digits) -> Digits:
    return Digits(np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts]))


def _write(path: Path, train: Digits, test: Digits) -> None:
    np.savez(path, x_train=train.images, y_train=train.labels, x_test=test.images, y_test=test.labels)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
