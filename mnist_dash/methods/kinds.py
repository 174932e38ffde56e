"""The kinds of hyperparameter: how each is checked, and read from text."""

from dataclasses import dataclass
from enum import Enum, auto

from mnist_dash.errors import SpecError
from mnist_dash.methods.architecture import parse_network

Value = int | float | str | None


class Group(Enum):
    """What a hyperparameter is about, as the page groups them."""

    RUN = auto()
    STEPS = auto()
    NETWORK = auto()
    RESTRAINT = auto()
    AUGMENTATION = auto()


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `low` to `high`; whole where `whole`, None where `optional`; `step` is what a press changes."""

    name: str
    label: str
    help: str
    low: float
    high: float
    group: Group
    whole: bool = True
    optional: bool = False
    step: float | None = None

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
    group: Group

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


@dataclass(frozen=True, slots=True)
class LayerList:
    """The hidden layers of a network in words; None where the method has its own."""

    name: str
    label: str
    help: str
    group: Group

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        return "a list of layers such as 'conv 32 3, pool 2, flatten, dense 64'"

    def check(self, value: object) -> Value:
        """`value` itself; raises SpecError where it is no network from 28×28 pixels to ten digits."""
        if value is None:
            return None
        if not isinstance(value, str):
            raise _refused(self.name, value, self.allowed)
        parse_network(value)
        return value

    def parse(self, text: str) -> Value:
        """The value that `text` writes; raises SpecError."""
        return self.check(text)


@dataclass(frozen=True, slots=True)
class ModelName:
    """The name of a model that is kept: one that comes with the program, a run's number, an imported one, a vote."""

    name: str
    label: str
    help: str
    group: Group

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        return "the name of a model, as `mnist-dash models` lists them"

    def check(self, value: object) -> Value:
        """`value` itself; raises SpecError where it names nothing. Whether there is such a model is seen later."""
        if not isinstance(value, str) or not value.strip():
            raise _refused(self.name, value, self.allowed)
        return value

    def parse(self, text: str) -> Value:
        """The value that `text` writes; raises SpecError."""
        return self.check(text.strip())


Parameter = Number | Choice | LayerList | ModelName


def _refused(name: str, value: object, allowed: str) -> SpecError:
    return SpecError(f"{name} is {value!r}; allowed is {allowed}.")
