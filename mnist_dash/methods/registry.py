"""The methods by name, with their networks, their defaults and where they come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mnist_dash.errors import SpecError
from mnist_dash.methods.layers import Conv, Dense, Flatten, Layer, MaxPool, parameter_count
from mnist_dash.methods.parameters import Value


@dataclass(frozen=True, slots=True)
class Method:
    """A way to read digits: `layers` is None where nothing is learnt; `defaults` holds every hyperparameter."""

    name: str
    title: str
    summary: str
    source: str
    layers: tuple[Layer, ...] | None
    defaults: Mapping[str, Value]

    @property
    def parameters(self) -> int:
        """How many numbers the network learns."""
        return parameter_count(self.layers or ())


def _defaults(**changes: Value) -> Mapping[str, Value]:
    keras: dict[str, Value] = {
        "epochs": 5,
        "batch_size": 64,
        "learning_rate": 0.001,
        "optimizer": "adam",
        "train_size": None,
        "validation_split": 0.1,
        "seed": 0,
    }
    return MappingProxyType(keras | changes)


_METHODS = (
    Method(
        "cnn",
        "Convolutional network",
        "Three convolutions find strokes and their crossings, wherever they are; two dense layers decide. "
        "About 99 % after five epochs.",
        "The notebook's CNN (seeds 000 and 001)",
        (Conv(32, 3), MaxPool(2), Conv(64, 3), MaxPool(2), Conv(64, 3), Flatten(), Dense(64), Dense(10, "softmax")),
        _defaults(),
    ),
    Method(
        "dense_128",
        "Dense network",
        "Every pixel is wired to each of 128 units, and again to 128, and those to the ten digits. "
        "About 97.5 % after five epochs.",
        "The notebook's two-layer network (seed 004)",
        (Flatten(), Dense(128), Dense(128), Dense(10, "softmax")),
        _defaults(),
    ),
    Method(
        "random",
        "Random guess",
        "Answers a random digit and learns nothing: the floor that every method has to beat, near 10 %.",
        "The guessing baseline (seed 003)",
        None,
        _defaults(epochs=1),
    ),
)

METHODS = MappingProxyType({method.name: method for method in _METHODS})
"""Every method by name, the recommended one first."""


def method_named(name: str) -> Method:
    """The method of that name; raises SpecError with the names that there are."""
    if name not in METHODS:
        raise SpecError(f"{name!r} is no method; allowed are {', '.join(METHODS)}.")
    return METHODS[name]
