"""Changes of ink (n, 28, 28) from 0 to 1 by an amount; 0 leaves it as it is.

What is random is drawn from the generator before the amount is looked at: the same digits turn the same way however
far, so that a slider moves them smoothly.
"""

import numpy as np
import scipy  # type: ignore[import-untyped]  # ndimage is loaded where it is first used: 300 ms that few commands need

from mnist_dash.arrays import Directions, Float32s, Floats
from mnist_dash.data.augmentation import Warps, augment
from mnist_dash.data.corruptions.plasma import make_plasma
from mnist_dash.data.dataset import SIDE

_FOG_DECAY = 1.4
"""How fine the fog is: that of MNIST-C at its thickest."""


def rotate(ink: Float32s, rng: np.random.Generator, degrees: float) -> Floats:
    """Each digit turned by `degrees` to either side."""
    return _warp(ink, rotation=_sides(rng, len(ink)) * degrees)


def shift(ink: Float32s, rng: np.random.Generator, pixels: float) -> Floats:
    """Each digit moved by `pixels` in a direction of its own."""
    angle = rng.random(len(ink)) * 2 * np.pi
    return _warp(ink, shift=np.stack([np.cos(angle), np.sin(angle)], axis=1) * pixels)


def shrink(ink: Float32s, _rng: np.random.Generator, share: float) -> Floats:
    """Each digit smaller by that share of its height, about the centre of the image."""
    return _warp(ink, zoom=np.full(len(ink), 1 - share))


def enlarge(ink: Float32s, _rng: np.random.Generator, share: float) -> Floats:
    """Each digit larger by that share of its height; what leaves the image is lost."""
    return _warp(ink, zoom=np.full(len(ink), 1 + share))


def thicken(ink: Float32s, _rng: np.random.Generator, pixels: float) -> Floats:
    """Strokes broader by so many pixels, two of them by two passes of a pen."""
    return _pass(ink, pixels)


def thin(ink: Float32s, _rng: np.random.Generator, pixels: float) -> Floats:
    """Strokes finer by so many pixels; hairlines stay."""
    return _pass(ink, -pixels)


def blur(ink: Float32s, _rng: np.random.Generator, sigma: float) -> Floats:
    """Gaussian blur with that standard deviation in pixels."""
    return np.asarray(scipy.ndimage.gaussian_filter(ink, (0, sigma, sigma))) if sigma else ink


def add_noise(ink: Float32s, rng: np.random.Generator, deviation: float) -> Floats:
    """Gaussian noise of that standard deviation, where full ink is 1."""
    return np.asarray(ink + np.float32(deviation) * rng.standard_normal(ink.shape, np.float32))


def add_fog(ink: Float32s, rng: np.random.Generator, density: float) -> Floats:
    """A plasma fractal over the image, as in MNIST-C: both find room below the lightest pixel by losing contrast."""
    lightest = ink.max(axis=(1, 2), keepdims=True)
    fog = make_plasma(len(ink), SIDE, rng, _FOG_DECAY)
    return np.asarray((ink + density * fog) * lightest / np.maximum(lightest + density, np.float32(1e-6)))


def invert_stripes(ink: Float32s, _rng: np.random.Generator, columns: float) -> Floats:
    """So many columns at either side become black on white."""
    changed, count = ink.copy(), round(columns)
    for side in (slice(count), slice(SIDE - count, None)):
        changed[:, :, side] = 1 - changed[:, :, side]
    return changed


def cover(ink: Float32s, rng: np.random.Generator, pixels: float) -> Floats:
    """A square of paper of so many pixels along each side over a part of the digit."""
    centres = 6 + rng.random((len(ink), 2, 1)) * 16
    distance = np.abs(np.arange(SIDE) + 0.5 - centres)
    inside = distance <= pixels / 2
    return np.where(inside[:, 0, :, np.newaxis] & inside[:, 1, np.newaxis, :], np.float32(0), ink)


def invert(ink: Float32s, _rng: np.random.Generator, share: float) -> Floats:
    """Ink fades into paper and paper into ink; at 1 black is white."""
    return np.asarray(ink + np.float32(share) * (1 - 2 * ink))


def nudge(ink: Float32s, directions: Directions, share: float) -> Floats:
    """Every pixel moved by `share` of full ink in its direction."""
    return np.asarray(ink + np.float32(share) * directions)


def _sides(rng: np.random.Generator, count: int) -> Floats:
    return np.asarray(rng.integers(2, size=count) * 2.0 - 1)


def _pass(ink: Float32s, pixels: float) -> Floats:
    """The pen's breadth changed by at most 2 pixels at a time, as often as it takes."""
    while pixels:
        part = float(np.clip(pixels, -2, 2))
        ink = _warp(ink, thickness=np.full(len(ink), part)).astype(np.float32)
        pixels -= part
    return ink


def _warp(ink: Float32s, **amounts: Floats) -> Floats:
    warps = Warps.of(len(ink), **amounts)
    return np.asarray(augment(np.rint(ink * 255).astype(np.uint8), warps) / np.float32(255))
