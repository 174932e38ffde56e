"""Layers as plain records, so that shapes and parameters are known without TensorFlow."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from mnist_dash.data.dataset import SIDE

Shape = tuple[int, ...]
"""Without the batch dimension: (rows, columns, channels) or (units,)."""

INPUT: Shape = (SIDE, SIDE, 1)


@dataclass(frozen=True, slots=True)
class Conv:
    """Convolution without padding, stride 1, then relu."""

    filters: int
    kernel: int

    def output(self, shape: Shape) -> Shape:
        """The shape behind this layer."""
        rows, columns, _ = shape
        return rows - self.kernel + 1, columns - self.kernel + 1, self.filters

    def parameters(self, shape: Shape) -> int:
        """Weights and biases."""
        return (self.kernel**2 * shape[-1] + 1) * self.filters


@dataclass(frozen=True, slots=True)
class MaxPool:
    """The maximum of each `size` × `size` window."""

    size: int

    def output(self, shape: Shape) -> Shape:
        """The shape behind this layer."""
        rows, columns, channels = shape
        return rows // self.size, columns // self.size, channels

    def parameters(self, shape: Shape) -> int:  # noqa: ARG002 - the same question for every layer
        """None to learn."""
        return 0


@dataclass(frozen=True, slots=True)
class Flatten:
    """All values in one row."""

    def output(self, shape: Shape) -> Shape:
        """The shape behind this layer."""
        return (prod(shape),)

    def parameters(self, shape: Shape) -> int:  # noqa: ARG002 - the same question for every layer
        """None to learn."""
        return 0


@dataclass(frozen=True, slots=True)
class Dense:
    """Every input to every unit, then `activation`."""

    units: int
    activation: str = "relu"

    def output(self, shape: Shape) -> Shape:  # noqa: ARG002 - the same question for every layer
        """The shape behind this layer."""
        return (self.units,)

    def parameters(self, shape: Shape) -> int:
        """Weights and biases."""
        return (prod(shape) + 1) * self.units


Layer = Conv | MaxPool | Flatten | Dense


def parameter_count(layers: Sequence[Layer]) -> int:
    """How many numbers the network learns."""
    total, shape = 0, INPUT
    for layer in layers:
        total += layer.parameters(shape)
        shape = layer.output(shape)
    return total
