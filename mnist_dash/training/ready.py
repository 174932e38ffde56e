"""What a process does before it knows its run: all that takes time and is the same for every one."""

import keras
import numpy as np
import tensorflow as tf

from mnist_dash.data.dataset import CLASSES, MNIST, Digits
from mnist_dash.methods.spec import RunSpec
from mnist_dash.training import attempt, session  # noqa: F401 - what a run imports
from mnist_dash.training.batch_loader import BatchLoader, make_augmentation
from mnist_dash.training.loop import Trainer
from mnist_dash.training.networks import build, loss_of


def load() -> None:
    """Import what a run imports, and learn a batch of nothing, by which TensorFlow and Keras get ready.

    A graphics card is left alone: whoever uses it first takes all of its memory.
    """
    if not tf.config.list_physical_devices("GPU"):
        _learn_nothing()
        # As in a process that has built no network: what follows has the same names and draws the same numbers.
        keras.utils.clear_session()


def _learn_nothing() -> None:
    spec = RunSpec.of("cnn", MNIST)
    blank = Digits(np.zeros((CLASSES, 28, 28), np.uint8), np.arange(CLASSES, dtype=np.uint8))
    trainer = Trainer(build(spec), loss_of(spec), CLASSES)
    for _ in trainer.epoch(BatchLoader(blank, make_augmentation(spec), 0, 1), np.zeros(1)):
        pass
