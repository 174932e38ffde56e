"""The test of hands: digits are drawn where they should be, and what is refused or blank is never right."""

from itertools import islice

import numpy as np
import pytest

from benchmarks.hand_sets import STROKES, HandSet, Kind, load_hand_sets
from benchmarks.hands import describe, read
from mnist_dash.arrays import Images, Probabilities
from mnist_dash.data.reader_set.redrawing import draw_on_sheet
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.rejection import DigitDetector, load_digit_detector

HERE = pytest.mark.skipif(not STROKES.is_file(), reason="../shared/pen is not here")
CROSS = [np.array([[0.0, 0.0], [1000.0, 500.0]]), np.array([[0.0, 500.0], [1000.0, 0.0]])]


class First:
    """Reads the digit that the first pixel says, and takes for a digit what the second says."""

    def probabilities(self, images: Images) -> Probabilities:
        """(n, 10): all for that digit."""
        return np.eye(10, dtype=np.float32)[images[:, 0, 0]]


class Second:
    """A detector's network."""

    def probabilities(self, images: Images) -> Probabilities:
        """(n, 2): the second pixel is a digit's share in percent."""
        share = images[:, 0, 1] / np.float32(100)
        return np.stack([1 - share, share], axis=1)


@pytest.mark.parametrize("pen", [8, 30])
@pytest.mark.parametrize("side", [98, 252])
def test_a_digit_takes_the_side_and_the_corner_that_it_is_given(pen: float, side: float) -> None:
    for corner in (0.0, 1.0):
        ink = draw_on_sheet(CROSS, pen, side, (corner, corner))
        assert ink.shape == (280, 280)
        columns = np.flatnonzero(ink.any(axis=0))
        assert np.ptp(columns) + 1 == pytest.approx(side, abs=2)
        assert columns[0 if corner == 0 else -1] == pytest.approx(279 * corner, abs=1)


def test_a_dot_leaves_ink() -> None:
    assert draw_on_sheet([np.array([[500.0, 500.0]])], 8, 98, (0.5, 0.5)).any()


def test_a_refusal_and_a_blank_are_errors() -> None:
    images = np.zeros((5, 28, 28), np.uint8)
    images[:, 0, 0] = 3, 3, 4, 3, 0
    images[:, 0, 1] = 90, 10, 90, 90, 0
    labels = np.array([3, 3, 3, 3, 0], np.uint8)
    reading = read(HandSet(Kind.PEN, "anna", images, labels), {"net": First()}, DigitDetector(Second(), 0.5))
    found = describe(reading)
    assert found["images"] == 5
    assert found["refused"]["share"] == 0.4
    assert found["net"]["right"]["share"] == 0.4
    assert found["net"]["without_refusal"]["share"] == 0.6
    low, high = found["net"]["right"]["interval"]
    assert 0 < low < 0.4 < high < 1
    threes = describe(reading.take(labels == 3))
    assert threes["net"]["right"]["share"] == 0.5


def test_of_what_is_no_digit_only_refusals_count() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    strange = HandSet(Kind.NO_DIGIT, "letters", images, np.zeros(2, np.uint8))
    found = describe(read(strange, {"net": First()}, DigitDetector(Second(), 0.5)))
    assert set(found) == {"images", "refused"}
    assert found["refused"]["share"] == 1


@HERE
@pytest.mark.slow
def test_strokes_come_donor_by_donor_and_most_are_read() -> None:
    networks, detector = {DEFAULT: load_bundled(DEFAULT)}, load_digit_detector()
    donors = list(islice(load_hand_sets(quick=True), 4))
    assert {donor.name for donor in donors} == {"apb", "art", "uqb", "val"}
    for donor in donors:
        assert donor.images.any(axis=(1, 2)).all()
        assert describe(read(donor, networks, detector))[DEFAULT]["right"]["share"] > 0.8
