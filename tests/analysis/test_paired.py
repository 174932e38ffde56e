"""Two models on the same images: McNemar's test against SciPy's exact one, and what it says in words."""

import numpy as np
import pytest
from scipy.stats import binomtest  # type: ignore[import-untyped]

from mnist_dash.analysis.paired import compare_answers, find_disagreements
from mnist_dash.arrays import Labels, Probabilities


def _answers(digits: Labels, sure: float = 0.9) -> Probabilities:
    shares = np.full((len(digits), 10), (1 - sure) / 9, np.float32)
    shares[np.arange(len(digits)), digits] = sure
    return shares


def _models(both: int, first: int, second: int, neither: int) -> tuple[Probabilities, Probabilities, Labels]:
    """Answers of two models to images of 3, of which so many are read right by which; what is wrong is read as 5."""
    one = np.repeat([3, 3, 5, 5], [both, first, second, neither]).astype(np.uint8)
    other = np.repeat([3, 5, 3, 5], [both, first, second, neither]).astype(np.uint8)
    return _answers(one), _answers(other), np.full(len(one), 3, np.uint8)


@pytest.mark.parametrize("counts", [(90, 8, 2, 0), (0, 0, 5, 0), (50, 30, 31, 4), (10, 6, 6, 1), (1000, 60, 25, 22)])
def test_the_chance_is_that_of_a_sign_test(counts: tuple[int, int, int, int]) -> None:
    found = compare_answers(*_models(*counts))
    assert (found.both, found.first, found.second, found.neither) == counts
    assert found.p == pytest.approx(binomtest(found.first, found.first + found.second, 0.5).pvalue, rel=1e-9)
    assert found.differs is (found.p < 0.05)


def test_equal_answers_leave_everything_to_chance() -> None:
    found = compare_answers(*_models(9, 0, 0, 1))
    assert (found.p, found.differs) == (1.0, False)
    assert found.describe("cnn", "reader") == "cnn and reader read the same images right."


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            (1000, 60, 25, 22),
            "cnn reads 60 images right that reader does not, reader 25 that cnn does not: chance alone hardly explains "
            "that (McNemar's test, p < 0.001).",
        ),
        (
            (90, 2, 4, 0),
            "reader reads 4 images right that cnn does not, cnn 2 that reader does not: that may be chance (McNemar's "
            "test, p = 0.688).",
        ),
        ((90, 3, 3, 0), "Each of cnn and reader reads 3 images right that the other does not: even."),
    ],
)
def test_the_verdict_in_words(counts: tuple[int, int, int, int], said: str) -> None:
    assert compare_answers(*_models(*counts)).describe("cnn", "reader") == said


def test_disagreements_come_with_those_first_that_both_are_sure_of() -> None:
    digits = np.array([1, 2, 3, 4], np.uint8)
    first = np.concatenate([_answers(digits[:2], 0.6), _answers(digits[2:], 0.95)])
    second = np.concatenate([_answers(digits[:1]), _answers(np.array([7, 8, 4], np.uint8), 0.9)])
    assert find_disagreements(first, second).tolist() == [2, 1]
