"""The digit that a model likes best of each class: ten pictures found by climbing, none of which anybody has written.

Source: Erhan, Bengio, Courville and Vincent, "Visualizing higher-layer features of a deep network" (2009), and
Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks" (2014): from the mean image up the slope of a
class, with a price on ink. The slope is found by asking, which any model can answer that is a network or none: a little
more and a little less of each of the coarse waves that a smooth picture is made of (a cosine transform).
"""

import io
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np

from mnist_dash.analysis.perturbations import draw_waves, log_odds
from mnist_dash.arrays import Float64s, Images, Probabilities
from mnist_dash.data.dataset import CLASSES, SIDE
from mnist_dash.data.progress import Progress, silent
from mnist_dash.models.classifier import Classifier

VERSION = 1
"""Raised when the same model would get other pictures, so that no older file answers for it."""


@dataclass(frozen=True, slots=True)
class _Tuned:
    """Chosen by eye on the bundled models: pictures that are sure, smooth, and of little ink.

    `waves` along each side, fewer than which are coarse; `steps` of `pace` up the slope; `reach` of the trials, as
    values from 0 to 1; the price of ink, and of each wave the more the finer it is.
    """

    waves: int = 12
    steps: int = 30
    pace: float = 0.15
    reach: float = 0.5
    ink: float = 0.15
    fine: float = 0.02


_TUNED = _Tuned()
_MEMORY = (0.9, 0.99)
"""How much of earlier slopes, and of their squares, is kept at each step: Adam's (Kingma and Ba 2015)."""


@dataclass(frozen=True, slots=True, eq=False)
class Favourites:
    """`images` (10, 28, 28) uint8, one a digit, and the `probabilities` (10, 10) that the model gives to them."""

    images: Images
    probabilities: Probabilities

    def to_npz(self) -> bytes:
        """The arrays as an NPZ file."""
        content = io.BytesIO()
        np.savez_compressed(content, images=self.images, probabilities=self.probabilities)
        return content.getvalue()


def read_favourites(content: bytes) -> Favourites | None:
    """What `Favourites.to_npz` wrote; None where the content is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            found = Favourites(file["images"], file["probabilities"])
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None
    return found if found.images.shape == (CLASSES, SIDE, SIDE) else None


def find_favourites(model: Classifier, images: Images, progress: Progress = silent) -> Favourites:
    """Climb from the mean of `images` (n, 28, 28) to what the model is surest of, once for each digit."""
    start = images.mean(axis=0) / 255
    found = []
    for digit in range(CLASSES):
        progress(f"Looking for the {digit} that it likes best", digit / CLASSES)
        found.append(_climb(model, start, digit))
    pictures = np.stack(found)
    progress("Asking what it makes of them", 1.0)
    return Favourites(pictures, model.probabilities(pictures))


def _climb(model: Classifier, start: Float64s, digit: int) -> Images:
    """The picture (28, 28) at which the climb for a digit ends."""
    waves, fineness = draw_waves(_TUNED.waves)
    price = _TUNED.ink + _TUNED.fine * fineness
    at = np.tensordot(waves, start, 2)
    slope, square = np.zeros_like(at), np.zeros_like(at)
    keep, keep_square = _MEMORY
    for step in range(1, _TUNED.steps + 1):
        rise = _measure_slope(model, waves, at, digit) - price * at
        slope = keep * slope + (1 - keep) * rise
        square = keep_square * square + (1 - keep_square) * rise**2
        at = at + _TUNED.pace * (slope / (1 - keep**step)) / (np.sqrt(square / (1 - keep_square**step)) + 1e-6)
    return _draw(np.tensordot(at, waves, 1))


def _measure_slope(model: Classifier, waves: Float64s, at: Float64s, digit: int) -> Float64s:
    """How much surer (n,) the model is of a digit for more of each wave, in log-odds: by differences about `at`."""
    picture = np.tensordot(at, waves, 1)
    trials = _draw(np.concatenate([picture + _TUNED.reach * waves, picture - _TUNED.reach * waves]))
    more, less = np.split(log_odds(model.probabilities(trials), digit), 2)
    return np.asarray((more - less) / (2 * _TUNED.reach))


def _draw(values: Float64s) -> Images:
    """Values from 0 to 1 as pixels; what lies beyond is cut."""
    return np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)
