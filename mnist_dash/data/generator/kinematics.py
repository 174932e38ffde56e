"""How a hand moves along the path that it has in mind: late, smooth, and a little too far.

The path is a curve through control points. The hand means to follow it at a speed that falls where the path bends
(the two-thirds power law: Lacquaniti, Terzuolo and Viviani, "The law relating the kinematic and figural aspects of
drawing movements", 1983) and rests for a moment at every corner. What the pen does is the answer of muscles to that
plan, and that answer is lognormal in time (Plamondon, "A kinematic theory of rapid human movements", 1995), simplified
here to one lognormal for the muscle that moves and a later one for the muscle that catches. An answer that is long
as compared to the path, which is haste, cuts corners and flattens curves; one that is caught too late overshoots.
All of it is linear in the control points, so that many digits are written at once.
"""

from functools import lru_cache

import numpy as np

from mnist_dash.arrays import Curve, Float64s

SAMPLES = 4
"""Points of the planned path from one control point to the next."""
LEVELS = 12
"""Degrees of haste that are told apart, from 0 to 1."""
_SLOWEST, _QUICKEST = 0.012, 0.25
"""Delay of the muscles with the least and the most haste, in the time that takes a path one unit long."""
_SPREAD = 0.45
"""Sigma of the lognormals: how much an answer is spread in time, as a share of its delay."""
_LATER = 1.9
"""How much later the catching muscle answers."""
_DWELL = 0.04
"""How long the plan rests at a corner."""
_BENT = 0.35
"""How much slower a path is that turns by its own length."""
PACE = 0.065
"""Time from one point of the trajectory to the next."""


@lru_cache(maxsize=512)
def spline(count: int, corners: tuple[int, ...] = ()) -> tuple[Float64s, Float64s]:
    """The curve through `count` points, round and straight: each sample (samples, count) as a mixture of the points.

    It rests from the point before each of `corners` to that one, and turns there. The round one is a Catmull–Rom
    spline, its ends mirrored: Catmull and Rom, "A class of local interpolating splines" (1974).
    """
    t = np.arange(SAMPLES)[:, np.newaxis] / SAMPLES
    basis = np.hstack([-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2]) / 2
    at = np.eye(count)
    starts, ends = {0, *corners}, {count - 1, *(corner - 1 for corner in corners)}
    smooth, straight = [], []
    for i in range(count - 1):
        j = i if i + 1 in corners else i + 1
        before = 2 * at[i] - at[j] if i in starts else at[i - 1]
        after = 2 * at[j] - at[i] if j in ends else at[j + 1]
        smooth.append(at[[i] * SAMPLES] if j == i else basis @ np.stack([before, at[i], at[j], after]))
        straight.append((1 - t) * at[i] + t * at[j])
    return np.vstack([*smooth, at[-1]]), np.vstack([*straight, at[-1]])


def plan_times(path: Curve) -> Float64s:
    """(points,): when the hand means to be at each point of a path (points, 2), from 0."""
    steps = np.diff(path, axis=0)
    lengths = np.hypot(*steps.T)
    moving = lengths > 1e-9
    directions = np.zeros(len(steps))
    directions[moving] = np.unwrap(np.arctan2(steps[moving, 1], steps[moving, 0]))
    turns = np.zeros(len(steps))
    turns[moving] = np.abs(np.gradient(directions[moving])) if moving.sum() > 1 else 0
    bends = turns / np.maximum(lengths, 1e-9)
    durations = np.where(moving, lengths * (1 + _BENT * np.minimum(bends, 40) ** (1 / 3)), _DWELL / SAMPLES)
    return np.concatenate([[0], np.cumsum(durations)])


@lru_cache(maxsize=512)
def answers(plan: tuple[float, ...]) -> tuple[Float64s, Float64s]:
    """What the muscle that moves and the one that catches make of a plan, by haste: (LEVELS, points, steps) each.

    A number says how much of a step of the plan is done at a point of the trajectory.
    """
    times = np.array(plan)
    count = max(4, int(np.ceil(times[-1] / PACE)))
    moved, caught = [], []
    for delay in np.geomspace(_SLOWEST, _QUICKEST, LEVELS):
        # The pen is lifted when the hand has all but arrived.
        at = np.linspace(0, times[-1] + 2.2 * delay, count)
        since = at[:, np.newaxis] - times[np.newaxis, 1:]
        moved.append(_lognormal(since, delay))
        caught.append(_lognormal(since, delay * _LATER))
    return np.stack(moved), np.stack(caught)


def _lognormal(since: Float64s, delay: float) -> Float64s:
    """The cumulative lognormal distribution with that median, 0 before it begins."""
    x = np.log(np.maximum(since, 1e-9) / delay) / _SPREAD
    # Within 0.0002 of the normal distribution, by the logistic one of Page (1977), and without scipy.
    return np.asarray(1 / (1 + np.exp(-np.clip(1.5976 * x + 0.070566 * x**3, -60, 60))))


def move(
    points: Float64s, usual: Curve, corners: tuple[int, ...], roundness: Float64s, haste: Float64s, overshoot: Float64s
) -> Float64s:
    """(n, t, 2): the trajectories of n hands through control points (n, c, 2) with `corners`; `usual` (c, 2) are usual.

    `roundness`, `haste` and `overshoot` (n,) are as in `parameters`. All hands take the time that the usual path takes.
    """
    smooth, straight = spline(len(usual), corners)
    round_path, straight_path = smooth @ points, straight @ points
    path = straight_path + roundness[:, np.newaxis, np.newaxis] * (round_path - straight_path)
    moved, caught = answers(tuple(plan_times(smooth @ usual).round(4)))
    level = np.rint(np.clip(haste, 0, 1) * (LEVELS - 1)).astype(int)
    swing = overshoot[:, np.newaxis, np.newaxis]
    answer = (1 + swing) * moved[level] - swing * caught[level]
    return np.asarray(path[:, :1] + answer @ np.diff(path, axis=1))
