"""What speaks for an answer is found where it is known, and taking it away hurts more than taking anything else."""

import numpy as np
import pytest

from mnist_dash.analysis.attribution import Attribution, Part, attribute, find_strongest
from mnist_dash.analysis.perturbations import INK, Perturbations, log_odds, perturb
from mnist_dash.arrays import Image
from mnist_dash.data.dataset import Digits
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier
from tests.analysis.linear import Floats, Linear

LEFT = np.where(np.arange(28) < 14, 1.0, -1.0) * np.ones((28, 1))
"""Ink in the left half speaks for a 3, ink in the right half against it."""
BAR = np.zeros((28, 28), np.uint8)
BAR[12:16, 5:23] = 255
SQUARE = np.zeros((28, 28), np.uint8)
SQUARE[6:21, 6:21] = 255
RAMP = np.linspace(-1, 1, 784).reshape(28, 28)


def explained(model: Classifier, image: Image) -> Attribution:
    return attribute(perturb(model, image))


def test_ink_and_paper_speak_as_a_linear_classifier_weighs_them() -> None:
    values = explained(Linear(LEFT, bias=5), BAR).values
    assert (values[12:16, 5:12] > 0).all()
    assert (values[12:16, 16:23] < 0).all()
    # Paper: ink there would help on the left, and hurt on the right.
    assert values[10, 6:12].max() < 0
    assert values[10, 16:22].min() > 0


def test_values_follow_the_weights_of_the_ink() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 4:24] = 255
    values = explained(Linear(RAMP, bias=3), image).values
    assert np.corrcoef(values[5:23, 5:23].ravel(), RAMP[5:23, 5:23].ravel())[0, 1] > 0.95


def test_the_log_odds_are_those_of_the_answer() -> None:
    model = Linear(RAMP, bias=4)
    assert explained(model, BAR).log_odds == pytest.approx(float(model.log_odds(BAR[np.newaxis])[0]), abs=1e-4)


def test_where_nothing_was_tried_nothing_is_said() -> None:
    assert (explained(Linear(LEFT, bias=5), BAR).values[:6] == 0).all()


def test_a_classifier_that_looks_at_nothing_is_explained_by_nothing() -> None:
    found = explained(Linear(np.zeros((28, 28)), bias=2), BAR)
    assert np.abs(found.values).max() < 1e-6
    assert find_strongest(Attribution(3, 2.0, np.zeros((28, 28))), BAR) == (None, None)


def test_the_same_image_is_explained_the_same(small: Digits) -> None:
    one, other = (explained(load_bundled(DEFAULT), small.images[5]).values for _ in range(2))
    np.testing.assert_array_equal(one, other)


def deleted(image: Image, order: Floats, share: float) -> Image:
    """The image without the share of its ink that has the highest `order`."""
    ink = np.flatnonzero(image >= INK)
    gone = ink[np.argsort(-order.ravel()[ink], kind="stable")[: round(share * len(ink))]]
    left = image.ravel().copy()
    left[gone] = 0
    return left.reshape(28, 28)


@pytest.mark.slow
def test_taking_what_speaks_most_for_an_answer_hurts_it_more_than_taking_anything(small: Digits) -> None:
    model, rng = load_bundled(DEFAULT), np.random.default_rng(0)
    found = [explained(model, image) for image in small.images[:30]]

    def left(orders: list[Floats]) -> float:
        images = np.array([deleted(image, order, 0.3) for image, order in zip(small.images, orders, strict=False)])
        answers = model.probabilities(images)
        return float(np.mean([log_odds(answers[[i]], one.digit) for i, one in enumerate(found)]))

    own, chance = left([one.values for one in found]), left([rng.random((28, 28)) for _ in found])
    opposite = left([-one.values for one in found])
    assert own < chance - 3
    assert own < chance < opposite


@pytest.mark.parametrize(
    ("row", "column", "place"),
    [(13, 13, "middle"), (13, 7, "left"), (13, 19, "right"), (7, 13, "top"), (19, 19, "bottom right")],
)
def test_the_strongest_part_is_named_by_where_it_lies_in_the_digit(row: int, column: int, place: str) -> None:
    values = np.zeros((28, 28))
    values[row, column] = 2
    for_it, against = find_strongest(Attribution(1, 3.0, values), SQUARE)
    assert for_it == Part(place, ink=True)
    assert against is None
    assert find_strongest(Attribution(1, 3.0, -values), SQUARE) == (None, for_it)


def test_a_thin_digit_has_no_sides_but_what_is_beside_it_lies_left_or_right() -> None:
    for column, place in ((11, "left"), (13, "middle"), (17, "right")):
        values = np.zeros((28, 28))
        values[14, column] = 1
        part, _ = find_strongest(Attribution(1, 3.0, values), BAR.T.copy())
        assert part is not None
        assert part.place == place


def test_paper_speaks_where_no_ink_is() -> None:
    values = np.zeros((28, 28))
    values[5, 14] = 1
    assert find_strongest(Attribution(1, 3.0, values), BAR)[0] == Part("top", ink=False)


def test_little_against_much_is_not_worth_a_word() -> None:
    values = np.zeros((28, 28))
    values[13, 6], values[13, 21] = 10, -0.5
    assert find_strongest(Attribution(1, 3.0, values), BAR)[1] is None


def test_the_effect_of_a_perturbation_is_shared_by_what_it_changes() -> None:
    changed = np.stack([BAR, BAR])
    changed[0, 12, 5:8] = 0
    changed[1, 12, 7:9] = 0
    answers = np.full((2, 10), 1e-9, np.float32)
    answers[0, 1], answers[0, 2] = 0.5, 0.5
    answers[1, 1], answers[1, 2] = 0.8, 0.2
    before = np.full(10, 1e-9, np.float32)
    before[1], before[2] = 0.9, 0.1
    values = attribute(Perturbations(BAR, before, changed, answers, 2)).values
    high, low = np.log(9), np.log(9) - np.log(4)
    np.testing.assert_allclose(values[12, 5:9], [high, high, (high + low) / 2, low], atol=1e-4)
