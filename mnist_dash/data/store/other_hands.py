"""Digits by other hands than MNIST's that come with the program: optdigits, made by `benchmarks.bundle_optdigits`.

E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998,
doi 10.24432/C50P49, Creative Commons Attribution 4.0: the notice stands beside the file. 30 people in Turkey wrote the
1,934 training images, 13 others the 1,797 test images.
"""

from importlib import resources

import numpy as np

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.store.named_sets import OPTDIGITS, compute_checksums

FILE = "optdigits.npz"
ORIGIN = "optdigits of UCI, 43 people in Turkey (Alpaydin and Kaynak, 1998, CC BY 4.0)"


def open_optdigits() -> Dataset:
    """The set, read from its file within milliseconds."""
    path = resources.files("mnist_dash.data.store") / "files" / FILE
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        train, test = (Digits(arrays[f"x_{split}"], arrays[f"y_{split}"]) for split in ("train", "test"))
    for array in (train.images, train.labels, test.images, test.labels):
        array.setflags(write=False)
    return compute_checksums(Dataset(OPTDIGITS, train, test, ORIGIN))
