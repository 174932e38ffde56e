"""The fit of a run whose method is no network: all at once, in a thread, while people are told and heeded.

Nothing is half fitted: a run that is killed in mid-fit begins anew, and ends with the same figures.
"""

import time
from dataclasses import dataclass, field
from threading import Thread

import numpy as np

from mnist_dash.analysis.evaluation import count_confusion, evaluate
from mnist_dash.data.dataset import Digits
from mnist_dash.data.split import choose_gallery
from mnist_dash.methods.fitted.files import write_arrays
from mnist_dash.methods.method import Arrays, Classifier, Fitting
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import Answers, Batches, Epoch, EpochDetails, ModelFormat, Run

PARTS = 100
"""Into which progress is counted, where a network counts batches."""
GLANCE = 0.5
"""Seconds between two looks at how far the fit is, and at what people want."""
_ASKED = 1_000
"""Images learnt from that say how well the training images are read."""


@dataclass(slots=True)
class _Work:
    """A fit in its thread: the `share` that is done, and what came of it."""

    share: float = 0.0
    arrays: Arrays | None = None
    error: list[BaseException] = field(default_factory=list)

    def run(self, fitting: Fitting, digits: Digits, run: Run) -> None:
        """Fit, and keep what comes of it."""
        try:
            self.arrays = fitting.fit(digits, run.spec.parameters, self._hear)
        except BaseException as e:  # noqa: BLE001 - whoever waits raises it
            self.error.append(e)

    def _hear(self, share: float) -> None:
        self.share = share


class FittingSession:
    """Fits a run's method to its training images and records what it reads."""

    def __init__(self, fitting: Fitting, run: Run, recorder: RunRecorder, digits: Digits) -> None:
        """Divide the images as the run's spec says; raises SpecError where they do not fit it."""
        self._fitting, self._run, self._recorder = fitting, run, recorder
        parts = draw_run_split(run.spec, digits)
        self._validation = digits.take(np.sort(parts.validation))
        self._learnt = digits.take(np.sort(parts.train))
        self._gallery = digits.take(choose_gallery(digits.labels, parts))

    def fit(self) -> Command:
        """Fit and record it, as the first and only epoch; STOP where people wanted that before it was done."""
        started = time.perf_counter()
        work = _Work()
        # A daemon: libsvm cannot be interrupted, and a run that is stopped ends with its process.
        thread = Thread(target=work.run, args=(self._fitting, self._learnt, self._run), daemon=True)
        thread.start()
        if self._watch(thread, work, started) is Command.STOP:
            return Command.STOP
        if work.error:
            raise work.error[0]
        assert work.arrays is not None  # noqa: S101 - there is an error or a result
        self._record(work.arrays, time.perf_counter() - started)
        return Command.GO_ON

    def _watch(self, thread: Thread, work: _Work, started: float) -> Command:
        """Tell how far the fit is until it is done or to be stopped."""
        cost, told = self._fitting.estimate(self._run.spec.parameters, len(self._learnt)), -1
        self._recorder.phase("fitting")
        while thread.is_alive():
            elapsed = time.perf_counter() - started
            done = int(PARTS * min(0.99, work.share or (elapsed / cost.seconds if cost else 0.0)))
            if done > told:
                command, told = self._recorder.batches(Batches(1, done, (), (), elapsed)), done
            else:
                command = self._recorder.phase("fitting")
            if command is Command.STOP:
                return command
            thread.join(GLANCE)
        return Command.GO_ON

    def _record(self, arrays: Arrays, seconds: float) -> None:
        """Record the fit with what it reads, as what was kept will answer."""
        self._recorder.phase("asking what it has learnt")
        model = self._fitting.open(arrays, self._run.spec.parameters)
        some = self._learnt.take(slice(_ASKED))
        learnt = evaluate(model.probabilities(some.images), some.labels)
        told = self._validate(model) if len(self._validation) else (None, None, None)
        epoch = Epoch(1, learnt.loss, learnt.accuracy, told[0], told[1], seconds, told[2])
        self._recorder.epoch(epoch, write_arrays(arrays), ModelFormat.ARRAYS)

    def _validate(self, model: Classifier) -> tuple[float, float, EpochDetails]:
        """Loss, accuracy and details on the validation images."""
        answers = model.probabilities(self._validation.images)
        result = evaluate(answers, self._validation.labels)
        shown = model.probabilities(self._gallery.images)
        shares = tuple(round(share, 4) for share in shown.max(axis=1).tolist())
        gallery = Answers(tuple(shown.argmax(axis=1).tolist()), shares)
        details = EpochDetails(count_confusion(answers, self._validation.labels), gallery, ())
        return result.loss, result.accuracy, details
