"""The training room's functions, loaded when the first test calls one: TensorFlow takes seconds and stays loaded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.methods.layers import Layer
from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.spec import RunSpec

if TYPE_CHECKING:
    from mnist_dash.training.loop import Trainer

MARKS = [
    pytest.mark.training,
    # Keras 3.15 copies its variables in a way that numpy 2 will not always allow.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]

Model = Any
"""A Keras model; the library has no types."""


def build(layers: Sequence[Layer], spec: RunSpec) -> Model:
    from mnist_dash.training import networks

    return networks.build(layers, spec)


def model_of(method: str = "dense_128", optimizer: str = "adam", rate: float = 0.001, seed: int = 0) -> Model:
    """The method's network, new."""
    spec = RunSpec.of(method, "mnist", optimizer=optimizer, learning_rate=rate, seed=seed)
    return build(METHODS[method].layers or (), spec)


def trainer(model: Model, digits: Digits, batch: int = 30) -> "Trainer":
    from mnist_dash.training import loop

    return loop.Trainer(model, digits, batch)


def score(model: Model, digits: Digits) -> tuple[float, float]:
    from mnist_dash.training import loop

    return loop.score(model, digits)


def to_keras(model: Model) -> bytes:
    from mnist_dash.training import files

    return files.to_keras(model)


def from_keras(content: bytes) -> Model:
    from mnist_dash.training import files

    return files.from_keras(content)


def to_litert(model: Model) -> bytes:
    from mnist_dash.training import files

    return files.to_litert(model)
