"""Labels that people corrected: those of a set's training images, and those of MNIST's test images."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from mnist_dash.arrays import Labels, Mask
from mnist_dash.data.checksums import OFFICIAL
from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.errors import DataError

MNIST_RELABELLED = MappingProxyType(
    {947: 9, 1621: 6, 1901: 4, 2462: 0, 2597: 3, 3558: 0, 5937: 3, 6651: 6, 6783: 6, 9729: 6}
)
MNIST_AMBIGUOUS = (2130, 2654, 3520, 8527, 9679)
"""Test images of MNIST, by index, whose label fewer than three of five people upheld.

Most of them chose another label for the first ten, and agreed on none for the last five. Northcutt, Athalye and
Mueller, "Pervasive label errors in test sets destabilize machine learning benchmarks" (2021); cleanlab/label-errors.
"""


def correct_test_labels(dataset: Dataset) -> tuple[Labels, Mask] | None:
    """MNIST's test labels (10000,) as people corrected them, and which images (10000,) they agreed on.

    None where the set's test images are not MNIST's own.
    """
    if any(dataset.sha256.get(name) != OFFICIAL[name] for name in ("test_images", "test_labels")):
        return None
    labels, kept = dataset.test.labels.copy(), np.ones(len(dataset.test), bool)
    labels[list(MNIST_RELABELLED)] = list(MNIST_RELABELLED.values())
    kept[list(MNIST_AMBIGUOUS)] = False
    return labels, kept


def describe_corrected_label(dataset: Dataset, split: Split, index: int) -> str:
    """What people said of the label of that image, where they did not uphold it; empty otherwise."""
    if split is not Split.TEST or correct_test_labels(dataset) is None:
        return ""
    if index in MNIST_RELABELLED:
        return f"Of five people asked, most called this a {MNIST_RELABELLED[index]}: the label is probably wrong."
    if index in MNIST_AMBIGUOUS:
        return "Five people were asked what this is, and no answer had a majority: nobody can tell."
    return ""


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
