"""Epochs in which a network learns, the recorder hears of every batch, and people are heeded meanwhile."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Float32s
from mnist_dash.errors import DivergenceError
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import Answers, Batches
from mnist_dash.training.batch_loader import BatchLoader
from mnist_dash.training.loop import Chunk, Trainer
from mnist_dash.training.pause import wait


@dataclass(frozen=True, slots=True)
class Outcome:
    """How training ended: by `command` STOP or, where left to a later process, PAUSE; `reason` where early."""

    command: Command
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What an epoch is recorded as: the round of the run, by the name of such a round, after `steps` batches of it."""

    round: int
    name: str
    steps: int = 0


@dataclass(frozen=True, slots=True)
class EpochResult:
    """An epoch: `command` is GO_ON where it was finished, in so many `seconds` and with this mean loss and accuracy."""

    command: Command
    seconds: float = 0.0
    loss: float = float("nan")
    accuracy: float = float("nan")


class EpochRunner:
    """Takes the network of a trainer through its epochs; `seconds` have been spent on them in this attempt."""

    def __init__(
        self, trainer: Trainer, recorder: RunRecorder, glance: Callable[[], Answers | None] = lambda: None
    ) -> None:
        """`glance` gives what the network says meanwhile, None where that is not asked."""
        self._trainer, self._recorder, self._glance = trainer, recorder, glance
        self.seconds = 0.0

    def follow_command(self, command: Command) -> Command:
        """What is wanted once a pause is over; PAUSE where the run was left to a later process."""
        return wait(self._recorder) if command is Command.PAUSE else command

    def epoch(
        self, place: Place, feed: BatchLoader, planned: Sequence[float] | np.ndarray, batch_size: int
    ) -> EpochResult:
        """Learn from all images of `feed` once, at the `planned` rates; raises DivergenceError."""
        command = self.follow_command(self._recorder.phase("training"))
        if command is not Command.GO_ON:
            return EpochResult(command)
        chunks: list[Chunk] = []
        before, started = self.seconds, time.perf_counter()
        for chunk in self._trainer.epoch(feed, np.asarray(planned)):
            chunks.append(chunk)
            self.seconds = before + time.perf_counter() - started
            command = self._recorder.batches(self._batches(place, chunk, planned))
            _check(place, chunk)
            looked = time.perf_counter()
            command = self.follow_command(command)
            started += time.perf_counter() - looked
            if command is not Command.GO_ON:
                return EpochResult(command)
        loss, accuracy = (
            _mean(np.concatenate([getattr(chunk, of) for chunk in chunks]), batch_size, len(feed))
            for of in ("loss", "accuracy")
        )
        return EpochResult(Command.GO_ON, self.seconds - before, loss, accuracy)

    def _batches(self, place: Place, chunk: Chunk, planned: Sequence[float] | np.ndarray) -> Batches:
        rate = float(planned[chunk.step + len(chunk.loss) - 1])
        loss, right = tuple(chunk.loss.tolist()), tuple(chunk.accuracy.tolist())
        return Batches(place.round, place.steps + chunk.step, loss, right, self.seconds, rate, self._glance())


def make_divergence_error(what: str) -> DivergenceError:
    """The error of a training whose loss or weights are no numbers any more."""
    return DivergenceError(
        f"{what}: the steps were too large. Finished epochs and their model are kept. Try a tenth of the learning rate."
    )


def _check(place: Place, chunk: Chunk) -> None:
    if not np.isfinite(chunk.loss).all():
        batch = place.steps + chunk.step + int(np.argmax(~np.isfinite(chunk.loss))) + 1
        what = "NaN" if np.isnan(chunk.loss).any() else "infinite"
        raise make_divergence_error(f"The loss became {what} in {place.name} {place.round}, batch {batch}")


def _mean(values: Float32s, batch: int, images: int) -> float:
    """The mean over images: the last batch may be smaller than the others."""
    sizes = np.full(len(values), batch)
    sizes[-1] = images - batch * (len(values) - 1)
    return float(np.average(values, weights=sizes))
