"""In which order digits are shown: as in the file, shuffled, or by any number that there is one of for each image."""

import numpy as np
import numpy.typing as npt

from mnist_dash.data.dataset import Labels

Index = npt.NDArray[np.int64]
Values = npt.NDArray[np.floating | np.integer]
"""(n,): one number an image, NaN where there is none."""


def order(
    labels: Labels,
    by: Values | None = None,
    *,
    descending: bool = False,
    seed: int | None = None,
    digit: int | None = None,
) -> Index:
    """Indices of all images with labels (n,), or of those of one `digit`, sorted `by` a number for each of all images.

    Without `by` they are shuffled by `seed`, and without that as in the file. Images without a number (NaN) come
    last either way, and those with the same one as in the file.
    """
    kept = np.arange(len(labels)) if digit is None else np.flatnonzero(labels == digit)
    if by is not None:
        return kept[_ranked(by[kept], descending)]
    if seed is not None:
        return np.random.default_rng(seed).permutation(kept)
    return kept[::-1] if descending else kept


def _ranked(values: Values, descending: bool) -> Index:
    # In floating point, since small whole numbers without a sign have no negative.
    keys = np.asarray(values, np.float32)
    return np.argsort(-keys if descending else keys, kind="stable")
