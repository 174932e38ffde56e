"""What the images of a class share: their mean, their median, where they differ, and how typical each one is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.chunks import iterate_spans
from mnist_dash.analysis.statistics import count_classes, count_values
from mnist_dash.arrays import Counts, Float32s, Images, Labels
from mnist_dash.data.dataset import CLASSES, FEATURES, SIDE

_EXACT = 256
"""Images at a time whose squares add up to less than 2²⁴, up to which single precision knows every whole number."""
_PIXELS = 112
"""Pixels at a time for the median, of all images of a class."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassMeans:
    """Each class laid over itself, pixel by pixel, values from 0 to 255.

    `mean`, `median` and `spread` (the standard deviation) are (10, 28, 28), NaN where a class has no image;
    `inked` says in how many of the `images` (10,) of its class a pixel is above 0. `whole_mean` and `whole_spread`
    (28, 28) are those of all images.
    """

    images: Counts
    mean: Float32s
    median: Float32s
    spread: Float32s
    inked: Counts
    whole_mean: Float32s
    whole_spread: Float32s

    @property
    def never(self) -> npt.NDArray[np.bool_]:
        """The pixels (28, 28) that are bare paper in every image."""
        return np.asarray(self.inked.sum(axis=0) == 0)

    def difference(self, one: int, other: int) -> Float32s:
        """The mean of `one` digit less that of the `other` (28, 28): positive where `one` has more ink."""
        return np.asarray(self.mean[one] - self.mean[other])


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Of one class, pixel by pixel (784,): values, their squares, and images with ink there."""

    values: npt.NDArray[np.float64]
    squares: npt.NDArray[np.float64]
    inked: Counts


def average_classes(images: Images, labels: Labels) -> ClassMeans:
    """Lay the images (n, 28, 28) of each class over one another."""
    counts = count_classes(labels)
    classes = [images[labels == digit].reshape(-1, FEATURES) for digit in range(CLASSES)]
    sums = [_sums(rows) for rows in classes]
    values, squares = np.stack([s.values for s in sums]), np.stack([s.squares for s in sums])
    mean, spread = _mean_and_spread(values, squares, counts[:, np.newaxis])
    whole_mean, whole_spread = _mean_and_spread(values.sum(axis=0), squares.sum(axis=0), counts.sum())
    return ClassMeans(
        images=counts,
        mean=_square(mean),
        median=_square(np.stack([_median(rows) for rows in classes])),
        spread=_square(spread),
        inked=np.stack([s.inked for s in sums]).reshape(CLASSES, SIDE, SIDE),
        whole_mean=_square(whole_mean),
        whole_spread=_square(whole_spread),
    )


def measure_typicality(images: Images, labels: Labels, means: Float32s) -> Float32s:
    """How far each image (n, 28, 28) is from the mean of its class in `means` (10, 28, 28): (n,), least where typical.

    The root of the mean squared difference over all pixels, in grey levels from 0 to 255; NaN where `means` has none.
    """
    centres, found = means.reshape(CLASSES, FEATURES), np.empty(len(images), np.float32)
    for span in iterate_spans(len(images)):
        away = images[span].reshape(-1, FEATURES) - centres[labels[span]]
        found[span] = np.sqrt(np.einsum("ij,ij->i", away, away) / FEATURES)
    return found


def count_class_values(images: Images, labels: Labels) -> Counts:
    """How often each pixel value occurs in the images of each class: (10, 256)."""
    return np.stack([count_values(images[labels == digit]) for digit in range(CLASSES)])


def _sums(rows: npt.NDArray[np.uint8]) -> _Sums:
    values, squares = np.zeros(FEATURES), np.zeros(FEATURES)
    inked = np.zeros(FEATURES, np.int64)
    for span in iterate_spans(len(rows), _EXACT):
        chunk = rows[span].astype(np.float32)
        values += chunk.sum(axis=0)
        squares += np.einsum("ij,ij->j", chunk, chunk)
        inked += np.count_nonzero(rows[span], axis=0)
    return _Sums(values, squares, inked)


def _mean_and_spread(
    values: npt.NDArray[np.float64], squares: npt.NDArray[np.float64], count: Counts
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    known = np.where(count > 0, count, np.nan)
    mean = values / known
    return mean, np.sqrt(np.maximum(squares / known - mean**2, 0))


def _median(rows: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """The median of each column of (n, 784); of an even number of values the mean of the middle two."""
    if not len(rows):
        return np.full(FEATURES, np.nan)
    found, middle = np.empty(FEATURES), [(len(rows) - 1) // 2, len(rows) // 2]
    for span in iterate_spans(FEATURES, _PIXELS):
        columns = np.ascontiguousarray(rows[:, span].T)
        columns.sort(axis=1, kind="stable")
        found[span] = columns[:, middle].mean(axis=1)
    return found


def _square(values: npt.NDArray[np.float64]) -> Float32s:
    return values.reshape(*values.shape[:-1], SIDE, SIDE).astype(np.float32)
