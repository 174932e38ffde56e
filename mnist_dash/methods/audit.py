"""Audits of labels: the network that doubts them, and the folds of which it never sees the one that it reads."""

from dataclasses import replace
from typing import Any

import numpy as np

from mnist_dash.arrays import Folds, Labels
from mnist_dash.errors import SpecError
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import AUDIT, RunSpec

METHOD, FOLDS, EPOCHS = "cnn", 5, 4
_PARAMETERS: dict[str, Value] = {"batch_size": 128, "schedule": "one_cycle", "learning_rate": 0.004}
"""With which METHOD learns most in few epochs; another method keeps its own."""
_DRAWN, _SEEDS = 4, 5
"""Streams of random numbers beside those of the order, the augmentation and dropout."""


def audit_spec(data: str, method: str = METHOD, folds: int = FOLDS, **changes: Value) -> RunSpec:
    """An audit of the data set of that name, with `changes` of hyperparameters; raises SpecError."""
    fixed: dict[str, Any] = {name: value for name, value in AUDIT.items() if name != "continued"}
    parameters = _PARAMETERS if method == METHOD else {}
    return replace(RunSpec.of(method, data, **{**parameters, "epochs": EPOCHS, **fixed, **changes}), folds=folds)


def assign_folds(labels: Labels, folds: int, seed: int) -> Folds:
    """Divide images by their `labels` (n,) into `folds` that differ by one image at most, and by one of each digit.

    Drawn by `seed`. Raises SpecError as `check_folds` does.
    """
    check_folds(labels, folds)
    drawn = np.random.default_rng([seed, folds, _DRAWN]).random(len(labels))
    found = np.empty(len(labels), np.uint8)
    found[np.lexsort((drawn, labels))] = np.arange(len(labels)) % folds + 1
    return found


def check_folds(labels: Labels, folds: int) -> None:
    """Refuse labels (n,) of one digit alone, and folds that would lack a digit that there is; raises SpecError."""
    counts = [int(count) for count in np.bincount(labels) if count]
    if len(counts) < 2:
        raise SpecError(
            "Every training image is of one digit, so that no network can read another one and doubt a label. Choose "
            "a data set with two different digits at least."
        )
    fewest = min(counts)
    if folds > fewest:
        raise SpecError(
            f"folds is {folds}, but one digit has only {fewest} training image{'' if fewest == 1 else 's'}; allowed "
            "are as many folds at most, so that every fold has each digit."
        )


def fold_spec(spec: RunSpec, fold: int) -> RunSpec:
    """The ordinary run, by a seed of its own, whose network reads that fold of an audit."""
    seed = int(np.random.default_rng([spec.seed, fold, _SEEDS]).integers(2**31))
    return replace(spec, folds=0, seed=seed)
