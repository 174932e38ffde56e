"""What one click does about what goes wrong: a new run that differs in one thing, a stop, or advice alone.

Most of it was tried on real runs that had the trouble, and ended it; the rest is the field's advice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mnist_dash.methods.kinds import Group, Value
from mnist_dash.methods.layers import Dense
from mnist_dash.methods.parameters import PARAMETERS, Activation, Initializer, Loss, Optimizer, Schedule
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Run
from mnist_dash.words import percent

USUAL: Mapping[str, float] = MappingProxyType(
    {
        Optimizer.ADAM: 0.001,
        Optimizer.ADAMW: 0.001,
        Optimizer.RMSPROP: 0.001,
        Optimizer.SGD: 0.1,
        Optimizer.MOMENTUM: 0.01,
        Optimizer.NESTEROV: 0.01,
    }
)
"""A learning rate with which every method here learns."""
SLOW = 0.1 * (1 + 1e-9)
"""The multiple of it up to which a rate is slow: a tenth, and a hair more, since no float is a tenth exactly."""
_LEAST_RATE = 1e-6


@dataclass(frozen=True, slots=True)
class Remedy:
    """What one click does: a new run with `changes`, by the names of PARAMETERS, and whether this run is stopped.

    Without changes and without a stop it is advice alone.
    """

    label: str
    changes: Mapping[str, Value] = field(default_factory=dict)
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why learning does not begin, and what to change so that it does."""

    reason: str
    changes: Mapping[str, Value]


def rate_ratio(spec: RunSpec) -> float:
    """The learning rate as a multiple of what is usual for the optimizer."""
    return spec.learning_rate / USUAL[spec.optimizer]


def train_anew(run: Run, **changes: Value) -> Remedy:
    """A new run with `changes`; an active run is stopped, since two at once would only be slower."""
    what = " and ".join(_phrase(name, value) for name, value in changes.items())
    if run.state.active:
        return Remedy(f"Stop and start again with {what}", changes, stop=True)
    return Remedy(f"Start again with {what}", changes)


def take_usual_rate(run: Run) -> Remedy:
    """A new run with the usual learning rate."""
    return train_anew(run, learning_rate=USUAL[run.spec.optimizer])


def slow_down(run: Run) -> Remedy:
    """A new run with a tenth of the learning rate, or with the usual one where that is still less."""
    rate = max(_LEAST_RATE, min(float(f"{run.spec.learning_rate / 10:.3g}"), USUAL[run.spec.optimizer]))
    return train_anew(run, learning_rate=rate) if rate < run.spec.learning_rate else _OTHERWISE


def calm_steps(run: Run) -> Remedy:
    """A new run without wild steps: shortened where the learning rate is no more than usual, smaller otherwise."""
    if rate_ratio(run.spec) <= 1 and not run.spec.clip_norm:
        return train_anew(run, clip_norm=1.0)
    return slow_down(run)


def keep_units_alive(run: Run) -> Remedy:
    """A new run whose units stay alive."""
    if run.spec.dropout > 0.6:
        return train_anew(run, dropout=0.5)
    return slow_down(run) if rate_ratio(run.spec) >= 3 else train_anew(run, activation=Activation.LEAKY_RELU.value)


def learn_missing_digit(run: Run, digit: int) -> Remedy:
    """A new run that may learn the digit that nothing is taken for."""
    if run.spec.loss != Loss.CROSSENTROPY:
        return train_anew(run, loss=Loss.CROSSENTROPY.value)
    if rate_ratio(run.spec) >= 3:
        return slow_down(run)
    if run.spec.train_size:
        return train_anew(run, train_size=None)
    return Remedy(f"Look whether enough of the training digits are a {digit}")


def reduce_overfitting(run: Run, best: int) -> Remedy:
    """A new run that overfits less: smaller steps, changing digits or dropout; else a stop, `best` is kept."""
    spec, augmentation = run.spec, (name for name, of in PARAMETERS.items() if of.group is Group.AUGMENTATION)
    if rate_ratio(spec) >= 10:
        return take_usual_rate(run)
    if not any(getattr(spec, name) for name in augmentation):
        return train_anew(run, rotation=10.0, shift=2.0)
    if not spec.dropout and any(isinstance(layer, Dense) for layer in (spec.network or ())[:-1]):
        return train_anew(run, dropout=0.5)
    return _enough(run, best)


def get_further(run: Run) -> Remedy:
    """How a run that stands still gets on: with a usual rate, with one that falls in the end, or not at all."""
    if not 1 / 3 < rate_ratio(run.spec) <= 10:
        return take_usual_rate(run)
    if rate_ratio(run.spec) >= 3 and run.spec.schedule == Schedule.CONSTANT:
        return train_anew(run, schedule=Schedule.COSINE.value)
    return _enough(run, run.best or run.epoch)


def begin_learning(run: Run) -> Remedy:
    """A new run in which learning begins."""
    if found := find_obstacle(run.spec):
        return train_anew(run, **found.changes)
    if run.spec.optimizer not in (Optimizer.ADAM, Optimizer.ADAMW):
        return train_anew(run, optimizer=Optimizer.ADAM.value, learning_rate=USUAL[Optimizer.ADAM])
    return _OTHERWISE


def find_obstacle(spec: RunSpec) -> Obstacle | None:
    """What beside the learning rate may keep learning from beginning; the likeliest first."""
    if 0 < spec.clip_norm < 0.1:
        return Obstacle(
            f"Gradients are clipped at {write_number(spec.clip_norm)}: no step is long enough.", {"clip_norm": 1.0}
        )
    if spec.dropout > 0.6:
        return Obstacle(f"Dropout switches {percent(spec.dropout, 0)} of the units off in each step.", {"dropout": 0.5})
    if spec.activation == Activation.SIGMOID:
        relu = {"activation": Activation.RELU.value}
        return Obstacle("Corrections fade on their way back through layers of sigmoid units.", relu)
    if spec.initializer == Initializer.SMALL_NORMAL:
        fitted = {"initializer": Initializer.HE_NORMAL.value}
        return Obstacle("The first weights are so small that little comes through the layers.", fitted)
    return None


_OTHERWISE = Remedy("Try another network, and look at the digits and their labels")


def _enough(run: Run, best: int) -> Remedy:
    if run.state.active:
        return Remedy(f"Stop now: epoch {best}, the best so far, is kept", stop=True)
    return Remedy(f"Epoch {best}, the best, is kept; a larger network or more digits may go further")


def write_number(number: float) -> str:
    """A hyperparameter without powers of ten or needless zeros."""
    return f"{number:.8f}".rstrip("0").rstrip(".")


_PHRASES = {
    "clip_norm": "gradients clipped at {}",
    "initializer": "first weights by {}",
    "rotation": "rotations up to {}°",
    "shift": "shifts up to {} pixels",
}


def _phrase(name: str, value: Value) -> str:
    if value is None:
        return "all training images"
    words = write_number(value) if isinstance(value, float) else str(value).replace("_", " ")
    return _PHRASES.get(name, f"{PARAMETERS[name].label.lower()} {{}}").format(words)
