"""Which images of a data set a model is evaluated on: a split of it, or a part that a run has made of its training."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mnist_dash.arrays import Indices
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
    """The `digits` that are asked about, and the `index` (n,) of each in its `split`."""

    digits: Digits
    split: Split
    index: Indices


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
    return EvaluatedImages(dataset.train.take(index), Split.TRAIN, index)


def _divide(dataset: Dataset, spec: RunSpec | None) -> dict[Part, Indices]:
    everything = {Part.TRAIN: np.arange(len(dataset.train))}
    if spec is None or spec.data != dataset.name:
        return everything
    try:
        parts = draw_run_split(spec, dataset.train)
    except SpecError:  # the set is another one by now, with fewer images or without its writers
        return everything
    return {Part.TRAIN: np.sort(parts.train), Part.VALIDATION: np.sort(parts.validation)}
