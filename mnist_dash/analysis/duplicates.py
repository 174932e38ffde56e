"""Images that occur twice, to the bit or nearly so, within a split and across both.

A test image that also stands among the training images tests memory alone, and duplicates with different labels cannot
both be right.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.chunks import iterate_spans
from mnist_dash.analysis.components import find_basis, project_bounding
from mnist_dash.arrays import Float32s, Images, Indices, Labels
from mnist_dash.data.dataset import CLASSES, FEATURES, Dataset, Split
from mnist_dash.data.progress import Progress, silent

NEAR = 0.25
"""The distance up to which two MNIST digits look like one written twice; at 0.35 the first differ in their label."""
_BLOCK, _STRIP = 512, 4_096
"""Images that are compared at a time, and with how many others."""
_MOST = 200_000
"""Pairs that are kept in mind; where more are near, the nearest of them."""
_SLACK = 1e-4
"""What single precision may add to a squared distance here, with room."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an image stands: its split, its index there, and its label."""

    split: Split
    index: int
    label: int


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """Two images and how far they are apart: 0 is the same image, √2 is no ink in common."""

    one: Place
    other: Place
    distance: float

    @property
    def contradict(self) -> bool:
        """Whether they are labelled as different digits."""
        return self.one.label != self.other.label

    @property
    def across(self) -> bool:
        """Whether one is a training and one a test image."""
        return self.one.split is not self.other.split


def find_copies(dataset: Dataset) -> list[tuple[Place, ...]]:
    """The groups of two or more images that are equal to the bit, in the order of the first of each."""
    images, labels = _both(dataset)
    groups = [group for group in _groups(images) if len(group) > 1]
    return [tuple(_place(i, len(dataset.train), labels) for i in group) for group in groups]


def find_near_duplicates(
    dataset: Dataset, within: float = NEAR, each: int = 100, progress: Progress = silent
) -> list[NearDuplicates]:
    """The pairs of different images up to `within` apart, the nearest first.

    At most `each` of every digit, since most are ones, and `each` of those whose labels differ. The distance is
    Euclidean between images brought to the same length, so that bold and pale ones are measured alike; its square is
    twice what their cosine lacks to 1. Copies to the bit are for `find_copies`: the first stands here for all.

    Where more than 200,000 pairs are near, as in a set of one digit varied a little, the nearest of these count.
    """
    images, labels = _both(dataset)
    different = np.array([group[0] for group in _groups(images)], np.int64)
    found = _near(images, different, within, progress)
    size, pairs = len(dataset.train), np.sort(found.pairs, axis=1)
    kept = [(*pairs[i].tolist(), float(found.distance[i])) for i in _limited(labels[pairs], each)]
    return [NearDuplicates(_place(one, size, labels), _place(other, size, labels), away) for one, other, away in kept]


def _both(dataset: Dataset) -> tuple[Images, Labels]:
    """All images and labels, the test images behind the training images."""
    train, test = dataset.train, dataset.test
    return np.concatenate([train.images, test.images]), np.concatenate([train.labels, test.labels])


def _place(i: int, train: int, labels: Labels) -> Place:
    split, index = (Split.TRAIN, i) if i < train else (Split.TEST, i - train)
    return Place(split, index, int(labels[i]))


def _groups(images: Images) -> list[list[int]]:
    """The indices of images that are equal, each group in order."""
    found: dict[bytes, list[int]] = {}
    for i, image in enumerate(images):
        found.setdefault(hashlib.blake2b(image.tobytes(), digest_size=16).digest(), []).append(i)
    return list(found.values())


def _limited(labels: Labels, each: int) -> list[int]:
    """Which of pairs with labels (m, 2) are among the first `each` of their digit, or of those that contradict."""
    kind = np.where(labels[:, 0] == labels[:, 1], labels[:, 0], CLASSES)
    return sorted(int(i) for k in range(CLASSES + 1) for i in np.flatnonzero(kind == k)[:each])


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Pairs of indices (m, 2) with their distances (m,), the nearest first."""

    pairs: Indices
    distance: npt.NDArray[np.float64]

    def join(self, pairs: Indices, distance: npt.NDArray[np.float64]) -> "_Found":
        pairs, distance = np.concatenate([self.pairs, pairs]), np.concatenate([self.distance, distance])
        order = np.argsort(distance, kind="stable")[:_MOST]
        return _Found(pairs[order], distance[order])


def _near(images: Images, among: Indices, within: float, progress: Progress) -> _Found:
    """The pairs of images at `among` (m,) that are up to `within` apart."""
    found = _Found(np.empty((0, 2), np.int64), np.empty(0))
    among, places = _placed(images, among)
    for start in range(0, len(among), _BLOCK):
        block = places[start : start + _BLOCK]
        # Sorted by their first coordinate, images beyond this one are too far from the whole block.
        end = int(np.searchsorted(places[:, 0], block[-1, 0] + within + _SLACK, "right"))
        for strip in range(start, end, _STRIP):
            one, other = _seeming(block, places[strip : min(strip + _STRIP, end)], within)
            one, other = one + start, other + strip
            pairs = np.stack([among[one], among[other]], axis=1)[one < other]
            apart = _apart(images, pairs)
            found = found.join(pairs[apart <= within], apart[apart <= within])
            within = float(found.distance[-1]) if len(found.distance) == _MOST else within
        progress("Comparing the images", min(start + _BLOCK, len(among)) / len(among))
    return found


def _placed(images: Images, among: Indices) -> tuple[Indices, Float32s]:
    """Which of `among` have ink, in the order of their first coordinate, and the coordinates (m, k + 1) of each."""
    vectors = find_basis(images).vectors
    places = np.full((len(among), vectors.shape[1] + 1), np.nan, np.float32)
    for span in iterate_spans(len(among)):
        rows = images[among[span]].reshape(-1, FEATURES).astype(np.float32)
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, np.newaxis]
        inked = lengths[:, 0] > 0
        places[span][inked] = project_bounding(rows[inked] / lengths[inked], vectors)
    order = np.argsort(places[:, 0], kind="stable")[: int(np.isfinite(places[:, 0]).sum())]
    return among[order], places[order]


def _seeming(block: Float32s, strip: Float32s, within: float) -> tuple[Indices, Indices]:
    """Which of `block` (a, k) and of `strip` (b, k) may be up to `within` apart."""
    # One product gives |x|² − 2xy + |y|² at once.
    left = np.column_stack([block, (block**2).sum(axis=1), np.ones(len(block), np.float32)])
    right = np.column_stack([-2 * strip, np.ones(len(strip), np.float32), (strip**2).sum(axis=1)])
    # A tenth of the time that `nonzero` takes in two dimensions.
    return np.divmod(np.flatnonzero(left @ right.T <= within**2 + _SLACK), len(strip))


def _apart(images: Images, pairs: Indices) -> npt.NDArray[np.float64]:
    """The distance of each of `pairs` (m, 2), from whole numbers."""
    found = np.empty(len(pairs))
    for span in iterate_spans(len(pairs)):
        one, other = (images[pairs[span, side]].reshape(-1, FEATURES).astype(np.int32) for side in (0, 1))
        products = [
            np.einsum("ij,ij->i", a, b).astype(np.float64) for a, b in ((one, other), (one, one), (other, other))
        ]
        cosine = products[0] / np.sqrt(products[1] * products[2])
        found[span] = np.sqrt(np.maximum(2 - 2 * cosine, 0))
    return found
