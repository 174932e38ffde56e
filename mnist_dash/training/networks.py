"""Plain layer records to Keras networks."""

from collections.abc import Sequence

import keras

from mnist_dash.methods.layers import INPUT, Conv, Dense, Flatten, Layer, MaxPool
from mnist_dash.methods.parameters import Optimizer
from mnist_dash.methods.spec import RunSpec


def build(layers: Sequence[Layer], spec: RunSpec) -> keras.Model:
    """The network with first weights by the spec's seed, compiled with its optimizer."""
    keras.utils.set_random_seed(spec.seed)
    model = keras.Sequential([keras.layers.Input(INPUT), *map(_layer, layers)])
    model.compile(_optimizer(spec.optimizer, spec.learning_rate), "sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    return model


def _layer(layer: Layer) -> keras.layers.Layer:
    match layer:
        case Conv(filters, kernel):
            return keras.layers.Conv2D(filters, kernel, activation="relu")
        case MaxPool(size):
            return keras.layers.MaxPooling2D(size)
        case Flatten():
            return keras.layers.Flatten()
        case Dense(units, activation):
            return keras.layers.Dense(units, activation=activation)


def _optimizer(name: str, rate: float) -> keras.optimizers.Optimizer:
    match Optimizer(name):
        case Optimizer.ADAM:
            return keras.optimizers.Adam(rate)
        case Optimizer.SGD:
            return keras.optimizers.SGD(rate)
        case Optimizer.MOMENTUM:
            return keras.optimizers.SGD(rate, momentum=0.9)
        case Optimizer.RMSPROP:
            return keras.optimizers.RMSprop(rate)
