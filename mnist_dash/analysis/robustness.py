"""How much a model still reads while its digits are put under more and more stress."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np

from mnist_dash.analysis.evaluation import read_right
from mnist_dash.analysis.nudges import find_directions
from mnist_dash.arrays import Float64s, Integers
from mnist_dash.data.dataset import Digits
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.data.stress.stresses import Stress, find_stress, stress
from mnist_dash.models.classifier import Classifier

VERSION = 1
"""Raised when the same stress does something else, so that no older file answers for it."""
_AIMED = 0.95
"""The share of the work that finding the directions of a stress is that is aimed."""


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """Of `images` digits, how many of m models read right, `right` (m, k), at each of k `levels` of one stress."""

    levels: Float64s
    right: Integers
    images: int

    def to_npz(self) -> bytes:
        """The arrays as an NPZ file."""
        content = io.BytesIO()
        np.savez(content, levels=self.levels, right=self.right, images=self.images)
        return content.getvalue()


def read_robustness(content: bytes) -> Robustness | None:
    """What `Robustness.to_npz` wrote; None where the content is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return Robustness(file["levels"], file["right"], int(file["images"]))
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile):
        return None


def measure_robustness(
    models: Sequence[Classifier], digits: Digits, name: str, seed: int = 0, progress: Progress = silent
) -> Robustness:
    """Ask every model about the same digits at every level of a stress; raises DataError for an unknown one.

    A stress that is aimed is aimed at each model itself.
    """
    kind = find_stress(name)
    if kind.aimed:
        shares = [within(progress, at / len(models), (at + 1) / len(models)) for at in range(len(models))]
        rows = [_count_aimed(model, digits, name, kind, share) for model, share in zip(models, shares, strict=True)]
        return Robustness(np.array(kind.levels, np.float64), np.array(rows, np.int64), len(digits))
    right = np.zeros((len(models), len(kind.levels)), np.int64)
    for at, level in enumerate(kind.levels):
        images = stress(digits.images, name, level, seed)
        for number, model in enumerate(models):
            right[number, at] = read_right(model.probabilities(images), digits.labels).sum()
            done = (at * len(models) + number + 1) / right.size
            progress(f"{kind.title}: {level:g} {kind.unit}", done)
    return Robustness(np.array(kind.levels, np.float64), right, len(digits))


def _count_aimed(model: Classifier, digits: Digits, name: str, kind: Stress, progress: Progress) -> list[int]:
    """How many digits the model reads right at each level of a stress that is aimed at it."""
    directions = find_directions(model, digits, within(progress, 0, _AIMED))
    found = []
    for at, level in enumerate(kind.levels):
        answers = model.probabilities(stress(digits.images, name, level, directions=directions))
        found.append(int(read_right(answers, digits.labels).sum()))
        progress(f"{kind.title}: {level:g} {kind.unit}", _AIMED + (1 - _AIMED) * (at + 1) / len(kind.levels))
    return found
