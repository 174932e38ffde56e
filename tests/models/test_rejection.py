"""What is no digit is refused, and digits are not: on other drawings than the network has learnt from."""

from itertools import pairwise

import numpy as np
import pytest

from mnist_dash.arrays import Images, Probabilities
from mnist_dash.data.dataset import SIDE, Dataset, Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.reader_set.strangers import draw_strangers
from mnist_dash.models.bundled import DIGIT_OR_NOT, list_bundled, read_card
from mnist_dash.models.rejection import DIGIT, DigitDetector, Verdict, load_digit_detector

SEED = 99


class FirstPixel:
    """Takes the first pixel, in 255ths, for the likelihood."""

    def probabilities(self, images: Images) -> Probabilities:
        """(n, 10)."""
        shares = np.zeros((len(images), 10), np.float32)
        shares[:, DIGIT] = images[:, 0, 0] / 255
        return shares


@pytest.fixture(scope="module")
def detector() -> DigitDetector:
    return load_digit_detector()


def test_its_threshold_is_on_its_card_and_it_is_no_model_to_choose(detector: DigitDetector) -> None:
    assert 0 < detector.threshold == read_card(DIGIT_OR_NOT).threshold < 1
    assert {DIGIT_OR_NOT, "generated"}.isdisjoint(list_bundled())


@pytest.mark.parametrize(
    ("kind", "least"),
    [("letters", 0.85), ("letters_otherwise", 0.8), ("scribbles", 0.95), ("noise", 0.95), ("blanks", 0.9)],
)
def test_strangers_are_refused(detector: DigitDetector, kind: str, least: float) -> None:
    assert detector.refuse(draw_strangers(kind, 200, SEED)).mean() >= least


def test_true_digits_are_not(detector: DigitDetector, mnist: Dataset) -> None:
    assert detector.refuse(mnist.test.images[:2_000]).mean() < 0.025
    assert detector.refuse(generate(500, SEED).images).mean() < 0.025


def test_true_digits_in_forms_that_it_learnt_are_not(detector: DigitDetector, calm: Digits) -> None:
    assert detector.refuse(calm.images).mean() < 0.03


def test_a_verdict_lies_between_two_thresholds_of_which_the_lower_can_be_chosen() -> None:
    images = np.zeros((4, SIDE, SIDE), np.uint8)
    images[:, 0, 0] = 0, 51, 102, 255
    detecting = DigitDetector(FirstPixel(), 0.3, usual=0.5)
    none, unusual, digit = Verdict.NONE, Verdict.UNUSUAL, Verdict.DIGIT
    assert detecting.give_verdicts(images) == (none, none, unusual, digit)
    assert detecting.give_verdicts(images, 0.1) == (none, unusual, unusual, digit)
    assert detecting.give_verdicts(images, 0.0) == (unusual, unusual, unusual, digit)
    assert detecting.give_verdicts(images, 0.6) == (none, none, none, digit)
    assert detecting.refuse(images).tolist() == [True, True, False, False]


def test_the_card_lists_what_else_could_be_chosen_the_mildest_first() -> None:
    card = read_card(DIGIT_OR_NOT)
    assert card.threshold in [level.threshold for level in card.strictness]
    assert card.threshold < card.usual
    for mild, strict in pairwise(card.strictness):
        assert mild.threshold < strict.threshold
        assert (mild.digits, mild.others) < (strict.digits, strict.others)


class Sure:
    """Answers with a certainty of its own, whatever it sees."""

    def __init__(self, share: float) -> None:
        self.share = share

    def probabilities(self, images: Images) -> Probabilities:
        """(n, 10)."""
        shares = np.full((len(images), 10), (1 - self.share) / 9, np.float32)
        shares[:, 3] = self.share
        return shares


class Upright:
    """Likes an image as it stands, and not once it is turned or resized."""

    def __init__(self, upright: Images) -> None:
        self.upright = upright

    def probabilities(self, images: Images) -> Probabilities:
        """(n, 10)."""
        shares = np.full((len(images), 10), 0.1, np.float32)
        shares[:, DIGIT] = np.where((images == self.upright).all(axis=(1, 2)), 0.9, 0.1)
        return shares


def test_what_looks_like_a_digit_by_chance_does_so_no_more_once_it_is_turned_a_little(small: Digits) -> None:
    image = small.images[:1]
    detecting = DigitDetector(Upright(image), 0.5, reader=Sure(0.5))
    assert detecting.glance(image).tolist() == pytest.approx([0.9])
    # One look for it and four against it, all of the same strength: three fifths of that against it.
    assert detecting.likelihoods(image).tolist() == pytest.approx([1 / (1 + 9**0.6)], abs=1e-5)


def test_what_a_reader_is_sure_of_is_refused_less(small: Digits) -> None:
    image = small.images[:1]
    of = {share: DigitDetector(Upright(image), 0.5, reader=Sure(share)).likelihoods(image)[0] for share in (0.5, 0.999)}
    assert of[0.5] < 0.25 < 0.55 < of[0.999]


def test_many_images_are_judged_as_each_by_itself(detector: DigitDetector, small: Digits) -> None:
    images = small.images[:40]
    one_by_one = np.concatenate([detector.likelihoods(images[at : at + 1]) for at in range(len(images))])
    assert detector.likelihoods(images) == pytest.approx(one_by_one, abs=1e-5)


def test_an_empty_image_is_no_digit(detector: DigitDetector) -> None:
    assert detector.refuse(np.zeros((1, SIDE, SIDE), np.uint8)).all()


def test_no_images_are_no_answers(detector: DigitDetector) -> None:
    assert detector.likelihoods(np.zeros((0, SIDE, SIDE), np.uint8)).shape == (0,)


def test_a_stroke_through_what_is_plainly_a_digit_is_its_own() -> None:
    images = np.zeros((4, SIDE, SIDE), np.uint8)
    images[:, 0, 0] = 51, 102, 204, 255
    detecting = DigitDetector(FirstPixel(), 0.3, usual=0.5)
    none, struck, digit = Verdict.NONE, Verdict.STRUCK, Verdict.DIGIT
    assert detecting.give_verdicts(images, struck=np.ones(4, bool)) == (none, struck, struck, digit)
    assert not any(verdict.is_refusal for verdict in detecting.give_verdicts(images, 0.0, np.ones(4, bool)))
    assert detecting.give_verdicts(images, struck=np.zeros(4, bool)) == detecting.give_verdicts(images)
    assert [verdict.is_refusal for verdict in (none, struck, Verdict.UNUSUAL, digit)] == [True, True, False, False]
