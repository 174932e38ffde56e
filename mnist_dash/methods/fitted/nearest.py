"""Nearest neighbours: the training images that look most like an image vote on what it is.

Cover and Hart, "Nearest neighbor pattern classification" (IEEE Transactions on Information Theory 13, 1967). Fitting
keeps the images and does nothing else. Distances are Euclidean over the grey values, as scikit-learn's
KNeighborsClassifier takes them.

What answers is a matrix product in NumPy over the images in single precision, 170 MB for all of MNIST, and then the
exact distances of the few that seem nearest. Where they are bytes in memory too, an answer takes 350 ms in place of 25:
those models alone that were asked last have them so.
"""

from functools import lru_cache

import numpy as np

from mnist_dash.arrays import AnyNumbers, Float32s, Float64s, Images, Labels, Probabilities
from mnist_dash.data.dataset import CLASSES, FEATURES, SIDE, Digits
from mnist_dash.errors import SpecError
from mnist_dash.methods.fitted.script import write_call, write_script
from mnist_dash.methods.fitted.shared import (
    explain_damage,
    list_hyperparameters,
    make_defaults,
    read_number,
    take_array,
)
from mnist_dash.methods.kinds import Choice, Group, Number
from mnist_dash.methods.method import Arrays, Classifier, Cost, Method, Report, Values

_BATCH = 250
"""Images asked at once, whose distances to all that are kept take 54 MB."""
_SPARE = 16
"""Images more than asked for whose distance is taken exactly, since single precision tells near ones badly apart."""
_PROCESS = 300 * 2**20
"""Bytes of a run's process apart from its images."""
_NEIGHBOURS = Number("neighbours", "Neighbours", "How many of the nearest images vote.", 1, 100, Group.RUN)
_VOTES = Choice(
    "votes",
    "Votes",
    "Whether all neighbours count the same, or each by one over its distance, so that near ones count more.",
    ("equal", "distance"),
    Group.RUN,
)


class NearestNeighbours:
    """Answers by the votes of the nearest of `images` (m, 28, 28) with `labels` (m,)."""

    def __init__(self, images: Images, labels: Labels, neighbours: int, *, by_distance: bool) -> None:
        """Keep the images as bytes, 42 MB for all of MNIST."""
        self._rows, self._labels = images.reshape(-1, FEATURES), labels
        self._count, self._by_distance = min(neighbours, len(labels)), by_distance

    def probabilities(self, images: Images) -> Probabilities:
        """The share of votes for each digit: (n, 10) for images (n, 28, 28)."""
        starts = range(0, len(images), _BATCH)
        parts = [self._vote(images[start : start + _BATCH].reshape(-1, FEATURES)) for start in starts]
        return np.concatenate([np.empty((0, CLASSES), np.float32), *parts])

    def _vote(self, asked: AnyNumbers) -> Probabilities:
        nearest, squared = self._find(asked)
        weights = _weigh(squared) if self._by_distance else np.ones_like(squared)
        votes = np.zeros((len(asked), CLASSES))
        np.add.at(votes, (np.arange(len(asked))[:, np.newaxis], self._labels[nearest]), weights)
        return np.asarray(votes / votes.sum(axis=1, keepdims=True), np.float32)

    def _find(self, asked: AnyNumbers) -> tuple[AnyNumbers, Float64s]:
        """The places (n, k) of the nearest images, and their squared distances (n, k), which are exact."""
        values, lengths = _unpack(self)
        seeming = lengths - 2 * asked.astype(np.float32) @ values.T
        few = min(self._count + _SPARE, len(self._labels))
        near = np.sort(np.argpartition(seeming, few - 1, axis=1)[:, :few], axis=1)
        away = self._rows[near].astype(np.int32) - asked[:, np.newaxis].astype(np.int32)
        squared = np.einsum("nki,nki->nk", away, away)
        first = np.argsort(squared, axis=1, kind="stable")[:, : self._count]
        return np.take_along_axis(near, first, 1), np.take_along_axis(squared, first, 1).astype(np.float64)

    def unpack(self) -> tuple[Float32s, Float32s]:
        """The images (m, 784) in single precision, and the squared length (m,) of each."""
        values = self._rows.astype(np.float32)
        return values, np.einsum("ij,ij->i", values, values)


@lru_cache(maxsize=2)
def _unpack(model: NearestNeighbours) -> tuple[Float32s, Float32s]:
    return model.unpack()


def _weigh(squared: Float64s) -> Float64s:
    """One over the distance; where a neighbour is the image itself, such neighbours alone count."""
    same = squared == 0
    weights = 1 / np.sqrt(np.where(same, 1, squared))
    return np.asarray(np.where(same.any(axis=1, keepdims=True), same, weights), np.float64)


class _Fitting:
    """The images themselves are what is kept."""

    plainly = "It has kept all its examples, looks up those that are most like the picture, and lets them vote."

    def fit(self, digits: Digits, values: Values, _report: Report) -> Arrays:
        if read_number(values, "neighbours") > len(digits):
            raise SpecError(
                f"neighbours is {values['neighbours']}, but only {len(digits)} images are left to learn from; ask for "
                "fewer neighbours or more training images."
            )
        return {"images": digits.images, "labels": digits.labels.astype(np.uint8)}

    def open(self, arrays: Arrays, values: Values) -> Classifier:
        images = take_array(arrays, "images", np.uint8, None, SIDE, SIDE)
        labels = take_array(arrays, "labels", np.uint8, len(images))
        if not len(labels) or labels.max() >= CLASSES:
            raise explain_damage("labels")
        by_distance = values["votes"] == "distance"
        return NearestNeighbours(images, labels, int(read_number(values, "neighbours")), by_distance=by_distance)

    def estimate(self, _values: Values, images: int) -> Cost | None:
        return Cost(1.0 + 2e-5 * images, _PROCESS + 2 * 4 * FEATURES * images)

    def write_script(self, values: Values, images: int) -> str:
        weights = "distance" if values["votes"] == "distance" else "uniform"
        call = write_call("KNeighborsClassifier", values["neighbours"], weights=weights, algorithm="brute")
        return write_script(METHOD.title, "neighbors", call, values, images)


METHOD = Method(
    "nearest",
    "Nearest neighbours",
    "The training images that are most like a digit vote on it. Nothing is learnt, everything is kept. About 97 %.",
    "Cover and Hart, “Nearest neighbor pattern classification” (1967); LeCun's list for MNIST has 95.0 %, and 96.9 % "
    "by Wilder",
    None,
    make_defaults(neighbours=3, votes="distance"),
    fitting=_Fitting(),
    hyperparameters=list_hyperparameters(_NEIGHBOURS, _VOTES),
    first=("train_size", "neighbours", "votes"),
)
