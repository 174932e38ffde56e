"""What a method costs, in each of the ways in which the page weighs accuracies against it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mnist_dash.methods.measured import Measured


class Cost(StrEnum):
    """The ways, as links name them."""

    TIME = "time"
    PARAMETERS = "parameters"
    OPERATIONS = "multiply_adds"
    SIZE = "size"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class CostAxis:
    """How a cost is called on the screen and on its axis, how it is explained, and where it is read."""

    title: str
    axis: str
    explained: str
    read: Callable[[Measured], float | None]


COSTS: Mapping[Cost, CostAxis] = MappingProxyType(
    {
        Cost.TIME: CostAxis(
            "Time",
            "Seconds of processor time to learn",
            "Over all cores, from the first image to the test: two cores that are busy for a second are two seconds.",
            lambda found: found.mean_processor_seconds,
        ),
        Cost.PARAMETERS: CostAxis(
            "Parameters",
            "Parameters",
            "Numbers that are learnt. Nearest neighbours, forests and support vectors keep images or trees instead.",
            lambda found: found.parameters,
        ),
        Cost.OPERATIONS: CostAxis(
            "Multiply-adds",
            "Multiplications with an addition for one answer",
            "Multiplications with an addition that one answer of a network takes.",
            lambda found: found.multiply_adds,
        ),
        Cost.SIZE: CostAxis(
            "Size",
            "Bytes that are kept",
            "The file that answers: LiteRT of a network, packed arrays otherwise.",
            lambda found: found.bytes,
        ),
        Cost.ANSWER: CostAxis(
            "Answer",
            "Milliseconds for one answer",
            "One digit at a time: the median of 21.",
            lambda found: found.answer_ms,
        ),
    }
)
