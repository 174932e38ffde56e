"""Which images look most like one image: exact, and within the blink of an eye.

Distances are Euclidean over the 784 grey values from 0 to 255, as nearest-neighbour classifiers take them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.chunks import iterate_spans
from mnist_dash.analysis.components import Basis, find_basis, project_bounding
from mnist_dash.arrays import Images, Indices
from mnist_dash.data.dataset import FEATURES
from mnist_dash.data.progress import Progress, silent

_SLACK = 1e-3
"""The share by which single precision may overstate a distance here, with room."""


@dataclass(frozen=True, slots=True, eq=False)
class NeighbourIndex:
    """Images (n, 28, 28) made ready for questions; `places` (n, k + 1) lie no farther apart than the images do."""

    images: Images
    basis: Basis
    places: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The `index` (m,) of the nearest images, the nearest first, with their `distance` (m,)."""

    index: Indices
    distance: npt.NDArray[np.float32]


def prepare_neighbours(images: Images, progress: Progress = silent) -> NeighbourIndex:
    """Make images (n, 28, 28) ready, with 51 numbers for each kept beside them."""
    onto = find_basis(images)
    places = np.empty((len(images), onto.vectors.shape[1] + 1), np.float32)
    for span in iterate_spans(len(images)):
        places[span] = project_bounding(images[span].reshape(-1, FEATURES) - onto.mean, onto.vectors)
        progress("Preparing the search for neighbours", span.stop / len(images))
    return NeighbourIndex(images, onto, places)


def find_nearest(
    image: npt.NDArray[np.uint8], among: NeighbourIndex, count: int = 10, *, apart_from: int = -1
) -> Nearest:
    """The `count` images that are nearest to `image` (28, 28), without the one at `apart_from`.

    Exact: the true distances to the `count` that seem nearest bound those of all that can be among them, and an image
    whose lower bound lies beyond that cannot. Of equally near ones the first in the set come first.
    """
    place = project_bounding(image.reshape(1, FEATURES) - among.basis.mean, among.basis.vectors)
    away = among.places - place
    least = np.einsum("ij,ij->i", away, away)
    if 0 <= apart_from < len(least):
        least[apart_from] = np.inf
    count = min(count, int(np.isfinite(least).sum()))
    if not count:
        return Nearest(np.empty(0, np.int64), np.empty(0, np.float32))
    seeming = np.argpartition(least, count - 1)[:count]
    farthest = _squared(among.images[seeming], image).max()
    candidates = np.flatnonzero(least <= (1 + _SLACK) * farthest + 1)
    squared = _squared(among.images[candidates], image)
    found = np.argsort(squared, kind="stable")[:count]
    return Nearest(candidates[found], np.sqrt(squared[found]).astype(np.float32))


def _squared(images: Images, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Squared distances (n,) of images to one, in whole numbers."""
    away = images.reshape(-1, FEATURES).astype(np.int32) - image.reshape(FEATURES)
    return np.asarray(np.einsum("ij,ij->i", away, away), np.int64)
