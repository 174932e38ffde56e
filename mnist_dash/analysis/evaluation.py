"""The one evaluation: every accuracy in the program comes from here."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.reliability import CertaintyBin, measure_calibration_error, measure_reliability
from mnist_dash.arrays import Indices, Labels, Mask, Probabilities
from mnist_dash.data.dataset import CLASSES

Z95 = 1.959963984540054
"""The normal quantile of a 95 % interval."""

Confusion = tuple[tuple[int, ...], ...]
"""`confusion[label][answer]` counts images."""
_LEAST = 1e-7
"""Probabilities count as this at least when a loss is taken, and as 1 less this at most: so does Keras."""


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """How well one digit is read; a figure is None where nothing was there to divide by."""

    digit: int
    images: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Answers against labels: `confusion[label][answer]` counts images; `interval` is the 95 % one of accuracy.

    `loss` is the mean cross-entropy in nats, `top2` the share of images whose label is one of the two likeliest digits,
    and `calibration_error` how far certainty and accuracy lie apart over the bins of `reliability`.
    """

    images: int
    accuracy: float
    interval: tuple[float, float]
    loss: float
    top2: float
    calibration_error: float
    reliability: tuple[CertaintyBin, ...]
    per_class: tuple[ClassFigures, ...]
    confusion: Confusion


def evaluate(probabilities: Probabilities, labels: Labels) -> Evaluation:
    """Compare the likeliest digits of `probabilities` (n, 10) with `labels` (n,), n at least 1."""
    counts = count_confusion(probabilities, labels)
    confusion = np.array(counts)
    right, images = int(np.trace(confusion)), len(labels)
    reliability = measure_reliability(probabilities, labels)
    return Evaluation(
        images=images,
        accuracy=right / images,
        interval=wilson_interval(right, images),
        loss=_mean_loss(probabilities, labels),
        top2=float((np.argsort(probabilities, axis=1)[:, -2:] == labels[:, np.newaxis]).any(axis=1).mean()),
        calibration_error=measure_calibration_error(reliability),
        reliability=reliability,
        per_class=tuple(_class_figures(confusion, digit) for digit in range(CLASSES)),
        confusion=counts,
    )


def read_right(probabilities: Probabilities, labels: Labels) -> Mask:
    """Which images (n,) are read right by their likeliest digits."""
    return np.asarray(probabilities.argmax(axis=1) == labels)


def find_mistakes(probabilities: Probabilities, labels: Labels) -> Indices:
    """The places of the images (n,) that are read wrong, the surest answer first."""
    answers = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(answers != labels)
    sure = probabilities[wrong, answers[wrong]]
    return wrong[np.argsort(-sure, kind="stable")]


def find_most_confused(confusion: Confusion) -> tuple[int, int, int] | None:
    """The two digits that are taken for each other most, and how often; None where none is taken for another."""
    counts = np.array(confusion)
    both = np.triu(counts + counts.T, 1)
    one, other = divmod(int(both.argmax()), len(counts))
    return (one, other, int(both[one, other])) if both.any() else None


def count_confusion(probabilities: Probabilities, labels: Labels) -> Confusion:
    """How often each label got each answer, by the likeliest digits of `probabilities` (n, 10)."""
    pairs = labels.astype(np.int64) * CLASSES + probabilities.argmax(axis=1)
    counts = np.bincount(pairs, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
    return tuple(tuple(row) for row in counts.tolist())


def wilson_interval(right: int, images: int) -> tuple[float, float]:
    """The 95 % interval of a share, by Wilson (1927): honest for few images and near 0 and 1."""
    share, z2 = right / images, Z95**2
    centre = (share + z2 / (2 * images)) / (1 + z2 / images)
    half = Z95 / (1 + z2 / images) * sqrt(share * (1 - share) / images + z2 / (4 * images**2))
    # At 0 and 1 the last bits of a float would leave the share outside its own interval.
    return min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))


def _mean_loss(probabilities: Probabilities, labels: Labels) -> float:
    shares = probabilities.astype(np.float64)
    given = shares[np.arange(len(labels)), labels] / shares.sum(axis=1)
    return float(-np.log(np.clip(given, _LEAST, 1 - _LEAST)).mean())


def _class_figures(confusion: npt.NDArray[np.int64], digit: int) -> ClassFigures:
    right, images, answered = (
        int(n) for n in (confusion[digit, digit], confusion[digit].sum(), confusion[:, digit].sum())
    )
    precision, recall = _share(right, answered), _share(right, images)
    return ClassFigures(digit, images, precision, recall, _share(2 * right, images + answered))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
