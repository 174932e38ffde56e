"""Networks tell where touching digits must be cut."""

import pytest

from mnist_dash.arrays import Ink
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.rejection import load_digit_detector
from mnist_dash.sketch.cutting import CutConfidence
from mnist_dash.sketch.digits import segment_digits
from mnist_dash.sketch.traces import ink_drawing
from tests.drawn import SEVEN, drawing

BOWL = ((40, 60), (140, 60), (140, 150), (50, 150), (140, 160), (130, 240), (40, 230))


@pytest.fixture(scope="module")
def confidence() -> CutConfidence:
    return make_cut_confidence(load_bundled(DEFAULT), load_digit_detector())


def page(*digits: tuple[tuple[float, float], ...], apart: float) -> Ink:
    """Digits beside one another, each `apart` pixels to the right of the one before."""
    moved = [[(x + i * apart, y) for x, y in digit] for i, digit in enumerate(digits)]
    return ink_drawing(drawing(*moved), 840, 280)


def test_a_digit_is_surer_than_two_that_touch_and_than_a_part_of_one(confidence: CutConfidence) -> None:
    seven, both = page(SEVEN, apart=0), page(SEVEN, SEVEN, apart=110)
    part = seven.copy()
    part[72:] = False
    whole, two, half = confidence([seven, both, part])
    assert whole > 0.8
    assert two < 0.2
    assert half < 0.2


def test_touching_digits_are_parted_with_cut_confidence(confidence: CutConfidence) -> None:
    ink = page(BOWL, SEVEN, apart=55)
    pieces = segment_digits(ink, confidence)
    assert len(pieces) == 2
