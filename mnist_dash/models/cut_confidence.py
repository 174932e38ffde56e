"""Whether ink is one digit, as networks judge it: what tells good cuts between touching digits from bad ones."""

import numpy as np
import numpy.typing as npt

from mnist_dash.models.classifier import Classifier
from mnist_dash.models.rejection import Digitness
from mnist_dash.sketch.cutting import Judge
from mnist_dash.sketch.mnist_preprocessing import Ink, stages


def judge(reader: Classifier, digitness: Digitness) -> Judge:
    """A judge who is as sure as that ink is a digit at all, times how sure a reader is which one."""

    def sure(inks: list[Ink]) -> npt.NDArray[np.float32]:
        made = [stages(ink) for ink in inks]
        images = np.stack([one.image for one in made if one is not None])
        return np.asarray(digitness.likely(images) * reader.probabilities(images).max(axis=1))

    return sure
