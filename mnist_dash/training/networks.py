"""Plain layer records to Keras networks, with loss and optimizer as the spec asks for them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple

import keras
import numpy as np
import tensorflow as tf

from mnist_dash.data.dataset import CLASSES
from mnist_dash.methods.architecture import PLAIN_LAYERS
from mnist_dash.methods.layers import INPUT, Conv, Dense, Layer
from mnist_dash.methods.parameters import Initializer, Loss, Optimizer
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import read_bundled_file
from mnist_dash.training.first_weights import take_weights

IMAGES = tf.TensorSpec([None, *INPUT], tf.float32)
LABELS = tf.TensorSpec([None], tf.int32)
TOLD = tf.TensorSpec([None, CLASSES], tf.float32)
_DROPOUT = 3
"""A stream of random numbers beside [seed, epoch], the order, and those of the augmentation."""


def build(spec: RunSpec) -> keras.Model:
    """The spec's network, compiled with its optimizer; its weights are drawn by the seed, or those of its start."""
    keras.utils.set_random_seed(spec.seed)
    model = keras.Sequential([keras.layers.Input(INPUT), *_layers(spec.network or (), spec)])
    if spec.fine_tuning:
        take_weights(model, read_bundled_file(spec.fine_tuning.start))
    model.compile(optimizer_of(spec))
    model.optimizer.build(model.trainable_variables)
    return model


def reseed(model: keras.Model, seed: int, epoch: int) -> None:
    """Let dropout draw by seed and epoch, so that a resumed run repeats it; a Keras file does not keep its state."""
    draws = np.random.default_rng([seed, epoch, _DROPOUT]).integers(2**31, size=len(model.layers))
    for layer, drawn in zip(model.layers, draws, strict=True):
        if isinstance(layer, keras.layers.Dropout) and layer.rate:
            layer.seed_generator.state.assign([int(drawn), 0])


def loss_of(spec: RunSpec) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
    """The mean loss of labels (n,) and probabilities (n, 10), with the spec's label smoothing."""

    def mean(labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        wanted = tf.one_hot(labels, CLASSES) * (1 - spec.label_smoothing) + spec.label_smoothing / CLASSES
        match Loss(spec.loss):
            case Loss.CROSSENTROPY:
                each = keras.losses.categorical_crossentropy(wanted, probabilities)
            case Loss.FOCAL:
                each = keras.losses.categorical_focal_crossentropy(wanted, probabilities)
            case Loss.SQUARED_ERROR:
                each = keras.losses.mean_squared_error(wanted, probabilities)
        return tf.reduce_mean(each)

    return mean


def optimizer_of(spec: RunSpec) -> keras.optimizers.Optimizer:
    """The spec's optimizer, with its first rate."""
    shared = {
        "learning_rate": spec.learning_rate,
        "weight_decay": spec.weight_decay or None,
        "global_clipnorm": spec.clip_norm or None,
    }
    match Optimizer(spec.optimizer):
        case Optimizer.ADAM:
            return keras.optimizers.Adam(**shared)
        case Optimizer.ADAMW:
            return keras.optimizers.AdamW(**shared | {"weight_decay": spec.weight_decay})
        case Optimizer.SGD:
            return keras.optimizers.SGD(**shared)
        case Optimizer.MOMENTUM:
            return keras.optimizers.SGD(momentum=0.9, **shared)
        case Optimizer.NESTEROV:
            return keras.optimizers.SGD(momentum=0.9, nesterov=True, **shared)
        case Optimizer.RMSPROP:
            return keras.optimizers.RMSprop(**shared)


def _layers(layers: Sequence[Layer], spec: RunSpec) -> Iterator[keras.layers.Layer]:
    *hidden, _ = layers
    for layer in hidden:
        yield _layer(layer, spec)
        if isinstance(layer, Dense) and spec.dropout:
            yield keras.layers.Dropout(spec.dropout)
    yield keras.layers.Dense(CLASSES, activation="softmax", kernel_initializer=_initializer(spec.initializer))


def _layer(layer: Layer, spec: RunSpec) -> keras.layers.Layer:
    weights = {"activation": spec.activation, "kernel_initializer": _initializer(spec.initializer)}
    match layer:
        case Conv(filters, kernel, padding):
            return keras.layers.Conv2D(filters, kernel, padding=padding, **weights)
        case Dense(units):
            return keras.layers.Dense(units, **weights)
        case _:
            return getattr(keras.layers, PLAIN_LAYERS[type(layer)])(*astuple(layer))


def _initializer(name: str) -> keras.initializers.Initializer | str:
    return keras.initializers.RandomNormal(stddev=0.05) if name == Initializer.SMALL_NORMAL else name
