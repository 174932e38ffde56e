"""What a lesson consists of: steps, each with a task that is really done and checked. Plain records, no page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec


class Fact(StrEnum):
    """A number that nobody typed in: it is known from the data set, the models or the person's own runs."""

    LARGEST_VALUE = "largest value"
    FEATURES = "features"
    CLASSES = "classes"
    FILTER_WEIGHTS = "filter weights"
    BEST_EPOCH = "best epoch"
    TEST_ACCURACY = "test accuracy"


class Figure(StrEnum):
    """What a step shows of real data."""

    TWO_RUNS = "two runs"
    LOSSES = "losses"
    SHIFTED_CHANNEL = "shifted channel"
    UPSTROKE = "upstroke"
    MEAN_ONE = "mean one"
    LUCK = "luck"
    WRONG_SUMMARY = "wrong summary"
    RIGHT_SUMMARY = "right summary"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose, and the words that explain why it is right or wrong."""

    text: str
    words: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One of a few answers; each is explained."""

    ask: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class NumberQuestion:
    """A number to find; `fact` knows it, within `tolerance`. `words` explain it, `hint` leads whoever is wrong."""

    ask: str
    fact: Fact
    words: str
    hint: str
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Experiment:
    """A run to train: a `method` with `changes` of its defaults, on any data set and with any seed.

    Where it stands `against` the step of another experiment, it counts with the same data set and seed as a run of
    that one: nothing else differs. `may_diverge` where a loss that is no number any more is the lesson itself.
    """

    method: str
    changes: Mapping[str, Value]
    against: str | None = None
    may_diverge: bool = False

    def make_spec(self, data: str = "mnist") -> RunSpec:
        """What is to be trained on that data set."""
        return RunSpec.of(self.method, data, **self.changes)

    @property
    def link(self) -> dict[str, str]:
        """The settings as Train's link has them."""
        return {"method": self.method} | {name: str(value) for name, value in self.changes.items()}


@dataclass(frozen=True, slots=True)
class Remedy:
    """A run that differs from that of the step `against` in some of the hyperparameters `names` alone, and does better.

    Better is a lower validation loss after its last epoch. `offers` are links to Train: words, and what they change.
    """

    against: str
    names: tuple[str, ...]
    offers: Mapping[str, Mapping[str, Value]]


class Wanted(StrEnum):
    """What a drawing must be."""

    DIGIT = "digit"
    ONE_READ_AS_SEVEN = "one read as seven"


@dataclass(frozen=True, slots=True)
class DrawingTask:
    """A drawing on the sheet of this tab."""

    wanted: Wanted


Task = Question | NumberQuestion | Experiment | Remedy | DrawingTask


@dataclass(frozen=True, slots=True)
class Lead:
    """A way to a page: its file, what the link says, and its icon."""

    page: str
    label: str
    icon: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a lesson under a `name`: what it says, what it shows, where it leads and what is to be done."""

    name: str
    title: str
    text: str
    task: Task
    lead: Lead | None = None
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson under a `name`, with what a person will find out."""

    name: str
    title: str
    promise: str
    steps: tuple[Step, ...]

    def find_step(self, name: str) -> Step:
        """The step of that name."""
        return next(step for step in self.steps if step.name == name)
