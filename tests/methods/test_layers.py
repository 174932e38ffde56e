"""Shapes, parameters and operations are known without TensorFlow, and a layer says what does not fit."""

import re
from dataclasses import FrozenInstanceError

import pytest

from mnist_dash.errors import SpecError
from mnist_dash.methods.layers import (
    AveragePool,
    BatchNorm,
    Conv,
    Crop,
    Dense,
    Dropout,
    Flatten,
    GlobalAverage,
    Layer,
    MaxPool,
    Row,
    Scale,
    Shape,
    compute_shapes,
    count_parameters,
)
from mnist_dash.methods.registry import METHODS


def _outputs(method: str) -> list[Shape]:
    return [row.output for row in compute_shapes(METHODS[method].layers or ())]


def test_the_cnn_has_the_shapes_of_the_notebook() -> None:
    convolutions = [(26, 26, 32), (13, 13, 32), (11, 11, 64), (5, 5, 64), (3, 3, 64)]
    assert _outputs("cnn") == [*convolutions, (576,), (64,), (10,)]


def test_the_dense_network_has_two_layers_of_128_units() -> None:
    assert _outputs("dense_128") == [(784,), (128,), (128,), (10,)]


@pytest.mark.parametrize(
    ("layer", "shape", "output", "parameters", "operations"),
    [
        (Conv(32, 3), (28, 28, 1), (26, 26, 32), 32 * (9 + 1), 26 * 26 * 32 * 9),
        (Conv(4, 5), (12, 10, 3), (8, 6, 4), 4 * (75 + 1), 8 * 6 * 4 * 75),
        (Conv(4, 5, "same"), (12, 10, 3), (12, 10, 4), 4 * (75 + 1), 12 * 10 * 4 * 75),
        (Conv(2, 5, "same"), (3, 3, 8), (3, 3, 2), 2 * (200 + 1), 3 * 3 * 2 * 200),
        (Conv(2, 1), (3, 3, 8), (3, 3, 2), 2 * (8 + 1), 3 * 3 * 2 * 8),
        (Conv(2, 3), (3, 3, 8), (1, 1, 2), 2 * (72 + 1), 2 * 72),
        (Crop(2), (28, 28, 1), (24, 24, 1), 0, 0),
        (Crop(4), (9, 12, 3), (1, 4, 3), 0, 0),
        (MaxPool(2), (11, 10, 64), (5, 5, 64), 0, 0),
        (MaxPool(3), (9, 9, 1), (3, 3, 1), 0, 0),
        (AveragePool(3), (10, 9, 2), (3, 3, 2), 0, 0),
        (GlobalAverage(), (10, 9, 2), (2,), 0, 0),
        (Flatten(), (3, 4, 5), (60,), 0, 0),
        (Flatten(), (60,), (60,), 0, 0),
        (Dense(10), (64,), (10,), 650, 640),
        (Dropout(0.5), (3, 4, 5), (3, 4, 5), 0, 0),
        (Dropout(0.5), (60,), (60,), 0, 0),
        (BatchNorm(), (3, 4, 5), (3, 4, 5), 10, 60),
        (BatchNorm(), (60,), (60,), 120, 60),
        (Scale(255), (3, 4, 5), (3, 4, 5), 0, 60),
    ],
)
def test_each_layer_knows_its_shape_its_parameters_and_its_operations(
    layer: Layer, shape: Shape, output: Shape, parameters: int, operations: int
) -> None:
    assert (layer.output(shape), layer.parameters(shape), layer.operations(shape)) == (output, parameters, operations)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Conv(32, 3), "conv 32 3"),
        (Conv(32, 3, "same"), "conv 32 3 same"),
        (Crop(2), "crop 2"),
        (MaxPool(2), "pool 2"),
        (AveragePool(2), "average 2"),
        (GlobalAverage(), "global"),
        (Flatten(), "flatten"),
        (Dense(64), "dense 64"),
        (Dropout(0.5), "dropout 0.5"),
        (BatchNorm(), "norm"),
        (Scale(255), "scale 255"),
    ],
)
def test_each_layer_has_a_text(layer: Layer, text: str) -> None:
    assert layer.text == text


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (Dense(64), (13, 13, 32), "dense 64 takes a row of values but gets 13×13×32; put flatten or global before it."),
        (Conv(64, 5), (3, 4, 8), "conv 64 5 needs at least 5×5 pixels but gets 3×4;"),
        (Conv(64, 5), (6, 4, 8), "conv 64 5 needs at least 5×5 pixels but gets 6×4;"),
        (MaxPool(4), (3, 3, 8), "pool 4 needs at least 4×4 pixels but gets 3×3;"),
        (Crop(4), (9, 8, 8), "crop 4 needs at least 9×9 pixels but gets 9×8;"),
        (Crop(2), (64,), "crop 2 takes an image but gets a row of 64 values;"),
        (AveragePool(4), (3, 3, 8), "average 4 needs at least 4×4 pixels but gets 3×3;"),
        (Conv(64, 5), (1_024,), "conv 64 5 takes an image but gets a row of 1,024 values;"),
        (Conv(64, 5, "same"), (64,), "conv 64 5 same takes an image but gets a row of 64 values;"),
        (MaxPool(2), (64,), "pool 2 takes an image but gets a row of 64 values;"),
        (GlobalAverage(), (64,), "global takes an image but gets a row of 64 values;"),
    ],
)
def test_a_layer_says_what_does_not_fit(layer: Layer, shape: Shape, words: str) -> None:
    with pytest.raises(SpecError, match=f"^{re.escape(words)}"):
        layer.output(shape)


def test_every_row_gives_a_layer_with_what_comes_out_and_what_it_costs() -> None:
    assert compute_shapes((Conv(2, 5), MaxPool(24), Flatten(), Dense(10))) == [
        Row(Conv(2, 5), (24, 24, 2), 52, 24 * 24 * 50),
        Row(MaxPool(24), (1, 1, 2), 0, 0),
        Row(Flatten(), (2,), 0, 0),
        Row(Dense(10), (10,), 30, 20),
    ]


def test_a_layer_that_does_not_fit_behind_the_others_is_named_by_its_number() -> None:
    with pytest.raises(SpecError, match=r"^Layer 3: dense 64 takes a row of values but gets 13×13×32;"):
        compute_shapes((Conv(32, 3), MaxPool(2), Dense(64), Conv(1, 28)))


def test_the_parameters_of_a_network_are_those_of_its_layers() -> None:
    assert count_parameters((Conv(2, 5), BatchNorm(), Flatten(), Dense(3))) == 52 + 4 + (24 * 24 * 2 + 1) * 3


def test_no_layers_learn_nothing() -> None:
    assert count_parameters(()) == 0


def test_a_layer_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Dense(64).units = 65  # type: ignore[misc]
    assert not hasattr(Dense(64), "__dict__")
