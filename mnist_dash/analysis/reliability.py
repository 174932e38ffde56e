"""How certain a model is against how often it is right then."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Labels, Probabilities

BINS = 15


@dataclass(frozen=True, slots=True)
class CertaintyBin:
    """Answers whose certainty is from `low` to `high`: how many `images`, their mean `certainty`, the share right."""

    low: float
    high: float
    images: int
    certainty: float
    accuracy: float


def measure_reliability(probabilities: Probabilities, labels: Labels, bins: int = BINS) -> tuple[CertaintyBin, ...]:
    """Answers (n, 10) to images with `labels` (n,) in bins of equal width, by rising certainty; empty ones left out."""
    sure, right = probabilities.max(axis=1).astype(np.float64), probabilities.argmax(axis=1) == labels
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return tuple(
        CertaintyBin(i / bins, (i + 1) / bins, int(at.sum()), float(sure[at].mean()), float(right[at].mean()))
        for i in range(bins)
        if (at := place == i).any()
    )


def measure_calibration_error(bins: Sequence[CertaintyBin]) -> float:
    """How far certainty and accuracy lie apart, from 0 to 1, each bin by its images: the expected calibration error.

    As in Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks" (ICML 2017).
    """
    return sum(each.images * abs(each.accuracy - each.certainty) for each in bins) / sum(each.images for each in bins)
