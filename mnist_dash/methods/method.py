"""What a method is to the rest of the program: what people read of it, what can be set, and how it comes to answer.

A network is its layers: how it learns is the business of `mnist_dash/training/` alone. Every other method brings a
`Fitting`, one file in `mnist_dash/methods/fitted/`, which is all that the program knows of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from mnist_dash.arrays import AnyNumbers, Images, Probabilities
from mnist_dash.data.dataset import MNIST, Digits
from mnist_dash.methods.kinds import Parameter, Value
from mnist_dash.methods.layers import Layer, count_parameters
from mnist_dash.methods.parameters import PARAMETERS

Arrays = Mapping[str, AnyNumbers]
"""All that a fitted method keeps, by name."""
Values = Mapping[str, Value]
"""The hyperparameters of a run, by name."""
Report = Callable[[float], None]
"""Hears which share of the work is done, from 0 to 1."""


class Classifier(Protocol):
    """Anything that reads digits."""

    def probabilities(self, images: Images) -> Probabilities:
        """The answer to each image (n, 28, 28) uint8: probabilities (n, 10)."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a fit takes on the machine that it was measured on: seconds, and bytes of memory of its process."""

    seconds: float
    memory: int


class Fitting(Protocol):
    """How a method that is no network learns and answers. The process of a run fits; any process opens and asks."""

    def fit(self, digits: Digits, values: Values, report: Report) -> Arrays:
        """What is learnt of `digits`; the same `values` give the same.

        Called in a thread, so that its run can be watched and stopped; raises SpecError where it cannot be done.
        """

    def open(self, arrays: Arrays, values: Values) -> Classifier:
        """Who answers with what was fitted; raises ModelError where `arrays` are not what `fit` gives."""

    def estimate(self, values: Values, images: int) -> Cost | None:
        """What fitting so many `images` will take; None where there is nothing to fit."""

    def write_script(self, values: Values, images: int) -> str:
        """Python source that fits the first so many `images` of MNIST and tests, without this program."""

    @property
    def plainly(self) -> str:
        """How it comes to its answer, for somebody who has never heard of it."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way to read digits: a network with `layers`, or whatever its `fitting` does.

    `defaults` holds every field of a spec and the method's `own` hyperparameters, `hyperparameters` are those that may
    be set, of which `first` stand above all others. `data` names the set that it is meant to learn from, None where
    that is one of your own; `weights` are the numbers that a fitting learns whatever the images are.
    """

    name: str
    title: str
    summary: str
    source: str
    layers: tuple[Layer, ...] | None
    defaults: Values
    data: str | None = MNIST
    fitting: Fitting | None = None
    hyperparameters: Mapping[str, Parameter] = field(default_factory=lambda: PARAMETERS)
    first: tuple[str, ...] = ("epochs", "train_size")
    folded: bool = True
    """Whether what does not stand first can be set in groups below."""
    functional: bool = False
    """Whether its source writes the network with Keras' Functional API."""
    weights: int = 0
    learns: bool = True

    @property
    def is_fitted(self) -> bool:
        """Whether it learns all at once, and keeps arrays where a network keeps weights."""
        return self.learns and self.fitting is not None

    @property
    def own(self) -> Mapping[str, Parameter]:
        """The hyperparameters that networks do not have."""
        return {name: parameter for name, parameter in self.hyperparameters.items() if name not in PARAMETERS}

    @property
    def parameters(self) -> int:
        """How many numbers are learnt; 0 where nothing is, and where that depends on the images."""
        return count_parameters(self.layers) if self.layers else self.weights
