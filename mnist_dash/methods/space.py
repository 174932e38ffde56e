"""What a sweep varies: of each setting a range or a few values, checked against what the setting itself allows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from mnist_dash.errors import SpecError
from mnist_dash.methods.kinds import Choice, LayerList, Number, Parameter, Value
from mnist_dash.methods.method import Method
from mnist_dash.methods.registry import get_method
from mnist_dash.methods.spec import RunSpec
from mnist_dash.words import join_words

FIXED = ("seed", "train_size", "validation_split", "validation_by", "kept_models", "teacher")
"""What is the same in all trials: who was asked with other validation images, or by luck alone, cannot be compared."""
_USUAL = {
    **{"dropout": (0.0, 0.6), "weight_decay": (0.0, 0.1), "label_smoothing": (0.0, 0.2), "clip_norm": (0.0, 5.0)},
    **{"rotation": (0.0, 15.0), "shift": (0.0, 3.0), "zoom": (0.0, 0.2), "shear": (0.0, 0.2), "elastic": (0.0, 1.0)},
    **{"thickness": (0.0, 1.0), "disturbance": (0.0, 0.5), "patience": (0, 5)},
}
"""Where one looks first for what is 0 by default and allowed up to far more than anybody wants."""
_DIGITS = 4
"""Significant digits of a number that is tried: what a person can read and type again."""


@dataclass(frozen=True, slots=True)
class Range:
    """A setting that is varied from `low` to `high`, evenly or, where `log`, by its logarithm."""

    name: str
    low: float
    high: float
    log: bool = False
    whole: bool = False

    def describe(self) -> str:
        """What is tried, in words."""
        return f"{self.name} from {self.low:g} to {self.high:g}" + (", logarithmic" if self.log else "")

    def list_ends(self) -> tuple[Value, ...]:
        """The values farthest apart."""
        return (self.low, self.high)

    def settle(self, value: float) -> Value:
        """A drawn number as it is tried: whole, or shortened to a few digits, and never beyond the range."""
        if self.whole:
            return int(value)
        return min(max(float(f"{value:.{_DIGITS}g}"), self.low), self.high)


@dataclass(frozen=True, slots=True)
class Options:
    """A setting of which these `values` are tried."""

    name: str
    values: tuple[Value, ...]

    def describe(self) -> str:
        """What is tried, in words."""
        return f"{self.name}: {join_words([str(value) for value in self.values], 20, 'or')}"

    def list_ends(self) -> tuple[Value, ...]:
        """All of them."""
        return self.values


Dimension = Range | Options
Space = tuple[Dimension, ...]


def parse_dimension(method: Method, text: str) -> Dimension:
    """What `NAME=LOW..HIGH`, `NAME=LOW..HIGH:log`, `NAME=A,B,C` or NAME alone says is varied; raises SpecError.

    Layers have commas themselves: their values stand between bars.
    """
    name, equals, values = (part.strip() for part in text.partition("="))
    parameter = find_varied(method, name)
    if not equals:
        return suggest(method, name)
    try:
        return _parse_values(parameter, values)
    except SpecError as e:
        raise SpecError(
            f"{e} Write what is varied as NAME=LOW..HIGH, with :log behind it for a logarithmic scale, or NAME=A,B,C."
        ) from e


def _parse_values(parameter: Parameter, text: str) -> Dimension:
    if ".." in text and isinstance(parameter, Number):
        ends, _, scale = text.partition(":")
        low, high = (parameter.parse(end.strip()) for end in ends.split("..", 1))
        if scale not in ("", "log") or not isinstance(low, int | float) or not isinstance(high, int | float):
            raise SpecError(f"{parameter.name} is varied by {text!r}, which is no range.")
        return Range(parameter.name, low, high, scale == "log", parameter.whole)
    between = "|" if "|" in text or isinstance(parameter, LayerList) else ","
    return Options(parameter.name, tuple(parameter.parse(part.strip()) for part in text.split(between)))


def find_varied(method: Method, name: str) -> Parameter:
    """The setting of that name; raises SpecError where the method has none, or where no sweep may vary it."""
    allowed = list_varied(method)
    if name in FIXED:
        raise SpecError(
            f"{name} is the same in all trials of a sweep, which could not be compared otherwise; allowed are "
            f"{', '.join(allowed)}."
        )
    if name not in allowed:
        raise SpecError(f"{name!r} is no setting of {method.name}; allowed are {', '.join(allowed)}.")
    return method.hyperparameters[name]


def list_varied(method: Method) -> list[str]:
    """The settings of a method that a sweep may vary."""
    return [
        name
        for name, parameter in method.hyperparameters.items()
        # Layers belong to the method whose own they are.
        if name not in FIXED and (not isinstance(parameter, LayerList) or method.defaults[name] is not None)
    ]


def suggest(method: Method, name: str) -> Dimension:
    """Where one looks first: around the method's own value, or among all words that are allowed; raises SpecError."""
    parameter, value = find_varied(method, name), method.defaults[name]
    if isinstance(parameter, Choice):
        return Options(name, parameter.options)
    if not isinstance(parameter, Number) or not isinstance(value, int | float):
        raise SpecError(f"{name} has no range of its own. Name the values to try, such as {name}=A|B.")
    if name in _USUAL:
        low, high = _USUAL[name]
        return Range(name, low, max(high, value), whole=parameter.whole)
    if parameter.low > 0:
        times = 4 if parameter.whole else 10
        ends = (max(parameter.low, value // times if parameter.whole else value / times), value * times)
        return _round(Range(name, ends[0], min(parameter.high, ends[1]), log=True, whole=parameter.whole))
    third = parameter.low + (parameter.high - parameter.low) / 3
    return _round(Range(name, parameter.low, min(parameter.high, max(2 * value, third)), whole=parameter.whole))


def _round(found: Range) -> Range:
    kind = int if found.whole else float
    return replace(found, low=kind(float(f"{found.low:.3g}")), high=kind(float(f"{found.high:.3g}")))


def check_space(base: RunSpec, space: Sequence[Dimension]) -> None:
    """Refuse what no sweep can search or compare; raises SpecError."""
    method = get_method(base.method)
    if not base.learns:
        raise SpecError(f"The method {base.method} learns nothing, so there is nothing to search; choose another.")
    if base.folds:
        raise SpecError("A label audit has no settings to search. Choose an ordinary run.")
    if base.validation_split == 0:
        raise SpecError(
            "validation_split is 0.0, and a sweep compares its trials on validation images alone; allowed is more than "
            "0. Keep some aside, such as 0.1."
        )
    names = [dimension.name for dimension in space]
    for name in names:
        find_varied(method, name)
    if not names or len(set(names)) < len(names):
        raise SpecError(f"The settings to vary are {', '.join(names) or 'none'}; allowed are one or more, each once.")
    for dimension in space:
        _check_dimension(method.hyperparameters[dimension.name], dimension)


def _check_dimension(parameter: Parameter, dimension: Dimension) -> None:
    for value in dimension.list_ends():
        parameter.check(value)
    if isinstance(dimension, Options):
        if len(set(dimension.values)) < max(2, len(dimension.values)):
            raise SpecError(f"{dimension.describe()} leaves no choice; allowed are two values or more, each once.")
        return
    if not isinstance(parameter, Number):
        raise SpecError(f"{dimension.name} is no number, and cannot be varied over a range; name values, as in A,B.")
    if not dimension.low < dimension.high:
        raise SpecError(f"{dimension.describe()} is no range: the lowest value must be below the highest.")
    if dimension.log and dimension.low <= 0:
        raise SpecError(f"{dimension.describe()}: a logarithmic scale begins above 0. Raise the lowest value.")


def vary(base: RunSpec, values: Mapping[str, Value]) -> RunSpec:
    """The spec of a trial: the base with these values."""
    return RunSpec.of(base.method, base.data, **{**base.parameters, **values})


def list_extremes(base: RunSpec, space: Sequence[Dimension]) -> list[RunSpec]:
    """The base with each setting at its farthest values, one at a time: what these allow and cost, all trials do."""
    return [vary(base, {one.name: value}) for one in space for value in one.list_ends()]


def write_space(space: Sequence[Dimension]) -> str:
    """The space as JSON."""
    return json.dumps([asdict(dimension) for dimension in space])


def read_space(text: str) -> Space:
    """The space that `write_space` wrote."""
    found = json.loads(text)
    return tuple(Options(one["name"], tuple(one["values"])) if "values" in one else Range(**one) for one in found)
