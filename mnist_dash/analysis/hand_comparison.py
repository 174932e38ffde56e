"""A hand among the writers of a data set: what is known of these, found once, and how somebody's digits compare."""

from dataclasses import dataclass

import numpy as np

from mnist_dash.analysis.components import Basis
from mnist_dash.analysis.handwriting import Usual, describe_usual, place_digits, place_hand, place_hands, rank_measures
from mnist_dash.analysis.nearest_hand import (
    HandMeans,
    Variation,
    average_hands,
    find_variation,
    measure_likeness,
    measure_rarity,
    project,
)
from mnist_dash.analysis.shape import Shapes, measure_shapes
from mnist_dash.arrays import Float64s, Image, Images, Indices, Labels, Writers
from mnist_dash.data.dataset import CLASSES, Dataset, Digits
from mnist_dash.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class KnownHands:
    """The hands of all m `writers` (m,) of a data set; what is usual is told by its training images alone.

    `places` (m, measures) are in standard deviations, `rarities` has those of the training images of each digit in
    their order.
    """

    writers: Writers
    usual: Usual
    places: Float64s
    basis: Basis
    variation: Variation
    means: HandMeans
    rarities: tuple[Float64s, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ComparedHand:
    """How n digits compare: the `hand` (measures,), its `ranks` of 100, and all m known writers, the `nearest`
    first, with the `likeness` (m,) of each.

    Of each digit its `places` (n, measures), and how many `rarer` (n,) of 100 of the same digit are less usual;
    `unusual` (n,) has the digits in order, the most unusual first.
    """

    hand: Float64s
    ranks: Float64s
    nearest: Writers
    likeness: Float64s
    places: Float64s
    rarer: Float64s
    unusual: Indices


def know_hands(data: Dataset, shapes: Shapes, basis: Basis) -> KnownHands:
    """The hands of all who wrote images of a set; `shapes` and `basis` are those of its training images.

    Raises DataError where its writers are not known.
    """
    parts, train = _list_known(data), data.train
    usual = describe_usual(shapes, train.labels)
    places = [place_digits(shapes, train.labels, usual)]
    places += [place_digits(measure_shapes(part.images), part.labels, usual) for part in parts[1:]]
    components = [project(part.images, basis) for part in parts]
    variation = find_variation(components[0], train.labels, parts[0].writers)
    rarity = measure_rarity(components[0], train.labels, variation)
    labels, writers = np.concatenate([p.labels for p in parts]), np.concatenate([p.writers for p in parts])
    return KnownHands(
        np.unique(writers),
        usual,
        place_hands(np.concatenate(places), writers),
        basis,
        variation,
        average_hands(np.concatenate(components), labels, writers),
        tuple(np.sort(rarity[train.labels == digit]) for digit in range(CLASSES)),
    )


def find_written(data: Dataset, writer: int) -> Digits:
    """All digits of a writer, by digit; none where nobody has that number. Raises DataError as `know_hands` does."""
    parts = _list_known(data)
    images = np.concatenate([part.images[part.writers == writer] for part in parts])
    labels = np.concatenate([part.labels[part.writers == writer] for part in parts])
    order = np.argsort(labels, kind="stable")
    return Digits(images[order], labels[order])


@dataclass(frozen=True, slots=True, eq=False)
class _Written:
    """Images (n, 28, 28) with `labels` and `writers` (n,)."""

    images: Images
    labels: Labels
    writers: Writers


def _list_known(data: Dataset) -> list[_Written]:
    """The training images, and the test images where they are known to be by others, under numbers of their own."""
    train, test = data.train, data.test
    if train.writers is None:
        raise DataError(
            f"Who wrote the images of {data.name} is not known. Handwriting needs a set that says so, as MNIST does."
        )
    known = [_Written(train.images, train.labels, train.writers)]
    if test.writers is not None and not np.isin(test.writers, train.writers).any():
        known.append(_Written(test.images, test.labels, test.writers))
    return known


def compare_hand(own: Digits, known: KnownHands) -> ComparedHand:
    """How the hand that wrote these digits, at least one, compares with the known ones."""
    places = place_digits(measure_shapes(own.images), own.labels, known.usual)
    components = project(own.images, known.basis)
    means = average_hands(components, own.labels, np.zeros(len(own), np.int64))
    likeness = measure_likeness(means, known.means, known.variation)
    rarity, hand = measure_rarity(components, own.labels, known.variation), place_hand(places)
    rarer = _rank_rarity(rarity, own.labels, known)
    order = np.argsort(-likeness, kind="stable")
    return ComparedHand(
        hand,
        rank_measures(hand, known.places),
        known.writers[order],
        likeness[order],
        places,
        rarer,
        np.lexsort((-rarity, -rarer)),
    )


def _rank_rarity(rarity: Float64s, labels: Labels, known: KnownHands) -> Float64s:
    """Of 100 training images of the same digit, how many are less rare than each of n digits."""
    found = np.zeros(len(rarity))
    for digit in np.unique(labels):
        theirs = known.rarities[digit]
        found[labels == digit] = 100 * np.searchsorted(theirs, rarity[labels == digit]) / max(len(theirs), 1)
    return found


def pick_typical(digits: Digits, known: KnownHands) -> list[Image | None]:
    """Of each digit from 0 to 9 the image that is nearest to the mean of a single hand; None where there is none."""
    components = project(digits.images, known.basis)
    means = average_hands(components, digits.labels, np.zeros(len(digits), np.int64)).means[0]
    far = ((components - means[digits.labels]) ** 2).sum(axis=1)
    chosen = [np.flatnonzero(digits.labels == digit) for digit in range(CLASSES)]
    return [digits.images[some[far[some].argmin()]] if len(some) else None for some in chosen]
