"""How somebody's digits differ from those of many others in slant, thickness, proportions and ink.

Each digit is compared with the same digit of others, since a 1 is narrow whoever writes it: a measure counts as so many
standard deviations of that digit, and a hand is the mean of its digits.
"""

from dataclasses import dataclass

import numpy as np

from mnist_dash.analysis.shape import MEASURES, Measure, Shapes
from mnist_dash.arrays import Float64s, Labels, Writers
from mnist_dash.data.dataset import CLASSES

COMPARED: tuple[Measure, ...] = tuple(
    measure for measure in MEASURES if measure.name in ("slant", "thickness", "aspect", "height", "ink")
)
"""The measures in which hands are compared; where a digit stands in its image says nothing of a hand."""
FEWEST = 10
"""Digits from which on a hand is told from others."""
_LEAST = 1e-6
"""The least standard deviation: where all are alike nothing is divided by zero."""


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """How digits are usually written: `mean` and `spread` (10, measures) of each, in the units of the measures."""

    mean: Float64s
    spread: Float64s


def describe_usual(shapes: Shapes, labels: Labels) -> Usual:
    """What is usual in n digits; where there are fewer than two of a digit, what is usual in all."""
    values = _stack(shapes)
    mean, spread = np.tile(np.nanmean(values, axis=0), (CLASSES, 1)), np.tile(np.nanstd(values, axis=0), (CLASSES, 1))
    for digit in range(CLASSES):
        theirs = values[labels == digit]
        if len(theirs) > 1:
            mean[digit], spread[digit] = np.nanmean(theirs, axis=0), np.nanstd(theirs, axis=0)
    return Usual(mean, np.maximum(spread, _LEAST))


def place_digits(shapes: Shapes, labels: Labels, usual: Usual) -> Float64s:
    """How far each of n digits lies from its usual form in each measure (n, measures), in standard deviations.

    NaN where an image has no ink to measure.
    """
    return np.asarray((_stack(shapes) - usual.mean[labels]) / usual.spread[labels])


def place_hand(places: Float64s) -> Float64s:
    """How far the hand that wrote digits at these places (n, measures) lies from the usual one: (measures,)."""
    return np.asarray(place_hands(places, np.zeros(len(places), np.int64))[0])


def place_hands(places: Float64s, writers: Writers) -> Float64s:
    """How far the hands of m writers, by their numbers, lie from the usual one in each measure: (m, measures)."""
    people, who = np.unique(writers, return_inverse=True)
    known = np.isfinite(places)
    sums, counts = np.zeros((2, len(people), places.shape[1]))
    np.add.at(sums, who, np.where(known, places, 0))
    np.add.at(counts, who, known)
    return np.asarray(sums / np.maximum(counts, 1))


def rank_measures(hand: Float64s, hands: Float64s) -> Float64s:
    """Of 100 hands (m, measures), how many lie below this one (measures,) in each measure; equal ones count half."""
    return np.asarray(50 * ((hands < hand).mean(axis=0) + (hands <= hand).mean(axis=0)))


def _stack(shapes: Shapes) -> Float64s:
    return np.stack([getattr(shapes, measure.name) for measure in COMPARED], axis=1).astype(np.float64)
