"""What a process does before it knows its run: all that takes time and is the same for every one."""

import time

import keras
import numpy as np
import tensorflow as tf

from mnist_dash.data.dataset import CLASSES, MNIST, SIDE, Digits
from mnist_dash.methods import cost
from mnist_dash.methods.spec import RunSpec
from mnist_dash.training import attempt, session  # noqa: F401 - what a run imports
from mnist_dash.training.batch_loader import BatchLoader, make_augmentation
from mnist_dash.training.loop import Trainer
from mnist_dash.training.networks import build, loss_of

_IMAGES = 2_560
"""To learn from: enough batches to be timed, and few enough to take about a second."""


def load() -> float | None:
    """Import what a run imports, and learn from noise, by which TensorFlow and Keras get ready.

    Gives the pace of this machine at the moment, as `estimate.measure_pace` does. A graphics card is left alone, since
    whoever uses it first takes memory of it; then None.
    """
    if tf.config.list_physical_devices("GPU"):
        return None
    pace = _learn_noise()
    # As in a process that has built no network: what follows has the same names and draws the same numbers.
    keras.utils.clear_session()
    return pace


def _learn_noise() -> float:
    spec = RunSpec.of("cnn", MNIST)
    assert spec.network  # noqa: S101 - `cnn` is one
    noise = np.random.default_rng(0).integers(0, 256, (_IMAGES, SIDE, SIDE), np.uint8)
    digits = Digits(noise, (np.arange(_IMAGES) % CLASSES).astype(np.uint8))
    chunks = Trainer(build(spec), loss_of(spec), spec.batch_size).epoch(
        BatchLoader(digits, make_augmentation(spec), seed=0, epoch=1), np.zeros(_IMAGES // spec.batch_size)
    )
    # The first chunk has compiled the graph.
    left = _IMAGES - len(next(chunks).loss) * spec.batch_size
    begun = time.perf_counter()
    for _ in chunks:
        pass
    took = time.perf_counter() - begun
    return took / cost.estimate_seconds(spec.network, left, 1, spec.batch_size, spec.optimizer)
