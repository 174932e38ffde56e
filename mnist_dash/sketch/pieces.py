"""Pieces of ink that hang together, how large and how broad each is: what everything that cuts ink up starts from."""

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Ink


def label_pieces(ink: Ink) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """The number of each pixel's piece (h, w), counted from 1, and how many pixels each piece has (n + 1,).

    Ink hangs together at corners too. Number 0 is what is no ink; its size is given as 0.
    """
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only drawings and pictures need

    pieces, count = ndimage.label(ink, np.ones((3, 3)))
    sizes = np.bincount(pieces.ravel(), minlength=count + 1)
    sizes[0] = 0
    return pieces, sizes


def are_no_dust(sizes: npt.NDArray[np.int64], speck: int) -> npt.NDArray[np.bool_]:
    """Whether each size is less than `speck` times smaller than the largest one, or just so many times."""
    return np.asarray(sizes * speck >= sizes.max(initial=0))


def measure_breadth(ink: Ink) -> float:
    """How broad strokes are at most, as a share of the longer side of all ink (h, w)."""
    from scipy import ndimage

    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return 0.0
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    return float(2 * ndimage.distance_transform_edt(np.pad(ink, 1)).max() / longer)


def open_ink(ink: Ink, side: int) -> Ink:
    """The binary opening by a square of so many pixels: what is narrower goes. Rows and columns apart are quicker."""
    from scipy import ndimage

    thin = ndimage.minimum_filter(ink.view(np.uint8), side, mode="constant")
    return np.asarray(ndimage.maximum_filter(thin, side, mode="constant").view(np.bool_))


def close_ink(ink: Ink, side: int) -> Ink:
    """The binary closing by a square of so many pixels: what is narrower is filled, but for the border."""
    from scipy import ndimage

    thick = ndimage.maximum_filter(ink.view(np.uint8), side, mode="constant")
    return np.asarray(ndimage.minimum_filter(thick, side, mode="constant").view(np.bool_))
