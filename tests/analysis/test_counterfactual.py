"""The smallest edit changes the answer, needs each of its pixels, and is close to what is known to be the smallest."""

import numpy as np
import pytest

from mnist_dash.analysis.counterfactual import MOST, Edit, find_smallest_edit
from mnist_dash.analysis.perturbations import perturb
from mnist_dash.data.dataset import Digits
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier
from tests.analysis.linear import Linear

pytestmark = pytest.mark.slow

BAR = np.zeros((28, 28), np.uint8)
BAR[12:16, 5:23] = 255
RAMP = np.linspace(-1, 1, 28) * np.ones((28, 1))


@pytest.fixture(scope="module")
def model() -> Classifier:
    return load_bundled(DEFAULT)


@pytest.fixture(scope="module")
def found(model: Classifier, small: Digits) -> list[Edit]:
    """The edits of thirty generated digits."""
    edits = [find_smallest_edit(model, perturb(model, image)) for image in small.images[:30]]
    return [edit for edit in edits if edit is not None]


def test_nearly_every_answer_can_be_changed_by_a_few_pixels(found: list[Edit]) -> None:
    assert len(found) >= 27
    assert np.median([edit.pixels for edit in found]) <= 15


def test_the_edited_image_is_read_as_is_said(model: Classifier, found: list[Edit]) -> None:
    for edit in found:
        answer = model.probabilities(edit.image[np.newaxis])[0]
        assert answer.argmax() == edit.digit
        assert answer[edit.digit] == pytest.approx(edit.probability, abs=1e-5)
        assert model.probabilities(edit.original[np.newaxis])[0].argmax() != edit.digit


def test_no_pixel_of_an_edit_can_be_put_back(model: Classifier, found: list[Edit]) -> None:
    for edit in found:
        changed = np.argwhere(edit.image != edit.original)
        images = np.repeat(edit.image[np.newaxis], len(changed), axis=0)
        for image, (row, column) in zip(images, changed, strict=True):
            image[row, column] = edit.original[row, column]
        # The batch may shift a probability by its last bits, where two digits stand level.
        assert (model.probabilities(images)[:, edit.digit] <= 0.51).all()
        assert (model.probabilities(images).argmax(axis=1) != edit.digit).mean() > 0.9


def test_ink_is_put_on_or_wiped_off_whole_as_a_pen_and_an_eraser_do(found: list[Edit]) -> None:
    for edit in found:
        assert (edit.image[edit.added] == 255).all()
        assert (edit.image[edit.removed] == 0).all()
        assert edit.pixels == edit.added.sum() + edit.removed.sum() > 0


def test_it_takes_at_most_twice_the_pixels_that_a_linear_classifier_needs() -> None:
    model = Linear(RAMP, bias=4.2)
    edit = find_smallest_edit(model, perturb(model, BAR))
    assert edit is not None
    # The best that any edit can do, pixel by pixel: wipe ink off where it helps, put ink where it hurts.
    gains = np.sort(np.where(BAR > 0, RAMP, -RAMP).ravel())[::-1]
    needed = int(np.argmax(np.cumsum(gains) > model.log_odds(BAR[np.newaxis])[0] + np.log(9))) + 1
    assert needed <= edit.pixels <= 2 * needed


def test_an_edit_leads_towards_the_digit_that_is_asked_for(model: Classifier, small: Digits) -> None:
    perturbations = perturb(model, small.images[1])
    edits = {target: find_smallest_edit(model, perturbations, target) for target in range(10)}
    assert edits.pop(perturbations.digit) is None
    reached = {target: edit for target, edit in edits.items() if edit is not None}
    assert len(reached) >= 5
    assert all(edit.digit == target for target, edit in reached.items())
    shortest = find_smallest_edit(model, perturbations)
    assert shortest is not None
    assert shortest.pixels <= 2 * min(edit.pixels for edit in reached.values())


def test_where_the_answer_stands_firm_there_is_none_and_the_search_ends() -> None:
    class Counting(Linear):
        asked = 0

        def probabilities(self, images: np.ndarray) -> np.ndarray:
            self.asked += len(images)
            return super().probabilities(images)

    model = Counting(np.zeros((28, 28)), bias=3)
    assert find_smallest_edit(model, perturb(model, BAR)) is None
    assert model.asked < 2_000


def test_an_edit_of_very_many_pixels_is_not_called_small() -> None:
    model = Linear(np.full((28, 28), 1.0), bias=15)
    original = np.zeros((28, 28), np.uint8)
    original[2:26, 2:26] = 255
    assert model.log_odds(original[np.newaxis])[0] > MOST
    assert find_smallest_edit(model, perturb(model, original)) is None


def test_the_same_image_gets_the_same_edit(model: Classifier, small: Digits) -> None:
    one, other = (find_smallest_edit(model, perturb(model, small.images[3])) for _ in range(2))
    assert one is not None
    assert other is not None
    np.testing.assert_array_equal(one.image, other.image)
