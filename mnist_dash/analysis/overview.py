"""What the Explore page counts once over a whole data set, and how it draws samples."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.statistics import Counts, Summary, class_counts, class_means, intensity_histogram, summary
from mnist_dash.data.dataset import CLASSES, Dataset, Labels


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """Counts over all images: `histogram` (256,) and `means` (10, 28, 28) are those of the training images."""

    summary: Summary
    train_counts: Counts
    test_counts: Counts
    histogram: Counts
    means: npt.NDArray[np.float64]


def overview(dataset: Dataset) -> Overview:
    """Look at every image once."""
    train, test = dataset.train, dataset.test
    return Overview(
        summary=summary(train, test),
        train_counts=class_counts(train.labels),
        test_counts=class_counts(test.labels),
        histogram=intensity_histogram(train.images),
        means=class_means(train.images, train.labels),
    )


def sample(labels: Labels, digit: int | None, count: int, seed: int) -> npt.NDArray[np.int64]:
    """Indices of up to `count` images drawn by `seed`, those of `digit` alone or of all, sorted by label."""
    candidates = np.arange(len(labels)) if digit is None else np.flatnonzero(labels == digit)
    drawn = np.random.default_rng(seed).choice(candidates, min(count, len(candidates)), replace=False)
    return np.asarray(drawn[np.argsort(labels[drawn], kind="stable")])


def by_class(labels: Labels, each: int, seed: int) -> npt.NDArray[np.int64]:
    """Indices of `each` images of every digit, drawn by `seed`, row after row: a column a digit, from 0 to 9.

    Where a digit has fewer, all digits get as few.
    """
    drawn = [sample(labels, digit, each, seed) for digit in range(CLASSES)]
    rows = min(map(len, drawn))
    return np.stack([indices[:rows] for indices in drawn], axis=1).ravel()
