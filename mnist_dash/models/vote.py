"""Several models that answer as one: the mean of their probabilities."""

from collections.abc import Sequence

import numpy as np

from mnist_dash.arrays import Images, Probabilities
from mnist_dash.models.classifier import Classifier


class VotingModel:
    """A classifier whose answer is the mean of the answers of its members, each of which counts the same."""

    def __init__(self, members: Sequence[Classifier]) -> None:
        """Let `members`, one at least, answer together."""
        self._members = tuple(members)

    def probabilities(self, images: Images) -> Probabilities:
        """The answer to each image (n, 28, 28) uint8: probabilities (n, 10)."""
        answers = [member.probabilities(images) for member in self._members]
        return np.asarray(np.mean(answers, axis=0, dtype=np.float64), np.float32)
