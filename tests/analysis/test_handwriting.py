"""A hand among others: its slant and pen are seen whatever digits it wrote."""

import numpy as np
import pytest

from mnist_dash.analysis.handwriting import (
    COMPARED,
    describe_usual,
    place_digits,
    place_hand,
    place_hands,
    rank_measures,
)
from mnist_dash.analysis.shape import measure_shapes
from mnist_dash.arrays import Float64s
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.parameters import parse_handwriting
from mnist_dash.data.generator.writers import generate

NAMES = [measure.name for measure in COMPARED]


@pytest.fixture(scope="module")
def many() -> Digits:
    """Digits of forty imaginary writers."""
    return generate(1_200, 1, handwriting=parse_handwriting({"digits_each": "30"}))


def write(count: int, **parameters: str) -> Digits:
    """Digits of one more imaginary writer, who is like the usual one but for some parameters."""
    return generate(count, 9, handwriting=parse_handwriting({"difference": "0", "digits_each": "50", **parameters}))


def place(digits: Digits, many: Digits) -> Float64s:
    """Where digits lie by what is usual of many."""
    usual = describe_usual(measure_shapes(many.images), many.labels)
    return place_digits(measure_shapes(digits.images), digits.labels, usual)


def test_a_hand_that_leans_lies_to_the_right(many: Digits) -> None:
    upright, leaning = (place_hand(place(digits, many)) for digits in (write(50), write(50, slant="30")))
    assert leaning[NAMES.index("slant")] > upright[NAMES.index("slant")] + 1


def test_which_digits_somebody_wrote_does_not_make_the_hand(many: Digits) -> None:
    places = place(many, many)
    assert np.abs(place_hand(places[many.labels == 1])).max() < 1e-6


def test_every_writer_is_a_hand(many: Digits) -> None:
    assert many.writers is not None
    places = place(many, many)
    hands = place_hands(places, many.writers)
    assert hands.shape == (40, len(COMPARED))
    for at, writer in enumerate(np.unique(many.writers)):
        assert np.allclose(place_hand(places[many.writers == writer]), hands[at])


def test_the_rank_says_how_many_of_a_hundred_lie_below(many: Digits) -> None:
    assert many.writers is not None
    hands = place_hands(place(many, many), many.writers)
    order = hands[:, 0].argsort()
    assert rank_measures(hands[order[0]], hands)[0] < 3
    assert rank_measures(hands[order[-1]], hands)[0] > 97


def test_an_image_without_ink_says_nothing(many: Digits) -> None:
    images = np.concatenate([many.images[:20], np.zeros((1, 28, 28), np.uint8)])
    labels = np.append(many.labels[:20], np.uint8(3))
    with_none, without = (place_hand(place(Digits(images[:count], labels[:count]), many)) for count in (21, 20))
    known = [at for at, name in enumerate(NAMES) if name != "ink"]
    assert np.allclose(with_none[known], without[known])
