"""What the epochs so far decide: the learning rate of every step, and when to stop early.

Pure functions of the spec and the finished epochs, so that a run that goes on after an interruption takes the very
steps that it would have taken.
"""

from collections.abc import Sequence

import numpy as np

from mnist_dash.arrays import Float64s
from mnist_dash.methods.parameters import Schedule
from mnist_dash.methods.spec import RunSpec

STEPS_AT = (0.6, 0.85)
"""Shares of the epochs after which the schedule `step` divides the rate by ten."""
WARM_UP = 0.3
"""The share of the epochs in which `one_cycle` rises (Smith and Topin, "Super-convergence", 2018)."""
PLATEAU_EPOCHS, PLATEAU_FACTOR = 3, 0.5


def compute_rates(spec: RunSpec, steps: int, epoch: int, losses: Sequence[float]) -> Float64s:
    """The learning rate of each of the `steps` of `epoch` (counted from 1); `losses` are those watched so far.

    `losses` has one for each finished epoch: held out, or of training where nothing is held out. Where training was
    continued, the schedule starts anew.
    """
    first, last = _lap(spec, epoch)
    share = (np.arange(steps) + (epoch - 1 - first) * steps) / ((last - first) * steps)
    return np.asarray(spec.learning_rate * _factor(Schedule(spec.schedule), share, losses[first:]))


def is_patience_over(spec: RunSpec, losses: Sequence[float]) -> bool:
    """Whether the watched loss has not fallen for `patience` epochs, since training was last continued."""
    first, _ = _lap(spec, len(losses) + 1)
    return 0 < spec.patience <= _since_best(losses[first:])


def _lap(spec: RunSpec, epoch: int) -> tuple[int, int]:
    """The finished epochs between which the stretch of training lies that `epoch` is part of."""
    starts = (0, *spec.continued)
    first = max(start for start in starts if start < epoch)
    return first, min((start for start in spec.continued if start >= epoch), default=spec.epochs)


def _factor(schedule: Schedule, share: Float64s, losses: Sequence[float]) -> Float64s:
    match schedule:
        case Schedule.CONSTANT:
            return np.ones_like(share)
        case Schedule.STEP:
            return np.asarray(10.0 ** -np.searchsorted(STEPS_AT, share, side="right").astype(np.float64))
        case Schedule.COSINE:
            return _cosine(share)
        case Schedule.ONE_CYCLE:
            rise = 0.1 + 0.9 * share / WARM_UP
            fall = 0.001 + 0.999 * _cosine((share - WARM_UP) / (1 - WARM_UP))
            return np.where(share < WARM_UP, rise, fall)
        case Schedule.PLATEAU:
            return np.full_like(share, PLATEAU_FACTOR ** _plateaus(losses))


def _cosine(share: Float64s) -> Float64s:
    return np.asarray((1 + np.cos(np.pi * np.clip(share, 0, 1))) / 2)


def _plateaus(losses: Sequence[float]) -> int:
    """How often the loss has not fallen for PLATEAU_EPOCHS, counted as Keras' ReduceLROnPlateau does: then anew."""
    best, waited, plateaus = float("inf"), 0, 0
    for loss in losses:
        waited = 0 if loss < best else waited + 1
        best = min(best, loss)
        if waited == PLATEAU_EPOCHS:
            waited, plateaus = 0, plateaus + 1
    return plateaus


def _since_best(losses: Sequence[float]) -> int:
    return len(losses) - 1 - int(np.argmin(losses)) if losses else 0
