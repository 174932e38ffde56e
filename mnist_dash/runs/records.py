"""What the database knows of a run, as frozen records."""

from dataclasses import dataclass
from enum import StrEnum

from mnist_dash.methods.spec import RunSpec


class State(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def active(self) -> bool:
        """Whether anything is still to happen."""
        return self in (State.QUEUED, State.RUNNING)


class Artifact(StrEnum):
    """The forms in which a finished model is kept."""

    KERAS = "keras"
    LITERT = "litert"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a finished model scored on the test images: 95 % interval by Wilson."""

    accuracy: float
    low: float
    high: float
    images: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its spec, its state and how far it is.

    `epoch` counts finished epochs; `attempt` the processes that were started for it; `phase` is what it does now;
    `host` runs it; `reason` says why it failed or what interrupted it; times are seconds since 1970; `train_images`
    and `steps` (batches an epoch) are known once it has seen the data; `seconds` is the time spent in training alone.
    """

    id: int
    name: str
    spec: RunSpec
    state: State
    created: float
    started: float | None
    ended: float | None
    host: str | None
    attempt: int
    epoch: int
    phase: str
    reason: str | None
    stop_requested: bool
    train_images: int | None
    steps: int | None
    seconds: float
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Epoch:
    """The figures of one finished epoch; the validation ones are None where nothing was held out."""

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Batches:
    """Some consecutive batches of an epoch: `step` is the first one's place in it, counted from 0.

    `seconds` is the training time of this attempt when the last of them was done.
    """

    epoch: int
    step: int
    loss: tuple[float, ...]
    accuracy: tuple[float, ...]
    seconds: float
