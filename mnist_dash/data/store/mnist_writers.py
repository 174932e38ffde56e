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
from mnist_dash.data.checksums import OFFICIAL
from mnist_dash.data.dataset import Dataset, Digits, Split

FILE = "mnist_writers.npz"


@cache
def read_mnist_writers(split: Split) -> Writers:
    """(60,000,) or (10,000,) uint16: who wrote each image of a split of MNIST."""
    path = resources.files("mnist_dash.data.store") / "files" / FILE
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        writers: Writers = arrays[split.value]
    writers.setflags(write=False)
    return writers


def attach_mnist_writers(dataset: Dataset) -> Dataset:
    """The set with the writers of those of its images that are MNIST's, whatever the set is called."""
    theirs = {split: _attach(dataset, split) for split in Split}
    if all(theirs[split] is dataset.split(split) for split in Split):
        return dataset
    return replace(dataset, train=theirs[Split.TRAIN], test=theirs[Split.TEST])


def _attach(dataset: Dataset, split: Split) -> Digits:
    name, digits = f"{split}_images", dataset.split(split)
    if dataset.sha256.get(name) != OFFICIAL[name]:
        return digits
    return replace(digits, writers=read_mnist_writers(split))
