"""Accuracies on MNIST's test images that others have published, to stand beside what was measured here.

They were measured by their authors, on their machines and by their protocols: none of them was repeated here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """An `accuracy` with the `parameters` of its network and the `protocol` by which it came about; `name` is short."""

    name: str
    title: str
    accuracy: float
    parameters: int
    protocol: str


REFERENCES = (
    Reference("LeNet-5", "LeNet-5 (LeCun and others, 1998)", 0.9905, 60_000, "one run"),
    Reference(
        "Efficient-CapsNet",
        "Efficient-CapsNet (Mazzia and others, 2021)",
        0.9974,
        161_000,
        "mean, choice of epoch not said",
    ),
    Reference(
        "SimpleNet", "SimpleNet slim (Hasanpour and others, 2016)", 0.9972, 310_000, "one run, choice of epoch not said"
    ),
    Reference("30 seeds", "A plain convolutional network", 0.99699, 1_100_000, "last epoch, mean of 30 seeds"),
    Reference(
        "9,142 parameters", "A course's task for few parameters", 0.994, 9_142, "each of the last 6 of 15 epochs"
    ),
    Reference("697 parameters", "A network of 697 parameters", 0.99, 697, "best epoch on test images, one seed"),
)
