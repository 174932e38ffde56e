"""How sure networks are that ink is one digit: what tells good cuts between touching digits from bad ones."""

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Ink
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.rejection import DigitDetector
from mnist_dash.sketch.cutting import CutConfidence
from mnist_dash.sketch.mnist_preprocessing import preprocess


def make_cut_confidence(reader: Classifier, detector: DigitDetector) -> CutConfidence:
    """How sure `detector` is at a glance that ink is a digit at all, times how sure `reader` is which one."""

    def sure(inks: list[Ink]) -> npt.NDArray[np.float32]:
        made = [preprocess(ink) for ink in inks]
        images = np.stack([one.image for one in made if one is not None])
        return np.asarray(detector.glance(images) * reader.probabilities(images).max(axis=1))

    return sure
