"""Runs that differ in their seed alone as one thing: their mean, how sure it is, and whether a difference was luck."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev, variance
from typing import Self

from mnist_dash.runs.records import Run, State
from mnist_dash.runs.seeds import ignore_seed, list_seeds


@dataclass(frozen=True, slots=True)
class SeedGroup:
    """Runs whose specs are equal but for the seed, in the order in which they came.

    `tested` are those that have ended with a test, one of each seed, by seed: figures are of these alone. `others` do
    not count: they have not ended, ended early, have no test, or repeat a seed.
    """

    tested: tuple[Run, ...]
    others: tuple[Run, ...] = ()

    @classmethod
    def of_one(cls, run: Run) -> Self:
        """A run by itself, whatever others there are."""
        return cls((run,)) if _is_tested(run) else cls((), (run,))

    @property
    def runs(self) -> tuple[Run, ...]:
        """All runs of the group."""
        return self.tested + self.others

    @property
    def counted(self) -> tuple[Run, ...]:
        """The runs that its figures are of: those that were tested where they are several, else all."""
        return self.tested if self.is_several else self.runs

    @property
    def is_several(self) -> bool:
        """Whether enough seeds have been tested to say how much they matter."""
        return len(self.tested) > 1

    @property
    def accuracies(self) -> list[float]:
        """The test accuracy of each seed."""
        return [run.score.accuracy for run in self.tested if run.score]

    @property
    def interval(self) -> tuple[float, float, float]:
        """The mean test accuracy of two or more seeds with its 95 % interval over seeds, within what is possible."""
        mean, low, high = student_interval(self.accuracies)
        return mean, max(0.0, low), min(1.0, high)

    def describe_uncounted(self) -> str:
        """Which runs are not in its figures and why, in words; empty where all are."""
        if not self.others:
            return ""
        runs = list_seeds(self.others)
        verb = "does" if len(self.others) == 1 else "do"
        return f"{runs[0].upper()}{runs[1:]} {verb} not count: only tested runs do, each seed once."


def group_by_seed(runs: Sequence[Run]) -> list[SeedGroup]:
    """All `runs` in groups that differ in their seed alone, a group where its first run stands."""
    groups: dict[tuple[object, ...], list[Run]] = {}
    for run in runs:
        groups.setdefault(ignore_seed(run.spec), []).append(run)
    return [_group(members) for members in groups.values()]


def _group(runs: Sequence[Run]) -> SeedGroup:
    tested: dict[int, Run] = {}
    for run in runs:
        if _is_tested(run):
            # The same seed twice is the same experiment twice, and says nothing of other seeds.
            tested.setdefault(run.spec.seed, run)
    counted = tuple(tested[seed] for seed in sorted(tested))
    return SeedGroup(counted, tuple(run for run in runs if run not in counted))


def _is_tested(run: Run) -> bool:
    return run.state is State.DONE and run.score is not None


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more the `first` seeds read right than the `second` on average, with its 95 % interval.

    `low` and `high` are None where all seeds of each came out the same, so that nothing shows how much luck there is.
    """

    mean: float
    low: float | None
    high: float | None
    first: int
    second: int

    @property
    def may_be_chance(self) -> bool:
        """Whether the luck of the seeds alone can explain it."""
        return self.low is None or self.high is None or self.low <= 0 <= self.high

    def describe(self, first: str, second: str) -> str:
        """What that says of two settings with these names, in words."""
        counts = sorted({self.first, self.second})
        seeds = f"{counts[0]} seeds each" if len(counts) == 1 else f"{self.first} and {self.second} seeds"
        more = f"over {seeds}, {first} reads {_points(self.mean)} points more than {second}"
        if self.low is None or self.high is None:
            return f"Nobody can tell: {more}, but all seeds of each came out the same. Train more seeds."
        verdict = "This difference could be chance" if self.may_be_chance else "Luck alone hardly explains this"
        return f"{verdict}: {more}, 95 % interval {_points(self.low)} to {_points(self.high)}."


def compare_seeds(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Two or more accuracies of each of two settings: the difference of their means, by Welch's t (1947)."""
    mean = fmean(first) - fmean(second)
    one, other = variance(first) / len(first), variance(second) / len(second)
    if not one + other:
        return Difference(mean, None, None, len(first), len(second))
    freedom = (one + other) ** 2 / (one**2 / (len(first) - 1) + other**2 / (len(second) - 1))
    half = _student_quantile(freedom) * sqrt(one + other)
    return Difference(mean, mean - half, mean + half, len(first), len(second))


def student_interval(values: Sequence[float]) -> tuple[float, float, float]:
    """The mean of two or more values with its 95 % interval, by Student's t (1908)."""
    mean = fmean(values)
    half = _student_quantile(len(values) - 1) * stdev(values) / sqrt(len(values))
    return mean, mean - half, mean + half


def _student_quantile(freedom: float) -> float:
    """What Student's t with so many degrees of freedom exceeds, on either side, once in twenty times."""
    from scipy.special import stdtrit  # type: ignore[import-untyped]  # 300 ms that only repeated runs need

    return float(stdtrit(freedom, 0.975))


def _points(difference: float) -> str:
    """A difference of accuracies in percentage points."""
    return f"{100 * difference:.2f}".replace("-0.00", "0.00")
