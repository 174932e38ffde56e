"""The training session of a run: epoch after epoch, each recorded with its checkpoint, until done, stopped or left."""

import time

import numpy as np

from mnist_dash.analysis.evaluation import count_confusion
from mnist_dash.data.dataset import Digits
from mnist_dash.data.split import choose_gallery
from mnist_dash.methods.distillation import Distillation
from mnist_dash.methods.method import Classifier
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.methods.schedule import compute_rates, is_patience_over
from mnist_dash.runs.queries import checkpoint_of, epochs_of
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import Answers, Epoch, EpochDetails, Run
from mnist_dash.store.database import Database
from mnist_dash.training import files
from mnist_dash.training.batch_loader import BatchLoader, make_augmentation
from mnist_dash.training.epoch_images import EpochImages
from mnist_dash.training.epoch_runner import EpochResult, EpochRunner, Outcome, Place, make_divergence_error
from mnist_dash.training.loop import Trainer
from mnist_dash.training.networks import build, loss_of, reseed
from mnist_dash.training.scoring import Score, Scorer

LOOK_SECONDS = 1.0
"""How often the gallery's digits are asked while an epoch goes on; the first batches are recorded without."""
_WORTH = 10
"""A model for people to ask is made when training took so many times longer than making one."""


class TrainingSession:
    """Trains a run from its last checkpoint on; `checkpoint` is the last finished epoch as a Keras file."""

    def __init__(
        self,
        database: Database,
        run: Run,
        recorder: RunRecorder,
        digits: Digits,
        known: Digits | None = None,
        teacher: Classifier | None = None,
    ) -> None:
        """Prepare the model as the last finished epoch left it, or new; `known` is as in `EpochImages`.

        `teacher` answers where the run distils a model.
        """
        spec = run.spec
        self._spec, self._recorder = spec, recorder
        self.finished, self.checkpoint = run.epoch, checkpoint_of(database, run.id)
        parts = draw_run_split(spec, digits)
        self._validation = digits.take(np.sort(parts.validation))
        self._images = EpochImages(spec, digits.take(np.sort(parts.train)), known)
        self._gallery = digits.take(choose_gallery(digits.labels, parts))
        self._losses = [_watched(epoch) for epoch in epochs_of(database, run.id)]
        self._model = build(spec) if self.checkpoint is None else files.from_keras(self.checkpoint)
        loss = loss_of(spec)
        distillation, self._teacher = Distillation.of(spec.own), teacher
        trainer = Trainer(self._model, loss, spec.batch_size, distillation.trust if distillation else 0.0)
        self._runner = EpochRunner(trainer, recorder, self._glance)
        self._scorer = Scorer(self._model, loss)
        self._looked: float | None = None
        self._made, self._making = 0.0, 1.0

    def train(self) -> Outcome:
        """Train until the epochs are done or a command ends it."""
        while self.finished < self._spec.epochs:
            if is_patience_over(self._spec, self._losses):
                return Outcome(Command.GO_ON, _early(self._spec.patience, self.finished))
            command = self._epoch(self.finished + 1)
            if command is not Command.GO_ON:
                return Outcome(command)
        return Outcome(Command.GO_ON)

    def _epoch(self, number: int) -> Command:
        """Train and record one epoch; where a stop was wanted, or the paused run was left, it is unfinished."""
        spec = self._spec
        reseed(self._model, spec.seed, number)
        images, how = self._images.of(number), make_augmentation(spec)
        feed = BatchLoader(images, how, spec.seed, number, spec.disturbance, self._teacher)
        planned = compute_rates(spec, -(-len(feed) // spec.batch_size), number, self._losses)
        result = self._runner.epoch(Place(number, spec.round_name), feed, planned, spec.batch_size)
        if result.command is Command.GO_ON:
            self._record(number, result)
        return result.command

    def _glance(self) -> Answers | None:
        now = time.perf_counter()
        before, self._looked = self._looked, self._looked or now
        # Asking for the first time takes a moment, in which somebody waits for the first batches.
        if before is None or now - before < LOOK_SECONDS or not len(self._gallery):
            return None
        self._looked = now
        return _answers(self._scorer.score(self._gallery))

    def _record(self, number: int, result: EpochResult) -> None:
        if not all(np.isfinite(weights).all() for weights in self._model.get_weights()):
            # The last step of an epoch can break the weights after a loss that was still a number.
            raise make_divergence_error(f"The weights became NaN or infinite at the end of epoch {number}")
        score = self._scorer.score(self._validation) if len(self._validation) else None
        seconds = result.seconds
        there = (score.loss, score.accuracy, seconds, self._details(score)) if score else (None, None, seconds)
        epoch = Epoch(number, result.loss, result.accuracy, *there)
        self.checkpoint = files.to_keras(self._model)
        # In the transaction of its epoch, so that none is missing whenever the process dies.
        litert = files.to_litert(self._model) if self._spec.keeps_every_epoch else None
        command = self._recorder.epoch(epoch, self.checkpoint, litert=litert)
        self._losses.append(_watched(epoch))
        self.finished = number
        if command is Command.GO_ON and number < self._spec.epochs and litert is None:
            self._make_answering()

    def _details(self, score: Score) -> EpochDetails:
        confusion = count_confusion(score.probabilities, self._validation.labels)
        return EpochDetails(confusion, _answers(self._scorer.score(self._gallery)), score.dead)

    def _make_answering(self) -> None:
        """Make the epoch's model ready to answer on other pages, where that costs little beside training."""
        if self._runner.seconds - self._made < _WORTH * self._making:
            return
        started = time.perf_counter()
        self._recorder.answering(self.finished, files.to_litert(self._model))
        self._making, self._made = time.perf_counter() - started, self._runner.seconds


def _watched(epoch: Epoch) -> float:
    return epoch.loss if epoch.validation_loss is None else epoch.validation_loss


def _answers(score: Score) -> Answers:
    digits, shares = score.probabilities.argmax(axis=1), score.probabilities.max(axis=1)
    return Answers(tuple(digits.tolist()), tuple(round(share, 4) for share in shares.tolist()))


def _early(patience: int, number: int) -> str:
    epochs = "epoch" if patience == 1 else f"{patience} epochs"
    return f"Stopped early after epoch {number}: the validation loss had not fallen for {epochs}."
