"""Certainty against accuracy: what falls into which bin, and the error over all of them."""

import numpy as np
import pytest

from mnist_dash.analysis.reliability import measure_calibration_error, measure_reliability
from mnist_dash.arrays import Probabilities


def _answers(*sure: float) -> Probabilities:
    """Answers 0 that are so sure; the rest lies on 1."""
    shares = np.zeros((len(sure), 10), np.float32)
    shares[:, 0], shares[:, 1] = sure, 1 - np.array(sure)
    return shares


def test_answers_of_like_certainty_share_a_bin_and_empty_bins_are_left_out() -> None:
    bins = measure_reliability(_answers(0.61, 0.63, 0.99, 1.0), np.array([0, 1, 0, 0], np.uint8), bins=10)
    assert [(each.low, each.high, each.images) for each in bins] == [(0.6, 0.7, 2), (0.9, 1.0, 2)]
    assert [each.accuracy for each in bins] == [0.5, 1.0]
    assert [each.certainty for each in bins] == pytest.approx([0.62, 0.995])


def test_the_calibration_error_weighs_each_bin_by_its_images() -> None:
    labels = np.array([0, 1, 0, 0, 0], np.uint8)
    bins = measure_reliability(_answers(0.6, 0.6, 0.9, 0.9, 0.9), labels, bins=10)
    assert measure_calibration_error(bins) == pytest.approx((2 * 0.1 + 3 * 0.1) / 5)


def test_a_model_that_is_right_as_often_as_it_says_has_no_error() -> None:
    labels = np.array([0] * 9 + [1], np.uint8)
    assert measure_calibration_error(measure_reliability(_answers(*[0.9] * 10), labels)) == pytest.approx(0, abs=1e-6)
