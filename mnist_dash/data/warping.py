"""What a warp does to pixels: ink that spreads or shrinks, paper that stretches, images read between their pixels.

Arrays alone, in float32, and each image by itself: the same image comes out the same to the bit, however many others
it is worked on with.
"""

import numpy as np

from mnist_dash.arrays import Float32s, Images
from mnist_dash.data.dataset import SIDE

CENTRE = np.float32((SIDE - 1) / 2)
FROM_CENTRE = np.arange(SIDE, dtype=np.float32) - CENTRE
"""(28,): how far each column is right of the centre of an image, and each row below it."""
NODES = 6
"""Nodes along each side of the random grid that becomes a smooth displacement."""

_SPACING = 9.0
_SMOOTHNESS = 6.0
"""Pixels, as the standard deviation of a Gaussian. Simard et al. (2003) had 4, with which a one becomes a wave."""
_STEEPEST = np.float32(0.5)
"""Pixels that the displacement may change by from one pixel to the next. Up to 0.5 no two places can meet."""
_MARGIN = 2
"""Pixels of paper around an image while it is read."""
_PADDED = SIDE + 2 * _MARGIN
_INSIDE = slice(_MARGIN, -_MARGIN)


def change_thickness(images: Images, thickness: Float32s) -> Float32s:
    """Images (n, 28, 28) as a pen would have written them that is broader by `thickness` (n,) pixels, from -2 to 2.

    A blend with the grey erosion by 3×3 pixels, of the ink where it gets finer and of the paper where it gets
    broader. What is too fine to lose a pixel on each side, a hairline or the hole of a small loop, stays: no digit
    vanishes and no loop is filled.
    """
    broader = np.where(thickness > 0, np.uint8(255), np.uint8(0))[:, None, None]
    tone = np.pad(images, ((0, 0), (_MARGIN, _MARGIN), (_MARGIN, _MARGIN))) ^ broader
    core = _around(np.minimum, tone)
    fine = tone[:, _INSIDE, _INSIDE] - _around(np.maximum, core)
    eroded: Images = np.maximum(core[:, 1:-1, 1:-1], fine) ^ broader
    share: Float32s = np.abs(thickness / 2)[:, None, None]
    ink = images.astype(np.float32)
    return ink + share * (eroded - ink)


def _around(pick: np.ufunc, images: Images) -> Images:
    """The least (`pick` minimum) or most (maximum) of the 3×3 pixels around each that has so many."""
    rows = pick(pick(images[:, :-2], images[:, 1:-1]), images[:, 2:])
    return np.asarray(pick(pick(rows[:, :, :-2], rows[:, :, 1:-1]), rows[:, :, 2:]))


def make_displacement(grids: Float32s) -> Float32s:
    """The smooth displacement (n, 2, 28, 28) of random grids (n, 2, 6, 6), with their standard deviation.

    After Simard, Steinkraus and Platt (2003), "Best practices for convolutional neural networks applied to visual
    document analysis", with random numbers at few nodes instead of at every pixel. Where it would fold a stroke
    over, all of that image's displacement is made smaller.
    """
    # A product of small matrices for each image: a single large one may round differently with their number.
    smooth: Float32s = np.matmul(_WEIGHTS @ grids, _WEIGHTS.T)
    steepest = np.maximum(_steepest(smooth, axis=2), _steepest(smooth, axis=3))
    smooth *= (_STEEPEST / np.maximum(steepest, _STEEPEST))[:, None, None, None]
    return smooth


def _steepest(field: Float32s, axis: int) -> Float32s:
    return np.asarray(np.abs(np.diff(field, axis=axis)).max(axis=(1, 2, 3)))


def _weights() -> Float32s:
    """(28, 6): each node's weight in each pixel, such that independent nodes of variance 1 leave a pixel's at 1."""
    nodes = (np.arange(NODES) - (NODES - 1) / 2) * _SPACING
    weights = np.exp(-0.5 * ((FROM_CENTRE[:, None] - nodes) / _SMOOTHNESS) ** 2)
    return np.asarray(weights / np.linalg.norm(weights, axis=1, keepdims=True), np.float32)


_WEIGHTS = _weights()


def sample_bilinear(images: Images | Float32s, x: Float32s, y: Float32s) -> Float32s:
    """Images (n, 28, 28) read bilinearly at the columns `x` and rows `y` (n, 28, 28) from the centre.

    Outside is paper. `x` and `y` are used up.
    """
    padded = np.zeros((len(images), _PADDED, _PADDED), np.float32)
    padded[:, _INSIDE, _INSIDE] = images
    left, top = _parted(x), _parted(y)
    first = np.arange(0, padded.size, _PADDED * _PADDED, dtype=np.float32)[:, None, None]
    corner = (first + top * _PADDED + left).astype(np.intp)
    flat = padded.ravel()
    above = _between(flat.take(corner), flat[1:].take(corner), x)
    below = _between(flat[_PADDED:].take(corner), flat[_PADDED + 1 :].take(corner), x)
    return _between(above, below, y)


def _parted(place: Float32s) -> Float32s:
    """The pixel before each place, counted in the padded image; `place` keeps the share of the way to the next."""
    place += CENTRE + _MARGIN
    np.clip(place, 0, _PADDED - _MARGIN, out=place)
    before = np.floor(place)
    place -= before
    return before


def _between(start: Float32s, end: Float32s, share: Float32s) -> Float32s:
    end -= start
    end *= share
    end += start
    return end
