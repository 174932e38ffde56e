"""Who wrote MNIST's images, by NIST's own numbers: they come with the program, made by `benchmarks.bundle_writers`.

After QMNIST (Yadav and Bottou, "Cold case: the lost MNIST digits", NeurIPS 2019), which traced every image of MNIST
back to NIST's forms; its BSD licence stands beside the numbers. 539 people wrote the training images, 297 others the
test images.
"""

from dataclasses import replace
from functools import cache
from importlib import resources

import numpy as np

from mnist_dash.arrays import Writers
from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.data.store import mnist

FILE = "mnist_writers.npz"


@cache
def read_mnist_writers(split: Split = Split.TRAIN) -> Writers:
    """(60,000,) or (10,000,) uint16: who wrote each image of a split of MNIST."""
    path = resources.files("mnist_dash.data.store") / "files" / FILE
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        writers: Writers = arrays[split.value]
    writers.setflags(write=False)
    return writers


def attach_mnist_writers(dataset: Dataset) -> Dataset:
    """The set with the writers of its training images, where these are MNIST's, whatever the set is called."""
    if dataset.sha256.get("train_images") != mnist.OFFICIAL["train_images"]:
        return dataset
    return replace(dataset, train=replace(dataset.train, writers=read_mnist_writers()))
