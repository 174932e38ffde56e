"""The training loop: whole chunks of batches inside one compiled graph.

A chunk of about CHUNK_SECONDS runs without returning to Python, which saves a quarter of the time of `Model.fit` for a
small network, and still reports every single batch.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from mnist_dash.arrays import Float32s
from mnist_dash.training.batch_loader import BatchLoader, Size
from mnist_dash.training.networks import IMAGES, LABELS, TOLD

CHUNK_SECONDS = 0.25
"""How long a chunk should take: short enough to stop at once and to watch, long enough to cost nothing."""
_FIRST_CHUNK = 4
_MOST_IMAGES = 8_192
"""In one chunk: more would take memory and save no time."""

Loss = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""From labels (n,) and probabilities (n, 10) to their mean loss."""


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Some consecutive batches: `step` is the first one's place in the epoch; `loss` and `accuracy` have one each."""

    step: int
    loss: Float32s
    accuracy: Float32s


class Trainer:
    """Trains a compiled model, epoch by epoch, with a learning rate for every step."""

    def __init__(self, model: keras.Model, loss: Loss, batch_size: int, trust: float = 0.0) -> None:
        """Compile the graph at the first chunk; `trust` is the part of the loss that asks for a teacher's answers."""
        self._model, self._loss, self._batch, self._trust = model, loss, batch_size, trust
        self._size = Size(_FIRST_CHUNK * batch_size)
        signature = [IMAGES, LABELS, TOLD, tf.TensorSpec([None], tf.float32)]
        self._chunk = tf.function(self._steps, input_signature=signature, autograph=False)

    def epoch(self, feed: BatchLoader, rates: npt.NDArray[np.float64]) -> Iterator[Chunk]:
        """Train once through the images, yielding after each chunk; `rates` has one for each batch."""
        step = 0
        for part in feed.parts(self._size):
            started = time.perf_counter()
            steps = -(-len(part.labels) // self._batch)
            taken = rates[step : step + steps].astype(np.float32)
            loss, accuracy = self._chunk(*map(tf.constant, (part.images, part.labels, part.told, taken)))
            chunk = Chunk(step, loss.numpy(), accuracy.numpy())
            if step:
                # The first chunk's time may hold the compilation of the graph.
                self._pace(steps, time.perf_counter() - started)
            step += steps
            yield chunk

    def _pace(self, steps: int, seconds: float) -> None:
        """Choose the next chunk's size, by halves and doubles: one slow chunk is no reason for a tiny next one."""
        now = self._size.images // self._batch
        most = max(1, min(now * 2, _MOST_IMAGES // self._batch))
        fitting = int(np.clip(steps * CHUNK_SECONDS / seconds, min(most, max(1, now // 2)), most))
        self._size.images = fitting * self._batch

    def _steps(
        self, images: tf.Tensor, labels: tf.Tensor, told: tf.Tensor, rates: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        steps = tf.shape(rates)[0]
        losses, rights = tf.TensorArray(tf.float32, steps), tf.TensorArray(tf.float32, steps)

        def step(i: tf.Tensor, losses: tf.TensorArray, rights: tf.TensorArray) -> tuple[tf.Tensor, Any, Any]:
            self._model.optimizer.learning_rate.assign(rates[i])
            batch = slice(i * self._batch, (i + 1) * self._batch)
            loss, right = self._step(images[batch], labels[batch], told[batch])
            return i + 1, losses.write(i, loss), rights.write(i, right)

        _, losses, rights = tf.while_loop(lambda i, *_: i < steps, step, (0, losses, rights))
        return losses.stack(), rights.stack()

    def _step(self, images: tf.Tensor, labels: tf.Tensor, told: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            probabilities = self._model(images, training=True)
            loss = self._loss(labels, probabilities)
            if self._trust:
                apart = tf.reduce_mean(keras.losses.categorical_crossentropy(told, probabilities))
                loss = (1 - self._trust) * loss + self._trust * apart
        weights = self._model.trainable_variables
        self._model.optimizer.apply(tape.gradient(loss, weights), weights)
        answers = tf.argmax(probabilities, axis=1, output_type=tf.int32)
        return loss, tf.reduce_mean(tf.cast(tf.equal(answers, labels), tf.float32))
