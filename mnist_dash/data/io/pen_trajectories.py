"""Digits as eight points of a pen, as UCI's pendigits are: drawn, for sixteen coordinates are no picture of 4×4 pixels.

Alimoglu and Alpaydin (1996) resampled each digit to eight points at equal distances along the pen's way, y upwards, and
scaled it until its longer side runs from 0 to 100; where the pen was lifted is not kept.
"""

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import AnyNumbers, Bytes
from mnist_dash.data.progress import Progress, silent, tell_share

POINTS = 8
VALUES = 2 * POINTS
"""Of a row."""
READ = 0.05
"""The share of the work that reading such rows is; drawing them is the rest."""
REACH = 100
"""The greatest coordinate."""
MOST = 0.9
"""The share of rows that run from 0 to REACH, from which on they are trajectories and no pictures."""
NOTE = "Rows of 16 pen coordinates, as UCI's pendigits, were drawn as strokes."


def are_trajectories(rows: AnyNumbers) -> bool:
    """Whether rows (n, k) hold eight points x, y from 0 to 100, each digit from edge to edge of its longer side."""
    if rows.ndim != 2 or rows.shape[1] != VALUES or not len(rows) or rows.dtype.kind not in "iuf":
        return False
    if rows.min() != 0 or rows.max() != REACH:
        return False
    points = rows.reshape(-1, POINTS, 2)
    span = points.max(axis=1).astype(np.float64) - points.min(axis=1)
    return float((span.max(axis=1) == REACH).mean()) >= MOST


def draw_trajectories(rows: AnyNumbers, progress: Progress = silent) -> Bytes:
    """The digits of rows (n, 16) as images (n, 28, 28), drawn by the usual pen through their points."""
    from mnist_dash.data.generator.parameters import USUAL  # with a pen that few need
    from mnist_dash.data.generator.writers import Written, draw_image

    points = rows.reshape(-1, POINTS, 2).astype(np.float64) / REACH
    points[..., 1] = 1 - points[..., 1]
    told = tell_share(points, len(points), lambda share: progress(f"Drawing {len(points):,} digits", share))
    return np.stack([draw_image(Written(0, 0, (_smooth(each),), USUAL.pen / 100)) for each in told])


def _smooth(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """More points between the eight, on a curve through them: the pen wrote no polygon."""
    from scipy.interpolate import CubicSpline  # type: ignore[import-untyped]

    steps = np.arange(POINTS)
    return np.asarray(CubicSpline(steps, points)(np.linspace(0, POINTS - 1, 8 * POINTS)))
