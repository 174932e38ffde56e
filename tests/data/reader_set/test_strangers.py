"""What is no digit is drawn: the same images each time, and no digit turned into another digit."""

import numpy as np
import pytest

from mnist_dash.data.generator.writers import generate
from mnist_dash.data.reader_set.characters import write_character
from mnist_dash.data.reader_set.strangers import KINDS, TURNS, draw_strangers, draw_turned


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_drawn_the_same_each_time(kind: str) -> None:
    first, again, other = (draw_strangers(kind, 3, seed) for seed in (1, 1, 2))
    assert first.any(axis=(1, 2)).all()
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_characters_have_one_to_five_strokes_and_are_never_the_same() -> None:
    written = [write_character(np.random.default_rng(seed)) for seed in range(200)]
    counts = np.bincount([len(strokes) for strokes in written], minlength=6)
    assert counts[0] == 0
    assert counts[1:].all()
    assert all(np.isfinite(np.concatenate(strokes)).all() for strokes in written)
    assert len({np.concatenate(strokes).tobytes() for strokes in written}) == len(written)


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_is_turned_only_into_what_is_none(digit: int) -> None:
    digits = generate(40, 0)
    alone = digits.take(digits.labels == digit)
    ways = [turn for turn, allowed in TURNS.items() if digit in allowed]
    if not ways:
        return
    images = {turn(image).tobytes() for image in alone.images for turn in ways}
    turned = draw_turned(alone, 6, 1)
    assert len(turned) == 6
    assert all(image.tobytes() in images for image in turned)


def test_zeros_ones_sevens_and_eights_are_never_turned() -> None:
    assert {digit for allowed in TURNS.values() for digit in allowed}.isdisjoint({0, 1, 7, 8})
    assert len(draw_turned(generate(200, 3), 50, 1)) == 50
