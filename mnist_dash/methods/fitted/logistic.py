"""Logistic regression: each pixel speaks for or against each digit, and a softmax weighs them up.

Cox, "The regression analysis of binary sequences" (Journal of the Royal Statistical Society B 20, 1958), with more than
two classes after McFadden (1974). Fitted by scikit-learn's LogisticRegression (L-BFGS); what is kept is one matrix, and
an answer one product with it.
"""

import warnings

import numpy as np

from mnist_dash.arrays import AnyNumbers, Float64s, Images, Probabilities
from mnist_dash.data.dataset import CLASSES, FEATURES, Digits
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

_C = Number(
    "C",
    "C",
    "How freely weights may grow to fit the training images. Less: small weights, which overfit less.",
    1e-5,
    1e4,
    Group.RUN,
    whole=False,
    step=0.05,
)
_ITERATIONS = Number(
    "iterations", "Iterations", "Steps of L-BFGS at most; it ends where steps no longer help.", 1, 10_000, Group.RUN
)
_PROCESS = 300 * 2**20


class LogisticModel:
    """Answers by weights (k, 784) and intercepts (k,) for the `digits` (k,)."""

    def __init__(self, weights: Float64s, intercepts: Float64s, digits: AnyNumbers) -> None:
        """Keep them."""
        self._weights, self._intercepts, self._digits = weights, intercepts, digits

    def probabilities(self, images: Images) -> Probabilities:
        """The answer to each image (n, 28, 28): probabilities (n, 10)."""
        return spread_shares(soften(scale_rows(images) @ self._weights.T + self._intercepts), self._digits)


class _Fitting:
    plainly = "For each digit it has a sheet of weights: ink in some places speaks for the digit, in others against it."

    def fit(self, digits: Digits, values: Values, _report: Report) -> Arrays:
        from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

        iterations = int(read_number(values, "iterations"))
        model = LogisticRegression(C=read_number(values, "C"), max_iter=iterations)
        with warnings.catch_warnings():
            # Whoever asks for few iterations wants few.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(scale_rows(digits.images), digits.labels)
        weights, intercepts = model.coef_, model.intercept_
        if len(model.classes_) == 2:
            # Of two classes scikit-learn weighs the second alone, against nothing.
            weights, intercepts = (np.concatenate([np.zeros_like(part), part]) for part in (weights, intercepts))
        return {"weights": weights, "intercepts": intercepts, "digits": model.classes_.astype(np.uint8)}

    def open(self, arrays: Arrays, _values: Values) -> Classifier:
        digits = take_digits(arrays)
        weights = take_array(arrays, "weights", np.float64, len(digits), FEATURES)
        intercepts = take_array(arrays, "intercepts", np.float64, len(digits))
        check_finite(arrays, "weights", "intercepts")
        return LogisticModel(weights, intercepts, digits)

    def estimate(self, values: Values, images: int) -> Cost | None:
        return Cost(1.0 + _SECONDS * images * read_number(values, "iterations"), _PROCESS + 3 * 8 * FEATURES * images)

    def write_script(self, values: Values, images: int) -> str:
        call = write_call("LogisticRegression", C=values["C"], max_iter=values["iterations"])
        return write_script(METHOD.title, "linear_model", call, values, images)


_SECONDS = 1e-5
"""For an image in an iteration."""

METHOD = Method(
    "logistic",
    "Logistic regression",
    "Each pixel speaks for or against each digit, by itself: all that a network without hidden layers can learn. "
    "About 92 %.",
    "Cox, “The regression analysis of binary sequences” (1958); LeCun and others (1998) report 91.6 % for a linear one",
    None,
    make_defaults(C=0.05, iterations=200),
    fitting=_Fitting(),
    hyperparameters=list_hyperparameters(_C, _ITERATIONS),
    first=("train_size", "C", "iterations"),
    weights=CLASSES * (FEATURES + 1),
)
