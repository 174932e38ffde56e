"""Which training images a run learns from and which it holds out."""

from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Indices, Integers, Labels
from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import DataError

GALLERY_EACH = 2


@dataclass(frozen=True, slots=True, eq=False)
class SplitIndices:
    """Indices into the training images: `train` is learnt from, `validation` is held out."""

    train: Indices
    validation: Indices


def draw_split(images: int, train: int, validation: int, seed: int) -> SplitIndices:
    """Draw `train` and `validation` different indices below `images`, by `seed`."""
    order = np.random.default_rng([seed, 0]).permutation(images)
    return SplitIndices(order[:train], order[train : train + validation])


def draw_split_by_writer(writers: Integers, train: int, validation: int, seed: int) -> SplitIndices:
    """Draw `train` indices and at most `validation` others by `seed`, such that no writer is in both parts.

    `writers` (n,) tells whose each image is. Writers stay whole, so that a few validation images may be missing; as
    many are learnt from as was asked. Raises DataError where nobody has so few images that there is any validation.
    """
    people, who, counts = np.unique(writers, return_inverse=True, return_counts=True)
    rng, left = np.random.default_rng([seed, 0]), validation
    chosen = np.zeros(len(people), bool)
    for person in rng.permutation(len(people)):
        # Whoever has more than what is left is passed over: somebody with fewer may come.
        if counts[person] <= left:
            chosen[person] = True
            left -= int(counts[person])
    if validation and not chosen.any():
        raise DataError(
            f"Validation has room for {validation:,} images, but the writer with the fewest wrote {counts.min():,}; "
            "validation by writer keeps a writer's images together. Choose a larger share, or validation by image."
        )
    order = rng.permutation(len(writers))
    theirs = chosen[who[order]]
    return SplitIndices(order[~theirs][:train], order[theirs])


def epoch_order(images: int, seed: int, epoch: int) -> Indices:
    """The order of an epoch's images: a function of seed and epoch, so that a resumed run repeats it."""
    return np.random.default_rng([seed, epoch]).permutation(images)


def choose_gallery(labels: Labels, parts: SplitIndices) -> Indices:
    """Up to two validation digits of each class, the same for one seed: those watched while a network learns."""
    validation = parts.validation
    chosen = [validation[labels[validation] == digit][:GALLERY_EACH] for digit in range(CLASSES)]
    return np.concatenate(chosen)
