"""How much a model still reads while its digits are put under more and more stress."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np

from mnist_dash.analysis.evaluation import read_right
from mnist_dash.arrays import Float64s, Integers
from mnist_dash.data.dataset import Digits
from mnist_dash.data.progress import Progress, silent
from mnist_dash.data.stress.stresses import find_stress, stress
from mnist_dash.models.classifier import Classifier

VERSION = 1
"""Raised when the same stress does something else, so that no older file answers for it."""


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
    """Ask every model about the same digits at every level of a stress; raises DataError for an unknown one."""
    kind = find_stress(name)
    right = np.zeros((len(models), len(kind.levels)), np.int64)
    for at, level in enumerate(kind.levels):
        images = stress(digits.images, name, level, seed)
        for number, model in enumerate(models):
            right[number, at] = read_right(model.probabilities(images), digits.labels).sum()
            done = (at * len(models) + number + 1) / right.size
            progress(f"{kind.title}: {level:g} {kind.unit}", done)
    return Robustness(np.array(kind.levels, np.float64), right, len(digits))
