"""Layer records become the Keras networks that they describe."""

import numpy as np
import pytest

from mnist_dash.methods.layers import INPUT
from mnist_dash.methods.parameters import Optimizer
from mnist_dash.methods.registry import METHODS, Method
from mnist_dash.methods.spec import RunSpec
from tests.training.lazily import MARKS, build, model_of

pytestmark = MARKS
NETWORKS = [method for method in METHODS.values() if method.layers]


@pytest.mark.parametrize("method", NETWORKS, ids=[method.name for method in NETWORKS])
def test_keras_counts_the_same_parameters_and_shapes(method: Method) -> None:
    assert method.layers is not None
    model = build(method.layers, RunSpec.of(method.name, "mnist"))
    assert model.count_params() == method.parameters
    shapes, shape = [], INPUT
    for layer in method.layers:
        shape = layer.output(shape)
        shapes.append((None, *shape))
    assert [layer.output.shape for layer in model.layers] == shapes


def test_the_seed_decides_the_first_weights() -> None:
    one, again, other = (model_of(seed=seed).get_weights()[0] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(
    ("optimizer", "name", "momentum"),
    [
        (Optimizer.ADAM, "Adam", None),
        (Optimizer.SGD, "SGD", 0.0),
        (Optimizer.MOMENTUM, "SGD", 0.9),
        (Optimizer.RMSPROP, "RMSprop", 0.0),
    ],
)
def test_every_optimizer_is_the_one_that_it_is_called(optimizer: Optimizer, name: str, momentum: float | None) -> None:
    made = model_of(optimizer=optimizer, rate=0.02).optimizer
    assert type(made).__name__ == name
    assert float(made.learning_rate.numpy()) == pytest.approx(0.02)
    assert getattr(made, "momentum", None) == momentum
