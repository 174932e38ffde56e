"""How hard each image is for a model: what finds the doubtful digits of a set, and some of its wrong labels."""

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.chunks import iterate_spans
from mnist_dash.arrays import Images, Labels, Probabilities
from mnist_dash.data.progress import Progress, silent
from mnist_dash.models.classifier import Classifier

_CHUNK = 2_000
"""Images between two reports: some tenths of a second."""
_LEAST = np.finfo(np.float32).tiny


def cross_entropy(probabilities: Probabilities, labels: Labels) -> npt.NDArray[np.float32]:
    """The surprise at each label in nats, of `probabilities` (n, 10): (n,), 0 where the model was certain of it.

    A probability of exactly 0 counts as the least that single precision knows: 87.3.
    """
    given = probabilities[np.arange(len(labels)), labels]
    return -np.log(np.clip(given, _LEAST, 1))


def answer_all(model: Classifier, images: Images, progress: Progress = silent) -> Probabilities:
    """What a model answers to images (n, 28, 28): (n, 10)."""
    found = np.empty((len(images), 10), np.float32)
    for span in iterate_spans(len(images), _CHUNK):
        found[span] = model.probabilities(np.asarray(images[span]))
        progress("Asking the model", span.stop / len(images))
    return found


def measure_difficulty(
    model: Classifier, images: Images, labels: Labels, progress: Progress = silent
) -> npt.NDArray[np.float32]:
    """The cross-entropy of a model's answer to each image (n, 28, 28) and its label (n,)."""
    return cross_entropy(answer_all(model, images, progress), labels)
