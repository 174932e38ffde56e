"""What can honestly be said of several runs: where their settings differ, and whether their accuracies do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import sqrt
from statistics import fmean, stdev

from mnist_dash.methods.kinds import Value
from mnist_dash.methods.registry import HYPERPARAMETERS
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Run, RunScore, State

Setting = Value | tuple[int, ...]
Settings = Mapping[str, tuple[Setting, ...]]
"""What each of several specs has for each field, by the field's name."""
_HIGHEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Repeats:
    """Runs that differ in their seed alone: the mean of their test accuracies with its 95 % interval over seeds."""

    runs: tuple[Run, ...]
    mean: float
    low: float
    high: float


def compare_settings(specs: Sequence[RunSpec]) -> tuple[Settings, Settings]:
    """The fields in which `specs` differ, and those in which all agree, each with the value of every spec."""
    had = {name for spec in specs for name in spec.parameters}
    names = ("method", "data", *(name for name in HYPERPARAMETERS if name in had), "continued")
    fields = {name: tuple(_find_value(spec, name) for spec in specs) for name in names}
    differing = {name: values for name, values in fields.items() if len(set(values)) > 1}
    return differing, {name: values for name, values in fields.items() if name not in differing}


def _find_value(spec: RunSpec, name: str) -> Setting:
    """The value of a field; an empty text where the method has none of that name."""
    if name in HYPERPARAMETERS:
        return spec.parameters.get(name, "")
    value: Setting = getattr(spec, name)
    return value


def group_repeats(runs: Sequence[Run]) -> list[Repeats]:
    """The finished ones of `runs` in groups of two or more that differ in their seed alone."""
    groups: dict[RunSpec, dict[int, Run]] = {}
    for run in runs:
        if run.state is State.DONE and run.score:
            # The same seed twice is the same experiment twice, and says nothing of other seeds.
            groups.setdefault(replace(run.spec, seed=0), {}).setdefault(run.spec.seed, run)
    return [_repeats(tuple(seeds.values())) for seeds in groups.values() if len(seeds) > 1]


def next_seed(spec: RunSpec, others: Sequence[RunSpec]) -> int:
    """The first seed after that of `spec` with which none of `others` repeats it."""
    used = {other.seed for other in others if replace(other, seed=spec.seed) == spec}
    return next(seed for i in count(1) if (seed := (spec.seed + i) % (_HIGHEST_SEED + 1)) not in used)


def are_comparable(runs: Sequence[Run]) -> bool:
    """Whether the accuracies of `runs` were measured on the same test images, as far as is known."""
    return len({(run.spec.data, run.score.images) for run in runs if run.score}) <= 1


def find_close_to_best(runs: Sequence[Run]) -> tuple[Run | None, list[Run]]:
    """The run with the best test accuracy, and those whose intervals overlap its own.

    Intervals that do not overlap speak for a difference; such that do leave it open, and prove no equality: the runs
    share their test images, of which only a paired test could make use.
    """
    tested = [(run, run.score) for run in runs if run.score]
    if not tested:
        return None, []
    best, highest = max(tested, key=lambda pair: pair[1].accuracy)
    return best, [run for run, other in tested if run is not best and _overlap(highest, other)]


def student_interval(values: Sequence[float]) -> tuple[float, float, float]:
    """The mean of two or more values with its 95 % interval, by Student's t (1908)."""
    from scipy.special import stdtrit  # type: ignore[import-untyped]  # 300 ms that only repeated runs need

    mean = fmean(values)
    half = float(stdtrit(len(values) - 1, 0.975)) * stdev(values) / sqrt(len(values))
    return mean, mean - half, mean + half


def _repeats(runs: tuple[Run, ...]) -> Repeats:
    mean, low, high = student_interval([run.score.accuracy for run in runs if run.score])
    return Repeats(runs, mean, max(0.0, low), min(1.0, high))


def _overlap(one: RunScore, other: RunScore) -> bool:
    return one.low <= other.high and other.low <= one.high
