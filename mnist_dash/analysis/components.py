"""Principal components: the directions in which images differ most, for maps and for quick distances."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.chunks import iterate_spans
from mnist_dash.arrays import Float32s, Images
from mnist_dash.data.dataset import FEATURES

KEPT = 50
MOST = 20_000
"""Images that a basis is computed from at most: more would change nothing that shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """Orthonormal `vectors` (784, k) about the `mean` (784,); `shares` (k,) of the variance, the greatest first."""

    mean: Float32s
    vectors: Float32s
    shares: npt.NDArray[np.float64]


def find_basis(images: Images, kept: int = KEPT, seed: int = 0, most: int = MOST) -> Basis:
    """The first `kept` principal components (Pearson 1901) of images (n, 28, 28), of `most` of them drawn by `seed`."""
    drawn = np.random.default_rng(seed).permutation(len(images))[:most]
    mean, covariance = _covariance(images, np.sort(drawn))
    shares, vectors = principal(covariance, kept)
    return Basis(mean, np.ascontiguousarray(vectors, np.float32), shares)


def principal(
    covariance: npt.NDArray[np.float64], most: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The share of the variance of each of up to `most` components (k,), the greatest first, and their axes (d, k).

    `covariance` (d, d) may be off by a factor. An axis and its opposite are equally good: the greatest weight of each
    is made positive, so that the same data give the same picture.
    """
    # Two axes of 5,000 images take 105 ms of one core, by scikit-learn's PCA (the same to 1e-14, loaded in 1 s) 150 ms.
    from scipy.linalg import eigh  # type: ignore[import-untyped]  # 100 ms that few pages need

    features = len(covariance)
    kept = min(most, features)
    variances, axes = eigh(covariance, subset_by_index=(features - kept, features - 1))
    axes = axes[:, ::-1]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(kept)])
    total = max(float(np.trace(covariance)), np.finfo(np.float64).tiny)
    return np.maximum(variances[::-1], 0) / total, axes * signs


def project_bounding(rows: Float32s, vectors: Float32s) -> Float32s:
    """Vectors (n, 784) as (n, k + 1), so that no two lie farther apart there than they do in truth.

    On the orthonormal `vectors` (784, k) distances only shrink. One more coordinate holds the length of what they
    leave out: by the triangle inequality two remainders are at least as far apart as their lengths differ.
    """
    inside = rows @ vectors
    # The difference of the two squared lengths would be quicker, and its last bits would break the promise.
    outside = rows - inside @ vectors.T
    lengths = np.sqrt(np.einsum("ij,ij->i", outside, outside))
    return np.concatenate([inside, lengths[:, np.newaxis]], axis=1)


def _covariance(images: Images, drawn: npt.NDArray[np.int64]) -> tuple[Float32s, npt.NDArray[np.float64]]:
    """The mean (784,) and the covariance (784, 784), up to a factor, of the images at `drawn`."""
    total, products = np.zeros(FEATURES), np.zeros((FEATURES, FEATURES))
    # From 0 to 1 and off a rough centre, or single precision would lose what differs in what is shared.
    rough = images[drawn[:1_000]].reshape(-1, FEATURES).mean(axis=0) if len(drawn) else total
    for span in iterate_spans(len(drawn), 2_000):
        chunk = (images[drawn[span]].reshape(-1, FEATURES) - rough).astype(np.float32) / np.float32(255)
        total += chunk.sum(axis=0, dtype=np.float64)
        products += chunk.T @ chunk
    shift = total / max(len(drawn), 1)
    return (rough + 255 * shift).astype(np.float32), products - len(drawn) * np.outer(shift, shift)
