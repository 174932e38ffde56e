"""A data set with some training labels corrected and some training images dropped."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from mnist_dash.data.dataset import Dataset
from mnist_dash.errors import DataError


def correct_labels(dataset: Dataset, relabelled: Mapping[int, int], dropped: Collection[int]) -> Dataset:
    """The set whose training images have the new labels in `relabelled` and lack the `dropped` ones, by index.

    The test split stays as it is: a model would otherwise be measured with another yardstick than before. Raises
    DataError where there is no such image.
    """
    images = len(dataset.train)
    beyond = [index for index in (*relabelled, *dropped) if not 0 <= index < images]
    if beyond:
        raise DataError(f"There is no training image {beyond[0]}; allowed are 0 to {images - 1:,}.")
    labels, kept = dataset.train.labels.copy(), np.ones(images, bool)
    for index, label in relabelled.items():
        labels[index] = label
    kept[list(dropped)] = False
    train = replace(dataset.train, labels=labels).take(kept)
    origin = f"{dataset.name}, with {len(relabelled):,} relabelled and {len(dropped):,} dropped training images"
    return replace(dataset, train=train, origin=origin, official=False, notice=None)
