"""What a model by others needs done to its images, found by trying: for one that reads badly what it is given.

A model says in no place whether it takes values to 1 or to 255, ink light or dark, and in which order its classes are.
Each cause is tried on training images with their labels: half of them choose, the other half say how good that is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from mnist_dash.arrays import Float32s, Labels
from mnist_dash.data.dataset import CLASSES, SIDE
from mnist_dash.models.preparation import PLAIN, VALUES, Preparation, Sizing, decide_outputs, read_layout

RANDOM = 0.3
"""Accuracy below which a model's answers look random."""
_GOOD = 0.9
"""From here on nothing is tried: a model may well be no better than that."""
_GAIN, _LEAST, _NEARLY_RIGHT = 0.05, 0.5, 0.75
"""What a preparation has to gain, and to reach; and what another order of classes has to reach."""
_CHANCE = 0.01
"""By how much of hundreds of images two preparations differ though neither is the better one."""

Ask = Callable[[Preparation], Float32s]
"""What the model gives (n, 10), in its own order, to images that are prepared so."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A preparation, and the share of training images that the model reads right with it, from 0 to 1."""

    preparation: Preparation
    accuracy: float


def try_plain(ask: Ask, labels: Labels) -> Trial:
    """How well the model reads images as models of this program take them, whatever its outputs are."""
    values = ask(PLAIN)
    return Trial(replace(PLAIN, outputs=decide_outputs(values)), _share_right(values.argmax(axis=1), labels))


def find_preparation(ask: Ask, labels: Labels, shape: tuple[int, ...], plain: Trial) -> Trial | None:
    """The preparation with which the model reads clearly better than it does `plain`; None where there is none.

    `ask` answers for images whose labels (n,) are given; `shape` is that of an image as the model takes it.
    """
    if plain.accuracy >= _GOOD:
        return None
    choosing, judging = slice(0, None, 2), slice(1, None, 2)
    best: Trial | None = None
    for candidate in _candidates(shape):
        values = ask(candidate)
        if not np.isfinite(values).all():
            continue
        read, in_order = values.argmax(axis=1), 0.0
        for classes in (PLAIN.classes, _match_classes(read[choosing], labels[choosing])):
            digits = np.array(classes)[read]
            score = _share_right(digits[choosing], labels[choosing])
            if classes == PLAIN.classes:
                needed, in_order = _LEAST, score
            else:
                needed = max(_NEARLY_RIGHT, in_order + _GAIN)
            # Of those that read about alike, the commoner one is kept.
            if score >= needed and (best is None or score > best.accuracy + _CHANCE):
                kept = replace(candidate, classes=classes, outputs=decide_outputs(values))
                best, confirmed = Trial(kept, score), _share_right(digits[judging], labels[judging])
    if best is None or confirmed < max(plain.accuracy + _GAIN, _LEAST):
        return None
    return Trial(best.preparation, confirmed)


def count_candidates(shape: tuple[int, ...]) -> int:
    """How many preparations are tried of a model that takes images of that shape."""
    return len(list(_candidates(shape)))


def _candidates(shape: tuple[int, ...]) -> Iterator[Preparation]:
    """What is tried, the commonest first."""
    sizings = (Sizing.USUAL,) if read_layout(shape).side == SIDE else (Sizing.USUAL, Sizing.CENTRE, Sizing.RESIZE)
    for sizing in sizings:
        for transposed in (False, True):
            for low, high in VALUES:
                yield Preparation(low, high, transposed, sizing)
                yield Preparation(high, low, transposed, sizing)
                if low < 0 and low + high:
                    # Inverted first, then mean and deviation of what is inverted: tutorials do either.
                    yield Preparation(-low, -high, transposed, sizing)


def _match_classes(read: np.ndarray, labels: Labels) -> tuple[int, ...]:
    """The digit of each output, such that as many answers as can be are right."""
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    confusion = np.zeros((CLASSES, CLASSES), np.int64)
    np.add.at(confusion, (read, labels), 1)
    _, digits = linear_sum_assignment(confusion, maximize=True)
    return tuple(int(digit) for digit in digits)


def _share_right(digits: np.ndarray, labels: Labels) -> float:
    return float((digits == labels).mean()) if len(labels) else 0.0
