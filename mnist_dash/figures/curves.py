"""What a run has shown so far, as arrays that grow by what is new: no record is converted twice.

A run of half an hour has 1.4 million values; reading them all anew would take a tenth of a second at every glance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mnist_dash.arrays import Floats, Integers
from mnist_dash.runs.records import Batches, Epoch


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """A run in arrays; accuracies from 0 to 1, NaN where there is no figure.

    `steps` batches make an epoch. `step` numbers each batch from the start of the run, from 1; `batch_loss` and
    `batch_accuracy` are theirs. `chunk` is the step at which each record ends, `seconds` the clock of its attempt,
    `rate` the learning rate there and `throughput` the images a second within it. The rest has one value an epoch.
    """

    steps: int
    batch_size: int
    step: Integers
    batch_loss: Floats
    batch_accuracy: Floats
    chunk: Integers
    seconds: Floats
    rate: Floats
    throughput: Floats
    epoch: Floats
    loss: Floats
    accuracy: Floats
    val_loss: Floats
    val_accuracy: Floats

    @property
    def latest(self) -> float:
        """How far the run is, in epochs."""
        return max(int(self.step.max(initial=0)) / self.steps, float(self.epoch.max(initial=0)))

    def places_of(self, step: Integers) -> Integers:
        """Epoch, batch within it and step for each of `step` (n,), all counted from 1: (n, 3)."""
        return np.stack([(step - 1) // self.steps + 1, (step - 1) % self.steps + 1, step], axis=1)


def start_curves(steps: int, batch_size: int) -> Curves:
    """A run of `steps` batches an epoch that has shown nothing yet."""
    place, small, large = np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0)
    return Curves(steps, batch_size, place, small, small, place, *[large] * 8)


def extend_curves(curves: Curves, batches: Sequence[Batches], epochs: Sequence[Epoch]) -> Curves:
    """`curves` with new `batches`, in order, appended to those they have, and with all `epochs` as they are now.

    An interrupted epoch is trained anew: its batches take the place of those that had been there.
    """
    return replace(
        _grown(curves, batches) if batches else curves,
        epoch=_column([e.epoch for e in epochs]),
        loss=_column([e.loss for e in epochs]),
        accuracy=_column([e.accuracy for e in epochs]),
        val_loss=_column([e.validation_loss for e in epochs]),
        val_accuracy=_column([e.validation_accuracy for e in epochs]),
    )


def _grown(curves: Curves, batches: Sequence[Batches]) -> Curves:
    starts = np.array([(b.epoch - 1) * curves.steps + b.step for b in batches], np.int32)
    sizes = np.array([len(b.loss) for b in batches], np.int32)
    kept, told = np.searchsorted(curves.step, starts[0], "right"), np.searchsorted(curves.chunk, starts[0], "right")
    seconds = np.array([b.seconds for b in batches])
    # Records that are replaced belong to an earlier attempt, and its clock says nothing of this one's.
    before = curves.seconds[told - 1 : told] if told == len(curves.chunk) else seconds[:0]
    step = np.concatenate([start + 1 + np.arange(n, dtype=np.int32) for start, n in zip(starts, sizes, strict=True)])
    return replace(
        curves,
        step=np.concatenate([curves.step[:kept], step]),
        batch_loss=np.concatenate([curves.batch_loss[:kept], _joined([b.loss for b in batches])]),
        batch_accuracy=np.concatenate([curves.batch_accuracy[:kept], _joined([b.accuracy for b in batches])]),
        chunk=np.concatenate([curves.chunk[:told], starts + sizes]),
        seconds=np.concatenate([curves.seconds[:told], seconds]),
        rate=np.concatenate([curves.rate[:told], _column([b.rate for b in batches])]),
        throughput=np.concatenate([curves.throughput[:told], _speeds(sizes * curves.batch_size, before, seconds)]),
    )


def _speeds(images: Integers, before: Floats, seconds: Floats) -> Floats:
    """Images a second in each record; NaN in the first of an attempt, whose clock starts anew with every attempt."""
    elapsed = np.diff(seconds, prepend=before if len(before) else np.nan)
    return np.asarray(np.divide(images, elapsed, out=np.full(len(seconds), np.nan), where=elapsed > 0))


def _joined(parts: Sequence[tuple[float, ...]]) -> Floats:
    # Five digits are recorded of a batch: single precision holds them, in half the memory.
    return np.concatenate([np.array(part, np.float32) for part in parts])


def _column(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], np.float64)
