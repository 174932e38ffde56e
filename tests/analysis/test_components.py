import numpy as np
import pytest

from mnist_dash.analysis.components import find_basis, project_bounding
from mnist_dash.data.dataset import Digits


def test_vectors_are_orthonormal_and_sorted_by_what_they_explain(small: Digits) -> None:
    found = find_basis(small.images, kept=12)
    np.testing.assert_allclose(found.vectors.T @ found.vectors, np.eye(12), atol=1e-5)
    assert (np.diff(found.shares) <= 0).all()


def test_components_are_those_of_the_covariance(small: Digits) -> None:
    rows = small.images.reshape(-1, 784).astype(np.float64)
    values, vectors = np.linalg.eigh(np.cov(rows.T))
    found = find_basis(small.images, kept=3)
    np.testing.assert_allclose(found.mean, rows.mean(axis=0), atol=1e-3)
    np.testing.assert_allclose(found.shares, values[:-4:-1] / values.sum(), rtol=1e-4)
    np.testing.assert_allclose(np.abs((found.vectors * vectors[:, :-4:-1]).sum(axis=0)), 1, atol=1e-4)


def test_the_same_images_give_the_same_signs(small: Digits) -> None:
    found = find_basis(small.images, kept=5).vectors
    assert (found.max(axis=0) == np.abs(found).max(axis=0)).all()


@pytest.mark.parametrize("kept", [2, 20])
def test_no_two_lie_farther_apart_than_in_truth(calm: Digits, kept: int) -> None:
    rows = calm.images[:80].reshape(-1, 784).astype(np.float32)
    places = project_bounding(rows, find_basis(calm.images, kept).vectors)
    true = np.linalg.norm(rows[:, np.newaxis] - rows, axis=2)
    least = np.linalg.norm(places[:, np.newaxis] - places, axis=2)
    assert (least <= true * 1.0001 + 0.1).all()
    assert least.sum() > 0.4 * true.sum()


def test_what_is_left_out_of_what_is_described_wholly_is_nothing(small: Digits) -> None:
    few = small.images[:20]
    onto = find_basis(few)
    places = project_bounding((few.reshape(-1, 784) - onto.mean), onto.vectors)
    assert np.abs(places[:, -1]).max() < 0.1


def test_images_that_do_not_differ_have_no_variance_to_explain() -> None:
    assert not find_basis(np.full((5, 28, 28), 7, np.uint8), kept=2).shares.any()
