"""How a model does on digits that it does not learn from, as it would answer."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from mnist_dash.arrays import Probabilities
from mnist_dash.data.dataset import Digits, scale_to_input
from mnist_dash.training.loop import Loss
from mnist_dash.training.networks import IMAGES, LABELS

_BATCH = 500
_ANSWER = "answer of the network"


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """Mean loss, the share read right, the probabilities (n, 10), and by layer the share of units that never woke."""

    loss: float
    accuracy: float
    probabilities: Probabilities
    dead: tuple[tuple[str, float], ...]


class Scorer:
    """Scores a model with the weights that it has at the moment."""

    def __init__(self, model: keras.Model, loss: Loss) -> None:
        """Compile the graph at the first score."""
        # Only relu leaves a unit at exactly zero for every digit, from where no gradient brings it back.
        watched = [layer for layer in model.layers if getattr(layer, "activation", None) is keras.activations.relu]
        self._names = [layer.name for layer in watched]
        inside = keras.Model(
            model.inputs, {_ANSWER: model.outputs[0], **{layer.name: layer.output for layer in watched}}
        )

        def look(images: tf.Tensor, labels: tf.Tensor) -> list[tf.Tensor]:
            values = inside(images, training=False)
            answer, peaks = values[_ANSWER], [_peaks(values[name]) for name in self._names]
            return [loss(labels, answer), answer, *peaks]

        self._look = tf.function(look, input_signature=[IMAGES, LABELS], autograph=False)

    def score(self, digits: Digits) -> Score:
        """Score `digits`, at least one."""
        parts = [self._looked(digits.take(slice(i, i + _BATCH))) for i in range(0, len(digits), _BATCH)]
        losses, answers, *peaks = zip(*parts, strict=True)
        probabilities = np.concatenate(answers)
        return Score(
            loss=float(np.average(losses, weights=[len(answer) for answer in answers])),
            accuracy=float(np.mean(probabilities.argmax(axis=1) == digits.labels)),
            probabilities=probabilities,
            dead=tuple(
                (name, float(np.mean(np.max(peak, axis=0) <= 0))) for name, peak in zip(self._names, peaks, strict=True)
            ),
        )

    def _looked(self, digits: Digits) -> list[np.ndarray]:
        images, labels = tf.constant(scale_to_input(digits.images)), tf.constant(digits.labels.astype(np.int32))
        return [values.numpy() for values in self._look(images, labels)]


def _peaks(values: tf.Tensor) -> tf.Tensor:
    """The greatest value of each unit, over images and places."""
    return tf.reduce_max(values, axis=list(range(len(values.shape) - 1)))
