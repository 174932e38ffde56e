"""Whose hand is nearest: who differs from the usual as somebody else does, digit by digit.

Images are compared by their principal components, and each digit with the same digit alone. How much one writer's
digits vary, and how much writers differ, is known of many; so a mean of few digits is drawn towards the usual one
(empirical Bayes, Efron and Morris 1975). Two hands are alike by the cosine between what is left, as voices are compared
(Dehak and others 2011): another pen moves all digits, and turns them little. `python -m benchmarks.nearest_hand`
measures how often a writer is found again so.
"""

from dataclasses import dataclass

import numpy as np

from mnist_dash.analysis.chunks import iterate_spans
from mnist_dash.analysis.components import Basis
from mnist_dash.arrays import Float32s, Float64s, Images, Labels, Writers
from mnist_dash.data.dataset import CLASSES, FEATURES

FOUND_AGAIN, FOUND_BY_ONE_EACH, FOUND_BY_OTHER_PEN, FOUND_OF_FEW = 0.99, 0.83, 0.82, 0.50
"""How often a writer is found first of all, as that benchmark has measured it.

By half of about 116 digits, by one of each digit, by half with a pixel broader pen, and by half of about 21 digits.
"""
OWN_LIKENESS, OTHER_LIKENESS = 0.7, 0.4
"""How alike two halves of one hand are, and a half and the nearest of all others: medians."""
_LEAST = 1e-9
"""The least variance: where all are alike nothing is divided by zero."""


@dataclass(frozen=True, slots=True, eq=False)
class Variation:
    """What is usual of each digit, (10, k) each: the `mean`, how one hand's digits vary `within`, hands `between`."""

    mean: Float64s
    within: Float64s
    between: Float64s


@dataclass(frozen=True, slots=True, eq=False)
class HandMeans:
    """What each of m writers wrote: the `means` (m, 10, k) of each digit, and how many `counts` (m, 10) of it."""

    means: Float64s
    counts: Float64s


def project(images: Images, basis: Basis) -> Float32s:
    """The principal components of images (n, 28, 28): (n, k)."""
    found = np.empty((len(images), basis.vectors.shape[1]), np.float32)
    for span in iterate_spans(len(images)):
        found[span] = (images[span].reshape(-1, FEATURES) - basis.mean) / np.float32(255) @ basis.vectors
    return found


def average_hands(components: Float32s, labels: Labels, writers: Writers) -> HandMeans:
    """The means of each writer's digits, in the order of the writers' numbers; 0 where there is none of a digit."""
    people, who = np.unique(writers, return_inverse=True)
    sums = np.zeros((len(people), CLASSES, components.shape[1]))
    counts = np.zeros((len(people), CLASSES))
    np.add.at(sums, (who, labels), components)
    np.add.at(counts, (who, labels), 1)
    return HandMeans(sums / np.maximum(counts, 1)[..., np.newaxis], counts)


def find_variation(components: Float32s, labels: Labels, writers: Writers) -> Variation:
    """How much digits (n, k) vary within a hand and between hands, by an analysis of variance of each digit."""
    hands = average_hands(components, labels, writers)
    usual = average_hands(components, labels, np.zeros(len(labels), np.int64)).means[0]
    who = np.unique(writers, return_inverse=True)[1]
    within, between = np.zeros((2, *usual.shape))
    for digit in range(CLASSES):
        chosen = labels == digit
        off = components[chosen] - hands.means[who[chosen], digit]
        within[digit], between[digit] = _part(off, hands.means[:, digit] - usual[digit], hands.counts[:, digit])
    return Variation(usual, np.maximum(within, _LEAST), np.maximum(between, _LEAST))


def _part(off: Float64s, means: Float64s, counts: Float64s) -> tuple[Float64s, Float64s]:
    """The variances (k,) within and between hands: the means of few digits vary by what these vary, too."""
    there = counts > 0
    within = (off**2).sum(axis=0) / max(len(off) - there.sum(), 1)
    if not there.any():
        return within, within
    return within, (means[there] ** 2).mean(axis=0) - within * (1 / counts[there]).mean()


def measure_likeness(own: HandMeans, hands: HandMeans, variation: Variation) -> Float64s:
    """How alike the hand of `own`, a single one, is to each of m hands: (m,), from -1 to 1.

    Digits that it lacks are passed over; of those that the other one lacks nothing is known, which is not alike.
    """
    wrote = own.counts[0] > 0
    mine, theirs = (_deviate(some, variation)[:, wrote].reshape(len(some.means), -1) for some in (own, hands))
    lengths = np.linalg.norm(mine) * np.linalg.norm(theirs, axis=1)
    return np.asarray(theirs @ mine[0] / np.maximum(lengths, _LEAST))


def _deviate(hands: HandMeans, variation: Variation) -> Float64s:
    """What is to be expected of each hand, (m, 10, k), in standard deviations between hands from the usual."""
    counts = hands.counts[..., np.newaxis]
    trust = counts * variation.between / (counts * variation.between + variation.within)
    return np.asarray(trust * (hands.means - variation.mean) / np.sqrt(variation.between))


def measure_rarity(components: Float32s, labels: Labels, variation: Variation) -> Float64s:
    """How far each of n digits lies from what is usual of its digit: (n,), the root of its mean squared deviation."""
    spread = variation.within + variation.between
    return np.asarray(np.sqrt(((components - variation.mean[labels]) ** 2 / spread[labels]).mean(axis=1)))
