"""Whether an image shows a digit at all: a small network of its own says so, and a letter gets no confident 8.

It has learnt from digits and from what is none, and stands before every model alike. It looks several times: at the
image, and at the image turned and resized a little; and what the bundled reader is sure of counts as well. Its
thresholds were chosen on validation digits: so many in a hundred of them it calls unusual, and so many it refuses.
"""

from enum import StrEnum
from itertools import compress

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Images, Mask
from mnist_dash.data.augmentation import Warps, augment
from mnist_dash.models.bundled import DEFAULT, DIGIT_OR_NOT, load_bundled, read_bundled_file, read_card
from mnist_dash.models.classifier import Classifier, LiteRT

_TURNS, _SIZES = (8, -8, 0, 0), (1, 1, 0.92, 1.08)
"""Degrees and factors of each further look: a digit stays one, and what looks like one by chance does not.

Chosen, as `_CERTAINTY`, on training images of MNIST that nothing was learnt from, plain and corrupted, and on letters,
signs, scribbles and characters drawn for that.
"""
_CERTAINTY = 0.25
"""What the log-odds of a reader's answer weigh beside those of the network."""
_LEAST = np.float32(1e-7)
_PLAIN = 0.992
"""A stroke through what is as likely a digit is its own, as the bar of a 4 is (`benchmarks.struck_through`)."""
DIGIT = 1
"""The class under which that network files digits; everything else is in class 0."""


class Verdict(StrEnum):
    """What an image or a drawing is taken for: a digit, a digit in an unusual form or struck through, or none."""

    DIGIT = "digit"
    UNUSUAL = "unusual"
    STRUCK = "struck through"
    NONE = "none"

    @property
    def is_refusal(self) -> bool:
        """Whether nothing is to be read there."""
        return self in (Verdict.STRUCK, Verdict.NONE)


class DigitDetector:
    """Tells digits from everything else."""

    def __init__(
        self, model: Classifier, threshold: float, usual: float = 0.0, reader: Classifier | None = None
    ) -> None:
        """`model` gives the share of class DIGIT; below `threshold` an image is refused, below `usual` unusual.

        With a `reader` of digits, its certainty counts, and the image is looked at several times.
        """
        self._model, self.threshold, self.usual, self._reader = model, threshold, usual, reader

    def glance(self, images: Images) -> npt.NDArray[np.float32]:
        """(n,): how much each image (n, 28, 28) uint8 is like a digit at one look, from 0 to 1; a blank is none."""
        return np.where(images.any(axis=(1, 2)), self._model.probabilities(images)[:, DIGIT], np.float32(0))

    def likelihoods(self, images: Images) -> npt.NDArray[np.float32]:
        """(n,): how much each image (n, 28, 28) uint8 is like a digit, from 0 to 1; one without ink is none."""
        if self._reader is None or not len(images):
            return self.glance(images)
        odds = _log_odds(self.glance(_look_again(images)).reshape(-1, len(images)))
        certainty = _log_odds(self._reader.probabilities(images).max(axis=1))
        shares = 1 / (1 + np.exp(-odds.mean(axis=0) - _CERTAINTY * certainty))
        return np.where(images.any(axis=(1, 2)), shares.astype(np.float32), np.float32(0))

    def refuse(self, images: Images) -> npt.NDArray[np.bool_]:
        """(n,): whether each image shows no digit that could be read."""
        return np.asarray(self.likelihoods(images) < self.threshold)

    def give_verdicts(
        self, images: Images, threshold: float | None = None, struck: Mask | None = None
    ) -> tuple[Verdict, ...]:
        """The verdict on each image (n, 28, 28) uint8; another `threshold` than its own may be given.

        What is `struck` (n,) has a straight stroke through it, which may be a digit's own where the rest is as usual. A
        threshold of 0 refuses nothing, whatever is struck.
        """
        least = self.threshold if threshold is None else threshold
        shares = self.likelihoods(images)
        doubtful = np.zeros(len(images), bool) if struck is None or least <= 0 else struck & (shares < _PLAIN)
        # Of what holds, the first is said.
        said = ((shares < least, Verdict.NONE), (doubtful, Verdict.STRUCK), (shares < self.usual, Verdict.UNUSUAL))
        rows = zip(*(holds.tolist() for holds, _ in said), strict=True)
        verdicts = [verdict for _, verdict in said]
        return tuple(next(compress(verdicts, row), Verdict.DIGIT) for row in rows)


def load_digit_detector() -> DigitDetector:
    """The one that comes with the program."""
    card = read_card(DIGIT_OR_NOT)
    return DigitDetector(LiteRT(read_bundled_file(DIGIT_OR_NOT)), card.threshold, card.usual, load_bundled(DEFAULT))


def _look_again(images: Images) -> Images:
    """The images (n, 28, 28) themselves, and then so many for each further look."""
    count, looks = len(images), len(_TURNS)
    warps = Warps.of(count * looks, rotation=np.repeat(_TURNS, count), zoom=np.repeat(_SIZES, count))
    return np.concatenate([images, augment(np.tile(images, (looks, 1, 1)), warps)])


def _log_odds(shares: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    clipped = np.clip(shares, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(clipped / (1 - clipped)))
