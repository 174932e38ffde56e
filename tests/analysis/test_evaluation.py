"""The one evaluation, against scikit-learn and against published values."""

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.metrics import (  # type: ignore[import-untyped]
    accuracy_score,
    confusion_matrix,
    log_loss,
    precision_recall_fscore_support,
    top_k_accuracy_score,
)

from mnist_dash.analysis.evaluation import count_confusion, evaluate, find_mistakes, find_most_confused, wilson_interval


def _answers(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Probabilities whose likeliest digits are `digits`."""
    noise = np.random.default_rng(1).uniform(0, 0.4, (len(digits), 10))
    noise[np.arange(len(digits)), digits] = 0.5
    return np.asarray(noise / noise.sum(axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize(
    ("labels", "answers"),
    [(range(10), range(10)), (range(10), range(9)), (range(8), range(10)), (range(7), range(3, 7)), ([3], [4])],
    ids=["all", "one never answered", "two never there", "both", "nothing right"],
)
def test_every_figure_is_scikit_learns(labels: list[int], answers: list[int]) -> None:
    rng = np.random.default_rng(0)
    given, answered = rng.choice(labels, 500), rng.choice(answers, 500)
    result = evaluate(_answers(answered), given.astype(np.uint8))

    digits = list(range(10))
    assert result.images == 500
    assert result.accuracy == accuracy_score(given, answered)
    assert np.array_equal(result.confusion, confusion_matrix(given, answered, labels=digits))
    shares = _answers(answered)
    loss = log_loss(given, shares / shares.sum(axis=1, keepdims=True), labels=digits)
    assert result.loss == pytest.approx(loss, abs=1e-6)
    assert result.top2 == top_k_accuracy_score(given, shares, k=2, labels=digits)
    expected = precision_recall_fscore_support(given, answered, labels=digits, zero_division=np.nan)
    figures = [[row.precision, row.recall, row.f1] for row in result.per_class]
    np.testing.assert_allclose(np.array(figures, float), np.transpose(expected[:3]), rtol=1e-12)
    assert [(row.digit, row.images) for row in result.per_class] == list(enumerate(expected[3]))


def test_a_figure_is_none_where_nothing_was_there_to_divide_by() -> None:
    result = evaluate(_answers(np.array([1, 2])), np.array([1, 1], np.uint8))
    never, missed, wrong = (result.per_class[digit] for digit in (0, 1, 2))
    assert (never.images, never.precision, never.recall, never.f1) == (0, None, None, None)
    assert (missed.images, missed.precision, missed.recall) == (2, 1.0, 0.5)
    assert (wrong.images, wrong.precision, wrong.recall, wrong.f1) == (0, 0.0, None, 0.0)


def test_a_sure_mistake_has_a_loss_that_is_keras_own() -> None:
    shares = np.eye(10, dtype=np.float32)[[3, 3]]
    result = evaluate(shares, np.array([3, 4], np.uint8))
    assert result.loss == pytest.approx(-np.log(1e-7) / 2, rel=1e-6)


def test_mistakes_come_with_the_surest_first() -> None:
    shares = np.full((4, 10), 0.01, np.float32)
    shares[np.arange(4), [1, 2, 3, 4]] = [0.5, 0.9, 0.8, 0.7]
    assert find_mistakes(shares, np.array([1, 0, 0, 0], np.uint8)).tolist() == [1, 2, 3]


def test_the_confusion_counts_answers_by_label() -> None:
    result = evaluate(_answers(np.array([7, 7, 2])), np.array([2, 7, 2], np.uint8))
    assert (result.confusion[2][7], result.confusion[7][2], result.confusion[2][2]) == (1, 0, 1)
    assert sum(map(sum, result.confusion)) == 3


@pytest.mark.parametrize("images", [0, 1, 300])
def test_the_confusion_alone_is_that_of_the_evaluation(images: int) -> None:
    rng = np.random.default_rng(0)
    probabilities, labels = _answers(rng.integers(0, 10, images)), rng.integers(0, 10, images).astype(np.uint8)
    counts = count_confusion(probabilities, labels)
    assert [len(row) for row in counts] == [10] * 10
    assert all(isinstance(count, int) for row in counts for count in row)
    expected = (
        confusion_matrix(labels, probabilities.argmax(axis=1), labels=list(range(10))) if images else np.zeros((10, 10))
    )
    assert np.array_equal(counts, expected)
    assert not images or evaluate(probabilities, labels).confusion == counts


@pytest.mark.parametrize(
    ("right", "images", "low", "high"),
    [
        # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (9_900, 10_000, 0.9879, 0.9918),
    ],
)
def test_the_interval_is_wilsons(right: int, images: int, low: float, high: float) -> None:
    assert wilson_interval(right, images) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize("images", [1, 3, 10, 9_999, 10_000])
def test_the_interval_stays_between_0_and_1_and_holds_the_accuracy(images: int) -> None:
    for right in {0, 1, images // 2, images - 1, images}:
        low, high = wilson_interval(right, images)
        assert 0 <= low <= right / images <= high <= 1
        assert low < high


def test_the_evaluation_holds_the_interval_of_its_accuracy() -> None:
    result = evaluate(_answers(np.arange(10)), np.arange(10, dtype=np.uint8))
    assert result.interval == wilson_interval(10, 10)


def test_the_most_confused_digits_are_found_both_ways_together() -> None:
    counts = np.diag([10] * 10)
    assert find_most_confused(tuple(map(tuple, counts.tolist()))) is None
    counts[4, 9], counts[9, 4], counts[7, 2] = 3, 2, 4
    assert find_most_confused(tuple(map(tuple, counts.tolist()))) == (4, 9, 5)
