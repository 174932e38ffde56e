import numpy as np
import pytest

from mnist_dash.figures.series import Reading, sample_evenly, smooth, summarise_series, thin


def test_a_series_is_read_in_least_greatest_latest_and_best() -> None:
    values = np.array([0.5, 0.2, np.nan, 0.4])
    assert summarise_series(values, greater_is_better=False) == Reading(least=0.2, greatest=0.5, latest=0.4, best=1)
    assert summarise_series(values, greater_is_better=True) == Reading(least=0.2, greatest=0.5, latest=0.4, best=0)


def test_a_series_of_nothing_finite_has_no_reading() -> None:
    assert summarise_series(np.array([np.nan, np.inf]), greater_is_better=True) is None


def test_a_short_series_is_left_as_it_is() -> None:
    assert list(thin(np.arange(5.0), limit=5)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("length", [1_501, 10_007, 100_000])
def test_a_long_series_is_thinned_and_keeps_its_peaks_and_its_end(length: int) -> None:
    y = np.random.default_rng(0).random(length)
    y[1_234], y[length - 7] = 9, -9
    kept = thin(y)
    assert 600 <= len(kept) <= 1_500
    assert (np.diff(kept) > 0).all()
    assert kept[-1] == length - 1
    assert {1_234, length - 7} <= set(kept.tolist())


def test_a_growing_series_keeps_the_points_that_were_drawn() -> None:
    y = np.random.default_rng(0).random(40_000)
    before, after = thin(y[:39_936]), thin(y)
    assert set(before[:-1].tolist()) <= set(after.tolist())


@pytest.mark.parametrize("count", [0, 1, 599, 600, 601, 1_200_000])
def test_samples_are_evenly_spaced_and_end_with_the_last(count: int) -> None:
    places = sample_evenly(count, 600)
    assert len(places) <= 600
    assert list(places[-1:]) == ([count - 1] if count else [])
    assert len(set(np.diff(places)[:-1].tolist())) <= 1


def test_a_smoothed_value_is_the_mean_of_as_many_as_the_span_or_as_there_are() -> None:
    means = smooth(np.array([4.0, 2.0, 6.0, 1.0]), 3, np.arange(4))
    np.testing.assert_allclose(means, [4, 3, 4, 3])


def test_a_span_of_one_leaves_values_as_they_are() -> None:
    values = np.random.default_rng(0).random(50)
    np.testing.assert_allclose(smooth(values, 1, np.arange(50)), values)


def test_smoothing_stays_exact_over_a_million_values_of_single_precision() -> None:
    values = np.random.default_rng(0).random(1_000_000).astype(np.float32)
    last = smooth(values, 50, np.array([999_999]))
    assert last[0] == pytest.approx(values[-50:].astype(np.float64).mean(), abs=1e-9)


def test_smoothing_nothing_gives_nothing() -> None:
    assert len(smooth(np.empty(0), 25, np.arange(0))) == 0
