"""Which training images a run learns from and which it holds out."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.data.dataset import CLASSES, Labels

Index = npt.NDArray[np.int64]

GALLERY_EACH = 2


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Indices into the training images: `train` is learnt from, `validation` is held out."""

    train: Index
    validation: Index


def split(images: int, train: int, validation: int, seed: int) -> Split:
    """Draw `train` and `validation` different indices below `images`, by `seed`."""
    order = np.random.default_rng([seed, 0]).permutation(images)
    return Split(order[:train], order[train : train + validation])


def epoch_order(images: int, seed: int, epoch: int) -> Index:
    """The order of an epoch's images: a function of seed and epoch, so that a resumed run repeats it."""
    return np.random.default_rng([seed, epoch]).permutation(images)


def gallery(labels: Labels, parts: Split) -> Index:
    """Up to two held-out digits of each class, the same for one seed: those that are watched while a network learns."""
    held_out = parts.validation
    chosen = [held_out[labels[held_out] == digit][:GALLERY_EACH] for digit in range(CLASSES)]
    return np.concatenate(chosen)
