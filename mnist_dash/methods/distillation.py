"""Distillation: a network learns what another model answers to each image, beside what the labels say.

Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (arXiv 1503.02531, 2015), at temperature 1:
that a 4 looks a little like a 9 is told by who has learnt it. The model is asked of every image as it is varied for the
epoch, as Beyer et al. do, "Knowledge distillation: A good teacher is patient and consistent" (CVPR 2022).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from mnist_dash.methods.kinds import Group, ModelName, Number, Value

TEACHER = ModelName(
    "teacher",
    "Teacher",
    "The model whose answers are learnt. Where it has learnt the validation images itself, as the bundled reader has "
    "learnt all of MNIST's training images, what is read of those says too much; test images are new to both.",
    Group.RUN,
)
TRUST = Number(
    "trust",
    "Trust in the teacher",
    "How much of the loss asks for the teacher's answers; the rest asks for the labels. 1: labels are not looked at.",
    0.0,
    1.0,
    Group.RUN,
    whole=False,
)


@dataclass(frozen=True, slots=True)
class Distillation:
    """How a run distils a model: its name, and the part of the loss that asks for its answers."""

    teacher: str
    trust: float

    @classmethod
    def of(cls, own: Iterable[tuple[str, Value]]) -> Self | None:
        """What these hyperparameters of a method's own say of it; None where there are none for it."""
        values = dict(own)
        if TEACHER.name not in values:
            return None
        return cls(str(values[TEACHER.name]), float(values[TRUST.name] or 0))
