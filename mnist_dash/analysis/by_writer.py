"""How well a model reads each group of people, where it is known who wrote the images."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.arrays import Mask, Writers
from mnist_dash.data.checksums import OFFICIAL
from mnist_dash.data.dataset import Dataset, Split

FIRST_STUDENT = 2_100
"""NIST's number of the first high-school student among MNIST's writers; those before are employees of the census.

As QMNIST's tables have it (Yadav and Bottou, "Cold case: the lost MNIST digits", NeurIPS 2019).
"""
_MOST = 12
"""Writers that are told one by one; more are put together."""


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How many `writers` a group has, how many `images` they wrote, and the share read right with its 95 % interval."""

    name: str
    writers: int
    images: int
    accuracy: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class WriterFigures:
    """Of so many `writers` the `spotless` are read without a mistake; the `worst` has the most, `wrong` of `images`."""

    writers: int
    spotless: int
    worst: int
    wrong: int
    images: int


def evaluate_groups(dataset: Dataset, split: Split, writers: Writers, right: Mask) -> list[GroupFigures]:
    """Figures of each group of `writers` (n,) whose images are read `right` (n,), or of each of few writers.

    None of a set of many writers of whom nothing else is known.
    """
    return [
        GroupFigures(
            name,
            len(np.unique(writers[theirs])),
            int(theirs.sum()),
            float(right[theirs].mean()),
            wilson_interval(int(right[theirs].sum()), int(theirs.sum())),
        )
        for name, theirs in _group(dataset, split, writers)
        if theirs.any()
    ]


def evaluate_writers(writers: Writers, right: Mask) -> WriterFigures:
    """What there is to say of all `writers` (n,), n at least 1."""
    people, who, images = np.unique(writers, return_inverse=True, return_counts=True)
    wrong = np.bincount(who[~right], minlength=len(people))
    worst = int(wrong.argmax())
    return WriterFigures(
        len(people), int((wrong == 0).sum()), int(people[worst]), int(wrong[worst]), int(images[worst])
    )


def _group(dataset: Dataset, split: Split, writers: Writers) -> Iterator[tuple[str, Mask]]:
    name = f"{split}_images"
    if dataset.sha256.get(name) == OFFICIAL[name]:
        yield "Census employees", writers < FIRST_STUDENT
        yield "High-school students", writers >= FIRST_STUDENT
        return
    people = np.unique(writers)
    if len(people) <= _MOST:
        yield from ((f"Writer {person}", writers == person) for person in people.tolist())
