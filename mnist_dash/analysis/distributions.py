"""How a number is spread over the images of each class: curves and percentiles instead of 60,000 points."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Float64s, Labels, Numbers
from mnist_dash.data.dataset import CLASSES

POINTS = 161
"""Points of each curve."""
_OUTSIDE = 0.1
"""Per cent of the images that a curve leaves out at either end."""

_STEP = 0.8
"""The least width of the kernel for whole numbers; MNIST's boxes prefer even ones, which this evens out too."""


@dataclass(frozen=True, slots=True, eq=False)
class Distributions:
    """A number by class; NaN where a class has none.

    `density` (10, m) is the share of a class's images per unit at each value of `grid` (m,). `low`, `median` and
    `high` (10,) are the 5th, 50th and 95th percentile, `mean` and `spread` (10,) mean and standard deviation, and
    `images` (10,) counts those that have the number.
    """

    grid: Float64s
    density: Float64s
    low: Float64s
    median: Float64s
    high: Float64s
    mean: Float64s
    spread: Float64s
    images: npt.NDArray[np.int64]


def estimate_distributions(values: Numbers, labels: Labels, points: int = POINTS) -> Distributions:
    """The distribution of values (n,) in each class of labels (n,), by kernel density estimation.

    The kernel is normal, its width by the rule of Silverman (1986); for whole numbers it is almost a step at least,
    so that their curve is no comb.
    """
    known = np.isfinite(values)
    numbers, digits = np.asarray(values[known], np.float64), labels[known]
    classes = [numbers[digits == digit] for digit in range(CLASSES)]
    step = _STEP if np.array_equal(numbers, np.rint(numbers)) else 0.0
    widths = [max(_width(of), step) for of in classes]
    grid = _grid(numbers, max(widths, default=0.0), points)
    low, median, high, mean, spread = np.array([_figures(of) for of in classes]).T
    return Distributions(
        grid=grid,
        density=np.array([_density(of, width, grid) for of, width in zip(classes, widths, strict=True)]),
        low=low,
        median=median,
        high=high,
        mean=mean,
        spread=spread,
        images=np.array([len(of) for of in classes]),
    )


def count_class_shares(counts: Numbers, labels: Labels, most: int = 3) -> Float64s:
    """The share of each class's images that have 0, 1, …, `most` or more of something (n,): (10, most + 1).

    NaN where a class has no image.
    """
    kinds = np.minimum(np.asarray(counts, np.int64), most)
    table = np.bincount(labels.astype(np.int64) * (most + 1) + kinds, minlength=CLASSES * (most + 1))
    rows = table.reshape(CLASSES, most + 1)
    images = rows.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(rows, images, out=np.full(rows.shape, np.nan), where=images > 0))


def _width(values: Float64s) -> float:
    """The standard deviation of the kernel."""
    if not len(values):
        return 0.0
    quarter, three = np.percentile(values, [25, 75]).tolist()
    spreads = [spread for spread in (float(values.std()), (three - quarter) / 1.34) if spread > 0]
    return 0.9 * min(spreads, default=0.0) / float(np.power(len(values), 0.2))


def _grid(values: Float64s, margin: float, points: int) -> Float64s:
    if not len(values):
        return np.linspace(0, 1, points)
    low, high = np.percentile(values, [_OUTSIDE, 100 - _OUTSIDE])
    margin = margin or 0.5
    return np.linspace(low - 3 * margin, high + 3 * margin, points)


def _density(values: Float64s, width: float, grid: Float64s) -> Float64s:
    """Values counted on the grid and each spread by the kernel; NaN where there are none."""
    if not len(values):
        return np.full(len(grid), np.nan)
    step = grid[1] - grid[0]
    counts, _ = np.histogram(values, np.append(grid, grid[-1] + step) - step / 2)
    # Narrower than half a step a kernel would fall between the points.
    away = (grid - grid[len(grid) // 2]) / max(width, step / 2)
    kernel = np.exp(-(away**2) / 2)
    smooth = np.convolve(counts, kernel / kernel.sum(), mode="same")
    return np.asarray(smooth / (len(values) * step))


def _figures(values: Float64s) -> tuple[float, ...]:
    if not len(values):
        return (float("nan"),) * 5
    low, median, high = np.percentile(values, [5, 50, 95]).tolist()
    return low, median, high, float(values.mean()), float(values.std())
