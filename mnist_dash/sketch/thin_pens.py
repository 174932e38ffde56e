"""Pens that are thin beside their digits, drawn as broad as readers know them.

A phone's photo of a telephone number has strokes of a thirtieth of a digit's height, MNIST's have a tenth. Scaled down
to 28×28 a thin stroke fades, and the small loop of a 9 with it: of people's digits by a pen of a fiftieth the bundled
reader reads 98.0 %, and 99.1 % when they are drawn broader (`benchmarks.thin_pens`).
"""

import numpy as np

from mnist_dash.arrays import Ink
from mnist_dash.sketch.pieces import shrink_cross

USUAL = 0.1
"""The breadth of pens in MNIST, as a share of the digit's longer side: a thinner pen is drawn so broad."""


def broaden_thin_pen(ink: Ink) -> Ink:
    """Ink (h, w) of one digit, with room around it, as a pen of at least the usual breadth would have drawn it."""
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return ink
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    reach = (USUAL * longer - measure_pen(ink)) / 2
    return ink if reach < 1 else np.asarray(ndimage.distance_transform_edt(~ink) <= reach)


def measure_pen(ink: Ink) -> float:
    """How broad strokes usually are, in pixels: a stroke has two pixels of outline for each of its length."""
    outline = np.count_nonzero(ink & ~shrink_cross(ink))
    return 2 * np.count_nonzero(ink) / outline if outline else 0.0
