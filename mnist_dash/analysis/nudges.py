"""Where a little more ink, or a little less, misleads a model most: the direction of an adversarial nudge.

Source: Goodfellow, Shlens and Szegedy, "Explaining and harnessing adversarial examples" (2015): every pixel is moved by
the same small amount, up or down as the slope of the error has it. The slope is found by asking, as in Chen and others,
"ZOO" (2017), which any model can answer, and along coarse waves alone, as in Guo, Frank and Weinberger, "Low frequency
adversarial perturbation" (2019). Whoever may look into the network finds worse nudges: what holds here may still fall.
"""

import io
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np

from mnist_dash.analysis.perturbations import draw_waves, log_odds
from mnist_dash.arrays import Directions, Float32s, Image
from mnist_dash.data.dataset import SIDE, Digits
from mnist_dash.data.progress import Progress, silent
from mnist_dash.models.classifier import Classifier

VERSION = 1
"""Raised when the same model would be nudged otherwise, so that no older file answers for it."""


@dataclass(frozen=True, slots=True)
class _Tuned:
    """Chosen on 100 training images, read by both bundled models, by what they read of them nudged by 0.1 to 0.4.

    `waves` along each side, fewer than which are coarse; `reach` of the trials along a wave of length 1.
    """

    waves: int = 12
    reach: float = 2.0


_TUNED = _Tuned()


def find_directions(model: Classifier, digits: Digits, progress: Progress = silent) -> Directions:
    """How to move each pixel of each digit (n, 28, 28), -1, 0 or 1, to lead the model away from its label."""
    waves = draw_waves(_TUNED.waves)[0].astype(np.float32)
    found = np.zeros(digits.images.shape, np.int8)
    for at, (image, label) in enumerate(zip(digits.images, digits.labels.tolist(), strict=True)):
        found[at] = np.sign(_measure_slope(model, waves, image, label))
        progress(f"Looking for the nudge of {len(digits):,} digits", (at + 1) / len(digits))
    return found


def write_directions(directions: Directions) -> bytes:
    """Directions as an NPZ file."""
    content = io.BytesIO()
    np.savez_compressed(content, directions=directions)
    return content.getvalue()


def read_directions(content: bytes) -> Directions | None:
    """What `write_directions` wrote; None where the content is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            found: Directions = file["directions"]
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None
    return found if found.dtype == np.int8 and found.shape[1:] == (SIDE, SIDE) else None


def _measure_slope(model: Classifier, waves: Float32s, image: Image, label: int) -> Float32s:
    """How much likelier (28, 28) anything but the label becomes with more ink, in log-odds along the waves."""
    ink, step = image.astype(np.float32), 255 * _TUNED.reach * waves
    trials = np.rint(np.clip(np.concatenate([ink + step, ink - step]), 0, 255)).astype(np.uint8)
    more, less = np.split(log_odds(model.probabilities(trials), label), 2)
    return np.tensordot((less - more).astype(np.float32), waves, 1)
