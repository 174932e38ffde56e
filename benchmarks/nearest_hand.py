"""How often a writer of MNIST is found again among all 836, as the page Own digits looks for the nearest hand.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.nearest_hand`. Each writer's digits are parted in two by a seed, evenly
over the digits; one half is looked for among the other halves of all. The way was chosen by the 539 writers of the
training images alone: `measures`, the distance of means in the five measures of the page, is what was rejected, and so
were likelihoods, which find as many, but only two in three of these where another pen wrote. The 297 writers of the
test images are counted apart.

`one_each` looks with one of each digit, `other_pen` with a half whose strokes are a pixel broader: how far it still
holds where somebody else's pen, or a mouse, has written.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import record
from mnist_dash.analysis.components import find_basis
from mnist_dash.analysis.handwriting import describe_usual, place_digits, place_hands
from mnist_dash.analysis.nearest_hand import HandMeans, average_hands, find_variation, measure_likeness, project
from mnist_dash.analysis.shape import measure_shapes
from mnist_dash.arrays import Float64s, Images, Indices, Integers, Mask
from mnist_dash.data.dataset import CLASSES, Dataset, Digits
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.stress.changes import thicken
from mnist_dash.settings import Settings

SEEDS = (0, 1, 2)
BROADER = 1.0
"""Pixels by which another pen is broader."""
FIRST = 10


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """How alike (m, m) each writer's digits are to the other halves of all, by what they were looked for with.

    Of `measures` it is how far they lie apart, squared, below 0.
    """

    halves: Float64s
    one_each: Float64s
    other_pen: Float64s
    measures: Float64s


def part(digits: Digits, seed: int) -> tuple[Mask, Mask]:
    """Which images are the first half of their writer's digits, and which of these the first of each digit."""
    assert digits.writers is not None
    order = np.random.default_rng(seed).permutation(len(digits))
    order = order[np.lexsort((digits.labels[order], digits.writers[order]))]
    place = count_places(digits.writers[order].astype(np.int64))
    halves, firsts = np.zeros((2, len(digits)), bool)
    halves[order] = place % 2 == 0
    half = order[place % 2 == 0]
    firsts[half] = count_places(digits.writers[half].astype(np.int64) * CLASSES + digits.labels[half]) == 0
    return halves, firsts


def count_places(keys: Integers) -> Indices:
    """The place, from 0, of each of the keys (n,), which are in order, among those that are the same."""
    starts = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1))
    return np.arange(len(keys)) - np.repeat(starts, np.diff([*starts, len(keys)]))


def look(data: Dataset, seed: int) -> Found:
    """Look for each writer."""
    train, every = data.train, join(data)
    assert train.writers is not None
    assert every.writers is not None
    basis, (halves, firsts) = find_basis(train.images), part(every, seed)
    variation = find_variation(project(train.images, basis), train.labels, train.writers)
    components = project(every.images, basis)
    broader = project(broaden(every.images[halves]), basis)

    def average(which: Mask) -> HandMeans:
        assert every.writers is not None
        return average_hands(components[which], every.labels[which], every.writers[which])

    def compare(own: HandMeans) -> Float64s:
        asked = (HandMeans(own.means[row : row + 1], own.counts[row : row + 1]) for row in range(len(own.means)))
        return np.array([measure_likeness(one, others, variation) for one in asked])

    others = average(~halves)
    pens = average_hands(broader, every.labels[halves], every.writers[halves])
    by_measures = compare_measures(data, every, halves)
    return Found(compare(average(halves)), compare(average(firsts)), compare(pens), by_measures)


def join(data: Dataset) -> Digits:
    """All images with their writers."""
    parts = (data.train, data.test)
    images, labels, writers = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("images", "labels", "writers")
    )
    return Digits(images, labels, writers)


def broaden(images: Images) -> Images:
    """The images as a broader pen would have written them."""
    ink = thicken(images.astype(np.float32) / np.float32(255), np.random.default_rng(0), BROADER)
    return np.asarray(np.rint(ink.clip(0, 1) * 255).astype(np.uint8))


def compare_measures(data: Dataset, every: Digits, halves: Mask) -> Float64s:
    """The same by the means of the measures, each by how much hands differ in it."""
    assert every.writers is not None
    usual = describe_usual(measure_shapes(data.train.images), data.train.labels)
    places = place_digits(measure_shapes(every.images), every.labels, usual)
    first, second = (place_hands(places[which], every.writers[which]) for which in (halves, ~halves))
    return np.asarray(-(((first[:, np.newaxis] - second) / second.std(axis=0)) ** 2).sum(axis=2))


def tell(likenesses: Sequence[Float64s], group: Mask) -> dict[str, float]:
    """Over all seeds, how often a writer's own other half is the nearest of all, and among the first ten.

    And how alike it is, and the nearest other one: medians.
    """
    own = np.concatenate([np.diag(found)[group] for found in likenesses])
    ranks = np.concatenate([(found > np.diag(found)[:, np.newaxis]).sum(axis=1)[group] for found in likenesses])
    others = [found - np.diag(np.full(len(found), np.inf)) for found in likenesses]
    nearest = np.concatenate([found.max(axis=1)[group] for found in others])
    return {
        "nearest": round(float((ranks == 0).mean()), 4),
        "first_10": round(float((ranks < FIRST).mean()), 4),
        "own_likeness": round(float(np.median(own)), 3),
        "other_likeness": round(float(np.median(nearest)), 3),
    }


def main() -> None:
    """Look with each seed and write the result."""
    data = open_dataset(Settings.from_environment(os.environ).prepare())
    found = [look(data, seed) for seed in SEEDS]
    of_training = np.isin(np.unique(join(data).writers), data.train.writers)  # type: ignore[arg-type]
    groups = {"training_writers": of_training, "test_writers": ~of_training}
    told = {
        name: {
            "writers": int(group.sum()),
            **{way: tell([getattr(one, way) for one in found], group) for way in Found.__slots__},
        }
        for name, group in groups.items()
    }
    record.write("nearest_hand", {"seeds": list(SEEDS), "broader_pixels": BROADER, **told})


if __name__ == "__main__":
    main()
