"""Perturbations change a little, everywhere on the digit, and are told apart even where all answers are certain."""

import numpy as np
import pytest

from mnist_dash.analysis.perturbations import INK, draw_dabs, log_odds, perturb
from mnist_dash.data.dataset import Digits
from mnist_dash.models.bundled import DEFAULT, load_bundled

BLANK = np.zeros((28, 28), np.uint8)
FULL = np.full((28, 28), 255, np.uint8)


def test_perturbations_are_answered_as_the_model_answers(small: Digits) -> None:
    model = load_bundled(DEFAULT)
    found = perturb(model, small.images[0])
    assert found.digit == model.probabilities(small.images[:1]).argmax()
    np.testing.assert_allclose(found.answers, model.probabilities(found.changed), atol=1e-5)
    assert 0 < found.dabs < len(found.changed)


def test_a_dab_changes_no_more_than_three_by_three_pixels(small: Digits) -> None:
    for image in small.images[:20]:
        changed = draw_dabs(image) != image
        assert changed.sum(axis=(1, 2)).min() >= 1
        assert changed.sum(axis=(1, 2)).max() <= 9


def test_every_pixel_of_the_ink_is_wiped_and_paper_beside_it_inked(small: Digits) -> None:
    for image in small.images[:20]:
        tried = draw_dabs(image)
        assert ((tried < image).any(axis=0) | (image < INK)).all()
        assert (tried > image).any(axis=0).sum() > 100


@pytest.mark.parametrize("image", [BLANK, FULL], ids=["blank", "full"])
def test_what_is_no_digit_can_be_asked_about_too(image: np.ndarray) -> None:
    found = perturb(load_bundled(DEFAULT), image)
    assert np.isfinite(log_odds(found.answers, found.digit)).all()


@pytest.mark.slow
def test_the_number_of_questions_is_bounded_whatever_the_pen(small: Digits) -> None:
    counts = [len(perturb(load_bundled(DEFAULT), image).changed) for image in (FULL, *small.images[:20])]
    assert max(counts) <= 600


def test_log_odds_are_the_logarithm_of_how_much_likelier_a_digit_is() -> None:
    answers = np.array([[0.5, 0.5, *[0] * 8], [0.9, 0.05, 0.05, *[0] * 7]], np.float32)
    np.testing.assert_allclose(log_odds(answers, 0), [0, np.log(9)], atol=1e-6)


def test_log_odds_still_differ_where_single_precision_says_one() -> None:
    answers = np.array([[1, 1e-12, *[0] * 8], [1, 1e-20, *[0] * 8]], np.float32)
    first, second = log_odds(answers, 0)
    assert first < second < 80
