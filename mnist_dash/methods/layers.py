"""Layers as plain records, so that shapes, parameters and costs are known without TensorFlow."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import prod
from typing import ClassVar, Literal

from mnist_dash.data.dataset import SIDE
from mnist_dash.errors import SpecError

Shape = tuple[int, ...]
"""Without the batch dimension: (rows, columns, channels) or (units,)."""

INPUT: Shape = (SIDE, SIDE, 1)


def write_shape(shape: Shape) -> str:
    """A shape as people write it: 13×13×32, or 64."""
    return "×".join(f"{size:,}" for size in shape)


@dataclass(frozen=True, slots=True)
class _Layer:
    """What every layer answers; by itself one that changes no shape, learns nothing and costs nothing."""

    word: ClassVar[str]
    """Its name in a list of layers."""

    def output(self, shape: Shape) -> Shape:
        """The shape after this layer; raises SpecError where `shape` does not fit."""
        return shape

    def parameters(self, shape: Shape) -> int:  # noqa: ARG002 - the same question for every layer
        """How many numbers it learns."""
        return 0

    def operations(self, shape: Shape) -> int:  # noqa: ARG002 - the same question for every layer
        """Multiply-adds for one image on the way forward."""
        return 0

    @property
    def text(self) -> str:
        """As it is written in a list of layers: its word and its values, without those that are understood."""
        values = [(getattr(self, field.name), field.default) for field in fields(self)]
        return " ".join([self.word, *(str(value) for value, default in values if value != default)])

    def _image(self, shape: Shape) -> tuple[int, int, int]:
        if len(shape) != 3:
            raise SpecError(
                f"{self.text} takes an image but gets a row of {write_shape(shape)} values; "
                "put it before flatten, global and dense."
            )
        rows, columns, channels = shape
        return rows, columns, channels

    def _fitting(self, shape: Shape, size: int) -> tuple[int, int, int]:
        rows, columns, channels = self._image(shape)
        if size > min(rows, columns):
            raise SpecError(
                f"{self.text} needs at least {size}×{size} pixels but gets {rows}×{columns}; "
                "make it smaller, take out a pool before it, or give the convolutions before it the word same."
            )
        return rows, columns, channels


@dataclass(frozen=True, slots=True)
class Conv(_Layer):
    """Convolution, stride 1, then the activation; `same` pads with zeros so that the image keeps its size."""

    word: ClassVar[str] = "conv"
    filters: int
    kernel: int
    padding: Literal["valid", "same"] = "valid"

    def output(self, shape: Shape) -> Shape:
        """The filters' images, smaller by the kernel's margin unless padded."""
        if self.padding == "same":
            rows, columns, _ = self._image(shape)
            return rows, columns, self.filters
        rows, columns, _ = self._fitting(shape, self.kernel)
        return rows - self.kernel + 1, columns - self.kernel + 1, self.filters

    def parameters(self, shape: Shape) -> int:
        """Weights and biases."""
        return (self.kernel**2 * shape[-1] + 1) * self.filters

    def operations(self, shape: Shape) -> int:
        """A kernel through all channels, for every value that comes out."""
        return prod(self.output(shape)) * self.kernel**2 * shape[-1]


@dataclass(frozen=True, slots=True)
class Crop(_Layer):
    """Without `margin` pixels at each of the four sides: there a digit seldom is, and they cost nothing behind."""

    word: ClassVar[str] = "crop"
    margin: int

    def output(self, shape: Shape) -> Shape:
        """The middle."""
        rows, columns, channels = self._fitting(shape, 2 * self.margin + 1)
        return rows - 2 * self.margin, columns - 2 * self.margin, channels


@dataclass(frozen=True, slots=True)
class _Pool(_Layer):
    """One value for each `size` × `size` window; what is left over at the margin is dropped."""

    size: int

    def output(self, shape: Shape) -> Shape:
        """The image, smaller by `size`."""
        rows, columns, channels = self._fitting(shape, self.size)
        return rows // self.size, columns // self.size, channels


@dataclass(frozen=True, slots=True)
class MaxPool(_Pool):
    """The maximum of each window."""

    word: ClassVar[str] = "pool"


@dataclass(frozen=True, slots=True)
class AveragePool(_Pool):
    """The mean of each window."""

    word: ClassVar[str] = "average"


@dataclass(frozen=True, slots=True)
class GlobalAverage(_Layer):
    """The mean of each channel, as one row."""

    word: ClassVar[str] = "global"

    def output(self, shape: Shape) -> Shape:
        """A value for each channel."""
        *_, channels = self._image(shape)
        return (channels,)


@dataclass(frozen=True, slots=True)
class Flatten(_Layer):
    """All values in one row."""

    word: ClassVar[str] = "flatten"

    def output(self, shape: Shape) -> Shape:
        """As many values as came."""
        return (prod(shape),)


@dataclass(frozen=True, slots=True)
class Dense(_Layer):
    """Every input to every unit, then the activation; as a network's last layer its softmax."""

    word: ClassVar[str] = "dense"
    units: int

    def output(self, shape: Shape) -> Shape:
        """A value for each unit."""
        if len(shape) != 1:
            raise SpecError(
                f"{self.text} takes a row of values but gets {write_shape(shape)}; put flatten or global before it."
            )
        return (self.units,)

    def parameters(self, shape: Shape) -> int:
        """Weights and biases."""
        return (shape[-1] + 1) * self.units

    def operations(self, shape: Shape) -> int:
        """A multiplication for each weight."""
        return shape[-1] * self.units


@dataclass(frozen=True, slots=True)
class Dropout(_Layer):
    """While training, every value becomes 0 with probability `rate`, and the others grow to make up for it."""

    word: ClassVar[str] = "dropout"
    rate: float


@dataclass(frozen=True, slots=True)
class BatchNorm(_Layer):
    """Every channel shifted and scaled to mean 0 and spread 1 within the batch, then by what it has learnt."""

    word: ClassVar[str] = "norm"

    def parameters(self, shape: Shape) -> int:
        """A scale and a shift for each channel; Keras counts its two running averages too, which are not learnt."""
        return 2 * shape[-1]

    def operations(self, shape: Shape) -> int:
        """One for each value."""
        return prod(shape)


@dataclass(frozen=True, slots=True)
class Scale(_Layer):
    """Every value times `factor`: by 255 a network gets pixels as they are stored, undivided."""

    word: ClassVar[str] = "scale"
    factor: int

    def operations(self, shape: Shape) -> int:
        """One for each value."""
        return prod(shape)


Layer = Conv | Crop | MaxPool | AveragePool | GlobalAverage | Flatten | Dense | Dropout | BatchNorm | Scale


@dataclass(frozen=True, slots=True)
class Row:
    """A layer in its place: the shape after it, what it learns there, and its multiply-adds for one image."""

    layer: Layer
    output: Shape
    parameters: int
    operations: int


def compute_shapes(layers: Sequence[Layer]) -> list[Row]:
    """The layers in their places, from a digit on; raises SpecError where one does not fit after the others."""
    rows, shape = [], INPUT
    for number, layer in enumerate(layers, 1):
        try:
            behind = layer.output(shape)
        except SpecError as e:
            raise SpecError(f"Layer {number}: {e}") from e
        rows.append(Row(layer, behind, layer.parameters(shape), layer.operations(shape)))
        shape = behind
    return rows


def count_parameters(layers: Sequence[Layer]) -> int:
    """How many numbers the network learns."""
    return sum(row.parameters for row in compute_shapes(layers))
