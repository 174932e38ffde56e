"""The training loop: whole chunks of batches inside one compiled graph.

The images stay in TensorFlow's memory and a chunk of about CHUNK_SECONDS runs without returning to Python, which
saves a quarter of the time of `Model.fit` for a small network, and still reports every single batch.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from mnist_dash.data.dataset import Digits, as_input
from mnist_dash.data.split import Index

CHUNK_SECONDS = 0.25
"""How long a chunk should take: short enough to stop at once and to watch, long enough to cost nothing."""
_FIRST_CHUNK = 4
_EVALUATION_BATCH = 1_000

Values = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Some consecutive batches: `step` is the first one's place in the epoch; `loss` and `accuracy` have one each."""

    step: int
    loss: Values
    accuracy: Values


class Trainer:
    """Trains a compiled model on digits; every epoch goes through the images in the order that it is given."""

    def __init__(self, model: keras.Model, digits: Digits, batch_size: int) -> None:
        """Keep `digits` as tensors, and compile the graph at the first chunk."""
        self._model, self._batch = model, batch_size
        self._images = tf.constant(as_input(digits.images))
        self._labels = tf.constant(digits.labels.astype(np.int32))
        self._size = _FIRST_CHUNK
        self._chunk = tf.function(self._steps, reduce_retracing=True, autograph=False)

    def epoch(self, order: Index) -> Iterator[Chunk]:
        """Train once through the images in `order`, yielding after each chunk."""
        batches = [order[i : i + self._batch] for i in range(0, len(order), self._batch)]
        step = 0
        while step < len(batches):
            started = time.perf_counter()
            part = np.concatenate(batches[step : step + self._size])
            loss, accuracy = self._chunk(tf.constant(part))
            chunk = Chunk(step, loss.numpy(), accuracy.numpy())
            if step:
                # The first chunk's time may hold the compilation of the graph.
                self._pace(len(chunk.loss), time.perf_counter() - started)
            step += len(chunk.loss)
            yield chunk

    def _pace(self, steps: int, seconds: float) -> None:
        """Choose the next chunk's size, by halves and doubles: one slow chunk is no reason for a tiny next one."""
        fitting = steps * CHUNK_SECONDS / seconds
        self._size = int(np.clip(fitting, max(1, self._size // 2), self._size * 2))

    def _steps(self, order: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        images = tf.shape(order)[0]
        steps = (images + self._batch - 1) // self._batch
        losses, rights = tf.TensorArray(tf.float32, steps), tf.TensorArray(tf.float32, steps)

        def step(i: tf.Tensor, losses: tf.TensorArray, rights: tf.TensorArray) -> tuple[tf.Tensor, Any, Any]:
            batch = order[i * self._batch : (i + 1) * self._batch]
            loss, right = self._step(tf.gather(self._images, batch), tf.gather(self._labels, batch))
            return i + 1, losses.write(i, loss), rights.write(i, right)

        _, losses, rights = tf.while_loop(lambda i, *_: i < steps, step, (0, losses, rights))
        return losses.stack(), rights.stack()

    def _step(self, images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            probabilities = self._model(images, training=True)
            loss = _mean_loss(labels, probabilities)
        weights = self._model.trainable_variables
        self._model.optimizer.apply(tape.gradient(loss, weights), weights)
        return loss, _accuracy(labels, probabilities)


def score(model: keras.Model, digits: Digits) -> tuple[float, float]:
    """Mean loss and accuracy of the model on `digits`, as it would answer."""
    answer = tf.function(partial(model, training=False), reduce_retracing=True, autograph=False)
    loss = right = 0.0
    for i in range(0, len(digits), _EVALUATION_BATCH):
        part = digits.take(slice(i, i + _EVALUATION_BATCH))
        labels = tf.constant(part.labels.astype(np.int32))
        probabilities = answer(tf.constant(as_input(part.images)))
        loss += float(_mean_loss(labels, probabilities)) * len(part)
        right += float(_accuracy(labels, probabilities)) * len(part)
    return loss / len(digits), right / len(digits)


def _mean_loss(labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, probabilities))


def _accuracy(labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
    answers = tf.argmax(probabilities, axis=1, output_type=tf.int32)
    return tf.reduce_mean(tf.cast(tf.equal(answers, labels), tf.float32))
