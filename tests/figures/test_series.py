import numpy as np
import pytest

from mnist_dash.figures.series import Reading, reading, smoothed, thinned


def test_a_series_is_read_in_least_greatest_latest_and_best() -> None:
    values = np.array([0.5, 0.2, np.nan, 0.4])
    assert reading(values, greater_is_better=False) == Reading(least=0.2, greatest=0.5, latest=0.4, best=1)
    assert reading(values, greater_is_better=True) == Reading(least=0.2, greatest=0.5, latest=0.4, best=0)


def test_a_series_of_nothing_finite_has_no_reading() -> None:
    assert reading(np.array([np.nan, np.inf]), greater_is_better=True) is None


def test_a_short_series_is_left_as_it_is() -> None:
    x, y = np.arange(5.0), np.arange(5.0)
    assert thinned(x, y, limit=5) == (x, y)


@pytest.mark.parametrize("length", [2_001, 10_007, 100_000])
def test_a_long_series_is_thinned_and_keeps_its_peaks(length: int) -> None:
    y = np.random.default_rng(0).random(length)
    y[1_234], y[length - 1] = 9, -9
    x, kept = thinned(np.arange(float(length)), y)
    assert 1_000 <= len(x) <= 2_000
    assert (np.diff(x) > 0).all()
    assert (kept.max(), kept.min()) == (9, -9)
    np.testing.assert_array_equal(kept, y[x.astype(int)])


def test_smoothing_keeps_a_constant_from_its_first_value_on() -> None:
    _, line = smoothed(np.arange(1_000.0), np.full(1_000, 3.0))
    np.testing.assert_allclose(line, 3.0)
    assert len(line) <= 400


def test_smoothing_calms_noise_and_follows_a_step() -> None:
    noise = np.random.default_rng(0).normal(size=300)
    step = np.where(np.arange(300) < 150, 0.0, 10.0)
    _, line = smoothed(np.arange(300.0), step + noise)
    assert np.abs(line[100:150]).max() < 1
    assert line[-1] == pytest.approx(10, abs=1)


def test_smoothing_leaves_out_what_is_not_finite() -> None:
    x, line = smoothed(np.arange(3.0), np.array([1.0, np.nan, 1.0]))
    assert (list(x), list(line)) == ([0, 2], [1, 1])


def test_smoothing_nothing_gives_nothing() -> None:
    assert len(smoothed(np.empty(0), np.empty(0))[1]) == 0
