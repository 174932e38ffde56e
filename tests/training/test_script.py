"""The script of a run is that run: the same images, the same network, the same optimizer, the same rates."""

from typing import Any

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.split import draw_split
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.schedule import compute_rates
from mnist_dash.methods.script import write_script
from mnist_dash.methods.spec import RunSpec
from tests.training.lazily import MARKS

pytestmark = MARKS
IMAGES, SIZE = 200, 180
VARIATIONS = {"rotation": 10.0, "shift": 2.0, "zoom": 0.1, "shear": 0.1}
MANY: dict[str, Value] = {
    **VARIATIONS,
    "optimizer": "nesterov",
    "schedule": "one_cycle",
    "patience": 2,
    "weight_decay": 0.001,
    "clip_norm": 1.0,
    "activation": "gelu",
    "initializer": "small_normal",
    "loss": "focal",
    "label_smoothing": 0.1,
    "elastic": 1.0,
}
CUSTOM = "crop 1, conv 8 3 same, norm, pool 2, conv 8 3, average 2, dropout 0.2, flatten, dense 16"


@pytest.fixture
def mnist_of_200(small: Digits, monkeypatch: pytest.MonkeyPatch) -> Digits:
    """Small digits in place of those that Keras would download."""
    import keras

    digits = small.take(slice(IMAGES))
    arrays = ((digits.images, digits.labels), (digits.images[:50], digits.labels[:50]))
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: arrays)
    return digits


def _run(spec: RunSpec) -> dict[str, Any]:
    """The names that the script leaves behind, when it has been run."""
    names: dict[str, Any] = {}
    exec(write_script(spec), names)  # noqa: S102 - to see that it runs
    return names


def _spec(method: str, **changes: Value) -> RunSpec:
    return RunSpec.of(method, "mnist", **{"epochs": 1, "train_size": SIZE, "batch_size": 50, **changes})


def _layers(model: Any) -> list[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - the library has no types
    """The kinds and settings of the layers, without their names and without those that vary the images."""
    kinds = [(type(layer).__name__, layer.get_config()) for layer in model.layers]
    return [
        (kind, {key: value for key, value in config.items() if key not in ("name", "seed")})
        for kind, config in kinds
        if not kind.startswith("Random")
    ]


def _optimizer(model: Any) -> dict[str, Any]:  # noqa: ANN401 - the library has no types
    config = model.optimizer.get_config()
    return {key: value for key, value in config.items() if key not in ("name", "learning_rate")}


@pytest.mark.parametrize(
    "spec",
    [
        _spec("cnn"),
        _spec("fast"),
        _spec("tiny"),
        _spec("champion"),
        _spec("distilled"),
        _spec("dense_128", schedule="plateau", optimizer="adamw"),
        _spec("mlp_900", **MANY),
        _spec("custom", layers=CUSTOM, initializer="he_normal", loss="squared_error", label_smoothing=0.1),
    ],
    ids=lambda spec: spec.method,
)
@pytest.mark.usefixtures("mnist_of_200")
def test_a_script_runs_and_builds_the_network_of_the_run(spec: RunSpec) -> None:
    from mnist_dash.training.networks import build

    names, built = _run(spec), build(spec)
    model = names["model"]
    assert sum(int(np.prod(weights.shape)) for weights in model.trainable_weights) == spec.parameter_count
    assert _layers(model) == _layers(built)
    assert _optimizer(model) == _optimizer(built)
    assert 0 <= names["accuracy"] <= 1


@pytest.mark.usefixtures("mnist_of_200")
def test_a_script_learns_from_the_images_of_the_run() -> None:
    spec = _spec("dense_128", seed=4)
    names, parts = _run(spec), draw_split(IMAGES, *spec.split(IMAGES), spec.seed)
    assert np.array_equal(names["train"], parts.train)
    assert np.array_equal(names["validation"], parts.validation)


@pytest.mark.parametrize("schedule", ["step", "cosine", "one_cycle"])
@pytest.mark.usefixtures("mnist_of_200")
def test_a_script_takes_the_rates_of_the_run(schedule: str) -> None:
    # 20 steps: the parts of every schedule are whole numbers of them.
    spec = _spec("dense_128", schedule=schedule, epochs=2, train_size=IMAGES, batch_size=18, learning_rate=0.01)
    rate, steps = _run(spec)["rate"], spec.steps(IMAGES)
    planned = np.concatenate([compute_rates(spec, steps, epoch, []) for epoch in (1, 2)])
    assert np.allclose([float(rate(step)) for step in range(2 * steps)], planned, rtol=1e-4)


@pytest.mark.parametrize("loss", ["crossentropy", "focal", "squared_error"])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_a_script_measures_the_loss_of_the_run(mnist_of_200: Digits, loss: str, smoothing: float) -> None:
    import tensorflow as tf

    from mnist_dash.training.networks import loss_of

    spec = _spec("dense_128", loss=loss, label_smoothing=smoothing)
    names = _run(spec)
    validation = names["images"][names["validation"]]
    there = names["model"].evaluate(validation, names["labels"][names["validation"]], verbose=0)[0]
    labels = tf.constant(mnist_of_200.labels[names["validation"]].astype(np.int32))
    assert there == pytest.approx(float(loss_of(spec)(labels, names["model"](validation))), rel=1e-4)
