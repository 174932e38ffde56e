"""What the database knows of a sweep, as frozen records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mnist_dash.methods.kinds import Group, Number, Value
from mnist_dash.methods.space import Space
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Run, State

TRIALS = Number(
    "trials",
    "Trials",
    "How many settings are tried, each in a run of its own.",
    2,
    1_000,
    Group.RUN,
)

USUAL_TRIALS = 20


class Sampler(StrEnum):
    """Who chooses what is tried next."""

    TPE = "tpe"
    RANDOM = "random"


class Pruner(StrEnum):
    """Which trials are given up before their last epoch."""

    MEDIAN = "median"
    QUARTER = "quarter"
    NONE = "none"


class Outcome(StrEnum):
    """What became of a trial."""

    WAITING = "waiting"
    GOING_ON = "going on"
    DONE = "done"
    PRUNED = "pruned"
    FAILED = "failed"
    STOPPED = "stopped"
    """By a person. It does not count: another one is tried in its place."""

    @property
    def active(self) -> bool:
        """Whether anything is still to happen."""
        return self in (Outcome.WAITING, Outcome.GOING_ON)


@dataclass(frozen=True, slots=True)
class Trial:
    """A run of a sweep: its `number` there, and the share of validation images read right after each of its epochs."""

    number: int
    run: Run
    accuracies: tuple[float, ...]

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        return {
            State.QUEUED: Outcome.WAITING,
            State.RUNNING: Outcome.GOING_ON,
            State.PAUSED: Outcome.GOING_ON,
            State.DONE: Outcome.DONE,
            State.FAILED: Outcome.FAILED,
            State.STOPPED: Outcome.STOPPED if self.run.pruned_after is None else Outcome.PRUNED,
        }[self.run.state]

    @property
    def accuracy(self) -> float | None:
        """What the sweep compares: the share of validation images read right after the last epoch of a finished one."""
        return self.accuracies[-1] if self.outcome is Outcome.DONE and self.accuracies else None

    def read_values(self, space: Space) -> dict[str, Value]:
        """What it tries, by name."""
        values = self.run.spec.parameters
        return {dimension.name: values[dimension.name] for dimension in space}


@dataclass(frozen=True, slots=True)
class Sweep:
    """A search: its trials are `base` with what the `space` varies; `trials` are wanted, of which see `count_wanted`.

    `next_trial` is the number of the next one; `state` is running, done, stopped or failed, with the `reason`; times
    are seconds since 1970, `begun` that of when it was last let go on; `importance` says by setting how much of what
    separates good trials from the others it explains; `account` and `owner` are as those of a run, and `unlimited` says
    that its trials count for nobody. One that is running and has a `reason` waits until its owner may have more.
    """

    id: int
    name: str
    base: RunSpec
    space: Space
    sampler: Sampler
    pruner: Pruner
    seed: int
    trials: int
    next_trial: int
    state: State
    created: float
    begun: float
    ended: float | None
    reason: str | None
    importance: Mapping[str, float]
    account: str = ""
    owner: str = ""
    unlimited: bool = True

    @property
    def active(self) -> bool:
        """Whether it goes on."""
        return self.state is State.RUNNING


def count_wanted(sweep: Sweep, trials: Sequence[Trial]) -> int:
    """How many trials are still to be asked for; those that a person stopped or deleted do not count."""
    return max(0, sweep.trials - len([one for one in trials if one.outcome is not Outcome.STOPPED]))


def find_best(trials: Sequence[Trial]) -> Trial | None:
    """The finished trial that reads most validation images, of equals the first; None before there is one."""
    finished = [trial for trial in trials if trial.accuracy is not None]
    return max(finished, key=lambda trial: (trial.accuracy or 0.0, -trial.number), default=None)
