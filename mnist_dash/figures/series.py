"""Long series made fit for a figure: thinned without losing peaks, smoothed, and read in three numbers."""

from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Floats, Integers

POINTS = 1_500
"""Beyond this many points a line says no more, it only weighs more."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A series at a glance: its least, greatest and latest finite value, and where the best of them stands."""

    least: float
    greatest: float
    latest: float
    best: int


def summarise_series(values: Floats, *, greater_is_better: bool) -> Reading | None:
    """The finite values of a series in short, or None where there is none; of equals, the first is the best."""
    finite = np.flatnonzero(np.isfinite(values))
    if not len(finite):
        return None
    kept = values[finite]
    best = int(finite[np.argmax(kept) if greater_is_better else np.argmin(kept)])
    return Reading(float(kept.min()), float(kept.max()), float(kept[-1]), best)


def thin(values: Floats, limit: int = POINTS) -> Integers:
    """The places of at most `limit` values: the lowest and highest of each stretch, so that peaks stay, and the last.

    Stretches double in length as a series grows, so that a line that is watched keeps its points in between.
    """
    if len(values) <= limit:
        return np.arange(len(values))
    size = 1 << (-(-len(values) * 2 // (limit - 2)) - 1).bit_length()
    padded = np.concatenate([values, np.full(-len(values) % size, values[-1])]).reshape(-1, size)
    starts = np.arange(len(padded)) * size
    ends = [starts + padded.argmin(axis=1), starts + padded.argmax(axis=1), [len(values)]]
    return np.unique(np.minimum(np.concatenate(ends), len(values) - 1))


def sample_evenly(count: int, limit: int) -> Integers:
    """At most `limit` places among `count` values, evenly spaced, and the last; as in `thin`, distances double."""
    size = 1 << (-(-max(count, 1) // (limit - 1)) - 1).bit_length()
    return np.unique(np.append(np.arange(size - 1, count, size), count - 1)) if count else np.arange(0)


def smooth(values: Floats, span: int, places: Integers) -> Floats:
    """At each of `places` the mean of the value there and those before it, `span` in all or as many as there are."""
    sums = np.concatenate([np.zeros(1), np.cumsum(values, dtype=np.float64)])
    ends = places + 1
    starts = np.maximum(ends - span, 0)
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts))
