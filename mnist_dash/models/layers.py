"""What each layer of a network makes of one image, read from its LiteRT file."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Float32s
from mnist_dash.data.dataset import FEATURES, SIDE
from mnist_dash.errors import ModelError
from mnist_dash.models.network import Network, Operation
from mnist_dash.models.preparation import PLAIN, Preparation
from mnist_dash.words import join_words


class Kind(StrEnum):
    """What a layer does, as it is called on the screen."""

    CONVOLUTION = "Convolution"
    POOL = "Pool"
    AVERAGE = "Average pool"
    GLOBAL = "Global average"
    DENSE = "Dense"
    ANSWER = "Answer"


_KINDS = {
    "CONV_2D": Kind.CONVOLUTION,
    "MAX_POOL_2D": Kind.POOL,
    "AVERAGE_POOL_2D": Kind.AVERAGE,
    "MEAN": Kind.GLOBAL,
    "FULLY_CONNECTED": Kind.DENSE,
}
_SCALING = ("MUL", "ADD", "SUB")
"""With a constant: what is left of a normalisation, which shifts and scales a whole channel and shows nothing new."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the image: rows `top` to `bottom` and columns `left` to `right`, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class _Field:
    """Which pixels a place of a layer sees: the first of them at place 0, how many, and how far to the next place's."""

    step: int = 1
    first: int = 0
    size: int = 1

    def behind(self, before: int, after: int, kernel: int) -> "_Field":
        """The field behind a layer from `before` to `after` places along each side, `kernel` of them at once."""
        stride = 1 if after in (before, before - kernel + 1) else round(before / after)
        padding = max(0, (after - 1) * stride + kernel - before) // 2
        first, size = self.first - padding * self.step, self.size + (kernel - 1) * self.step
        return _Field(self.step * stride, first, size)

    def within(self, before: int, after: int) -> "_Field":
        """The field behind a crop from `before` to the middle `after` places along each side."""
        return _Field(self.step, self.first + (before - after) // 2 * self.step, self.size)

    def bounds_of(self, place: int) -> tuple[int, int]:
        """The first and the last pixel within the image that a place sees, along one side."""
        start = self.first + place * self.step
        return max(0, start), min(SIDE, start + self.size) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A layer and what it made of the image.

    `values` are (rows, columns, channels) or (units,), after the activation. `weights` are (channels, rows, columns,
    inputs) of a convolution, (units, 784) of a dense layer that takes the pixels, and None elsewhere: weights of other
    layers show nothing to the eye.
    """

    name: str
    kind: Kind
    values: Float32s
    weights: Float32s | None
    field: _Field | None

    @property
    def shows_places(self) -> bool:
        """Whether its values still lie where something is in the image."""
        return self.values.ndim == 3 and self.values.shape[0] > 1

    @property
    def on_pixels(self) -> bool:
        """Whether it is a dense layer whose units look at the pixels themselves."""
        return self.kind in (Kind.DENSE, Kind.ANSWER) and self.weights is not None

    def strongest(self, channel: int) -> tuple[int, int]:
        """Row and column at which a channel is farthest from 0."""
        row, column = np.unravel_index(int(np.abs(self.values[:, :, channel]).argmax()), self.values.shape[:2])
        return int(row), int(column)

    def seen_at(self, row: int, column: int) -> Box:
        """The part of the image that the value at a row and column was made from."""
        field = self.field or _Field(size=SIDE)
        (top, bottom), (left, right) = field.bounds_of(row), field.bounds_of(column)
        return Box(top, left, bottom, right)


def run_layers(content: bytes, image: npt.NDArray[np.uint8], preparation: Preparation = PLAIN) -> list[Layer]:
    """The layers of a LiteRT model in their order, with what they made of an image (28, 28) uint8.

    Normalisation is no layer here: it is part of the weights, or scales what the layer before it has made. Raises
    ModelError where `content` is no model of digits, or one without a layer of these kinds.
    """
    network = Network(content, preparation)
    network.ask(image[np.newaxis])
    found = list(_layers(network))
    if not found:
        raise ModelError(f"The model has no layer that could be shown; shown are {join_words(list(Kind), len(Kind))}.")
    return [_named(layer, found) for layer in found]


def _layers(network: Network) -> Iterator[Layer]:
    made = {int(tensor) for step in network.operations for tensor in step["outputs"]} | {network.image}
    fields: dict[int, _Field | None] = {network.image: _Field() if network.sees_image else None}
    layer: Layer | None = None
    for step in network.operations:
        source, result = int(step["inputs"][0]), int(step["outputs"][0])
        kind, values = _KINDS.get(step["op_name"]), network.value(result)
        field = fields[result] = _field(network, step, fields.get(source))
        if kind is not None:
            if layer is not None:
                yield layer
            layer = Layer(kind, kind, _alone(values), _weights(network, step), field)
        elif layer is not None and _is_activation(step, made) and _alone(values).shape == layer.values.shape:
            layer = Layer(layer.name, layer.kind, _alone(values), layer.weights, layer.field)
    if layer is not None:
        yield Layer(Kind.ANSWER, Kind.ANSWER, network.probabilities(1)[0], layer.weights, None)


def _named(layer: Layer, among: list[Layer]) -> Layer:
    """The layer with its number among those of its kind, where it is not the answer."""
    if layer.kind is Kind.ANSWER:
        return layer
    number = [other for other in among if other.kind is layer.kind].index(layer) + 1
    return Layer(f"{layer.kind} {number}", layer.kind, layer.values, layer.weights, layer.field)


def _is_activation(step: Operation, made: set[int]) -> bool:
    """Whether a step makes the values of the layer before it final, as an activation of its own does."""
    constant = any(int(tensor) not in made for tensor in step["inputs"])
    return not (step["op_name"] in _SCALING and constant)


def _alone(values: Float32s) -> Float32s:
    """The values of the one image that was read; a copy, since the network goes."""
    return np.array(values[0] if values.ndim > 1 else values)


def _weights(network: Network, step: Operation) -> Float32s | None:
    if step["op_name"] not in ("CONV_2D", "FULLY_CONNECTED"):
        return None
    weights = network.value(int(step["inputs"][1]))
    return np.array(weights) if weights.ndim == 4 or weights.shape[1] == FEATURES else None


def _field(network: Network, step: Operation, before: _Field | None) -> _Field | None:
    """The field of what a step makes; None where places are gone."""
    result = network.value(int(step["outputs"][0]))
    source = network.value(int(step["inputs"][0]))
    if result.ndim != 4:
        return None
    if source.ndim != 4 or before is None:
        return _Field() if result.shape[1:] == (SIDE, SIDE, 1) else None
    rows, behind = source.shape[1], result.shape[1]
    if step["op_name"] == "STRIDED_SLICE":
        return before.within(rows, behind)
    if step["op_name"] == "CONV_2D":
        return before.behind(rows, behind, network.value(int(step["inputs"][1])).shape[1])
    # A pool's window is as long as its step; a step that changes no size changes no field.
    return before.behind(rows, behind, rows // behind)
