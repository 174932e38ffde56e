"""Which training images a run learns from and which it holds out."""

from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Indices, Labels
from mnist_dash.data.dataset import CLASSES

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


def epoch_order(images: int, seed: int, epoch: int) -> Indices:
    """The order of an epoch's images: a function of seed and epoch, so that a resumed run repeats it."""
    return np.random.default_rng([seed, epoch]).permutation(images)


def choose_gallery(labels: Labels, parts: SplitIndices) -> Indices:
    """Up to two validation digits of each class, the same for one seed: those watched while a network learns."""
    validation = parts.validation
    chosen = [validation[labels[validation] == digit][:GALLERY_EACH] for digit in range(CLASSES)]
    return np.concatenate(chosen)
