"""What every source of digits turns into: images with labels, in a training and a test split."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Images, Labels, Writers
from mnist_dash.errors import DataError

MNIST = "mnist"
"""The name of the data set that is there without anybody having brought one."""
SIDE = 28
"""Pixels along each side of an image."""
FEATURES = SIDE * SIDE
CLASSES = 10


def check_images(images: npt.NDArray[Any]) -> None:
    """Raise DataError where images are not (n, 28, 28) uint8."""
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (SIDE, SIDE):
        raise DataError(
            f"The images are {images.dtype} of shape {images.shape}; allowed is uint8 of shape (n, 28, 28). "
            "Convert them to 28×28 grey values from 0 (paper) to 255 (ink)."
        )


def check_labels(labels: npt.NDArray[Any], images: int) -> None:
    """Refuse labels that are not one digit for each of so many images; raises DataError."""
    if labels.dtype != np.uint8 or labels.ndim != 1:
        raise DataError(f"The labels are {labels.dtype} of shape {labels.shape}; allowed is uint8 of shape (n,).")
    if images != len(labels):
        raise DataError(
            f"There are {images:,} images but {len(labels):,} labels; there must be one label for each "
            "image. Check that both files belong together and are complete."
        )
    if len(labels) and labels.max() >= CLASSES:
        row = int(np.argmax(labels >= CLASSES))
        raise DataError(f"Label {row:,} is {labels[row]}; allowed are the digits 0 to 9. Correct or drop that row.")


def check_writers(writers: npt.NDArray[Any], images: int) -> None:
    """Refuse writers that are not a whole number for each of so many images; raises DataError."""
    if writers.dtype.kind not in "iu" or writers.shape != (images,):
        raise DataError(
            f"The writers are {writers.dtype} of shape {writers.shape}; allowed is a whole number for each of the "
            f"{images:,} images. Leave them out where they are not known."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """Images (n, 28, 28) uint8 with their labels (n,) uint8; raises DataError where they do not fit.

    `writers` (n,) says who wrote each image; None where that is not known of all of them.
    """

    images: Images
    labels: Labels
    writers: Writers | None = None

    def __post_init__(self) -> None:
        """Refuse arrays that are not digits, before anything is trained on them."""
        images, labels = self.images, self.labels
        check_images(images)
        check_labels(labels, len(images))
        if self.writers is not None:
            check_writers(self.writers, len(images))

    def __len__(self) -> int:
        """The number of images."""
        return len(self.labels)

    def take(self, index: npt.ArrayLike | slice) -> "Digits":
        """The digits at `index`, in its order."""
        writers = None if self.writers is None else self.writers[index]  # type: ignore[index]
        return Digits(self.images[index], self.labels[index], writers)  # type: ignore[index]


class Split(StrEnum):
    """Which images of a data set."""

    TRAIN = "train"
    TEST = "test"


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A named data set with its two splits and where it came from.

    `official` is true where all four arrays have the published SHA-256 of MNIST. `sha256` gives the checksum of
    each array's IDX content by name (`train_images`, `train_labels`, `test_images`, `test_labels`). `notice` is
    what a person must know before trusting it, or None.
    """

    name: str
    train: Digits
    test: Digits
    origin: str
    official: bool = False
    sha256: Mapping[str, str] = field(default_factory=dict)
    notice: str | None = None

    def split(self, split: Split) -> Digits:
        """The images of one split."""
        return {Split.TRAIN: self.train, Split.TEST: self.test}[split]


def scale_to_input(images: Images) -> npt.NDArray[np.float32]:
    """Images (n, 28, 28) uint8 as every network here takes them: (n, 28, 28, 1) float32 from 0 to 1.

    The only preprocessing in the program: training, evaluation, sketches and `predict` all call it, so that no
    model ever sees another scale than the one it was trained on. What models by others need is made of it
    (`models.preparation`).
    """
    return (images.astype(np.float32) / np.float32(255))[..., np.newaxis]
