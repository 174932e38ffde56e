"""Specs become the Keras networks that they describe, and every hyperparameter reaches its place."""

from typing import Any

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits, scale_to_input
from mnist_dash.methods.architecture import GRAMMARS
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.layers import compute_shapes
from mnist_dash.methods.parameters import Activation, Initializer
from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.spec import RunSpec
from tests.training.lazily import MARKS, Model, build, loss_of, model_of

pytestmark = MARKS
EVERY_LAYER = "crop 1, conv 4 3 same, norm, pool 2, conv 6 3, average 2, dropout 0.25, flatten, dense 8"
SPECS = [
    # What begins with weights that are there already is looked at in test_first_weights.py.
    *(
        RunSpec.of(name, "mnist", dropout=0.0)
        for name, method in METHODS.items()
        if method.layers and "start" not in method.own
    ),
    RunSpec.of("custom", "mnist", layers="scale 255, flatten"),
    RunSpec.of("custom", "mnist", layers=EVERY_LAYER),
    RunSpec.of("custom", "mnist", layers="conv 4 5, global"),
    RunSpec.of("custom", "mnist", layers="flatten"),
]


def _kinds(model: Model) -> list[str]:
    return [type(layer).__name__ for layer in model.layers]


@pytest.mark.parametrize("spec", SPECS, ids=[spec.layers or spec.method for spec in SPECS])
def test_keras_learns_as_many_numbers_and_has_the_same_shapes(spec: RunSpec) -> None:
    model = build(spec)
    assert sum(weights.numpy().size for weights in model.trainable_variables) == spec.parameter_count
    expected = [(None, *row.output) for row in compute_shapes(spec.network or ())]
    assert [layer.output.shape for layer in model.layers] == expected


def test_every_kind_of_layer_is_tried() -> None:
    words = {part.split()[0] for spec in SPECS for part in (spec.layers or "").split(", ") if part}
    assert words == set(GRAMMARS)


def test_layers_keep_their_own_numbers() -> None:
    crop, convolution, _, pool, _, average, dropout, _, dense, answer = build(SPECS[-3]).layers
    assert crop.cropping == ((1, 1), (1, 1))
    assert (convolution.filters, convolution.kernel_size, convolution.padding) == (4, (3, 3), "same")
    assert (pool.pool_size, average.pool_size, dropout.rate, dense.units) == ((2, 2), (2, 2), 0.25, 8)
    assert (answer.units, answer.activation.__name__) == (10, "softmax")


def test_the_seed_decides_the_first_weights() -> None:
    one, again, other = (model_of(seed=seed).get_weights()[0] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("activation", Activation)
def test_the_activation_is_that_of_every_hidden_layer_that_learns(activation: str) -> None:
    import keras

    model = model_of("custom", layers="conv 2 3, norm, flatten, dense 4", activation=str(activation))
    learning = [layer for layer in model.layers if hasattr(layer, "activation")]
    assert [type(layer).__name__ for layer in learning] == ["Conv2D", "Dense", "Dense"]
    *hidden, answer = (layer.activation for layer in learning)
    assert hidden == [keras.activations.get(str(activation))] * 2
    assert answer is keras.activations.softmax


@pytest.mark.parametrize(
    ("initializer", "spread"),
    [
        # Standard deviations for 784 inputs and 200 units, by the papers of Glorot, He and LeCun.
        (Initializer.GLOROT_UNIFORM, (2 / (784 + 200)) ** 0.5),
        (Initializer.HE_NORMAL, (2 / 784) ** 0.5),
        (Initializer.LECUN_NORMAL, (1 / 784) ** 0.5),
        (Initializer.SMALL_NORMAL, 0.05),
        (Initializer.ZEROS, 0.0),
    ],
)
def test_first_weights_are_drawn_as_the_initializer_says(initializer: str, spread: float) -> None:
    model = model_of("custom", layers="flatten, dense 200, dense 200", initializer=str(initializer))
    kernels = [weights for weights in model.get_weights() if weights.ndim == 2]
    assert kernels[0].std() == pytest.approx(spread, rel=0.02)
    assert [bool(kernel.any()) for kernel in kernels] == [spread > 0] * 3
    # Two layers of one shape do not start with the same weights.
    assert spread == 0 or not np.array_equal(kernels[1][:, :10], kernels[2])
    assert not any(weights.any() for weights in model.get_weights() if weights.ndim == 1)


@pytest.mark.parametrize(
    ("method", "changes", "kinds"),
    [
        ("mlp_900", {}, ["Flatten", "Dense", "Dropout", "Dense", "Dropout", "Dense"]),
        ("mlp_900", {"dropout": 0.0}, ["Flatten", "Dense", "Dense", "Dense"]),
        ("cnn_1000", {}, ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dropout", "Dense"]),
        ("custom", {"layers": "flatten", "dropout": 0.5}, ["Flatten", "Dense"]),
        ("custom", {"layers": "flatten, dropout 0.1, dense 3"}, ["Flatten", "Dropout", "Dense", "Dense"]),
    ],
)
def test_dropout_stands_behind_every_hidden_dense_layer(
    method: str, changes: dict[str, Value], kinds: list[str]
) -> None:
    model = model_of(method, **changes)
    assert _kinds(model) == kinds


def test_dropout_has_the_rate_of_the_spec() -> None:
    model = model_of("dense_128", dropout=0.3)
    assert [layer.rate for layer in model.layers if type(layer).__name__ == "Dropout"] == [0.3, 0.3]


@pytest.mark.parametrize(
    ("changes", "name", "options"),
    [
        ({}, "Adam", {"weight_decay": None, "global_clipnorm": None}),
        ({"weight_decay": 0.1, "clip_norm": 2.0}, "Adam", {"weight_decay": 0.1, "global_clipnorm": 2.0}),
        ({"optimizer": "adamw"}, "AdamW", {"weight_decay": 0.0}),
        ({"optimizer": "adamw", "weight_decay": 0.2}, "AdamW", {"weight_decay": 0.2}),
        ({"optimizer": "sgd"}, "SGD", {"momentum": 0.0, "nesterov": False}),
        ({"optimizer": "momentum", "clip_norm": 1.5}, "SGD", {"momentum": 0.9, "global_clipnorm": 1.5}),
        ({"optimizer": "nesterov", "weight_decay": 0.1}, "SGD", {"nesterov": True, "weight_decay": 0.1}),
        ({"optimizer": "rmsprop"}, "RMSprop", {"momentum": 0.0}),
    ],
    ids=str,
)
def test_every_optimizer_is_the_one_that_it_is_called(
    changes: dict[str, Value], name: str, options: dict[str, object]
) -> None:
    made = model_of("dense_128", learning_rate=0.02, **changes).optimizer
    assert type(made).__name__ == name
    assert float(made.learning_rate.numpy()) == pytest.approx(0.02)
    assert {option: getattr(made, option) for option in options} == options


def _keras_losses(smoothing: float) -> dict[str, Any]:
    import keras

    return {
        "crossentropy": keras.losses.CategoricalCrossentropy(label_smoothing=smoothing),
        "focal": keras.losses.CategoricalFocalCrossentropy(label_smoothing=smoothing),
        "squared_error": keras.losses.MeanSquaredError(),
    }


@pytest.mark.parametrize(
    ("loss", "smoothing"),
    [("crossentropy", 0.0), ("crossentropy", 0.3), ("focal", 0.0), ("focal", 0.3), ("squared_error", 0.0)],
)
def test_every_loss_is_that_of_keras(loss: str, smoothing: float) -> None:
    rng = np.random.default_rng(0)
    labels, probabilities = rng.integers(0, 10, 50), rng.dirichlet(np.ones(10), 50).astype(np.float32)
    ours = loss_of(loss=loss, label_smoothing=smoothing)(labels.astype(np.int32), probabilities)
    theirs = _keras_losses(smoothing)[loss](np.eye(10, dtype=np.float32)[labels], probabilities)
    assert float(ours) == pytest.approx(float(theirs), rel=1e-5)


def test_smoothed_labels_are_smoothed_for_the_squared_error_too() -> None:
    certain = np.eye(10, dtype=np.float32)[[3]]
    assert float(loss_of(loss="squared_error", label_smoothing=0.5)(np.array([3], np.int32), certain)) == pytest.approx(
        (0.45**2 + 9 * 0.05**2) / 10
    )


def test_what_dropout_draws_is_a_function_of_seed_and_epoch(small: Digits) -> None:
    from mnist_dash.training.networks import reseed

    images = scale_to_input(small.images[:20])
    model = model_of("custom", layers="flatten, dropout 0.5, dense 8, dropout 0, dropout 0.5", dropout=0.5)

    def drawn(seed: int, epoch: int) -> bytes:
        reseed(model, seed, epoch)
        answers: bytes = model(images, training=True).numpy().tobytes()
        return answers

    seen = {(seed, epoch): drawn(seed, epoch) for seed in (0, 1) for epoch in (1, 2)}
    assert len(set(seen.values())) == len(seen)
    assert drawn(1, 1) == seen[1, 1]
    states = [layer.seed_generator.state.numpy()[0] for layer in model.layers if getattr(layer, "rate", 0)]
    assert len(states) == 3 == len(set(states))
