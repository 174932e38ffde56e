"""What the database knows of a run, as frozen records."""

from dataclasses import dataclass
from enum import StrEnum

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.kind import AUDIT, TRAINING, TRIAL, RunKind


class State(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def active(self) -> bool:
        """Whether anything is still to happen, if only after somebody has resumed it."""
        return self in (State.QUEUED, State.RUNNING, State.PAUSED)


ACTIVE = tuple(state for state in State if state.active)


class ModelFormat(StrEnum):
    """The formats in which a model is kept."""

    KERAS = "keras"
    LITERT = "litert"
    ARRAYS = "arrays"
    """What a method that is no network has fitted: a NumPy file of arrays."""
    AUDIT = "audit"
    """No model, but what the networks of an audit have read so far."""


@dataclass(frozen=True, slots=True)
class RunScore:
    """What a finished model scored on the test images: 95 % interval by Wilson."""

    accuracy: float
    low: float
    high: float
    images: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its spec, its state and how far it is.

    `epoch` counts finished epochs (of an audit: folds), `best` is the one that did best on validation images; `attempt`
    the processes that were started for it; `phase` is what it does now; `host` is the machine whose process holds it,
    or None; `pause_at` is the epoch after which it is to pause, None where it is not; `position` orders the queue;
    `reason` says why it failed or what interrupted it; times are seconds since 1970; `train_images` and `steps`
    (batches an epoch, or a fold) are known once it has seen the data; `seconds` is the time spent in training alone;
    `tags` are a person's own words for it; of a trial, `sweep` and `trial` are the numbers of its sweep and of itself,
    and `pruned_after` the epoch after which the sweep gave it up; `account` is whose it is, and `owner` what people
    call them, both empty where nobody had signed in.
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
    best: int | None
    phase: str
    reason: str | None
    stop_requested: bool
    pause_at: int | None
    position: float
    train_images: int | None
    steps: int | None
    seconds: float
    score: RunScore | None
    tags: tuple[str, ...]
    sweep: int | None = None
    trial: int | None = None
    pruned_after: int | None = None
    account: str = ""
    owner: str = ""

    @property
    def changing(self) -> bool:
        """Whether there is anything to wait for; a stopped run's process may still be testing its model."""
        return self.state.active or self.host is not None

    @property
    def kind(self) -> RunKind:
        """What it is for."""
        return AUDIT if self.spec.folds else TRAINING if self.sweep is None else TRIAL


@dataclass(frozen=True, slots=True)
class Answers:
    """What the network says of the gallery's digits: the likeliest digit of each, and its probability."""

    digits: tuple[int, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EpochDetails:
    """What an epoch has taught, seen on the validation digits.

    `confusion[label][answer]` counts digits; `answers` are those to the gallery; `dead` gives by layer the share of
    its units that no validation digit wakes (only where the activation can leave units at zero).
    """

    confusion: tuple[tuple[int, ...], ...]
    answers: Answers
    dead: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Epoch:
    """The figures of one finished epoch; what validation images show is None where there are none."""

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float
    details: EpochDetails | None = None


@dataclass(frozen=True, slots=True)
class Batches:
    """Some consecutive batches of an epoch: `step` is the first one's place in it, counted from 0.

    `seconds` is the training time of this attempt when the last of them was done; `rate` the learning rate of the
    last; `answers` are those to the gallery's digits after it, None where they were not asked.
    """

    epoch: int
    step: int
    loss: tuple[float, ...]
    accuracy: tuple[float, ...]
    seconds: float
    rate: float | None = None
    answers: Answers | None = None
