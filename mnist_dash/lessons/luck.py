"""What choosing by a few test images does: the best of some who guess at random, and the same one on other images."""

from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Float64s, Labels
from mnist_dash.data.dataset import CLASSES

GUESSERS, FEW = 20, 50
_SEED = 0


@dataclass(frozen=True, slots=True, eq=False)
class Luck:
    """The shares that GUESSERS answer right of the `few` images that choose, and what the `best` gets of the rest."""

    shares: Float64s
    best: int
    few: int
    rest: int
    elsewhere: float

    @property
    def chosen(self) -> float:
        """The share by which the best was chosen."""
        return float(self.shares[self.best])


def try_luck(labels: Labels) -> Luck | None:
    """Random answers to images with these labels (n,); None where there are too few for any rest."""
    if len(labels) < 2 * FEW:
        return None
    right = np.random.default_rng(_SEED).integers(CLASSES, size=(GUESSERS, len(labels))) == labels
    shares = right[:, :FEW].mean(axis=1)
    best = int(shares.argmax())
    return Luck(shares, best, FEW, len(labels) - FEW, float(right[best, FEW:].mean()))
