"""The course of a run: epoch after epoch, each recorded with its checkpoint, until done or stopped."""

import time

import numpy as np

from mnist_dash.data.dataset import Digits
from mnist_dash.data.split import epoch_order, split
from mnist_dash.errors import DivergenceError
from mnist_dash.methods.registry import method_named
from mnist_dash.runs.database import Database
from mnist_dash.runs.history import checkpoint_of
from mnist_dash.runs.journal import Journal
from mnist_dash.runs.records import Batches, Epoch, Run, State
from mnist_dash.training import files
from mnist_dash.training.loop import Chunk, Trainer, Values, score
from mnist_dash.training.networks import build


def train(database: Database, run: Run, journal: Journal, digits: Digits) -> tuple[State, bytes | None]:
    """Train from the last checkpoint on; the end state, and the last finished epoch as a Keras file."""
    course = Course(run, journal, digits, checkpoint_of(database, run.id))
    for epoch in range(run.epoch + 1, run.spec.epochs + 1):
        if course.epoch(epoch):
            stopped = State.DONE if course.finished == run.spec.epochs else State.STOPPED
            return stopped, course.checkpoint
    return State.DONE, course.checkpoint


class Course:
    """The state of training between two epochs: the model, the trainer and the last checkpoint."""

    def __init__(self, run: Run, journal: Journal, digits: Digits, checkpoint: bytes | None) -> None:
        """Prepare the model as the last finished epoch left it, or new."""
        spec = run.spec
        self._spec, self._journal, self.checkpoint, self.finished = spec, journal, checkpoint, run.epoch
        parts = split(len(digits), *spec.split(len(digits)), spec.seed)
        self._held_out = digits.take(np.sort(parts.validation))
        self._images = len(parts.train)
        layers = method_named(spec.method).layers or ()
        self._model = build(layers, spec) if checkpoint is None else files.from_keras(checkpoint)
        self._trainer = Trainer(self._model, digits.take(np.sort(parts.train)), spec.batch_size)
        self._seconds = 0.0

    def epoch(self, number: int) -> bool:
        """Train and record one epoch; true where a stop was asked for, in which case it may be unfinished."""
        started = time.perf_counter()
        if self._journal.phase("training"):
            return True
        chunks: list[Chunk] = []
        for chunk in self._trainer.epoch(epoch_order(self._images, self._spec.seed, number)):
            _check(number, chunk)
            chunks.append(chunk)
            seconds = self._seconds + time.perf_counter() - started
            if self._journal.batches(_batches(number, chunk, seconds)):
                return True
        self._seconds += time.perf_counter() - started
        return self._record(number, chunks, started)

    def _record(self, number: int, chunks: list[Chunk], started: float) -> bool:
        if not all(np.isfinite(weights).all() for weights in self._model.get_weights()):
            # The last step of an epoch can break the weights after a loss that was still a number.
            raise _diverged(f"The weights became NaN or infinite at the end of epoch {number}")
        loss_there, right_there = score(self._model, self._held_out) if len(self._held_out) else (None, None)
        self.checkpoint = files.to_keras(self._model)
        loss, accuracy = (self._mean(np.concatenate([getattr(c, of) for c in chunks])) for of in ("loss", "accuracy"))
        epoch = Epoch(number, loss, accuracy, loss_there, right_there, time.perf_counter() - started)
        stop = self._journal.epoch(epoch, self.checkpoint)
        self.finished = number
        return stop

    def _mean(self, values: Values) -> float:
        """The mean over images: the last batch may be smaller than the others."""
        sizes = np.full(len(values), self._spec.batch_size)
        sizes[-1] = self._images - self._spec.batch_size * (len(values) - 1)
        return float(np.average(values, weights=sizes))


def _check(number: int, chunk: Chunk) -> None:
    if not np.isfinite(chunk.loss).all():
        batch = chunk.step + int(np.argmax(~np.isfinite(chunk.loss))) + 1
        what = "NaN" if np.isnan(chunk.loss).any() else "infinite"
        raise _diverged(f"The loss became {what} in epoch {number}, batch {batch}")


def _diverged(what: str) -> DivergenceError:
    return DivergenceError(
        f"{what}: the steps were too large. Finished epochs and their model are kept. Try a tenth of the learning rate."
    )


def _batches(number: int, chunk: Chunk, seconds: float) -> Batches:
    return Batches(number, chunk.step, tuple(chunk.loss.tolist()), tuple(chunk.accuracy.tolist()), seconds)
