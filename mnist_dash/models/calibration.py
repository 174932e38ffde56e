"""How sure a network may be: its probabilities, softened until of all answers given with 90 %, about 90 % are right.

Temperature scaling after Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks" (ICML 2017): one
number, chosen on images that the network has not learnt from, divides what goes into its softmax. No answer changes.
"""

import numpy as np

from mnist_dash.arrays import Images, Labels, Probabilities
from mnist_dash.data.dataset import Dataset
from mnist_dash.errors import SpecError
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.classifier import Classifier

COOLEST, HOTTEST = 0.25, 8.0
"""The temperatures that are tried; 1 leaves probabilities as they are, more makes them less sure."""
_STEPS = 400
_ENOUGH = 1_000
"""Validation images that a run is calibrated on; more take longer and change nothing that could be seen."""
_LEAST = 1e-12
"""Smaller probabilities count as this: single precision knows little of them."""


def fit_temperature(probabilities: Probabilities, labels: Labels) -> float:
    """The temperature at which the labels (n,) are the likeliest under `probabilities` (n, 10); 1 for no images."""
    if not len(labels):
        return 1.0
    tried = np.geomspace(COOLEST, HOTTEST, _STEPS)
    return float(min(tried, key=lambda degrees: _surprise(apply_temperature(probabilities, float(degrees)), labels)))


def apply_temperature(probabilities: Probabilities, degrees: float) -> Probabilities:
    """Probabilities (n, 10) as the softmax would have given them at that temperature."""
    logits = np.log(np.maximum(probabilities.astype(np.float64), _LEAST)) / degrees
    shares = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)


def _surprise(probabilities: Probabilities, labels: Labels) -> float:
    """The mean negative log-likelihood of the labels, in nats."""
    return float(-np.log(np.maximum(probabilities[np.arange(len(labels)), labels], _LEAST)).mean())


class CalibratedModel:
    """A classifier whose probabilities are softened by a temperature."""

    def __init__(self, model: Classifier, degrees: float) -> None:
        """Let `model` answer at that temperature."""
        self._model, self._degrees = model, degrees

    def probabilities(self, images: Images) -> Probabilities:
        """The answer to each image (n, 28, 28) uint8: probabilities (n, 10)."""
        return apply_temperature(self._model.probabilities(images), self._degrees)


def calibrate(model: Classifier, spec: RunSpec, data: Dataset) -> Classifier:
    """The model of a run, calibrated on what it held out of its data; as it is where that cannot be known."""
    if not spec.learns or data.name != spec.data:
        return model
    try:
        parts = draw_run_split(spec, data.train)
    except SpecError:  # the set is another one by now, with fewer images or without its writers
        return model
    validation = data.train.take(parts.validation[:_ENOUGH])
    return CalibratedModel(model, fit_temperature(model.probabilities(validation.images), validation.labels))
