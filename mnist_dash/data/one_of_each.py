"""The smallest set that can be learnt from: one training image of each digit."""

from dataclasses import replace

import numpy as np

from mnist_dash.data.dataset import Dataset


def draw_one_of_each(dataset: Dataset, seed: int) -> Dataset:
    """The set with one training image of each digit that there is, drawn by `seed`, and all its test images."""
    rng, labels = np.random.default_rng(seed), dataset.train.labels
    chosen = [int(rng.choice(np.flatnonzero(labels == digit))) for digit in np.unique(labels)]
    origin = f"{dataset.name}, one training image of each digit, drawn by seed {seed}"
    return replace(dataset, train=dataset.train.take(chosen), origin=origin, official=False, notice=None)
