"""What can be said of imaginary writers: every parameter with its range, its unit and what it means in plain words.

One table for the sliders of the page, `--parameter` on the command line and the check of every set of parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from math import isfinite
from types import MappingProxyType
from typing import Any

import numpy as np

from mnist_dash.arrays import Writers
from mnist_dash.errors import DataError


class Group(Enum):
    """What a parameter is about, as the page groups them."""

    HAND = "Hand"
    MOVEMENT = "Movement"
    PEN = "Pen"
    WRITERS = "Writers"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number from `low` to `high` in `unit`, changed in steps of `step`; whole where that is whole."""

    name: str
    label: str
    help: str
    low: float
    high: float
    step: float
    unit: str
    group: Group

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers are allowed."""
        return isinstance(self.step, int)

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        kind = "a whole number" if self.is_whole else "a number"
        return f"{kind} from {self.low:g} to {self.high:g}" + (f" ({self.unit})" if self.unit else "")

    def check(self, value: object) -> float:
        """`value` itself; raises DataError where it is not allowed."""
        kinds = (int,) if self.is_whole else (int, float)
        if not isinstance(value, kinds) or isinstance(value, bool) or not isfinite(value):
            raise self._refusal(value)
        if not self.low <= value <= self.high:
            raise self._refusal(value)
        return value

    def parse(self, text: str) -> float:
        """The value that `text` writes; raises DataError."""
        try:
            return self.check(int(text) if self.is_whole else float(text))
        except ValueError as e:
            raise self._refusal(text) from e

    def _refusal(self, value: object) -> DataError:
        return DataError(f"{self.name} is {value!r:.40}; allowed is {self.allowed}. Choose a number in that range.")


def _share(name: str, label: str, help: str, high: float, group: Group) -> Parameter:  # noqa: A002 - as the field
    return Parameter(name, label, help, 0.0, high, 0.05, "", group)


_TABLE = (
    Parameter(
        "slant", "Slant", "How far digits lean to the right, to the left below 0.", -40.0, 40.0, 1.0, "°", Group.HAND
    ),
    Parameter("width", "Width", "How wide digits are; 1 is usual.", 0.5, 1.8, 0.05, "× usual", Group.HAND),
    Parameter(
        "balance",
        "Waist",
        "Where the waist of a 3, 5 or 8 is: low below 1, high above.",
        0.6,
        1.6,
        0.05,
        "",
        Group.HAND,
    ),
    _share(
        "roundness",
        "Roundness",
        "0 draws straight lines from turn to turn, 1 round ones, more swings out.",
        1.5,
        Group.HAND,
    ),
    _share(
        "haste",
        "Haste",
        "In haste corners become round and curves flat: the hand is late where it should turn.",
        1.0,
        Group.MOVEMENT,
    ),
    _share(
        "overshoot",
        "Overshoot",
        "How far the hand swings beyond a turn or an end before it is caught.",
        1.0,
        Group.MOVEMENT,
    ),
    _share("tremor", "Tremor", "How much the hand shakes, ten times a second.", 3.0, Group.MOVEMENT),
    _share(
        "hooks",
        "Hooks",
        "How often a stroke begins or ends with a small hook, as the pen lands or leaves.",
        1.0,
        Group.MOVEMENT,
    ),
    _share(
        "gaps",
        "Gaps",
        "How often a piece of a stroke is missing, as the pen lands late, leaves early or skips.",
        1.0,
        Group.MOVEMENT,
    ),
    Parameter("pen", "Pen", "How broad the pen is.", 3.0, 30.0, 0.5, "% of the height", Group.PEN),
    _share("pens", "Kinds of pen", "How much the pens of writers differ; 1 is usual.", 2.0, Group.PEN),
    Parameter(
        "digits_each",
        "Digits of each writer",
        "How many digits a writer writes before the next one does.",
        1,
        10_000,
        1,
        "digits",
        Group.WRITERS,
    ),
    _share(
        "difference",
        "Difference of writers",
        "How much writers differ from one another; 1 is usual.",
        2.0,
        Group.WRITERS,
    ),
    _share(
        "variation", "Variation", "How much a writer's digits differ from one another; 1 is usual.", 2.0, Group.WRITERS
    ),
    _share(
        "evenness",
        "Rare forms",
        "0 draws each form of a digit as often as people write it, 1 all alike.",
        1.0,
        Group.WRITERS,
    ),
)

PARAMETERS: Mapping[str, Parameter] = MappingProxyType({parameter.name: parameter for parameter in _TABLE})
"""Every parameter by its name, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Handwriting:
    """How a crowd of imaginary writers writes; raises DataError for what the table does not allow."""

    slant: float = 4.0
    width: float = 1.0
    balance: float = 1.0
    roundness: float = 1.0
    haste: float = 0.4
    overshoot: float = 0.15
    tremor: float = 0.4
    hooks: float = 0.15
    gaps: float = 0.05
    pen: float = 14.0
    pens: float = 1.0
    digits_each: int = 5
    difference: float = 1.0
    variation: float = 1.0
    evenness: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        for field in fields(self):
            PARAMETERS[field.name].check(getattr(self, field.name))

    def assign_writers(self, count: int, first: int = 0) -> Writers:
        """(n,): who writes each of `count` digits, `digits_each` in turn, the writer `first` before all others."""
        return first + np.arange(count) // self.digits_each


USUAL = Handwriting()
"""How digits are drawn where nobody says otherwise: chosen by `benchmarks.handwriting`."""


def parse_handwriting(texts: Mapping[str, str], start: Handwriting = USUAL) -> Handwriting:
    """`start` with what texts say of some parameters; raises DataError for unknown names and values out of range."""
    for name in texts:
        if name not in PARAMETERS:
            raise DataError(
                f"There is no parameter {name!r:.40}; allowed are {', '.join(PARAMETERS)}. Choose among them."
            )
    changes: dict[str, Any] = {name: PARAMETERS[name].parse(text) for name, text in texts.items()}
    return replace(start, **changes)


def write_changes(handwriting: Handwriting) -> dict[str, str]:
    """Every parameter that differs from the usual one, as text that `parse_handwriting` reads."""
    changed = {name: getattr(handwriting, name) for name in PARAMETERS}
    return {name: f"{value:.10g}" for name, value in changed.items() if value != getattr(USUAL, name)}
