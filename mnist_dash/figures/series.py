"""Long series made fit for a figure: thinned without losing peaks, smoothed, and read in three numbers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Series = npt.NDArray[np.float64]

POINTS = 2_000
"""Beyond this many points a line says no more, it only weighs more."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A series at a glance: its least, greatest and latest finite value, and where the best of them stands."""

    least: float
    greatest: float
    latest: float
    best: int


def reading(values: Series, *, greater_is_better: bool) -> Reading | None:
    """The finite values of a series in short, or None where there is none; of equals, the first is the best."""
    finite = np.flatnonzero(np.isfinite(values))
    if not len(finite):
        return None
    kept = values[finite]
    best = int(finite[np.argmax(kept) if greater_is_better else np.argmin(kept)])
    return Reading(float(kept.min()), float(kept.max()), float(kept[-1]), best)


def thinned(x: Series, y: Series, limit: int = POINTS) -> tuple[Series, Series]:
    """At most `limit` points: of each stretch its lowest and its highest, in their order, so that peaks stay."""
    if len(x) <= limit:
        return x, y
    size = -(-len(y) * 2 // limit)
    padded = np.concatenate([y, np.full(-len(y) % size, y[-1])]).reshape(-1, size)
    starts = np.arange(len(padded)) * size
    ends = np.stack([starts + padded.argmin(axis=1), starts + padded.argmax(axis=1)])
    kept = np.unique(np.minimum(ends, len(y) - 1))
    return x[kept], y[kept]


def smoothed(x: Series, y: Series, span: float = 25, limit: int = 400) -> tuple[Series, Series]:
    """An exponential moving average over about `span` values, at no more than `limit` points.

    The start is corrected for its missing past, as in Kingma and Ba, "Adam" (2015), section 3; values that are
    not finite are left out, and so are the points at which nothing finite has been seen.
    """
    finite = np.isfinite(y)
    x, y = _bucket_means(x[finite], limit), _bucket_means(y[finite], limit)
    keep = (1 - 1 / span) ** (finite.sum() / max(len(y), 1))
    average, weight, line = 0.0, 0.0, np.empty(len(y))
    for i, value in enumerate(y.tolist()):
        average = keep * average + (1 - keep) * value
        weight = keep * weight + (1 - keep)
        line[i] = average / weight
    return x, line


def _bucket_means(values: Series, limit: int) -> Series:
    if len(values) <= limit:
        return values
    edges = np.linspace(0, len(values), limit + 1).astype(np.intp)
    return np.asarray(np.add.reduceat(values, edges[:-1]) / np.diff(edges))
