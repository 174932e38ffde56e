"""A network in words, such as "conv 32 3, pool 2, flatten, dense 64": how it is read and written."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import SpecError
from mnist_dash.methods.layers import (
    INPUT,
    AveragePool,
    BatchNorm,
    Conv,
    Crop,
    Dense,
    Dropout,
    Flatten,
    GlobalAverage,
    Layer,
    MaxPool,
    Scale,
    compute_shapes,
    write_shape,
)

MOST_LAYERS = 40
MOST_CHARACTERS = 2_000
OUTPUT = Dense(CLASSES)
"""The last layer of every network: softmax over the ten digits."""


@dataclass(frozen=True, slots=True)
class _Number:
    """A number after a layer's word, from `low` to `high`, of the type of the two."""

    name: str
    low: float
    high: float
    kind: type[int] | type[float] = int

    def read(self, word: str) -> float:
        """The number that `word` writes; raises SpecError."""
        try:
            value = self.kind(word)
        except ValueError:
            value = self.high + 1
        if not self.low <= value <= self.high:
            kind = "a whole number" if self.kind is int else "a number"
            raise SpecError(
                f"{self.name.upper()} is {_quoted(word)}; allowed is {kind} from {self.low:,} to {self.high:,}."
            )
        return value


@dataclass(frozen=True, slots=True)
class LayerGrammar:
    """How a layer is written: its word, its numbers in this order, and perhaps `option`; `example` is one of them."""

    layer: Callable[..., Layer]
    example: Layer
    numbers: tuple[_Number, ...] = ()
    option: str | None = None

    @property
    def usage(self) -> str:
        """The pattern and, where there is anything to fill in, an example."""
        option = f"[{self.option}]" if self.option else ""
        pattern = " ".join([self.example.word, *(number.name.upper() for number in self.numbers), option]).strip()
        return f"{pattern}, such as {self.example.text}" if self.numbers else pattern

    def read(self, words: Sequence[str]) -> Layer:
        """The layer with these words after its own; raises SpecError."""
        count = len(self.numbers)
        if len(words) < count:
            raise SpecError(f"it has no {self.numbers[len(words)].name}; write {self.usage}.")
        values = [number.read(word) for number, word in zip(self.numbers, words[:count], strict=True)]
        rest = words[count:]
        if rest and rest != [self.option]:
            raise SpecError(f"{_quoted(' '.join(rest))} is too much; write {self.usage}.")
        return self.layer(*values, *rest)


GRAMMARS = {
    grammar.example.word: grammar
    for grammar in (
        LayerGrammar(Conv, Conv(64, 3), (_Number("filters", 1, 4_096), _Number("kernel", 1, 28)), "same"),
        LayerGrammar(Crop, Crop(2), (_Number("margin", 1, 13),)),
        LayerGrammar(MaxPool, MaxPool(2), (_Number("size", 2, 28),)),
        LayerGrammar(AveragePool, AveragePool(2), (_Number("size", 2, 28),)),
        LayerGrammar(GlobalAverage, GlobalAverage()),
        LayerGrammar(Flatten, Flatten()),
        LayerGrammar(Dense, Dense(64), (_Number("units", 1, 4_096),)),
        LayerGrammar(Dropout, Dropout(0.5), (_Number("rate", 0, 0.95, float),)),
        LayerGrammar(BatchNorm, BatchNorm()),
        LayerGrammar(Scale, Scale(255), (_Number("factor", 2, 1_000),)),
    )
}
"""Every layer's grammar by its word."""

PLAIN_LAYERS: Mapping[type[Layer], str] = MappingProxyType(
    {
        Crop: "Cropping2D",
        MaxPool: "MaxPooling2D",
        AveragePool: "AveragePooling2D",
        GlobalAverage: "GlobalAveragePooling2D",
        Flatten: "Flatten",
        Dropout: "Dropout",
        BatchNorm: "BatchNormalization",
        Scale: "Rescaling",
    }
)
"""What Keras calls the layers without an activation, which take the same numbers there."""


def parse_layers(text: str) -> tuple[Layer, ...]:
    """The layers in `text`, one after another, divided by commas or line ends; raises SpecError where it is none."""
    if len(text) > MOST_CHARACTERS:
        raise SpecError(
            f"The layers are {len(text):,} characters long; allowed are {MOST_CHARACTERS:,}. Take some out."
        )
    parts = [part for part in (" ".join(piece.lower().split()) for piece in re.split("[,\n]", text)) if part]
    if len(parts) > MOST_LAYERS:
        raise SpecError(f"There are {len(parts)} layers; allowed are {MOST_LAYERS}. Take some out.")
    return tuple(_layer(number, part) for number, part in enumerate(parts, 1))


def _layer(number: int, part: str) -> Layer:
    word, *rest = part.split()
    try:
        return _grammar(word).read(rest)
    except SpecError as e:
        raise SpecError(f"Layer {number}, {_quoted(part)}: {e}") from e


def _grammar(word: str) -> LayerGrammar:
    if word not in GRAMMARS:
        raise SpecError(f"there is no such layer; allowed are {', '.join(GRAMMARS)}.")
    return GRAMMARS[word]


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def write_layers(layers: Sequence[Layer]) -> str:
    """The text that `parse_layers` reads as `layers`."""
    return ", ".join(layer.text for layer in layers)


def parse_network(text: str) -> tuple[Layer, ...]:
    """The layers in `text` and the output after them; raises SpecError where they lead from no digit to a row."""
    layers = parse_layers(text)
    shape = [INPUT, *(row.output for row in compute_shapes(layers))][-1]
    if len(shape) != 1:
        raise SpecError(
            f"The layers end in {write_shape(shape)}, but the output, dense 10, takes a row of values; "
            "put flatten or global at the end."
        )
    return (*layers, OUTPUT)
