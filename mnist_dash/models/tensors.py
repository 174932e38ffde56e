"""What a LiteRT graph takes and gives: its batch, the shape of an image, and numbers that are quantised."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Float32s, Images, Probabilities
from mnist_dash.data.dataset import CLASSES, SIDE, scale_to_input
from mnist_dash.errors import ModelError
from mnist_dash.models.preparation import PLAIN, Preparation, read_layout

Details = Mapping[str, Any]
"""What LiteRT says of a tensor."""


class Tensors:
    """The way into a LiteRT graph and out of it, for images that are prepared as the model takes them."""

    def __init__(self, inputs: list[Details], outputs: list[Details], preparation: Preparation) -> None:
        """Read the details of a graph; raises ModelError where it is none from a digit to ten values."""
        if len(inputs) != 1:
            raise ModelError(f"The model takes {len(inputs)} inputs at once. Bring one that takes one image alone.")
        self._input, self._output = inputs[0], _choose_output(outputs)
        self._preparation = preparation
        signature = tuple(self._input["shape_signature"].tolist())
        # A graph for images of any size is asked with as many pixels as a digit has.
        self.shape = tuple(SIDE if length < 0 else length for length in signature[1:])
        self.layout = read_layout(self.shape)
        self.batch: int | None = signature[0] if signature and signature[0] > 0 else None
        """The images that it takes at once, no more and no fewer; None where any number will do."""
        self.is_open = any(length < 0 for length in signature[1:])
        """Whether the graph leaves the size of an image open."""

        grey = self.layout.side == SIDE and self.layout.channels == 1
        usual = self.batch is None and self._input["dtype"] == self._output["dtype"] == np.float32
        # Models of this program, which answer with every stroke: nothing of what follows concerns them.
        self._is_plain = preparation == PLAIN and grey and usual

    @property
    def image(self) -> int:
        """The number of the tensor that takes the images."""
        return int(self._input["index"])

    @property
    def answer(self) -> int:
        """The number of the tensor that holds the ten values."""
        return int(self._output["index"])

    @property
    def is_quantised(self) -> bool:
        """Whether its inputs or outputs are whole numbers that stand for others."""
        return any(_is_whole(details) and details["quantization"][0] for details in (self._input, self._output))

    def write_inputs(self, images: Images) -> npt.NDArray[Any]:
        """Images (n, 28, 28) uint8 as the graph takes them; a fixed batch is filled up with the first image."""
        if self._is_plain:
            return scale_to_input(images).reshape(len(images), *self.shape)
        values = self._preparation.prepare(images, self.shape)
        if self.batch is not None and len(images) < self.batch:
            values = np.concatenate([values, np.repeat(values[:1], self.batch - len(values), axis=0)])
        dtype = self._input["dtype"]
        if not _is_whole(self._input):
            return values if dtype == np.float32 else values.astype(dtype)
        scale, zero = self._input["quantization"]
        # Whole numbers without a scale are grey values as images have them.
        levels = values / scale + zero if scale else values * 255
        limits = np.iinfo(dtype)
        return np.clip(np.rint(levels), limits.min, limits.max).astype(dtype)

    def read_values(self, found: npt.NDArray[Any], count: int) -> Float32s:
        """The ten values (n, 10) that the graph gave to the first `count` images, as it means them."""
        values = found.reshape(-1, CLASSES)[:count]
        if _is_whole(self._output):
            scale, zero = self._output["quantization"]
            values = (values.astype(np.float32) - zero) * (scale or 1)
        return np.asarray(values, np.float32)

    def read_probabilities(self, found: npt.NDArray[Any], count: int) -> Probabilities:
        """The probabilities of the digits (n, 10) by what the graph gave to the first `count` images."""
        if self._is_plain and found.shape == (count, CLASSES):
            return found
        return self._preparation.read_outputs(self.read_values(found, count))


def _choose_output(outputs: list[Details]) -> Details:
    """The output with ten values."""
    found = [details for details in outputs if _values_of(details) == (CLASSES,)]
    if len(found) == 1:
        return found[0]
    gives = " and ".join(str(tuple(details["shape_signature"].tolist()[1:])) for details in outputs)
    if found:
        raise ModelError(
            f"The model gives {gives}, and nothing tells which ten are the digits. Save one with one of these outputs."
        )
    raise ModelError(
        f"The model gives {gives}; allowed are ten values, one for each digit from 0 to 9. Bring a model whose last "
        "layer has ten units."
    )


def _values_of(details: Details) -> tuple[int, ...]:
    """The lengths of what a graph gives to one image, without those of 1."""
    signature = details["shape_signature"].tolist()
    lengths = details["shape"].tolist() if any(length < 0 for length in signature[1:]) else signature
    return tuple(length for length in lengths[1:] if length != 1)


def _is_whole(details: Details) -> bool:
    return bool(np.issubdtype(details["dtype"], np.integer))
