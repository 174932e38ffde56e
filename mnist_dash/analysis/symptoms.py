"""What the figures of a run show, before a word is said about it: pure measures, each with its evidence.

The thresholds were set on some three hundred real trainings on MNIST, so that healthy ones pass at every step.
Losses are compared with what guessing costs and with each other, never with fixed values: each has its own scale.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from math import ceil, isfinite, log

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.arrays import Float64s
from mnist_dash.data.dataset import CLASSES
from mnist_dash.methods.parameters import Loss
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Batches, Epoch

POINT = 64
"""Images that a point of the curve stands for at least: smaller batches are averaged."""
STRETCH = 25
"""Points of a stretch: 1,600 images or more, so that chance alone moves its accuracy by two points at most."""
STILL = (5, 300)
"""Epochs and batches without progress that make a standstill, both at least."""
MISSED = 3
"""Epochs in which a digit has not been answered once."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first batch, counted from 1, whose loss was no finite number, and the loss before it where it is known."""

    epoch: int
    batch: int
    loss: float
    before: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Loss, accuracy and epoch of each point in order; `first` is the loss before any step where it is known."""

    loss: Float64s
    accuracy: Float64s
    epoch: npt.NDArray[np.int64]
    first: float | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Loss and accuracy of some time in training, at the end of which `epoch` was under way."""

    loss: float
    accuracy: float
    epoch: int


@dataclass(frozen=True, slots=True)
class Rise:
    """The epoch with the least validation loss, and the latest one."""

    best: Epoch
    last: Epoch


@dataclass(frozen=True, slots=True)
class Standstill:
    """Mean (training, validation) loss in `epochs` epochs before `since` and in as many from then on; accuracy then."""

    since: int
    epochs: int
    before: tuple[float, float]
    latest: tuple[float, float]
    accuracy: float


@dataclass(frozen=True, slots=True)
class Dead:
    """A layer, the share of its units that none of `images` woke after `epoch`, and the share one epoch before."""

    layer: str
    share: float
    before: float
    images: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A digit that nothing is taken for: validation images of it, what most are taken for, accuracy on the others."""

    digit: int
    images: int
    instead: int
    others: float


def find_broken(batches: Sequence[Batches]) -> Broken | None:
    """Where the loss stopped being a number, which the last record shows: training ends there."""
    for last in batches[-1:]:
        earlier = [loss for part in batches[-2:-1] for loss in part.loss]
        for i, loss in enumerate(last.loss):
            if not isfinite(loss):
                before = [*earlier, *last.loss[:i]]
                return Broken(last.epoch, last.step + i + 1, loss, before[-1] if before else None)
    return None


def chance_loss(spec: RunSpec) -> float:
    """The loss of a network that gives every digit the same probability, as Keras defines it (focal: α 0.25, γ 2)."""
    match Loss(spec.loss):
        case Loss.CROSSENTROPY:
            return log(CLASSES)
        case Loss.FOCAL:
            return 0.25 * (1 - 1 / CLASSES) ** 2 * log(CLASSES)
        case Loss.SQUARED_ERROR:
            return (1 - spec.label_smoothing) ** 2 * (1 - 1 / CLASSES) / CLASSES


def condense(batches: Sequence[Batches], batch_size: int) -> Curve:
    """The batches as points of at least POINT images; what is left over at the end waits for more."""
    loss = np.fromiter(chain.from_iterable(part.loss for part in batches), float)
    accuracy = np.fromiter(chain.from_iterable(part.accuracy for part in batches), float)
    epoch = np.fromiter(chain.from_iterable(repeat(part.epoch, len(part.loss)) for part in batches), np.int64)
    # A run that was taken up again behind a breakdown still has the records of it.
    known = np.isfinite(loss)
    pool = ceil(POINT / batch_size)
    whole = int(known.sum()) // pool * pool
    points, right = (values[known][:whole].reshape(-1, pool).mean(axis=1) for values in (loss, accuracy))
    from_the_start = bool(batches) and (batches[0].epoch, batches[0].step) == (1, 0)
    return Curve(points, right, epoch[known][pool - 1 : whole : pool], float(loss[0]) if from_the_start else None)


def follow_stretches(epochs: Sequence[Epoch], curve: Curve) -> list[Stretch]:
    """The finished epochs, and after them the curve by STRETCH points: median loss, mean accuracy, the latest last.

    The epochs remember what a curve of the latest batches has forgotten.
    """
    spare = len(curve.loss) % STRETCH
    loss, right, epoch = (values[spare:].reshape(-1, STRETCH) for values in (curve.loss, curve.accuracy, curve.epoch))
    latest = zip(np.median(loss, axis=1).tolist(), right.mean(axis=1).tolist(), epoch[:, -1].tolist(), strict=True)
    return [*(Stretch(at.loss, at.accuracy, at.epoch) for at in epochs), *(Stretch(*figures) for figures in latest)]


def find_peak(stretches: Sequence[Stretch], curve: Curve, guessing: float) -> float | None:
    """The highest loss, where it is at least twice what guessing costs and what the first weights gave."""
    highest = max([float(curve.loss.max()), *(stretch.loss for stretch in stretches)])
    return highest if highest >= 2 * max(guessing, curve.first or 0.0) else None


def find_collapse(stretches: Sequence[Stretch]) -> Stretch | None:
    """The best stretch, where the last three have twice its loss and ten points less of its accuracy."""
    best = max(stretches, key=lambda stretch: stretch.accuracy)
    lost = all(now.loss >= 2 * best.loss and now.accuracy <= best.accuracy - 0.1 for now in stretches[-3:])
    return best if lost and best.accuracy >= 0.6 else None


def find_spikes(curve: Curve, guessing: float) -> list[float]:
    """The highest loss of each epoch in which a network that had read 70 % right did worse than guessing.

    Empty where the last four stretches show none: then it is over.
    """
    good = np.convolve(curve.accuracy, np.full(STRETCH, 1 / STRETCH))[: len(curve.accuracy) - 1] >= 0.7
    high = np.flatnonzero(good & (curve.loss[1:] >= guessing)) + 1
    if not len(high) or len(curve.loss) - high[-1] > 4 * STRETCH:
        return []
    return [float(curve.loss[high][curve.epoch[high] == epoch].max()) for epoch in np.unique(curve.epoch[high])]


def find_rise(epochs: Sequence[Epoch]) -> Rise | None:
    """Validation loss rising for three epochs or more, on 50 validation digits or more, while the training loss falls.

    The mean of the last three epochs must lie a tenth above the best one, and above it by four times what the
    validation loss moves from one epoch to the next.
    """
    validation = _validation_losses(epochs)
    at = int(validation.argmin()) if len(validation) else 0
    if len(validation) < at + 4 or _seen(epochs[-1]) < 50:
        return None
    climb = validation[-3:].mean() - validation[at]
    noise = float(np.median(np.abs(np.diff(validation[max(0, at - 2) :]))))
    clear = climb >= max(0.1 * validation[at], 4 * noise)
    return Rise(epochs[at], epochs[-1]) if clear and _by_heart(epochs[at], epochs[-1]) else None


def _by_heart(best: Epoch, last: Epoch) -> bool:
    """Whether nearly all training digits are read right, and more than chance explains beside the validation images."""
    images = _seen(last)
    _, high = wilson_interval(round((last.validation_accuracy or 0.0) * images), images)
    return last.loss <= 0.8 * best.loss and last.accuracy > max(0.9, high)


def find_standstill(epochs: Sequence[Epoch], steps: int) -> Standstill | None:
    """The latest epochs beside as many before them: no loss is 3 % less, no accuracy a point more.

    None where 95 % of the digits are read right: that is good enough to stand still at. `steps` make an epoch.
    """
    size = max(STILL[0], ceil(STILL[1] / steps))
    if len(epochs) < 2 * size or not len(_validation_losses(epochs)):
        return None
    figures = [(e.loss, e.validation_loss, e.accuracy, e.validation_accuracy) for e in epochs[-2 * size :]]
    before, latest = np.array(figures, float).reshape(2, size, 4).mean(axis=1)
    moved = (latest[:2] < 0.97 * before[:2]).any() or (latest[2:] > before[2:] + 0.01).any()
    if moved or latest[2:].max() >= 0.95:
        return None
    return Standstill(epochs[-size].epoch, size, (before[0], before[1]), (latest[0], latest[1]), latest[3])


def find_dead_layer(epochs: Sequence[Epoch]) -> Dead | None:
    """The layer with most dead units, where half of them or more were dead after both of the last two epochs."""
    both = [epoch.details for epoch in epochs[-2:] if epoch.details and _seen(epoch) >= 100]
    if len(both) < 2:
        return None
    before, last = (dict(details.dead) for details in both)
    images, epoch = _seen(epochs[-1]), epochs[-1].epoch
    layers = [Dead(name, share, before.get(name, 0.0), images, epoch) for name, share in last.items()]
    dead = [layer for layer in layers if min(layer.share, layer.before) >= 0.5]
    return max(dead, key=lambda layer: layer.share, default=None)


def find_missing_digit(epochs: Sequence[Epoch]) -> Missing | None:
    """A digit with ten validation images or more that was never answered in MISSED epochs, the others mostly right."""
    tables = [np.array(epoch.details.confusion) for epoch in epochs[-MISSED:] if epoch.details]
    return next(_never_answered(tables), None) if len(tables) == MISSED else None


def _never_answered(tables: Sequence[npt.NDArray[np.int64]]) -> Iterator[Missing]:
    last = tables[-1]
    for digit in np.flatnonzero(np.sum(tables, axis=(0, 1)) == 0):
        images, total = int(last[digit].sum()), int(last.sum())
        if images >= 10 and np.trace(last) >= 0.8 * (total - images):
            yield Missing(int(digit), images, int(last[digit].argmax()), float(np.trace(last) / (total - images)))


def _validation_losses(epochs: Sequence[Epoch]) -> Float64s:
    """The validation losses, or none where not every epoch has one."""
    losses = [epoch.validation_loss for epoch in epochs if epoch.validation_loss is not None]
    return np.array(losses if len(losses) == len(epochs) else [], float)


def _seen(epoch: Epoch) -> int:
    """How many validation digits were looked at."""
    return sum(map(sum, epoch.details.confusion)) if epoch.details else 0
