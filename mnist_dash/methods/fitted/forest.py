"""Random forest: many trees of questions about single pixels, each grown on images and pixels drawn by chance, vote.

Breiman, "Random forests" (Machine Learning 45, 2001). Grown by scikit-learn's RandomForestClassifier. What is kept are
the nodes of all trees, 11 bytes each, and the shares of digits that occur in leaves; an answer walks down all trees at
once in NumPy. Grey values are whole numbers, so that a byte says exactly where a question divides them.
"""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from mnist_dash.arrays import AnyNumbers, Float64s, Images, Probabilities
from mnist_dash.data.dataset import FEATURES, Digits
from mnist_dash.methods.fitted.script import write_call, write_script
from mnist_dash.methods.fitted.shared import (
    check_finite,
    explain_damage,
    list_hyperparameters,
    make_defaults,
    read_number,
    spread_shares,
    take_array,
    take_digits,
)
from mnist_dash.methods.kinds import Group, Number
from mnist_dash.methods.method import Arrays, Classifier, Cost, Method, Report, Values
from mnist_dash.methods.source import Code

_BATCH = 500
"""Images that walk down the trees at once."""
_GROWN = 10
"""Trees between two reports."""
_TREES = Number(
    "trees", "Trees", "How many trees vote. More of them take longer and never overfit more.", 1, 2_000, Group.RUN
)
_LEAF = Number(
    "leaf", "Smallest leaf", "A tree divides no group of fewer training images than twice this.", 1, 10_000, Group.RUN
)
_PROCESS, _NODE = 350 * 2**20, 120
"""Bytes of a run's process apart from images and trees, and of a node while the forest grows."""


class Forest:
    """Answers by the mean over trees.

    Of each node (m,) it has the pixel, the highest value that goes left, and both ways on: below 0 stands a leaf, by
    its row in `shares` (l, k) of the `digits` (k,).
    """

    def __init__(self, arrays: Arrays, digits: AnyNumbers) -> None:
        """Walk along `arrays` as `_Fitting.open` has checked them."""
        self._pixel, self._limit = arrays["pixel"], arrays["limit"]
        self._left, self._right = arrays["left"], arrays["right"]
        self._roots, self._shares, self._digits = arrays["roots"], arrays["shares"], digits

    def probabilities(self, images: Images) -> Probabilities:
        """The answer to each image (n, 28, 28): probabilities (n, 10)."""
        starts = range(0, len(images), _BATCH)
        parts = [self._walk(images[start : start + _BATCH].reshape(-1, FEATURES)) for start in starts]
        shares = np.concatenate([np.empty((0, len(self._digits))), *parts])
        return spread_shares(shares, self._digits)

    def _walk(self, rows: AnyNumbers) -> Float64s:
        """The mean share of each digit (n, k) for rows of pixels (n, 784)."""
        at = np.repeat(self._roots[np.newaxis], len(rows), axis=0)
        image, tree = np.nonzero(at >= 0)
        while len(image):
            node = at[image, tree]
            goes_left = rows[image, self._pixel[node]] <= self._limit[node]
            at[image, tree] = node = np.where(goes_left, self._left[node], self._right[node])
            on = node >= 0
            image, tree = image[on], tree[on]
        return np.asarray(self._shares[-1 - at].mean(axis=1))


class _Fitting:
    plainly = (
        "It asks many trees of questions, such as whether there is ink in one place, and lets all of them vote. Each "
        "tree has seen other examples."
    )

    def fit(self, digits: Digits, values: Values, report: Report) -> Arrays:
        from sklearn.ensemble import RandomForestClassifier  # type: ignore[import-untyped]

        rows, trees, grown = digits.images.reshape(-1, FEATURES), int(read_number(values, "trees")), 0
        seed, leaf, workers = int(read_number(values, "seed")), int(read_number(values, "leaf")), os.cpu_count() or 1
        model = RandomForestClassifier(min_samples_leaf=leaf, random_state=seed, n_jobs=workers, warm_start=True)
        while grown < trees:
            # With a warm start the trees are those of one fit: scikit-learn draws their seeds in the same order.
            grown = min(grown + _GROWN, trees)
            model.set_params(n_estimators=grown).fit(rows, digits.labels)
            report(grown / trees)
        return _join_trees([estimator.tree_ for estimator in model.estimators_], model.classes_.astype(np.uint8))

    def open(self, arrays: Arrays, _values: Values) -> Classifier:
        digits = take_digits(arrays)
        shares = take_array(arrays, "shares", np.float64, None, len(digits))
        pixel = take_array(arrays, "pixel", np.int16, None)
        take_array(arrays, "limit", np.uint8, len(pixel))
        check_finite(arrays, "shares")
        _check_ways(arrays, len(pixel), len(shares))
        return Forest(arrays, digits)

    def estimate(self, values: Values, images: int) -> Cost | None:
        trees, leaf = read_number(values, "trees"), read_number(values, "leaf")
        nodes = trees * images / (5 * leaf)
        seconds = 2.0 + _SECONDS * trees * images * np.log2(max(2, images / leaf)) / (os.cpu_count() or 1)
        return Cost(float(seconds), int(_PROCESS + 5 * FEATURES * images + _NODE * nodes))

    def write_script(self, values: Values, images: int) -> str:
        options = {"min_samples_leaf": values["leaf"]} if values["leaf"] != 1 else {}
        seed = Code(str(values["seed"]))
        call = write_call("RandomForestClassifier", values["trees"], **options, random_state=seed, n_jobs=-1)
        return write_script(METHOD.title, "ensemble", call, values, images, scaled=False)


def _join_trees(trees: Sequence[Any], digits: AnyNumbers) -> Arrays:
    """The nodes of all trees one after another; leaves become rows of the shares that occur in any."""
    counts = [tree.node_count for tree in trees]
    roots = np.cumsum([0, *counts[:-1]])
    left, right, pixel, limit, value = (
        np.concatenate([getattr(tree, name) for tree in trees])
        for name in ("children_left", "children_right", "feature", "threshold", "value")
    )
    inner, starts = left >= 0, np.repeat(roots, counts)
    shares, rows = np.unique(value[~inner, 0], axis=0, return_inverse=True)
    number = np.empty(len(inner), np.int32)
    number[inner], number[~inner] = np.arange(inner.sum()), -1 - rows.ravel()
    ways = {"left": number[(left + starts)[inner]], "right": number[(right + starts)[inner]], "roots": number[roots]}
    nodes = {"pixel": pixel[inner].astype(np.int16), "limit": np.floor(limit[inner]).astype(np.uint8)}
    return {**nodes, **ways, "shares": shares, "digits": digits}


def _check_ways(arrays: Arrays, nodes: int, leaves: int) -> None:
    """Refuse ways that lead nowhere or back, which would never end; raises ModelError."""
    roots, onwards = take_array(arrays, "roots", np.int32, None), np.arange(1, nodes + 1)
    if not len(roots):
        raise explain_damage("roots")
    least = {"left": onwards, "right": onwards, "roots": 0}
    for name, lowest in least.items():
        ways = take_array(arrays, name, np.int32, None if name == "roots" else nodes)
        onward = (ways >= lowest) & (ways < nodes)
        if not (onward | ((ways < 0) & (ways >= -leaves))).all():
            raise explain_damage(name)
    if nodes and not 0 <= arrays["pixel"].min() <= arrays["pixel"].max() < FEATURES:
        raise explain_damage("pixel")


_SECONDS = 6e-7
"""For an image in a tree and each time that the images are halved, on one core."""

METHOD = Method(
    "forest",
    "Random forest",
    "Trees of questions about single pixels, each grown on images drawn by chance, vote. About 97 %.",
    "Breiman, “Random forests” (Machine Learning 45, 2001)",
    None,
    make_defaults(trees=200, leaf=1),
    fitting=_Fitting(),
    hyperparameters=list_hyperparameters(_TREES, _LEAF),
    first=("train_size", "trees", "leaf"),
)
