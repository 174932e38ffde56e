"""What the Explore page counts once over a whole data set, and how it draws samples."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.ordering import order
from mnist_dash.analysis.statistics import Summary, count_classes, count_values, summarise
from mnist_dash.arrays import Counts, Labels
from mnist_dash.data.dataset import CLASSES, Dataset
from mnist_dash.data.present_digits import find_digits


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


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Images at `index`, to be shown in rows of `columns`: those of a digit stand below one another."""

    index: npt.NDArray[np.int64]
    columns: int


def draw_by_class(labels: Labels, rows: int, seed: int) -> Sheet:
    """Some images of every digit that there is, drawn by `seed`, in up to so many rows of up to ten columns.

    A digit has a column, or several where there are few digits; where one has fewer images, all get as few.
    """
    present = find_digits(labels)
    if not present:
        return Sheet(np.empty(0, np.int64), 1)
    counts = count_classes(labels)[list(present)]
    columns = int(min(CLASSES // len(present), max(counts.min(), 1)))
    each = int(min(rows * columns, counts.min() // columns * columns))
    drawn = [draw_sample(labels, digit, each, seed).reshape(-1, columns) for digit in present]
    return Sheet(np.concatenate(drawn, axis=1).ravel(), columns * len(present))
