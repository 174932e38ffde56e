"""Put into the program who wrote each image of MNIST: `python -m benchmarks.bundle_writers FOLDER`.

FOLDER holds the labels of QMNIST (Yadav and Bottou, "Cold case: the lost MNIST digits", NeurIPS 2019;
github.com/facebookresearch/qmnist), `qmnist-train-labels.tsv.gz` and `qmnist-test-labels.tsv.gz`, and their LICENSE.
They list MNIST's images in MNIST's order, and in the second file 50,000 more, which are left out; column 0 is the class
and column 2 the writer, by NIST's own number.
"""

import gzip
import os
import sys
from pathlib import Path

import numpy as np

from mnist_dash.arrays import Integers
from mnist_dash.data.dataset import Digits
from mnist_dash.data.store.mnist import open_mnist
from mnist_dash.data.store.mnist_writers import FILE
from mnist_dash.settings import Settings

TARGET = Path(__file__).resolve().parents[1] / "mnist_dash" / "data" / "store" / "files"
LABEL, WRITER = 0, 2
"""Columns of QMNIST's tables."""


def main(folder: Path) -> None:
    """Write the writers of both splits as one small archive, with the licence beside it."""
    data = open_mnist(Settings.from_environment(os.environ))
    assert data.official, f"the images are {data.origin}, not MNIST's own"
    train = read_writers(folder / "qmnist-train-labels.tsv.gz", data.train)
    test = read_writers(folder / "qmnist-test-labels.tsv.gz", data.test)
    assert not set(train.tolist()) & set(test.tolist()), "somebody wrote training and test images"
    TARGET.mkdir(exist_ok=True)
    np.savez_compressed(TARGET / FILE, train=train, test=test)
    (TARGET / "mnist_writers_LICENSE.txt").write_bytes((folder / "LICENSE").read_bytes())
    print(f"{len(np.unique(train))} writers of training images, {len(np.unique(test))} others of test images")


def read_writers(path: Path, digits: Digits) -> Integers:
    """(n,) uint16: who wrote each of the digits, after a look whether the table lists them in this order."""
    with gzip.open(path, "rt", encoding="ascii") as lines:
        rows = np.loadtxt(lines, np.int64, delimiter="\t", usecols=(LABEL, WRITER), max_rows=len(digits))
    assert np.array_equal(rows[:, 0], digits.labels), f"{path} lists other images"
    assert rows[:, 1].max() <= np.iinfo(np.uint16).max, "a number is too large"
    return rows[:, 1].astype(np.uint16)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
