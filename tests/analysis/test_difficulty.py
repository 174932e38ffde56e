import numpy as np
import pytest

from mnist_dash.analysis.difficulty import answer_all, cross_entropy, measure_difficulty
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.models.classifier import LiteRT


def test_what_a_model_is_sure_of_is_easy() -> None:
    probabilities = np.full((3, 10), 0.1, np.float32)
    probabilities[0] = np.eye(10)[4]
    found = cross_entropy(probabilities, np.array([4, 4, 5], np.uint8))
    np.testing.assert_allclose(found, [0, np.log(10), np.log(10)], rtol=1e-6)


def test_what_a_model_rules_out_is_very_hard_but_finite() -> None:
    found = cross_entropy(np.eye(10, dtype=np.float32), np.roll(np.arange(10), 1).astype(np.uint8))
    np.testing.assert_allclose(found, 87.3, atol=0.1)


def test_difficulty_is_that_of_the_models_own_answers(content: bytes, small: Digits) -> None:
    model = LiteRT(content)
    found = measure_difficulty(model, small.images, small.labels)
    given = model.probabilities(small.images)[np.arange(500), small.labels]
    np.testing.assert_allclose(found, -np.log(given), rtol=1e-3, atol=1e-6)


@pytest.mark.slow
def test_wrong_labels_have_the_greatest_difficulty(content: bytes, mnist: Dataset) -> None:
    images, labels = mnist.test.images[:500], mnist.test.labels[:500].copy()
    labels[:5] = (labels[:5] + 1) % 10
    found = measure_difficulty(LiteRT(content), images, labels)
    assert len(set(np.argsort(found)[-15:].tolist()) & set(range(5))) == 5


def test_the_work_tells_how_far_it_is(content: bytes) -> None:
    told: list[float] = []
    images = np.zeros((5_000, 28, 28), np.uint8)
    model = LiteRT(content)
    answer_all(model, images, lambda _text, share: told.append(share))
    assert told == [pytest.approx(0.4), pytest.approx(0.8), 1]
