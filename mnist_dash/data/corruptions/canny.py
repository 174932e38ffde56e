"""Where the edges in images of digits lie: Canny, "A computational approach to edge detection" (IEEE PAMI, 1986)."""

import numpy as np
import numpy.typing as npt
import scipy  # type: ignore[import-untyped]  # ndimage is loaded where it is first used: 300 ms that few commands need

from mnist_dash.arrays import Floats

_SIGMA = 1.0
"""Pixels, of the Gaussian that smooths an image first."""
_LOW, _HIGH = 0.1, 0.2
"""Edges are at least as strong as the one, and hang together with something as strong as the other."""
_NEIGHBOURS = np.zeros((3, 3, 3), int)
_NEIGHBOURS[1] = 1

Edges = npt.NDArray[np.bool_]
"""(n, h, w): true where there is an edge."""


def find_edges(images: Floats) -> Edges:
    """Edges (n, h, w) of images (n, h, w) from 0 to 1, a pixel wide; there are none in the outermost pixels."""
    smooth = _smooth(images)
    down, right = _sobel(smooth, 1), _sobel(smooth, 2)
    strength = np.hypot(down, right)
    thin = _keep_ridges(strength, down, right)
    strong = thin & (strength >= _HIGH)
    pieces, _ = scipy.ndimage.label(thin, _NEIGHBOURS)
    return np.asarray(thin & np.isin(pieces, np.unique(pieces[strong])))


def _smooth(images: Floats) -> Floats:
    """Means of what lies inside the image, weighted by a Gaussian."""
    sigma = 0, _SIGMA, _SIGMA
    ink = scipy.ndimage.gaussian_filter(images.astype(np.float64), sigma, mode="constant")
    inside = scipy.ndimage.gaussian_filter(np.ones((1, *images.shape[1:])), sigma, mode="constant")
    return np.asarray(ink / inside)


def _sobel(images: Floats, axis: int) -> Floats:
    """Sobel's derivative along an axis of each image; SciPy's own would smooth over the images, too."""
    slope = scipy.ndimage.correlate1d(images, (-1, 0, 1), axis)
    return np.asarray(scipy.ndimage.correlate1d(slope, (1, 2, 1), 3 - axis))


def _keep_ridges(strength: Floats, down: Floats, right: Floats) -> Edges:
    """The pixels whose gradient is no less strong than that before and behind them, in the direction it has there."""
    ridges = np.zeros(strength.shape, bool)
    inner = np.s_[:, 1:-1, 1:-1]
    ridges[inner] = strength[inner] >= _LOW
    image, row, column = at = np.nonzero(ridges)
    y, x = down[at], right[at]
    steep = np.abs(y) >= np.abs(x)
    aslant = np.minimum(np.abs(y), np.abs(x)) / np.maximum(np.abs(y), np.abs(x))
    below, beside = np.sign(y).astype(int), np.sign(x).astype(int)
    for way in (1, -1):
        diagonal = strength[image, row + way * below, column + way * beside]
        straight = strength[image, row + way * below * steep, column + way * beside * ~steep]
        ridges[at] &= aslant * diagonal + (1 - aslant) * straight <= strength[at]
    return ridges
