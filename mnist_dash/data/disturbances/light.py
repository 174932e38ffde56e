"""Light and paper: faint ink, grey paper, shade, clouds, and bands in which ink and paper change places.

Each function takes ink (n, 28, 28) from 0 to 1 and chances (n), and gives new ink that may lie outside 0 to 1.
"""

from functools import lru_cache

import numpy as np

from mnist_dash.arrays import Float32s
from mnist_dash.data.dataset import SIDE
from mnist_dash.data.disturbances.chances import Chances
from mnist_dash.data.warping import FROM_CENTRE

_SCALES = (1.2, 2.5, 4.5, 8.0)
"""Standard deviations, in pixels, of the Gaussians that make clouds of noise."""


def change_contrast(ink: Float32s, chances: Chances) -> Float32s:
    """Paper grey by up to a half, and ink from a third of its strength to one and a half."""
    gamma = np.exp2(chances.between(2, -1, 1))
    return chances.between(0, 0, 0.5) + chances.between(1, 0.35, 1.5) * ink**gamma


def shade(ink: Float32s, chances: Chances) -> Float32s:
    """Paper that grows darker to one side, or away from a point, by up to 0.7."""
    x, y = _place(chances)
    side = np.clip(0.5 + x / SIDE, 0, 1)
    around = np.clip(np.hypot(x, y) / SIDE, 0, 1)
    dark = np.where(chances.between(2, 0, 1) < 0.6, side, around) * chances.between(3, 0.15, 0.7)
    return _lay_below(ink, dark, chances.between(4, 0.35, 1))


def add_clouds(ink: Float32s, chances: Chances) -> Float32s:
    """Clouds of any size over ink that grows fainter: what fog does, made of smoothed noise."""
    clouds = make_clouds(chances, 0)
    return _lay_below(ink, clouds * chances.between(1, 0.2, 0.75), chances.between(2, 0.25, 0.8))


def invert_band(ink: Float32s, chances: Chances) -> Float32s:
    """Ink and paper change places, or nearly, in a band of any breadth and direction, or outside it."""
    x, _ = _place(chances)
    band = np.abs(x) < chances.between(2, 2, 11)
    chosen = band ^ (chances.between(3, 0, 1) < 0.6)
    return np.where(chosen, ink + chances.between(4, 0.5, 1) * (1 - 2 * ink), ink)


def make_clouds(chances: Chances, column: int, scales: int = len(_SCALES)) -> Float32s:
    """(n, 28, 28): smooth noise whose least value is 0 and whose largest is 1.

    The amounts of `column` choose among the first `scales`, from the finest.
    """
    scale = (chances.amounts[:, column] * scales).astype(int)
    clouds = np.empty(chances.pixels.shape, np.float32)
    for number, sigma in enumerate(_SCALES[:scales]):
        weights = smoothing(sigma)
        clouds[scale == number] = weights @ chances.pixels[scale == number] @ weights.T
    clouds -= clouds.min(axis=(1, 2), keepdims=True)
    clouds /= clouds.max(axis=(1, 2), keepdims=True)
    return clouds


@lru_cache(maxsize=32)
def smoothing(sigma: float) -> Float32s:
    """(28, 28): a Gaussian of that standard deviation, in pixels, along one axis; what lies outside has no weight."""
    weights = np.exp(-0.5 * ((FROM_CENTRE[:, np.newaxis] - FROM_CENTRE) / sigma) ** 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


def _place(chances: Chances) -> tuple[Float32s, Float32s]:
    """Each pixel (n, 28, 28) along and beside a direction, in pixels from a point near the middle of the image.

    Half of the directions are those of the rows and columns.
    """
    turn = chances.between(0, 0, 2)
    # The first half of the numbers means quarter turns, the other any angle.
    angle = np.float32(np.pi) * np.where(turn < 1, np.floor(turn * 4) / 2, 2 * turn).astype(np.float32)
    off = chances.between(1, -5, 5)
    x, y = FROM_CENTRE, FROM_CENTRE[:, np.newaxis]
    return np.cos(angle) * x + np.sin(angle) * y - off, np.cos(angle) * y - np.sin(angle) * x


def _lay_below(ink: Float32s, paper: Float32s, strength: Float32s) -> Float32s:
    """Ink of a `strength` on `paper` that is not white."""
    return paper + (1 - paper) * strength * ink
