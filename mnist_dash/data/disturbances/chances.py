"""The random numbers behind disturbances: uniform ones, so many for each image, at a place that is known beforehand.

A part of an epoch draws its own numbers without those of the parts before it, and they are the same to the bit.
"""

from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Float32s, Mask
from mnist_dash.data.dataset import FEATURES, SIDE

AMOUNTS = 24
"""Numbers of each image that decide what is done to it, and how much."""
_EACH = AMOUNTS + FEATURES
_STREAM = 4
"""A stream of random numbers beside those of the split, the order, the warps and dropout."""


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """Uniform numbers from 0 to 1 for n images: `amounts` (n, AMOUNTS), and `pixels` (n, 28, 28), one for each."""

    amounts: Float32s
    pixels: Float32s

    def __len__(self) -> int:
        """The number of images."""
        return len(self.amounts)

    def take(self, chosen: Mask) -> "Chances":
        """Those of some of the images."""
        return Chances(self.amounts[chosen], self.pixels[chosen])

    def skip(self, count: int) -> "Chances":
        """The same without the first `count` amounts, which have been used."""
        return Chances(self.amounts[:, count:], self.pixels)

    def between(self, column: int, low: float, high: float) -> Float32s:
        """(n, 1, 1): the amounts of a column, stretched to `low` … `high`."""
        return (np.float32(low) + np.float32(high - low) * self.amounts[:, column])[:, np.newaxis, np.newaxis]


def draw_chances(seed: int, epoch: int, start: int, count: int) -> Chances:
    """The chances of `count` images from the `start`-th in the order of an epoch."""
    source = np.random.PCG64(np.random.SeedSequence([seed, epoch, _STREAM]))
    # Each number takes one step of the generator, which can jump over those of the images before.
    source.advance(start * _EACH)
    drawn = np.random.Generator(source).random((count, _EACH)).astype(np.float32)
    # Neither a number nor what it leaves to 1 may be rounded to 1, which is no place in a table.
    np.clip(drawn, np.float32(2**-24), np.float32(1 - 2**-24), out=drawn)
    return Chances(drawn[:, :AMOUNTS], drawn[:, AMOUNTS:].reshape(count, SIDE, SIDE))
