"""Support vector machine with an RBF kernel: what is near the images at the borders between digits decides.

Cortes and Vapnik, "Support-vector networks" (Machine Learning 20, 1995), with the kernel of Boser, Guyon and Vapnik
(1992). Fitted by scikit-learn's SVC (libsvm, Chang and Lin 2011): one machine for each of the 45 pairs of digits, whose
votes, and of equals their values, decide as in SVC(break_ties=True).

What is kept are the support vectors as bytes, which is exact, and a row of coefficients for each pair. Answers are
SVC's own. How sure they are, each pair says by a sigmoid at one temperature, and a digit is as likely as all its pairs
together: SVC's own probabilities (Platt 1999, coupled after Wu, Lin and Weng 2004) take five fits more, need not agree
with its answers, and leave scikit-learn with version 1.11.
"""

from itertools import combinations
from typing import Any

import numpy as np

from mnist_dash.arrays import AnyNumbers, Float64s, Images, Probabilities
from mnist_dash.data.dataset import FEATURES, Digits
from mnist_dash.methods.fitted.script import write_call, write_script
from mnist_dash.methods.fitted.shared import (
    check_finite,
    list_hyperparameters,
    make_defaults,
    read_number,
    scale_rows,
    soften,
    spread_shares,
    take_array,
    take_digits,
)
from mnist_dash.methods.kinds import Group, Number
from mnist_dash.methods.method import Arrays, Classifier, Cost, Method, Report, Values

TEMPERATURE = 0.2
"""At which validation images are likeliest to be what they are: 0.12 nats; a softmax of the scores leaves 0.20."""
_AHEAD = 1e-6
"""By so much the answer's logarithm stands above the others."""
_BATCH = 500
_CACHE = 500
"""Megabytes for values of the kernel while the machine is fitted."""
_PROCESS = (300 + _CACHE) * 2**20
_C = Number(
    "C",
    "C",
    "What an image on the wrong side of a border costs. More: borders bend to fit every training image.",
    1e-3,
    1e6,
    Group.RUN,
    whole=False,
    step=1.0,
)
_GAMMA = Number(
    "gamma",
    "Gamma",
    "How quickly the influence of an image fades with its distance, over pixels from 0 to 1. More: borders that wind "
    "closely around single images.",
    1e-5,
    10.0,
    Group.RUN,
    whole=False,
    step=0.005,
)


class SupportVectors:
    """Answers by `coefficients` (p, m) of the `vectors` (m, 784) for each of the p pairs of the `digits` (k,)."""

    def __init__(self, arrays: Arrays, digits: AnyNumbers, gamma: float) -> None:
        """Take the arrays that `_Fitting.open` has checked."""
        self._vectors, self._digits, self._gamma = scale_rows(arrays["vectors"]), digits, gamma
        self._lengths = np.einsum("ij,ij->i", self._vectors, self._vectors)
        self._coefficients, self._intercepts = arrays["coefficients"].T, arrays["intercepts"]
        first, second = np.transpose(list(combinations(range(len(digits)), 2)))
        self._is_first, self._is_second = np.eye(len(digits))[first], np.eye(len(digits))[second]

    def probabilities(self, images: Images) -> Probabilities:
        """The answer to each image (n, 28, 28): probabilities (n, 10)."""
        values = self._compare(images)
        chances = -np.logaddexp(0, -values / TEMPERATURE), -np.logaddexp(0, values / TEMPERATURE)
        logits, answers = self._gather(*chances), self._score(values).argmax(axis=1)
        # In a few of a thousand images the likeliest digit is not the one with most votes, which is the answer.
        logits[np.arange(len(images)), answers] = logits.max(axis=1, initial=-np.inf) + _AHEAD
        return spread_shares(soften(logits), self._digits)

    def scores(self, images: Images) -> Float64s:
        """The decision function of scikit-learn's SVC, one against the rest: (n, k)."""
        return self._score(self._compare(images))

    def _compare(self, images: Images) -> Float64s:
        """The value of each pair (n, p): above 0 for its first digit."""
        starts = range(0, len(images), _BATCH)
        parts = [self._compare_rows(scale_rows(images[start : start + _BATCH])) for start in starts]
        return np.concatenate([np.empty((0, len(self._intercepts))), *parts])

    def _compare_rows(self, rows: Float64s) -> Float64s:
        squared = np.einsum("ij,ij->i", rows, rows)[:, np.newaxis] + self._lengths - 2 * rows @ self._vectors.T
        return np.asarray(np.exp(-self._gamma * np.maximum(squared, 0)) @ self._coefficients + self._intercepts)

    def _score(self, values: Float64s) -> Float64s:
        votes, sums = self._gather(values >= 0, values < 0), self._gather(values, -values)
        return np.asarray(votes + sums / (3 * (np.abs(sums) + 1)))

    def _gather(self, first: AnyNumbers, second: AnyNumbers) -> Float64s:
        """The sum (n, k) for each digit of what speaks for the first and for the second digits of pairs (n, p)."""
        return np.asarray(first @ self._is_first + second @ self._is_second)


class _Fitting:
    plainly = (
        "It has kept those of its examples that lie at the borders between two digits, and compares the picture with "
        "them, digit against digit."
    )

    def fit(self, digits: Digits, values: Values, _report: Report) -> Arrays:
        from sklearn.svm import SVC  # type: ignore[import-untyped]

        model = SVC(C=read_number(values, "C"), gamma=read_number(values, "gamma"), cache_size=_CACHE)
        model.fit(scale_rows(digits.images), digits.labels)
        return {
            "vectors": digits.images.reshape(-1, FEATURES)[model.support_],
            "coefficients": _write_pairs(model),
            "intercepts": -model.intercept_ if len(model.classes_) == 2 else model.intercept_,
            "digits": model.classes_.astype(np.uint8),
        }

    def open(self, arrays: Arrays, values: Values) -> Classifier:
        digits = take_digits(arrays)
        vectors = take_array(arrays, "vectors", np.uint8, None, FEATURES)
        pairs = len(digits) * (len(digits) - 1) // 2
        take_array(arrays, "coefficients", np.float64, pairs, len(vectors))
        take_array(arrays, "intercepts", np.float64, pairs)
        check_finite(arrays, "coefficients", "intercepts")
        return SupportVectors(arrays, digits, read_number(values, "gamma"))

    def estimate(self, _values: Values, images: int) -> Cost | None:
        return Cost(1.0 + _SECONDS * float(images) ** _POWER, _PROCESS + 3 * 8 * FEATURES * images)

    def write_script(self, values: Values, images: int) -> str:
        options = {"C": values["C"], "gamma": values["gamma"], "break_ties": True, "cache_size": _CACHE}
        return write_script(METHOD.title, "svm", write_call("SVC", **options), values, images)


def _write_pairs(model: Any) -> Float64s:  # noqa: ANN401 - the library has no types
    """What libsvm keeps in k − 1 rows for all pairs together, as a row for each pair: above 0 speaks for its first."""
    if len(model.classes_) == 2:
        return -np.asarray(model.dual_coef_, np.float64)
    ends = np.cumsum(model.n_support_)
    of = [slice(end - count, end) for end, count in zip(ends, model.n_support_, strict=True)]
    pairs = list(combinations(range(len(of)), 2))
    found = np.zeros((len(pairs), ends[-1]))
    for row, (first, second) in zip(found, pairs, strict=True):
        row[of[first]], row[of[second]] = model.dual_coef_[second - 1, of[first]], model.dual_coef_[first, of[second]]
    return found


_SECONDS, _POWER = 1.3e-7, 2.0
"""Seconds for n images to this power: 5,000 of MNIST took 3 s, and 54,000 took 591 s on a machine that was busy."""

METHOD = Method(
    "svm",
    "Support vector machine",
    "Compares a digit with those training images that lie at the borders between digits (RBF kernel). About 98.5 %.",
    "Cortes and Vapnik, “Support-vector networks” (1995); LeCun and others (1998) report 98.6 % on MNIST",
    None,
    make_defaults(C=10.0, gamma=0.02),
    fitting=_Fitting(),
    hyperparameters=list_hyperparameters(_C, _GAMMA),
    first=("train_size", "C", "gamma"),
)
