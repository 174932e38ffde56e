"""A hand is late, smooth and a little too far: the more so in haste."""

import numpy as np
import pytest

from mnist_dash.arrays import Float64s
from mnist_dash.data.generator.kinematics import SAMPLES, answers, move, plan_times, spline

CORNER = np.array([[0, 0], [0, 0.5], [0, 1.0], [0, 1.0], [0.5, 1.0], [1.0, 1.0]])
BAR = np.array([[0, 0], [0, 0.5], [0, 1.0]])


def moved(points: Float64s, roundness: float = 1, haste: float = 0, overshoot: float = 0) -> Float64s:
    """The trajectory (t, 2) of one hand."""
    one = np.ones(1)
    corners = tuple((np.flatnonzero((points[1:] == points[:-1]).all(axis=1)) + 1).tolist())
    return np.asarray(move(points[np.newaxis], points, corners, roundness * one, haste * one, overshoot * one)[0])


def test_a_curve_runs_through_its_points_and_turns_at_a_doubled_one() -> None:
    points = np.array([[0, 0], [1, 0], [1, 0], [1, 1.0]])
    smooth, straight = (mixture @ points for mixture in spline(4, (2,)))
    for curve in (smooth, straight):
        assert all(np.isclose(curve, point).all(axis=1).any() for point in points)
        assert np.allclose(curve[-SAMPLES:, 0], 1)


def test_the_plan_rests_at_corners_and_slows_down_in_bends() -> None:
    corner = plan_times(spline(len(CORNER), (3,))[0] @ CORNER)
    assert (np.diff(corner) >= 0).all()
    assert np.diff(corner)[3 * SAMPLES - SAMPLES : 3 * SAMPLES].sum() > 0
    angle = np.linspace(0, np.pi, 40)
    arc, line = np.stack([np.cos(angle), np.sin(angle)], 1), np.stack([angle, 0 * angle], 1)
    assert plan_times(0.2 * arc)[-1] > 1.2 * plan_times(0.2 * line)[-1]


def test_answers_rise_from_nothing_to_all_but_everything() -> None:
    for answer in answers(tuple(plan_times(BAR))):
        assert (np.diff(answer, axis=1) >= -1e-12).all()
        assert np.allclose(answer[:, 0, -1], 0, atol=0.01)
    assert answers(tuple(plan_times(BAR)))[0][:, -1].min() > 0.95


def test_a_calm_hand_follows_the_path_and_a_hasty_one_cuts_the_corner() -> None:
    calm, hasty = (np.hypot(*(moved(CORNER, haste=haste) - [0, 1]).T).min() for haste in (0, 1))
    assert calm < 0.01 < 0.03 < hasty


def test_a_hand_that_is_caught_late_goes_too_far() -> None:
    assert moved(BAR, haste=0.5, overshoot=1)[:, 1].max() > 1.01 > moved(BAR, haste=0.5)[:, 1].max()


@pytest.mark.parametrize("roundness", [0.0, 1.0, 1.5])
def test_roundness_bends_what_lies_between_the_points(roundness: float) -> None:
    arch = np.array([[0, 0], [0.5, 0.5], [1, 0.0]])
    between = moved(arch, roundness)
    straight = moved(arch, 0)
    assert np.abs(between - straight).max() == pytest.approx(roundness * np.abs(moved(arch, 1) - straight).max())
