"""How long a model takes to answer, on the machine that it answers on."""

import time
from statistics import median

import numpy as np

from mnist_dash.data.dataset import SIDE
from mnist_dash.models.classifier import Classifier

TIMES = 21
ENOUGH = 0.1
"""Seconds after which a slow model need answer no more."""


def measure_milliseconds(model: Classifier) -> float:
    """The median time of an answer to one image, after a first one that warms up."""
    image = np.zeros((1, SIDE, SIDE), np.uint8)
    model.probabilities(image)
    taken: list[float] = []
    while len(taken) < TIMES and sum(taken) < ENOUGH:
        started = time.perf_counter()
        model.probabilities(image)
        taken.append(time.perf_counter() - started)
    return 1_000 * median(taken)
