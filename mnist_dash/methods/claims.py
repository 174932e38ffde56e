"""What others say of a method, and the settings that repeat it here.

A claim without an accuracy stands for a source that gives none which could be compared; it is measured all the same.
What was measured is no part of this: `measured.py` reads it from the record of a benchmark.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mnist_dash.data.dataset import MNIST
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.spec import RunSpec


@dataclass(frozen=True, slots=True)
class Claim:
    """A method with `changes` from its defaults, and what its `source` `said` of it, with the `accuracy` if it has one.

    `one_of_each` is true where ten images are learnt from, one of each digit.
    """

    name: str
    title: str
    method: str
    source: str
    said: str = ""
    accuracy: float | None = None
    changes: Mapping[str, Value] = field(default_factory=dict)
    one_of_each: bool = False

    def make_spec(self, seed: int = 0, data: str = MNIST) -> RunSpec:
        """The run that repeats it."""
        return RunSpec.of(self.method, data, **{**self.changes, "seed": seed})


def _of_method(name: str, said: str = "", accuracy: float | None = None) -> Claim:
    """A method with its own defaults, whose source said this of it."""
    return Claim(name, METHODS[name].title, name, METHODS[name].source, said, accuracy)


_OWN_SET = "“How long it will take, to train MNIST like dataset, all by myself?” (blog, 2019)"
_TEN_IMAGES = MappingProxyType({"batch_size": 10, "epochs": 100, "validation_split": 0.0})
_ALL = (
    _of_method("random"),
    Claim(
        "one_instance",
        "One instance of each digit",
        "dense_128",
        _OWN_SET,
        changes=_TEN_IMAGES,
        one_of_each=True,
    ),
    Claim(
        "complete_batch",
        "The complete batch",
        "dense_128",
        _OWN_SET,
        changes=MappingProxyType({"validation_split": 0.0}),
    ),
    _of_method("logistic", "91.6 % for a linear one", 0.916),
    _of_method("nearest", "95.0 %, and 96.9 % by Wilder", 0.969),
    _of_method("forest"),
    _of_method("svm", "98.6 %", 0.986),
    _of_method("dense_128"),
    _of_method("mlp_900", "94 % after two hours", 0.94),
    _of_method("functional_4"),
    Claim(
        "functional_4_adam",
        "Four hidden layers, with Adam",
        "functional_4",
        METHODS["functional_4"].source,
        changes=MappingProxyType({"optimizer": "adam", "learning_rate": 0.001}),
    ),
    _of_method("functional_5"),
    Claim(
        "functional_5_adam",
        "Five hidden layers, with Adam",
        "functional_5",
        METHODS["functional_5"].source,
        changes=MappingProxyType({"optimizer": "adam", "learning_rate": 0.001}),
    ),
    _of_method("cnn_1000", "95 % in under five minutes", 0.95),
    _of_method("custom"),
    _of_method("cnn"),
    Claim(
        "cnn_10",
        "Convolutional, 5 + 5 epochs",
        "cnn",
        METHODS["cnn"].source,
        "99.17 % after 5 + 5 epochs",
        0.9917,
        MappingProxyType({"epochs": 10}),
    ),
)

_NAMED = {claim.method for claim in _ALL}
_OTHERS = (_of_method(name) for name, method in METHODS.items() if method.data == MNIST and name not in _NAMED)

CLAIMS: Mapping[str, Claim] = MappingProxyType({claim.name: claim for claim in (*_ALL, *_OTHERS)})
"""Every claim by name, from the floor up; every method that is meant for MNIST is among them."""
