"""Shapes and parameters are known without TensorFlow."""

import pytest

from mnist_dash.methods.layers import INPUT, Conv, Dense, Flatten, Layer, MaxPool, Shape, parameter_count
from mnist_dash.methods.registry import METHODS


def _shapes(layers: tuple[Layer, ...]) -> list[Shape]:
    shapes = [INPUT]
    for layer in layers:
        shapes.append(layer.output(shapes[-1]))
    return shapes[1:]


def test_the_cnn_has_the_shapes_of_the_notebook() -> None:
    layers = METHODS["cnn"].layers
    assert layers is not None
    convolutions = [(26, 26, 32), (13, 13, 32), (11, 11, 64), (5, 5, 64), (3, 3, 64)]
    assert _shapes(layers) == [*convolutions, (576,), (64,), (10,)]


def test_the_dense_network_has_two_layers_of_128_units() -> None:
    layers = METHODS["dense_128"].layers
    assert layers is not None
    assert _shapes(layers) == [(784,), (128,), (128,), (10,)]


@pytest.mark.parametrize(
    ("layer", "shape", "output", "parameters"),
    [
        (Conv(32, 3), (28, 28, 1), (26, 26, 32), 32 * (9 + 1)),
        (Conv(4, 5), (12, 10, 3), (8, 6, 4), 4 * (75 + 1)),
        (Conv(2, 1), (3, 3, 8), (3, 3, 2), 2 * (8 + 1)),
        (MaxPool(2), (11, 10, 64), (5, 5, 64), 0),
        (MaxPool(3), (9, 9, 1), (3, 3, 1), 0),
        (Flatten(), (3, 4, 5), (60,), 0),
        (Dense(10), (64,), (10,), 650),
    ],
)
def test_each_layer_knows_its_shape_and_its_parameters(
    layer: Layer, shape: Shape, output: Shape, parameters: int
) -> None:
    assert layer.output(shape) == output
    assert layer.parameters(shape) == parameters


def test_no_layers_learn_nothing() -> None:
    assert parameter_count(()) == 0
