"""The weights of a network that comes with the program, for a run that begins with them."""

from collections.abc import Iterator

import keras
import numpy as np

from mnist_dash.arrays import Float32s
from mnist_dash.models.network import Network

_KERNEL, _TABLE = 4, 2
"""Dimensions of weights: (filters, rows, columns, inputs) of a convolution, (units, inputs) of a dense layer."""


def take_weights(model: keras.Model, content: bytes) -> None:
    """Give a network, whose layers are the same, the weights of a LiteRT file.

    What is left of normalisation in such a file is a factor and a shift for each channel. The network keeps both as
    they are, and normalises no batch: a few images say little of how values lie.
    """
    weights = _list_weights(Network(content))
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            factor, shift = next(weights), next(weights)
            ones = np.ones_like(factor)
            layer.set_weights([factor, shift, 0 * ones, (1 - layer.epsilon) * ones])
            layer.trainable = False
        elif layer.weights:
            layer.set_weights([_turn(next(weights)), next(weights)])
    if next(weights, None) is not None:
        raise ValueError("the file has more layers than the network")


def _list_weights(network: Network) -> Iterator[Float32s]:
    """Every constant of a LiteRT graph that has numbers to learn, in the order in which they are used."""
    made = {int(tensor) for step in network.operations for tensor in step["outputs"]} | {network.image}
    for step in network.operations:
        for tensor in step["inputs"]:
            if int(tensor) not in made and (value := network.value(int(tensor))).dtype == np.float32:
                yield value.copy()


def _turn(weights: Float32s) -> Float32s:
    """Weights of LiteRT as Keras has them."""
    return weights.transpose({_KERNEL: (1, 2, 3, 0), _TABLE: (1, 0)}[weights.ndim])
