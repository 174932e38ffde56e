"""What is no digit is refused, and digits are not: on other drawings than the network has learnt from."""

import numpy as np
import pytest

from mnist_dash.data.dataset import SIDE, Dataset, Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.reader_set.strangers import draw_strangers
from mnist_dash.models.bundled import DIGIT_OR_NOT, list_bundled, read_card
from mnist_dash.models.rejection import DigitDetector, load_digit_detector

SEED = 99


@pytest.fixture(scope="module")
def detector() -> DigitDetector:
    return load_digit_detector()


def test_its_threshold_is_on_its_card_and_it_is_no_model_to_choose(detector: DigitDetector) -> None:
    assert 0 < detector.threshold == read_card(DIGIT_OR_NOT).threshold < 1
    assert DIGIT_OR_NOT not in list_bundled()


@pytest.mark.parametrize(
    ("kind", "least"),
    [("letters", 0.85), ("letters_otherwise", 0.8), ("scribbles", 0.95), ("noise", 0.95), ("blanks", 0.9)],
)
def test_strangers_are_refused(detector: DigitDetector, kind: str, least: float) -> None:
    assert detector.refuse(draw_strangers(kind, 200, SEED)).mean() >= least


def test_true_digits_are_not(detector: DigitDetector, mnist: Dataset) -> None:
    # It learnt from the first version of the generator, which knew fewer forms.
    generated = 0.06
    assert detector.refuse(mnist.test.images[:2_000]).mean() < (0.025 if mnist.official else generated)
    assert detector.refuse(generate(500, SEED).images).mean() < generated


def test_true_digits_in_forms_that_it_learnt_are_not(detector: DigitDetector, calm: Digits) -> None:
    assert detector.refuse(calm.images).mean() < 0.03


def test_an_empty_image_is_no_digit(detector: DigitDetector) -> None:
    assert detector.refuse(np.zeros((1, SIDE, SIDE), np.uint8)).all()


def test_no_images_are_no_answers(detector: DigitDetector) -> None:
    assert detector.likelihoods(np.zeros((0, SIDE, SIDE), np.uint8)).shape == (0,)
