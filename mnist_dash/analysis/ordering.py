"""In which order digits are shown: as in the file, shuffled, or by any number that there is one of for each image."""

import numpy as np

from mnist_dash.arrays import Indices, Labels, Numbers


def order(
    labels: Labels,
    by: Numbers | None = None,
    *,
    descending: bool = False,
    seed: int | None = None,
    digit: int | None = None,
) -> Indices:
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


def _ranked(values: Numbers, descending: bool) -> Indices:
    # In floating point, since small whole numbers without a sign have no negative.
    keys = np.asarray(values, np.float32)
    return np.argsort(-keys if descending else keys, kind="stable")
