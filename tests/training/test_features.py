"""What LiteRT tells of a network's last features is what Keras computes."""

from typing import Any

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits, scale_to_input
from mnist_dash.errors import ModelError
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.parameters import Activation
from mnist_dash.methods.registry import METHODS
from mnist_dash.models.features import compute_last_features
from tests.training.lazily import MARKS, Model, epoch_of, make_trainer, model_of, to_litert

pytestmark = MARKS
LAYERS = (
    "flatten",
    "flatten, dense 9, dropout 0.2",
    "crop 1, conv 4 3 same, norm, pool 2, conv 6 3, average 2, global",
)


def _assert_same(model: Model, digits: Digits, layer: int = -1) -> None:
    import keras

    before = keras.Model(model.inputs[0], model.layers[layer].input)
    wanted: Any = before(scale_to_input(digits.images), training=False)
    np.testing.assert_allclose(
        compute_last_features(to_litert(model), digits.images),
        wanted.numpy().reshape(len(digits), -1),
        atol=1e-4,
        rtol=1e-4,
    )


@pytest.mark.parametrize("method", [name for name, method in METHODS.items() if method.layers])
def test_of_every_method(part: Digits, method: str) -> None:
    _assert_same(model_of(method), part.take(slice(20)))


@pytest.mark.parametrize("activation", Activation)
def test_with_every_activation(part: Digits, activation: str) -> None:
    changes: dict[str, Value] = {"layers": "flatten, dense 12, dense 9", "activation": str(activation)}
    _assert_same(model_of("custom", **changes), part.take(slice(20)))


@pytest.mark.parametrize("layers", LAYERS)
def test_after_training_with_whatever_layer_comes_last(part: Digits, layers: str) -> None:
    model = model_of("custom", layers=layers)
    epoch_of(make_trainer(model), part)
    _assert_same(model, part.take(slice(20)))


def test_normalisation_before_the_answer_is_part_of_the_last_layer(part: Digits) -> None:
    model = model_of("custom", layers="flatten, dense 9, norm")
    epoch_of(make_trainer(model), part)
    _assert_same(model, part.take(slice(20)), layer=-2)


def test_a_network_without_a_dense_layer_is_refused(part: Digits) -> None:
    import keras

    layers = [keras.layers.Input((28, 28, 1)), keras.layers.Conv2D(10, 28), keras.layers.Flatten()]
    content = to_litert(keras.Sequential([*layers, keras.layers.Softmax()]))
    with pytest.raises(ModelError, match="no dense layer before its answer"):
        compute_last_features(content, part.images[:2])
