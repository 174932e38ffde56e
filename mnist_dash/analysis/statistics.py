"""What a set of digits is made of: counts and pixel values, in well under a second for 70,000 images."""

from dataclasses import dataclass

import numpy as np

from mnist_dash.analysis.chunks import iterate_spans
from mnist_dash.arrays import Counts, Images, Labels
from mnist_dash.data.dataset import CLASSES, FEATURES, Digits
from mnist_dash.data.present_digits import find_digits


@dataclass(frozen=True, slots=True)
class Summary:
    """A data set in figures.

    `train` and `test` are images in each split, `features` pixels an image, `classes` the digits that occur, `low` to
    `high` the values that do, `memory` bytes of all images and labels, `blank` the share of pixels that are bare
    paper, `ink` the mean pixel as a share of full ink. `low`, `high`, `blank` and `ink` are 0 where there is no image.
    """

    train: int
    test: int
    features: int
    classes: int
    dtype: str
    low: int
    high: int
    memory: int
    blank: float
    ink: float

    @property
    def images(self) -> int:
        """Images in both splits."""
        return self.train + self.test


def count_classes(labels: Labels) -> Counts:
    """How often each digit occurs in labels (n,): (10,)."""
    return np.bincount(labels, minlength=CLASSES)


def count_values(images: Images) -> Counts:
    """How often each pixel value occurs in images (n, 28, 28): (256,)."""
    pairs = np.zeros(1 << 16, np.int64)
    for span in iterate_spans(len(images)):
        # Two neighbouring pixels counted as one 16-bit value halve the work.
        pairs += np.bincount(np.ascontiguousarray(images[span]).reshape(-1).view(np.uint16), minlength=1 << 16)
    table = pairs.reshape(256, 256)
    return np.asarray(table.sum(axis=0) + table.sum(axis=1))


def summarise(train: Digits, test: Digits) -> Summary:
    """Both splits of a data set in figures."""
    counts = count_values(train.images) + count_values(test.images)
    seen, pixels = np.flatnonzero(counts), max(int(counts.sum()), 1)
    return Summary(
        train=len(train),
        test=len(test),
        features=FEATURES,
        classes=len(find_digits(train.labels, test.labels)),
        dtype=str(train.images.dtype),
        low=int(seen[0]) if len(seen) else 0,
        high=int(seen[-1]) if len(seen) else 0,
        memory=sum(array.nbytes for split in (train, test) for array in (split.images, split.labels)),
        blank=float(counts[0] / pixels),
        ink=float(counts @ np.arange(256) / pixels / 255),
    )
