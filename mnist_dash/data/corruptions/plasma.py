"""Clouds: the plasma fractal of Fournier, Fussell and Carpenter (1982), by the diamond-square algorithm."""

import numpy as np

from mnist_dash.arrays import Float32s

SIZE = 256
"""Pixels along each side; both its edges meet those on the other side."""
_BLOCK = 16
"""Clouds made together: few enough for a core's own cache."""
_SPREAD = 100.0**2
"""How far the first midpoints may lie from the mean around them; the cloud is stretched to 0 to 1 in the end."""


def make_plasma(count: int, side: int, rng: np.random.Generator, decay: float) -> Float32s:
    """Clouds (count, side, side) from 0 to 1: each the upper left corner of one that is 256 pixels wide and high.

    Each midpoint is the mean of the four around it and a random number, evenly drawn from a range that gets smaller
    by the square of `decay` each time the pixels are halved. The least value of the whole becomes 0, the most 1.
    """
    clouds = np.empty((count, side, side), np.float32)
    for start in range(0, count, _BLOCK):
        part = clouds[start : start + _BLOCK]
        part[:] = _make_block(len(part), rng, decay)[:, :side, :side]
    return clouds


def _make_block(count: int, rng: np.random.Generator, decay: float) -> Float32s:
    cloud, spread = np.zeros((count, 1, 1), np.float32), _SPREAD
    while cloud.shape[1] < SIZE:
        cloud = _halve_pixels(cloud, rng, np.float32(spread))
        spread /= decay**2
    least, most = (pick(cloud, axis=(1, 2), keepdims=True) for pick in (np.min, np.max))
    return np.asarray((cloud - least) / (most - least))


def _halve_pixels(cloud: Float32s, rng: np.random.Generator, spread: np.float32) -> Float32s:
    """(n, 2 s, 2 s): a cloud (n, s, s) with the middles of its squares, then those of the diamonds between them."""
    finer = np.empty((len(cloud), 2 * cloud.shape[1], 2 * cloud.shape[2]), np.float32)
    below = cloud + np.roll(cloud, -1, 1)
    middles = _displace(below + np.roll(below, -1, 2), rng, spread)
    finer[:, ::2, ::2], finer[:, 1::2, 1::2] = cloud, middles
    finer[:, ::2, 1::2] = _displace(middles + np.roll(middles, 1, 1) + cloud + np.roll(cloud, -1, 2), rng, spread)
    finer[:, 1::2, ::2] = _displace(middles + np.roll(middles, 1, 2) + below, rng, spread)
    return finer


def _displace(four: Float32s, rng: np.random.Generator, spread: np.float32) -> Float32s:
    """The means of sums of four, each moved up or down by at most `spread`; the sums are used up."""
    moved = rng.random(four.shape, np.float32)
    moved -= np.float32(0.5)
    moved *= 2 * spread
    four *= np.float32(0.25)
    four += moved
    return four
