"""Which images of a data set a model is evaluated on: a split of it, or a part that a run has made of its training."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Images, Indices, Labels, Writers
from mnist_dash.data.dataset import Dataset, Digits, Split
from mnist_dash.data.present_digits import NO_TEST
from mnist_dash.errors import DataError, SpecError
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.methods.spec import RunSpec


class Part(StrEnum):
    """The images of a data set that are asked about.

    Where a run has learnt from that set, `TRAIN` is what it learnt from, and `VALIDATION` what it held out; otherwise
    `TRAIN` is every training image.
    """

    TEST = "test"
    VALIDATION = "validation"
    TRAIN = "train"


@dataclass(frozen=True, slots=True, eq=False)
class EvaluatedImages:
    """The images at `index` (n,) of a `split`, whose digits are `whole`: no image is copied before it is read."""

    whole: Digits
    split: Split
    index: Indices

    def __len__(self) -> int:
        """How many images are asked about."""
        return len(self.index)

    @property
    def labels(self) -> Labels:
        """The label of each image (n,)."""
        return np.asarray(self.whole.labels[self.index])

    @property
    def writers(self) -> Writers | None:
        """Who wrote each image (n,); None where that is not known."""
        return None if self.whole.writers is None else np.asarray(self.whole.writers[self.index])

    def images_at(self, places: npt.ArrayLike | slice) -> Images:
        """The images at these `places` of the `index`."""
        return np.asarray(self.whole.images[self.index[places]])  # type: ignore[index]


def list_parts(dataset: Dataset, spec: RunSpec | None = None) -> list[Part]:
    """The parts that hold an image, for the run with that spec."""
    sizes = {Part.TEST: len(dataset.test), **{part: len(index) for part, index in _divide(dataset, spec).items()}}
    return [part for part in Part if sizes.get(part)]


def take_part(dataset: Dataset, part: Part, spec: RunSpec | None = None) -> EvaluatedImages:
    """The images of a part; raises DataError where it holds none."""
    if part is Part.TEST and not dataset.test:
        raise DataError(f"{dataset.name} cannot be tested on. {NO_TEST} Choose a set with test images.")
    if part not in list_parts(dataset, spec):
        there = list_parts(dataset, spec)
        allowed = f"allowed are {', '.join(there)}" if there else "it has no image at all"
        raise DataError(f"{dataset.name} has no {part} images for this model; {allowed}.")
    if part is Part.TEST:
        return EvaluatedImages(dataset.test, Split.TEST, np.arange(len(dataset.test)))
    index = _divide(dataset, spec)[part]
    return EvaluatedImages(dataset.train, Split.TRAIN, index)


def _divide(dataset: Dataset, spec: RunSpec | None) -> dict[Part, Indices]:
    everything = {Part.TRAIN: np.arange(len(dataset.train))}
    if spec is None or spec.data != dataset.name:
        return everything
    try:
        parts = draw_run_split(spec, dataset.train)
    except SpecError:  # the set is another one by now, with fewer images or without its writers
        return everything
    return {Part.TRAIN: np.sort(parts.train), Part.VALIDATION: np.sort(parts.validation)}
