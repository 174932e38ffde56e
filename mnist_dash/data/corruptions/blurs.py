"""The two blurs of MNIST-C (arXiv 1906.02337): seen through frosted glass, and while the hand moved."""

import numpy as np
import scipy  # type: ignore[import-untyped]  # ndimage is loaded where it is first used: 300 ms that few commands need

from mnist_dash.arrays import Float32s, Floats
from mnist_dash.data.dataset import SIDE

GLASS = ((0.7, 1, 2), (0.9, 2, 1), (1, 2, 3), (1.1, 3, 2), (1.5, 4, 2))
"""Of each severity: the Gaussian's standard deviation and how far pixels may go, in pixels, and how often."""
MOTION = ((10, 3), (15, 5), (15, 8), (15, 12), (20, 15))
"""Of each severity, in pixels: how far ink is smeared at most, and the standard deviation of its Gaussian."""
_STEEPEST = 45
"""Degrees from the horizontal, to either side, of the direction of a motion."""


def blur_by_glass(ink: Float32s, rng: np.random.Generator, sigma: float, furthest: int, times: int) -> Floats:
    """Ink (n, 28, 28) from 0 to 1 blurred, its pixels exchanged with others nearby, and blurred again.

    From the last pixel to the first, each changes places, as likely as not, with one up to `furthest` before it or
    fewer behind it. Blurred are columns alone: the published recipe took the rows of a grey image for channels.
    """
    # Truncated to bytes, as it was there, and pixels first: each step then works on all images side by side.
    pixels = (_blur(ink, sigma) * 255).astype(np.uint8).reshape(len(ink), -1).T.copy()
    every = np.arange(len(ink))
    places = range(SIDE - furthest, furthest, -1)
    for row, column in [(row, column) for row in places for column in places] * times:
        moves = rng.random(len(ink)) < 0.5
        down, right = rng.integers(-furthest, furthest, (2, len(ink)))
        other = np.where(moves, (row + down) * SIDE + column + right, row * SIDE + column)
        here = pixels[row * SIDE + column].copy()
        pixels[row * SIDE + column] = pixels[other, every]
        pixels[other, every] = here
    return _blur(pixels.T.reshape(ink.shape) / 255, sigma)


def _blur(ink: Floats, sigma: float) -> Floats:
    return np.asarray(scipy.ndimage.gaussian_filter1d(ink, sigma, axis=1, mode="nearest"))


def blur_by_motion(ink: Float32s, rng: np.random.Generator, radius: int, sigma: float) -> Floats:
    """Ink (n, 28, 28) smeared in one direction each, at most 45° from the horizontal, as ImageMagick does it.

    A pixel is the mean of itself and those up to 2 `radius` away to one side, weighted by half a Gaussian.
    """
    steps = np.arange(2 * radius + 1)
    weights = np.exp(-(steps**2) / (2 * sigma**2))
    angles = np.deg2rad(rng.uniform(-_STEEPEST, _STEEPEST, (len(ink), 1, 1)))
    every, places = np.arange(len(ink))[:, np.newaxis, np.newaxis], np.arange(SIDE)
    smeared = np.zeros(ink.shape, np.float32)
    for step, weight in zip(steps, weights / weights.sum(), strict=True):
        right, down = (np.ceil(step * part - 0.5).astype(int) for part in (np.cos(angles), np.sin(angles)))
        rows, columns = np.clip(places[:, np.newaxis] + down, 0, SIDE - 1), np.clip(places + right, 0, SIDE - 1)
        smeared += np.float32(weight) * ink[every, rows, columns]
    return smeared
