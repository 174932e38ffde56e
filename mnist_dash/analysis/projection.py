"""Points in a plane for points in many dimensions: along the principal components, or by t-SNE.

t-SNE follows van der Maaten and Hinton, "Visualizing Data using t-SNE", JMLR 9 (2008), in the implementation of
Poličar, Stražar and Zupan, "openTSNE: A Modular Python Library for t-SNE Dimensionality Reduction and Embedding",
Journal of Statistical Software 109 (2024), first bioRxiv (2019). It starts from the first two principal components,
which keeps the large shape of the data: Kobak and Berens, "The art of using t-SNE for single-cell transcriptomics",
Nature Communications 10 (2019).
"""

import os
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.components import principal
from mnist_dash.arrays import Floats
from mnist_dash.data.progress import Progress, silent

_GLANCE = 10
"""Iterations between two reports."""


@dataclass(frozen=True, slots=True)
class _Tuning:
    """How t-SNE goes about it: as many iterations as openTSNE's own, components and first points as Kobak and Berens'.

    No script was kept of how the two about time were chosen.
    """

    # Principal components that t-SNE looks at: the rest is noise that costs time.
    components: int = 50
    # Iterations with exaggerated attraction, …
    early: int = 250
    # … and without.
    late: int = 500
    # Standard deviation of the first points: t-SNE unfolds best from a small cloud.
    spread: float = 1e-4
    # Points from which on interpolation on a grid is quicker than trees.
    quicker_by_grid: int = 7_000
    # The share of the work that the neighbours are.
    prepared: float = 0.05


_TUNED = _Tuning()


def project_pca(values: Floats, most: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Values (n, d) along their first principal components (n, k), and the share of the variance of each (k,).

    `most` is the greatest k; two at least are answered, with zeros where the values have a single dimension.
    """
    centred = values.astype(np.float64) - values.mean(axis=0, dtype=np.float64)
    shares, axes = principal(centred.T @ centred, most)
    missing = max(0, 2 - len(shares))
    return np.pad(centred @ axes, ((0, 0), (0, missing))), np.pad(shares, (0, missing))


def project_tsne(values: Floats, perplexity: float, seed: int, progress: Progress = silent) -> npt.NDArray[np.float32]:
    """Points (n, 2) by t-SNE for values (n, d), the same on any number of cores.

    `perplexity` says how many neighbours of each it tries to keep; it is less than a third of n.
    """
    from openTSNE import TSNE  # type: ignore[import-untyped]

    progress("Finding each digit's neighbours", 0.0)
    along, _ = project_pca(values, _TUNED.components)
    search = TSNE(
        perplexity=perplexity,
        early_exaggeration_iter=_TUNED.early,
        n_iter=_TUNED.late,
        initialization=along[:, :2] / _some(float(along[:, 0].std())) * _TUNED.spread,
        # Approximate neighbours would save little at these sizes.
        neighbors="exact",
        negative_gradient_method="fft" if len(along) >= _TUNED.quicker_by_grid else "bh",
        # One core is left to the page and to a run.
        n_jobs=max(1, (os.cpu_count() or 1) - 1),
        random_state=seed,
        callbacks=_ProgressCallback(progress),
        callbacks_every_iters=_GLANCE,
    )
    return np.asarray(search.fit(along), np.float32)


def _some(amount: float) -> float:
    """An amount that can be divided by, where nothing varies too."""
    return max(amount, float(np.finfo(np.float64).tiny))


class _ProgressCallback:
    """What t-SNE calls as it goes: tells how far it is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = self._before = 0

    def __call__(self, iteration: int, _error: float, _points: Floats) -> None:
        # Iterations are counted anew when the exaggeration ends.
        if self._before + iteration <= self._done:
            self._before = _TUNED.early
        self._done = self._before + iteration
        done = self._done / (_TUNED.early + _TUNED.late)
        self._progress("Arranging the digits", _TUNED.prepared + (1 - _TUNED.prepared) * done)
