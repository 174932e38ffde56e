"""Pictures that are not sharp: blurred, shaken, coarse, seen through rough glass; or outlines alone.

Each function takes ink (n, 28, 28) from 0 to 1 and chances (n), and gives new ink from 0 to 1.
"""

import numpy as np

from mnist_dash.arrays import Float32s
from mnist_dash.data.dataset import SIDE
from mnist_dash.data.disturbances.chances import Chances
from mnist_dash.data.disturbances.light import smoothing
from mnist_dash.data.warping import FROM_CENTRE, sample_bilinear

_BLURS = (0.5, 0.8, 1.1, 1.5)
"""Standard deviations, in pixels, of a blur, along each axis its own."""
_STEPS = 7
"""Places of a motion that are seen."""


def blur(ink: Float32s, chances: Chances) -> Float32s:
    """A Gaussian blur, broader along one axis than along the other."""
    down, across = (_choose_smoothing(chances.amounts[:, column]) for column in range(2))
    return _strengthen(np.asarray(down @ ink @ across.transpose(0, 2, 1), np.float32), chances)


def _choose_smoothing(amounts: Float32s) -> Float32s:
    return np.asarray(np.stack([smoothing(sigma) for sigma in _BLURS])[(amounts * len(_BLURS)).astype(int)])


def shake(ink: Float32s, chances: Chances) -> Float32s:
    """The mean of places along a way of 2 to 9 pixels, in any direction."""
    angle, length = chances.between(0, 0, float(np.pi)), chances.between(1, 2, 9)
    each = np.zeros(ink.shape, np.float32)
    seen = np.zeros(ink.shape, np.float32)
    for step in np.linspace(-0.5, 0.5, _STEPS, dtype=np.float32):
        x = each + FROM_CENTRE + step * length * np.cos(angle)
        y = each + FROM_CENTRE[:, np.newaxis] + step * length * np.sin(angle)
        seen += sample_bilinear(ink, x, y)
    return _strengthen(seen / np.float32(_STEPS), chances)


def scatter(ink: Float32s, chances: Chances) -> Float32s:
    """Each pixel shows one of those around it, as rough glass does."""
    place = (chances.pixels * 9).astype(int)
    rows = np.clip(np.arange(SIDE)[:, np.newaxis] + place // 3 - 1, 0, SIDE - 1)
    columns = np.clip(np.arange(SIDE) + place % 3 - 1, 0, SIDE - 1)
    return np.asarray(ink[np.arange(len(ink))[:, np.newaxis, np.newaxis], rows, columns])


def coarsen(ink: Float32s, _chances: Chances) -> Float32s:
    """Squares of two by two pixels become one."""
    half = SIDE // 2
    squares = ink.reshape(len(ink), half, 2, half, 2).mean(axis=(2, 4))
    return np.asarray(squares.repeat(2, axis=1).repeat(2, axis=2))


def outline(ink: Float32s, chances: Chances) -> Float32s:
    """Where ink and paper meet, as a thin or a broad line."""
    inner, outer = smoothing(0.6), smoothing(1.2)
    edge = np.abs(inner @ ink @ inner.T - outer @ ink @ outer.T)
    edge /= np.maximum(edge.max(axis=(1, 2), keepdims=True), 1e-6)
    return np.asarray(np.clip(edge * chances.between(0, 1, 3) - chances.between(1, 0, 0.4), 0, 1))


def _strengthen(ink: Float32s, chances: Chances) -> Float32s:
    """A blur's darkest pixel as dark as before, or not."""
    full = ink / np.maximum(ink.max(axis=(1, 2), keepdims=True), 1e-6)
    return np.asarray(np.where(chances.between(2, 0, 1) < 0.5, full, ink))
