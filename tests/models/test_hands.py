"""The test of hands: digits are drawn where they should be, and what is refused or blank is never right."""

from itertools import islice

import numpy as np
import pytest

from benchmarks.hand_sets import SEED, STROKES, HandSet, Kind, load_hand_sets, read_strokes
from benchmarks.hands import describe, read
from benchmarks.written_numbers import write_numbers
from mnist_dash.arrays import Images, Probabilities
from mnist_dash.data.reader_set.redrawing import draw_on_sheet, draw_placements
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.rejection import DigitDetector, load_digit_detector
from mnist_dash.sketch import sheet
from mnist_dash.sketch.grouping import group_strokes
from mnist_dash.sketch.sheet import Paper, Sheet
from mnist_dash.sketch.sheet_reading import read_sheet

HERE = pytest.mark.skipif(not STROKES.is_file(), reason="../shared/pen is not here")
OPEN_FOURS = (3101, 3104, 3109, 3116, 3127, 3128)
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
    reading = read(HandSet(Kind.PEN, "anna", images, labels), {"net": First()}, DigitDetector(Second(), 0.5), First())
    found = describe(reading)
    assert found["images"] == 5
    assert found["refused"]["share"] == 0.4
    assert found["net"]["right"]["share"] == 0.4
    assert found["net"]["without_refusal"]["share"] == 0.6
    low, high = found["net"]["right"]["interval"]
    assert 0 < low < 0.4 < high < 1
    threes = describe(reading.take(labels == 3))
    assert threes["net"]["right"]["share"] == 0.5


def test_a_digit_that_is_taken_for_several_is_an_error() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[0, :2] = 3, 90
    bar, bars = np.zeros((2, 280, 280), bool)
    bar[50:200, 40:60] = bars[50:200, 40:60] = bars[50:200, 200:220] = True
    drawn = HandSet(Kind.PEN, "anna", np.stack([image, image]), np.array([3, 3], np.uint8), [bar, bars])
    found = describe(read(drawn, {"net": First()}, DigitDetector(Second(), 0.5), First()))
    assert found["segmented"]["share"] == found["net"]["right"]["share"] == 0.5


def test_of_what_is_no_digit_only_refusals_count() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    strange = HandSet(Kind.NO_DIGIT, "letters", images, np.zeros(2, np.uint8))
    found = describe(read(strange, {"net": First()}, DigitDetector(Second(), 0.5), First()))
    assert set(found) == {"images", "refused"}
    assert found["refused"]["share"] == 1


@HERE
@pytest.mark.slow
@pytest.mark.parametrize("paper", Paper)
def test_numbers_of_people_are_parted_and_mostly_read_on_either_sheet(paper: Paper) -> None:
    """Two digits on the sheet for one stay two, though parts that stand apart are put together there more readily."""
    reader = load_bundled(DEFAULT)
    confidence = make_cut_confidence(reader, load_digit_detector())
    numbers = list(write_numbers(paper, (2, 2) if paper is Paper.DIGIT else (2, 7), 40, seed=7))
    read = [read_sheet(Sheet(paper, ink=number.ink), confidence) for number in numbers]
    counted = [len(sketches) == len(number.digits) for sketches, number in zip(read, numbers, strict=True)]
    assert np.mean(counted) >= 0.95
    assert all(number.ink.shape == (280, sheet.WIDTHS[paper]) for number in numbers)


@HERE
@pytest.mark.slow
def test_open_fours_of_people_are_one_digit_on_the_sheet_for_one() -> None:
    """Rows of strokes whose two parts stand apart, each by a hand of its own; they were looked at."""
    confidence = make_cut_confidence(load_bundled(DEFAULT), load_digit_detector())
    rows, placed = read_strokes(), draw_placements(len(read_strokes()), SEED)
    for at in OPEN_FOURS:
        strokes = [np.asarray(stroke, float) for stroke in rows[at]["strokes"]]
        ink = draw_on_sheet(strokes, placed.pen[at], placed.side[at], placed.corner[at])
        assert len(group_strokes(ink)) == 2
        assert len(read_sheet(Sheet(ink=ink), confidence)) == 1


@HERE
@pytest.mark.slow
def test_strokes_come_donor_by_donor_and_most_are_read() -> None:
    networks, detector = {DEFAULT: load_bundled(DEFAULT)}, load_digit_detector()
    donors = list(islice(load_hand_sets(quick=True), 4))
    assert {donor.name for donor in donors} == {"apb", "art", "uqb", "val"}
    for donor in donors:
        assert donor.images.any(axis=(1, 2)).all()
        assert describe(read(donor, networks, detector, networks[DEFAULT]))[DEFAULT]["right"]["share"] > 0.8
