"""Points in a plane: the large shape by components, neighbourhoods by t-SNE, the same every time."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from mnist_dash.analysis import projection
from mnist_dash.analysis.projection import project_pca, project_tsne

Floats = npt.NDArray[np.float64]


def clusters(count: int = 150, dimensions: int = 30) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Three clouds far from each other, and which of them each point is of."""
    rng = np.random.default_rng(0)
    kind = np.arange(count) % 3
    return rng.normal(size=(3, dimensions))[kind] * 8 + rng.normal(size=(count, dimensions)), kind


def test_components_are_those_of_the_singular_values() -> None:
    values = np.random.default_rng(1).normal(size=(80, 6)) * [9, 5, 3, 2, 1, 1]
    along, shares = project_pca(values, 3)
    left, singular, _ = np.linalg.svd(values - values.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(np.abs(along), np.abs(left * singular)[:, :3], atol=1e-9)
    np.testing.assert_allclose(shares, (singular**2 / (singular**2).sum())[:3])


def test_a_component_has_one_direction_of_two() -> None:
    values = np.random.default_rng(1).normal(size=(80, 6)) * [9, 5, 3, 2, 1, 1]
    np.testing.assert_allclose(project_pca(-values, 2)[0], -project_pca(values, 2)[0], atol=1e-9)


@pytest.mark.parametrize("values", [np.arange(5.0)[:, np.newaxis], np.zeros((5, 4)), np.ones((5, 1))])
def test_values_that_hardly_vary_have_two_components_too(values: Floats) -> None:
    along, shares = project_pca(values, 50)
    assert along.shape[1] == len(shares) >= 2
    assert np.isfinite(along).all()
    assert np.isfinite(shares).all()


def test_neighbours_stay_neighbours() -> None:
    values, kind = clusters()
    points = project_tsne(values, 10, 0)
    assert points.shape == (150, 2)
    assert points.dtype == np.float32
    distances = np.linalg.norm(points[:, np.newaxis] - points, axis=2) + np.diag(np.full(150, np.inf))
    assert (kind[distances.argmin(axis=1)] == kind).all()


@pytest.mark.slow
@pytest.mark.parametrize("grid", [10, 10_000], ids=["grid", "trees"])
def test_points_are_the_same_every_time_on_any_number_of_cores(grid: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "_TUNED", replace(projection._TUNED, quicker_by_grid=grid, early=20, late=10))
    values, _ = clusters()
    maps = []
    for cores in (2, 2, 3):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        maps.append(project_tsne(values, 10, 0))
    assert np.array_equal(maps[0], maps[1])
    assert np.array_equal(maps[0], maps[2])


def test_how_far_it_is_rises_to_the_end() -> None:
    shares: list[float] = []
    project_tsne(clusters()[0], 10, 0, lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == pytest.approx(1)
    assert len(shares) > 50


def test_images_that_are_all_alike_have_points_too() -> None:
    assert np.isfinite(project_tsne(np.ones((120, 8)), 10, 0)).all()
