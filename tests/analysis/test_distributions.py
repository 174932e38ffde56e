from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pytest

from mnist_dash.analysis.distributions import count_class_shares, estimate_distributions

RANDOM = np.random.default_rng(0)
LABELS = np.repeat(np.arange(9, dtype=np.uint8), 2_000)
# Evenly spaced quantiles: a normal distribution without its chance.
QUANTILES = np.array([NormalDist().inv_cdf((i + 0.5) / 2_000) for i in range(2_000)])
VALUES = (LABELS + (1 + LABELS / 10) * np.tile(QUANTILES, 9)).astype(np.float32)
FOUND = estimate_distributions(VALUES, LABELS)


def test_figures_are_those_of_the_class() -> None:
    own = VALUES[LABELS == 4]
    np.testing.assert_allclose((FOUND.low[4], FOUND.median[4], FOUND.high[4]), np.percentile(own, [5, 50, 95]))
    np.testing.assert_allclose((FOUND.mean[4], FOUND.spread[4]), (own.mean(), own.std()), rtol=1e-4)
    assert FOUND.images.tolist() == [2_000] * 9 + [0]


def test_a_curve_is_the_density_of_its_class() -> None:
    normal = np.exp(-((FOUND.grid - 4) ** 2) / (2 * 1.4**2)) / (1.4 * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(FOUND.density[4], normal, atol=0.008)
    step = FOUND.grid[1] - FOUND.grid[0]
    np.testing.assert_allclose(FOUND.density[:9].sum(axis=1) * step, 1, atol=0.02)


def test_a_class_without_numbers_has_no_curve() -> None:
    assert np.isnan(FOUND.density[9]).all()
    assert np.isnan(FOUND.median[9])


def test_images_without_a_number_are_left_out() -> None:
    values = VALUES.copy()
    values[LABELS == 2] = np.nan
    values[0] = np.nan
    found = estimate_distributions(values, LABELS)
    assert found.images.tolist()[:3] == [1_999, 2_000, 0]


def test_whole_numbers_make_no_comb() -> None:
    values = RANDOM.binomial(20, 0.5, 5_000)
    curve = estimate_distributions(values, np.zeros(5_000, np.uint8)).density[0]
    assert (np.diff(np.sign(np.diff(curve[curve > curve.max() / 20]))) != 0).sum() == 1


@pytest.mark.parametrize("values", [np.zeros(0), np.full(4, 3.0), np.array([1.0]), np.full(3, np.nan)])
def test_hardly_any_numbers_still_have_a_curve(values: npt.NDArray[np.float64]) -> None:
    found = estimate_distributions(values, np.zeros(len(values), np.uint8))
    assert found.density.shape == (10, len(found.grid))
    assert (np.diff(found.grid) > 0).all()


def test_counts_become_shares_of_their_class() -> None:
    found = count_class_shares(np.array([0, 1, 1, 5, 2]), np.array([8, 8, 8, 8, 1], np.uint8))
    np.testing.assert_allclose(found[8], [0.25, 0.5, 0, 0.25])
    np.testing.assert_allclose(found[1], [0, 0, 1, 0])
    assert np.isnan(found[0]).all()
