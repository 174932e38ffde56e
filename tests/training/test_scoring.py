"""A model's score is Keras' own, and finds the units that no digit wakes."""

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits, scale_to_input
from tests.training.lazily import MARKS, epoch_of, make_trainer, model_of, score

pytestmark = MARKS


@pytest.mark.parametrize("images", [1, 7, 130])
def test_the_score_is_keras_own(part: Digits, monkeypatch: pytest.MonkeyPatch, images: int) -> None:
    monkeypatch.setattr("mnist_dash.training.scoring._BATCH", 50)
    model, digits = model_of("cnn_1000"), part.take(slice(images))
    found = score(model, digits)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    expected = model.evaluate(scale_to_input(digits.images), digits.labels.astype(np.int32), verbose=0)
    assert (found.loss, found.accuracy) == pytest.approx(tuple(expected), rel=1e-5)
    np.testing.assert_allclose(found.probabilities, model(scale_to_input(digits.images)).numpy(), atol=1e-6)


def test_a_score_is_that_of_the_weights_at_the_moment(small: Digits) -> None:
    from mnist_dash.training.scoring import Scorer
    from tests.training.lazily import loss_of

    model = model_of()
    scorer = Scorer(model, loss_of())
    before = scorer.score(small)
    epoch_of(make_trainer(model), small)
    after = scorer.score(small)
    assert after.loss < before.loss
    assert after.loss == pytest.approx(score(model, small).loss)


def test_scoring_changes_nothing(part: Digits) -> None:
    model = model_of("custom", layers="conv 2 3, norm, dropout 0.5, flatten, dense 4")
    before = [variable.numpy() for variable in model.variables]
    score(model, part)
    assert all(np.array_equal(one, other.numpy()) for one, other in zip(before, model.variables, strict=True))


def test_units_that_no_digit_wakes_are_counted_by_layer(part: Digits) -> None:
    model = model_of("custom", layers="conv 4 3, pool 2, flatten, dense 10, dense 5", dropout=0.5)
    convolution, one, other, _ = (layer for layer in model.layers if layer.get_weights())
    for layer, dead in ((convolution, 1), (one, 3), (other, 0)):
        kernel, bias = layer.get_weights()
        kernel[..., :dead], bias[:dead] = 0, -1
        # The others wake for every digit.
        kernel[..., dead:], bias[dead:] = np.abs(kernel[..., dead:]), 1
        layer.set_weights([kernel, bias])
    assert score(model, part).dead == ((convolution.name, 0.25), (one.name, 0.3), (other.name, 0.0))


def test_a_unit_that_wakes_for_a_single_digit_is_not_dead(part: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnist_dash.training.scoring._BATCH", 50)
    model = model_of("custom", layers="flatten, dense 1")
    layer = model.layers[1]
    image = scale_to_input(part.images)[70].reshape(-1)
    # As much as the image itself gives, and hardly less than nothing for any other.
    layer.set_weights([image[:, None], np.array([-float(image @ image) + 0.01], np.float32)])
    others = scale_to_input(part.images).reshape(130, -1) @ image - float(image @ image) + 0.01
    assert score(model, part).dead == ((layer.name, float(np.all(others <= 0))),)
    layer.set_weights([image[:, None] * 0, np.array([0.0], np.float32)])
    assert score(model, part).dead == ((layer.name, 1.0),)


@pytest.mark.parametrize("activation", ["leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid"])
def test_activations_from_which_a_unit_comes_back_have_no_dead_units(part: Digits, activation: str) -> None:
    assert score(model_of("custom", layers="flatten, dense 4", activation=activation), part).dead == ()
