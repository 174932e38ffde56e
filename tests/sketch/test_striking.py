"""Strokes through a digit strike it out; a bar, a foot and a slash are its own."""

import time

import numpy as np
import pytest

from mnist_dash.arrays import Ink
from mnist_dash.data.generator.writers import generate
from mnist_dash.sketch import pen
from mnist_dash.sketch.striking import is_struck_through

SEVEN = np.array([(60.0, 60.0), (150.0, 60.0), (90.0, 260.0)])
BAR = np.array([(75.0, 160.0), (150.0, 160.0)])
ZERO = np.stack([120 + 50 * np.cos(np.linspace(0, 2 * np.pi, 40)), 160 + 90 * np.sin(np.linspace(0, 2 * np.pi, 40))], 1)
SLASH = np.array([(80.0, 240.0), (160.0, 80.0)])
TWO = np.array([(70.0, 90.0), (110.0, 60.0), (150.0, 100.0), (60.0, 240.0), (190.0, 240.0)])
EIGHT = np.concatenate([ZERO * (1, 0.5) - np.array((0, 10)), ZERO * (1, 0.5) + np.array((0, 80))])
ACROSS = np.array([(20.0, 155.0), (210.0, 165.0)])
ABOVE = ACROSS + np.array((0, -30))
LOW_SEVEN, RIGHT_ZERO = SEVEN + np.array((0, 100)), ZERO + np.array((60, 0))


def drawn(*strokes: np.ndarray, breadth: float = 12) -> Ink:
    return pen.draw(list(strokes), 240, 320, breadth)


@pytest.mark.parametrize("breadth", [4, 12, 24])
@pytest.mark.parametrize("digit", [[SEVEN], [ZERO], [EIGHT], [SEVEN, BAR]])
def test_a_stroke_that_reaches_past_a_digit_strikes_it_out(digit: list[np.ndarray], breadth: float) -> None:
    assert not is_struck_through(drawn(*digit, breadth=breadth))
    assert is_struck_through(drawn(*digit, ACROSS, breadth=breadth))


def test_two_strokes_strike_out_too() -> None:
    assert is_struck_through(drawn(EIGHT, ACROSS, ABOVE))


@pytest.mark.parametrize("digit", [[TWO], [ZERO, SLASH], [ACROSS], [LOW_SEVEN, ACROSS], [RIGHT_ZERO, ACROSS], []])
def test_what_belongs_to_a_digit_strikes_nothing_out(digit: list[np.ndarray]) -> None:
    """A foot, a slash, a line alone, a flat top, and a line that reaches past on one side."""
    assert not is_struck_through(drawn(*digit))


def test_few_digits_look_struck_through_as_they_are() -> None:
    digits = generate(2_000, 3)
    others = digits.images[digits.labels != 4] > 127
    assert np.mean([is_struck_through(np.kron(image, np.ones((8, 8), bool))) for image in others]) < 0.005


def test_noise_is_looked_at_in_no_time() -> None:
    """Each of its hundreds of specks on the left is no stroke to each on the right."""
    noise = np.random.default_rng(0).random((1_280, 1_280)) < 0.3
    began = time.process_time()
    assert not is_struck_through(noise)
    assert time.process_time() - began < 2
