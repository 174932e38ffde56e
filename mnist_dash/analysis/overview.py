"""What the Explore page counts once over a whole data set, and how it draws samples."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.ordering import order
from mnist_dash.analysis.statistics import Summary, count_classes, count_values, summarise
from mnist_dash.arrays import Counts, Labels
from mnist_dash.data.dataset import CLASSES, Dataset


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """Counts over all images: `histogram` (256,) is that of the training images."""

    summary: Summary
    train_counts: Counts
    test_counts: Counts
    histogram: Counts


def look_over(dataset: Dataset) -> Overview:
    """Look at every image once."""
    train, test = dataset.train, dataset.test
    return Overview(
        summary=summarise(train, test),
        train_counts=count_classes(train.labels),
        test_counts=count_classes(test.labels),
        histogram=count_values(train.images),
    )


def draw_sample(labels: Labels, digit: int | None, count: int, seed: int) -> npt.NDArray[np.int64]:
    """Indices of up to `count` images drawn by `seed`, those of `digit` alone or of all, sorted by label."""
    candidates = order(labels, digit=digit)
    drawn = np.random.default_rng(seed).choice(candidates, min(count, len(candidates)), replace=False)
    return np.asarray(drawn[np.argsort(labels[drawn], kind="stable")])


def draw_by_class(labels: Labels, each: int, seed: int) -> npt.NDArray[np.int64]:
    """Indices of `each` images of every digit, drawn by `seed`, row after row: a column a digit, from 0 to 9.

    Where a digit has fewer, all digits get as few.
    """
    drawn = [draw_sample(labels, digit, each, seed) for digit in range(CLASSES)]
    rows = min(map(len, drawn))
    return np.stack([indices[:rows] for indices in drawn], axis=1).ravel()
