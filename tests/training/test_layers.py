"""What LiteRT tells of every layer is what Keras computes, whatever the layers and their activation."""

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits, scale_to_input
from mnist_dash.methods.parameters import Activation
from mnist_dash.models.bundled import DEFAULT, read_card
from mnist_dash.models.layers import Box, Kind, Layer, run_layers
from tests.training.lazily import MARKS, Model, epoch_of, make_trainer, model_of, to_litert

pytestmark = MARKS
CUSTOM = "conv 8 5 same, norm, average 2, conv 6 3, norm, pool 3, conv 5 2, global, dense 12, norm, dropout 0.2"
SHOWN = {
    "Conv2D": Kind.CONVOLUTION,
    "MaxPooling2D": Kind.POOL,
    "AveragePooling2D": Kind.AVERAGE,
    "GlobalAveragePooling2D": Kind.GLOBAL,
    "Dense": Kind.DENSE,
}


def _assert_same(model: Model, digits: Digits) -> list[Layer]:
    import keras

    shown = [layer for layer in model.layers if type(layer).__name__ in SHOWN]
    inside = keras.Model(model.inputs[0], [layer.output for layer in shown])
    wanted = inside(scale_to_input(digits.images[:1]), training=False)
    found = run_layers(to_litert(model), digits.images[0])
    assert [layer.kind for layer in found[:-1]] == [SHOWN[type(layer).__name__] for layer in shown[:-1]]
    for layer, values in zip(found, wanted, strict=True):
        np.testing.assert_allclose(layer.values, values.numpy()[0], atol=1e-4, rtol=1e-3, err_msg=layer.name)
    return found


@pytest.mark.parametrize("activation", Activation)
def test_with_every_activation_and_normalisation(part: Digits, activation: str) -> None:
    model = model_of("custom", layers=CUSTOM, activation=str(activation))
    epoch_of(make_trainer(model), part)
    _assert_same(model, part)


@pytest.mark.parametrize("method", ["cnn", "fast", "tiny", "champion"])
def test_of_a_convolutional_method(part: Digits, method: str) -> None:
    _assert_same(model_of(method), part)


def test_of_the_layers_of_the_bundled_reader(part: Digits) -> None:
    _assert_same(model_of(str(read_card(DEFAULT).spec["method"])), part)


def test_padding_is_accounted_for_where_a_value_comes_from(part: Digits) -> None:
    content = to_litert(model_of("custom", layers="conv 4 5 same, average 2, conv 3 3 same, pool 2, flatten"))
    first, pooled, second, _, _ = run_layers(content, part.images[0])
    assert [first.seen_at(0, 0).bottom, first.seen_at(10, 12).top, first.seen_at(10, 12).right] == [2, 8, 14]
    assert [pooled.seen_at(5, 5).top, pooled.seen_at(5, 5).bottom] == [8, 13]
    assert [second.seen_at(5, 5).top, second.seen_at(5, 5).bottom] == [6, 15]


def test_what_is_cropped_is_accounted_for_where_a_value_comes_from(part: Digits) -> None:
    found = _assert_same(model_of("custom", layers="crop 2, conv 4 3, pool 2, conv 5 3, flatten, dense 8"), part)
    assert found[0].seen_at(0, 20) == Box(2, 22, 4, 24)
    assert found[2].seen_at(0, 7) == Box(2, 16, 9, 23)


def test_undivided_pixels_change_no_layer_that_is_shown_but_its_values(part: Digits) -> None:
    found = _assert_same(model_of("custom", layers="scale 255, conv 4 3, pool 2, flatten, dense 8"), part)
    assert found[0].seen_at(0, 0).bottom == 2
    assert found[0].values.max() > 10


def test_dense_units_on_pixels_have_one_weight_a_pixel(part: Digits) -> None:
    found = _assert_same(model_of("dense_128"), part)
    assert found[0].on_pixels
    assert found[0].weights is not None
    assert found[0].weights.shape == (128, 784)
    assert not found[1].on_pixels
