"""What an image becomes before a model by others takes it, and what its ten outputs become before anybody reads them.

Models of this program need none of it: they take values from 0 to 1 and give probabilities.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mnist_dash.arrays import Float32s, Images, Probabilities
from mnist_dash.data.dataset import CLASSES, SIDE, scale_to_input
from mnist_dash.errors import ModelError

MEAN, DEVIATION = 0.1307, 0.3081
"""Of all pixels of MNIST's training images, from 0 to 1, as tutorials write them."""
_SMALLEST, _LARGEST = 8, 512
_MIDDLE = 36
"""Images up to so many pixels wide are padded, as LeNet's 32×32 are; into larger ones a digit is enlarged."""
_COLOURS = 3


class Outputs(StrEnum):
    """What the ten outputs of a model are."""

    PROBABILITIES = "probabilities"
    LOGITS = "logits"
    SCORES = "scores"


class Sizing(StrEnum):
    """How 28×28 pixels become as many as a model takes; `USUAL` goes by how many that are."""

    USUAL = "usual"
    CENTRE = "centre"
    RESIZE = "resize"


@dataclass(frozen=True, slots=True)
class Preparation:
    """How a model takes its images and gives its answers.

    `paper` and `ink` are the values of a pixel without and of one with full ink; more on paper than in ink is dark
    ink on light paper. `transposed` exchanges rows and columns. `classes` are the digits of the ten outputs.
    """

    paper: float = 0.0
    ink: float = 1.0
    transposed: bool = False
    sizing: Sizing = Sizing.USUAL
    classes: tuple[int, ...] = tuple(range(CLASSES))
    outputs: Outputs = Outputs.PROBABILITIES

    def prepare(self, images: Images, shape: tuple[int, ...]) -> Float32s:
        """Images (n, 28, 28) uint8 as a model takes them: (n, *shape) float32; raises ModelError as `read_layout`."""
        layout = read_layout(shape)
        if self.transposed:
            images = images.transpose(0, 2, 1)
        if layout.side != SIDE:
            images = _fit(images, layout.side, self.sizing)
        values = scale_to_input(images)
        if (self.paper, self.ink) != (0.0, 1.0):
            values = values * np.float32(self.ink - self.paper) + np.float32(self.paper)
        if layout.channels != 1:
            values = np.repeat(values, layout.channels, axis=3)
        if layout.channels_first:
            values = values.transpose(0, 3, 1, 2)
        return values.reshape(len(images), *shape)

    def read_outputs(self, values: Float32s) -> Probabilities:
        """The outputs (n, 10) of a model as probabilities of the digits (n, 10)."""
        if self.outputs is Outputs.LOGITS:
            shares = np.exp(values - values.max(axis=1, keepdims=True, initial=-np.inf))
            values = shares / shares.sum(axis=1, keepdims=True)
        elif self.outputs is Outputs.SCORES:
            total = values.sum(axis=1, keepdims=True)
            values = np.where(total > 0, values / np.where(total > 0, total, 1), 1 / values.shape[1])
        if self.classes != _IN_ORDER:
            values = values[:, np.argsort(self.classes)]
        return np.asarray(values, np.float32)

    def describe(self) -> str:
        """The preparation of its images, and the order of its outputs, in words; of a usual model that they are."""
        low, high = sorted((self.paper, self.ink))
        standardised = np.allclose((low, high), _STANDARDISED) or np.allclose((-high, -low), _STANDARDISED)
        told = [
            f"mean {MEAN} and deviation {DEVIATION}" if standardised else f"values from {_write(low)} to {_write(high)}"
        ]
        if self.paper > self.ink:
            told.append("inverted (dark ink on light paper)")
        if self.transposed:
            told.append("transposed (rows and columns exchanged)")
        if self.sizing is not Sizing.USUAL:
            told.append("enlarged or reduced" if self.sizing is Sizing.RESIZE else "padded or cut at the border")
        if self.classes != _IN_ORDER:
            told.append(f"outputs in the order {', '.join(map(str, self.classes))}")
        return ", ".join(told)


_IN_ORDER = tuple(range(CLASSES))
_STANDARDISED = (-MEAN / DEVIATION, (1 - MEAN) / DEVIATION)
PLAIN = Preparation()
"""What the models of this program take and give."""
VALUES = ((0.0, 1.0), (0.0, 255.0), (-1.0, 1.0), _STANDARDISED, (-0.5, 0.5))
"""Paper and ink as models in use have them, the commonest first."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a model takes one image: pixels along each side, channels, and whether these come first."""

    side: int
    channels: int
    channels_first: bool


def read_layout(shape: tuple[int, ...]) -> Layout:
    """How a model takes an image of that shape; raises ModelError where a digit cannot be made one."""
    match tuple(length for length in shape if length != 1):
        case (count,):
            found = _find_square(count)
        case (rows, columns) if rows == columns:
            found = Layout(rows, 1, channels_first=False)
        case (rows, columns, channels) if rows == columns and channels == _COLOURS:
            found = Layout(rows, channels, channels_first=False)
        case (channels, rows, columns) if rows == columns and channels == _COLOURS:
            found = Layout(rows, channels, channels_first=True)
        case _:
            found = None
    if found is None or not _SMALLEST <= found.side <= _LARGEST:
        raise ModelError(
            f"The model takes {_write_shape(shape)}. A digit is a square of grey pixels: allowed are square images of "
            f"{_SMALLEST} to {_LARGEST} pixels along each side with one channel or three, such as (28, 28), "
            "(28, 28, 1), (784,) or (32, 32, 3). Bring a model that takes such images."
        )
    return found


def decide_outputs(values: Float32s) -> Outputs:
    """What outputs (n, 10) for several images are; raises ModelError where they are no numbers."""
    if not np.isfinite(values).all():
        raise ModelError(
            "The model answers to digits with what is no number (NaN or infinite). Its training broke down, or the "
            "file is damaged: train it anew, or save it again."
        )
    if values.min() < -_NOISE or values.max() > 1 + _NOISE:
        return Outputs.LOGITS
    return Outputs.PROBABILITIES if np.abs(values.sum(axis=1) - 1).max() < _NOISE else Outputs.SCORES


_NOISE = 1e-3
"""How far probabilities in single precision may lie from what they should be."""


def describe_outputs(outputs: Outputs) -> str | None:
    """What is done with outputs that are no probabilities, in words; None where they are."""
    if outputs is Outputs.LOGITS:
        return "Its outputs are no probabilities (logits): they are put through a softmax."
    if outputs is Outputs.SCORES:
        return "Its ten outputs do not add up to 1 (sigmoids, or rounded ones): they are divided by their sum."
    return None


def _find_square(count: int) -> Layout | None:
    """The square of that many values, in one channel or in three."""
    for channels in (1, _COLOURS):
        side = round((count / channels) ** 0.5)
        if side * side * channels == count:
            return Layout(side, channels, channels_first=False)
    return None


def _fit(images: Images, side: int, sizing: Sizing) -> Images:
    """Images (n, 28, 28) as (n, side, side)."""
    if sizing is Sizing.CENTRE or (sizing is Sizing.USUAL and SIDE < side <= _MIDDLE):
        return _centre(images, side)
    from PIL import Image as Pictures

    resized = [
        np.asarray(Pictures.fromarray(np.ascontiguousarray(image)).resize((side, side), Pictures.Resampling.BILINEAR))
        for image in images
    ]
    return np.array(resized, np.uint8).reshape(-1, side, side)


def _centre(images: Images, side: int) -> Images:
    if side < SIDE:
        first = (SIDE - side) // 2
        return images[:, first : first + side, first : first + side]
    before = (side - SIDE) // 2
    after = side - SIDE - before
    return np.pad(images, ((0, 0), (before, after), (before, after)))


def _write(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _write_shape(shape: tuple[int, ...]) -> str:
    return str(tuple("?" if length < 0 else length for length in shape)).replace("'", "")
