"""The training session of an audit: fold after fold, each read by a network that learnt from all the others."""

from dataclasses import replace

import keras
import numpy as np

from mnist_dash.analysis.label_issues import rank_label_issues
from mnist_dash.data.dataset import CLASSES, Dataset
from mnist_dash.errors import RunError
from mnist_dash.methods.audit import assign_folds, fold_spec
from mnist_dash.methods.schedule import compute_rates
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.audits import Audit, to_bytes
from mnist_dash.runs.queries import audit_of
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import Epoch, ModelFormat, Run
from mnist_dash.store.database import Database
from mnist_dash.training.batch_loader import BatchLoader, make_augmentation
from mnist_dash.training.epoch_runner import EpochResult, EpochRunner, Outcome, Place, make_divergence_error
from mnist_dash.training.loop import Trainer
from mnist_dash.training.networks import build, loss_of, reseed
from mnist_dash.training.scoring import Scorer


class AuditSession:
    """Goes on with an audit after its last finished fold; a fold that was interrupted begins anew."""

    def __init__(self, database: Database, run: Run, recorder: RunRecorder, dataset: Dataset) -> None:
        """Prepare; raises SpecError where the folds do not fit the images, RunError where those have changed."""
        self._spec, self._recorder, self._dataset = run.spec, recorder, dataset
        self._assigned = assign_folds(dataset.train.labels, run.spec.folds, run.spec.seed)
        self.audit = audit_of(database, run.id) or Audit.of(dataset)
        if not self.audit.fits(dataset):
            raise RunError(f"The data set {dataset.name} has changed since this audit began. Start another one.")
        # One network that begins anew with each fold: others would each have to be compiled.
        self._model, loss = build(run.spec), loss_of(run.spec)
        self._runner = EpochRunner(Trainer(self._model, loss, run.spec.batch_size), recorder)
        self._scorer = Scorer(self._model, loss)

    @property
    def finished(self) -> int:
        """The folds that are done."""
        return self.audit.folds

    def train(self) -> Outcome:
        """Train and ask one network after another until all are done or a command ends it."""
        while self.finished < self._spec.folds:
            command = self._fold(self.finished + 1)
            if command is not Command.GO_ON:
                return Outcome(command)
        return Outcome(Command.GO_ON)

    def find_issues(self) -> Audit:
        """The finished audit with the labels that it doubts."""
        audit, data = self.audit, self._dataset
        return replace(
            audit,
            train_issues=rank_label_issues(audit.train, data.train.labels),
            test_issues=rank_label_issues(audit.test, data.test.labels),
        )

    def _fold(self, number: int) -> Command:
        """Train the network of a fold, which then reads it; where a stop was wanted, the fold is unfinished."""
        spec, before = fold_spec(self._spec, number), self._runner.seconds
        _renew(self._model, spec)
        result = self._run_epochs(number, spec)
        if result.command is Command.GO_ON:
            if not all(np.isfinite(weights).all() for weights in self._model.get_weights()):
                raise make_divergence_error(f"The weights became NaN or infinite at the end of fold {number}")
            self._record(number, replace(result, seconds=self._runner.seconds - before))
        return result.command

    def _run_epochs(self, number: int, spec: RunSpec) -> EpochResult:
        """All epochs of a fold's network; the figures of the last one, or the command that ended them."""
        learnt = self._dataset.train.take(self._assigned != number)
        steps = -(-len(learnt) // spec.batch_size)
        losses: list[float] = []
        for epoch in range(1, spec.epochs + 1):
            reseed(self._model, spec.seed, epoch)
            feed = BatchLoader(learnt, make_augmentation(spec), spec.seed, epoch, spec.disturbance)
            place, planned = Place(number, "fold", (epoch - 1) * steps), compute_rates(spec, steps, epoch, losses)
            result = self._runner.epoch(place, feed, planned, spec.batch_size)
            losses.append(result.loss)
            if result.command is not Command.GO_ON:
                break
        return result

    def _record(self, number: int, result: EpochResult) -> None:
        score = self._scorer.score(self._dataset.train.take(self._assigned == number))
        tested = self._dataset.test
        test = self._scorer.score(tested).probabilities if tested else np.empty((0, CLASSES), np.float32)
        self.audit = self.audit.after(number, self._assigned, score.probabilities, test)
        figures = (result.loss, result.accuracy, score.loss, score.accuracy, result.seconds)
        self._recorder.epoch(Epoch(number, *figures), to_bytes(self.audit), ModelFormat.AUDIT)


def _renew(model: keras.Model, spec: RunSpec) -> None:
    """Make the network and its optimizer what they would be if they were built by `spec`."""
    new = build(spec)
    for own, other in ((model, new), (model.optimizer, new.optimizer)):
        for variable, value in zip(own.variables, other.variables, strict=True):
            variable.assign(value)
