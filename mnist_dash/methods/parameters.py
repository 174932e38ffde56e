"""The hyperparameters: what each means, what is allowed, and how it is read from text.

One table for the widgets of the page, `--set` on the command line and the check of every spec.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mnist_dash.errors import SpecError

Value = int | float | str | None


class Optimizer(StrEnum):
    """How a gradient becomes a step."""

    ADAM = "adam"
    SGD = "sgd"
    MOMENTUM = "momentum"
    RMSPROP = "rmsprop"


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `low` to `high`; whole where `whole`, None where `optional`."""

    name: str
    label: str
    help: str
    low: float
    high: float
    whole: bool = True
    optional: bool = False

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:,} to {self.high:,}" + (" or 'all'" if self.optional else "")

    def check(self, value: object) -> Value:
        """`value` itself; raises SpecError where it is not allowed."""
        if value is None and self.optional:
            return None
        kinds = (int,) if self.whole else (int, float)
        if not isinstance(value, kinds) or isinstance(value, bool) or not self.low <= value <= self.high:
            raise _refused(self.name, value, self.allowed)
        return value

    def parse(self, text: str) -> Value:
        """The value that `text` writes; raises SpecError."""
        if self.optional and text == "all":
            return None
        try:
            return self.check(int(text) if self.whole else float(text))
        except ValueError as e:
            raise _refused(self.name, text, self.allowed) from e


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    name: str
    label: str
    help: str
    options: tuple[str, ...]

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        return "one of " + ", ".join(self.options)

    def check(self, value: object) -> Value:
        """`value` itself; raises SpecError where it is not allowed."""
        if value not in self.options:
            raise _refused(self.name, value, self.allowed)
        return str(value)

    def parse(self, text: str) -> Value:
        """The value that `text` writes; raises SpecError."""
        return self.check(text)


Parameter = Number | Choice


def _refused(name: str, value: object, allowed: str) -> SpecError:
    return SpecError(f"{name} is {value!r}; allowed is {allowed}.")


_PARAMETERS: tuple[Parameter, ...] = (
    Number("epochs", "Epochs", "How often the network sees every training image once.", 1, 1_000),
    Number("batch_size", "Batch size", "Images looked at together before each step.", 1, 60_000),
    Number(
        "learning_rate",
        "Learning rate",
        "How far each step goes. Too small: it crawls. Too large: the loss jumps or becomes NaN.",
        1e-6,
        10.0,
        whole=False,
    ),
    Choice(
        "optimizer",
        "Optimizer",
        "How a gradient becomes a step: plain SGD, SGD with momentum 0.9, or with a rate for each weight.",
        tuple(Optimizer),
    ),
    Number(
        "train_size",
        "Training images",
        "How many images to learn from, drawn at random by the seed. Held-out images are among them.",
        20,
        10_000_000,
        optional=True,
    ),
    Number(
        "validation_split",
        "Held out",
        "The share of the training images kept aside to see how the network does on images it has not learnt.",
        0.0,
        0.9,
        whole=False,
    ),
    Number(
        "seed",
        "Seed",
        "The number that decides first weights, held-out images and order. The same seed repeats a run.",
        0,
        2**31 - 1,
    ),
)

PARAMETERS = MappingProxyType({parameter.name: parameter for parameter in _PARAMETERS})
"""Every hyperparameter by name."""
