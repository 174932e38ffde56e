"""Whether an image shows a digit at all: a small network of its own says so, and a letter gets no confident 8.

It has learnt from digits and from what is none, and stands before every model alike. Its threshold was chosen on
validation digits, of which it refuses one in a hundred.
"""

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Images
from mnist_dash.models.bundled import DIGIT_OR_NOT, read_bundled_file, read_card
from mnist_dash.models.classifier import Classifier, LiteRT

DIGIT = 1
"""The class under which that network files digits; everything else is in class 0."""


class DigitDetector:
    """Tells digits from everything else."""

    def __init__(self, model: Classifier, threshold: float) -> None:
        """`model` gives the share of class DIGIT; below `threshold` an image is refused."""
        self._model, self.threshold = model, threshold

    def likelihoods(self, images: Images) -> npt.NDArray[np.float32]:
        """(n,): how much each image (n, 28, 28) uint8 is like a digit, from 0 to 1."""
        return self._model.probabilities(images)[:, DIGIT]

    def refuse(self, images: Images) -> npt.NDArray[np.bool_]:
        """(n,): whether each image shows no digit that could be read."""
        return np.asarray(self.likelihoods(images) < self.threshold)


def load_digit_detector() -> DigitDetector:
    """The one that comes with the program."""
    return DigitDetector(LiteRT(read_bundled_file(DIGIT_OR_NOT)), read_card(DIGIT_OR_NOT).threshold)
