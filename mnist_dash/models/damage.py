"""Damage done to a trained network, by degrees: coarser numbers, pruned weights, noise on them, channels taken away.

What is changed are the weights in a LiteRT file, which keeps its size and its graph: the damaged network answers as any
other, and its figures show how much of it was needed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mnist_dash.arrays import Float32s, Floats
from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import ModelError

_FLOAT32 = 0
"""The type of a tensor in LiteRT's schema."""
_WHOLE = 32
_TERNARY = 0.7
"""The share of the mean magnitude below which a weight of two bits is 0."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A way to damage weights, by one of `amounts` of a `unit`, of which the first changes nothing.

    `apply` takes the weights of a layer (outputs, …), a generator, the amount, and whether the layer is the last.
    """

    title: str
    unit: str
    amounts: tuple[float, ...]
    words: str
    apply: Callable[[Float32s, np.random.Generator, float, bool], Floats]


def damage(content: bytes, name: str, amount: float, seed: int = 0) -> bytes:
    """A LiteRT file whose weights are damaged by that amount, the same for the same seed.

    Raises ModelError for an unknown kind, an amount that it does not have, and a file without weights that are
    numbers of single precision.
    """
    kind = _find(name, amount)
    changed = bytearray(content)
    layers = list(_find_weights(changed))
    if not layers:
        raise ModelError("This model has no weights of single precision that could be damaged. Choose another.")
    rng = np.random.default_rng(seed)
    for weights in layers:
        is_last = weights is layers[-1]
        weights[...] = kind.apply(weights, rng, amount, is_last)
    return bytes(changed)


def _find(name: str, amount: float) -> Damage:
    if name not in DAMAGES:
        raise ModelError(f"There is no damage {name[:40]!r}; allowed are {', '.join(DAMAGES)}. Choose one of these.")
    kind = DAMAGES[name]
    if amount not in kind.amounts:
        allowed = ", ".join(f"{each:g}" for each in kind.amounts)
        raise ModelError(f"{kind.title} was asked for by {amount:g} {kind.unit}; allowed are {allowed}. Choose one.")
    return kind


def _find_weights(content: bytearray) -> Iterator[Float32s]:
    """The weights of each layer (outputs, …) as views into the file, in the order of the graph."""
    graph, model = _open(content)
    used: set[int] = set()
    for at in range(graph.OperatorsLength()):
        operator = graph.Operators(at)
        for place in operator.InputsAsNumpy().tolist():
            tensor = graph.Tensors(place) if place >= 0 else None
            if tensor is None or tensor.Type() != _FLOAT32 or tensor.ShapeLength() < 2 or tensor.Buffer() in used:
                continue
            held = model.Buffers(tensor.Buffer())
            if not held.DataLength():
                continue
            used.add(tensor.Buffer())
            yield held.DataAsNumpy().view(np.float32).reshape(tensor.ShapeAsNumpy())


def _open(content: bytearray) -> tuple[Any, Any]:
    # With what it stands on, when something is damaged for the first time.
    from ai_edge_litert import schema_py_generated as schema

    model = schema.Model.GetRootAs(content, 0)
    return model.Subgraphs(0), model


def _quantise(weights: Float32s, _rng: np.random.Generator, bits: float, _is_last: bool) -> Floats:
    """Each output's weights to so many bits: even steps up to the greatest magnitude.

    One bit is the sign, times the mean magnitude (Rastegari and others, "XNOR-Net", 2016); of two bits a weight is 0
    or a sign, by the threshold of Li and others, "Ternary weight networks" (2016).
    """
    if bits >= _WHOLE:
        return weights
    flat = weights.reshape(len(weights), -1)
    size = np.abs(flat)
    if bits <= 2:
        kept = size > (_TERNARY * size.mean(axis=1, keepdims=True) if bits == 2 else -1)
        level = (size * kept).sum(axis=1, keepdims=True) / np.maximum(kept.sum(axis=1, keepdims=True), 1)
        return np.asarray(np.sign(flat) * kept * level).reshape(weights.shape)
    steps = 2 ** (int(bits) - 1) - 1
    scale = size.max(axis=1, keepdims=True) / steps
    return np.asarray(np.rint(flat / np.where(scale, scale, 1)) * scale).reshape(weights.shape)


def _prune(weights: Float32s, _rng: np.random.Generator, share: float, _is_last: bool) -> Floats:
    """The smallest weights of each layer become 0 (magnitude pruning; Han and others, 2015)."""
    least = np.quantile(np.abs(weights), share / 100) if share else 0.0
    return np.where(np.abs(weights) < least, np.float32(0), weights)


def _add_noise(weights: Float32s, rng: np.random.Generator, share: float, _is_last: bool) -> Floats:
    """Gaussian noise with that share of the weights' own standard deviation."""
    noise = rng.standard_normal(weights.shape, np.float32)
    return np.asarray(weights + noise * weights.std() * np.float32(share / 100))


def _drop_channels(weights: Float32s, rng: np.random.Generator, share: float, is_last: bool) -> Floats:
    """Outputs of a layer, drawn at random, hear nothing any more; the ten digits of the last layer stay."""
    order = rng.permutation(len(weights))
    if is_last and len(weights) == CLASSES:
        return weights
    changed = weights.copy()
    changed[order[: round(len(weights) * share / 100)]] = 0
    return changed


_SHARES = (0.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 95.0, 98.0)
DAMAGES: Mapping[str, Damage] = MappingProxyType(
    {
        "bits": Damage(
            "Fewer bits",
            "bits a weight",
            (32.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0),
            "Weights are rounded to so few values as these bits can tell apart; with one bit, the sign alone is left.",
            _quantise,
        ),
        "prune": Damage("Prune", "% of weights", _SHARES, "The smallest weights of each layer become 0.", _prune),
        "noise": Damage(
            "Noise",
            "% of their spread",
            (0.0, 5.0, 10.0, 20.0, 30.0, 50.0, 75.0, 100.0, 150.0, 200.0),
            "Every weight is moved at random, by so much of the standard deviation of its layer.",
            _add_noise,
        ),
        "channels": Damage(
            "Take channels away",
            "% of channels",
            _SHARES[:-1],
            "Channels of every layer, drawn at random, hear nothing any more; what a bias or a norm adds stays.",
            _drop_channels,
        ),
    }
)
"""By their names, in the order in which people choose."""
