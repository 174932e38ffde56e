"""What is no digit is refused, and digits are not: on other drawings than the network has learnt from."""

import numpy as np
import pytest

from benchmarks.strangers import strangers
from mnist_dash.data.dataset import SIDE, Dataset
from mnist_dash.data.generated import generate
from mnist_dash.models.bundled import DIGIT_OR_NOT, bundled, card_of
from mnist_dash.models.digitness import Digitness, bundled_digitness

SEED = 99


@pytest.fixture(scope="module")
def digitness() -> Digitness:
    return bundled_digitness()


def test_its_threshold_is_on_its_card_and_it_is_no_model_to_choose(digitness: Digitness) -> None:
    assert 0 < digitness.threshold == card_of(DIGIT_OR_NOT).threshold < 1
    assert DIGIT_OR_NOT not in bundled()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "least"),
    [("letters", 0.85), ("letters_otherwise", 0.8), ("scribbles", 0.95), ("noise", 0.95), ("blanks", 0.9)],
)
def test_strangers_are_refused(digitness: Digitness, kind: str, least: float) -> None:
    assert digitness.refused(strangers(kind, 200, SEED)).mean() >= least


def test_true_digits_are_not(digitness: Digitness, mnist: Dataset) -> None:
    assert digitness.refused(mnist.test.images[:2_000]).mean() < 0.025
    assert digitness.refused(generate(500, SEED).images).mean() < 0.03


def test_an_empty_image_is_no_digit(digitness: Digitness) -> None:
    assert digitness.refused(np.zeros((1, SIDE, SIDE), np.uint8)).all()


def test_no_images_are_no_answers(digitness: Digitness) -> None:
    assert digitness.likely(np.zeros((0, SIDE, SIDE), np.uint8)).shape == (0,)
