"""One attempt at a run, from the claimed row to the finished model."""

import sys
import traceback
from dataclasses import replace

from filelock import Timeout

from mnist_dash.analysis.evaluation import evaluate
from mnist_dash.arrays import Probabilities
from mnist_dash.data.checksums import digest_of
from mnist_dash.data.dataset import MNIST, Dataset, Digits
from mnist_dash.data.present_digits import explain_no_test
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.errors import DivergenceError, MnistDashError, RunError, StoreError
from mnist_dash.methods.fitted.files import read_arrays
from mnist_dash.methods.method import Fitting
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.classifier import Classifier, LiteRT
from mnist_dash.models.registry.teachers import open_teacher
from mnist_dash.runs import process, queue
from mnist_dash.runs.audits import to_bytes
from mnist_dash.runs.estimate import estimate_cost
from mnist_dash.runs.kind import AUDIT
from mnist_dash.runs.queries import model_at, run_of
from mnist_dash.runs.recorder import Command, ModelFiles, RunRecorder
from mnist_dash.runs.records import ModelFormat, Run, RunScore, State
from mnist_dash.runs.supervisor import host_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.training.fitting import PARTS, FittingSession

LOCK_PATIENCE = 10
"""Seconds to wait for the lock of a run: somebody may just be asking whether its process lives."""


def execute(settings: Settings, database: Database, run_id: int, attempt: int | None = None) -> Run:
    """Do one attempt at a run and return the run as it ended; raises RunError where it cannot be taken.

    `attempt` is the number under which a supervisor claimed it; None claims a queued run here.
    """
    try:
        with process.run_lock(settings, run_id).acquire(timeout=LOCK_PATIENCE):
            run = _taken(settings, database, run_id, attempt)
            _guarded(settings, database, run)
    except Timeout as e:
        raise RunError(f"Run {run_id} is being worked on by another process. Wait for it, or stop it first.") from e
    return run_of(database, run_id)


def _taken(settings: Settings, database: Database, run_id: int, attempt: int | None) -> Run:
    run = run_of(database, run_id)
    if attempt is None:
        claimed = queue.claim(database, host_of(settings, database), run_id)
        if claimed is None:
            raise RunError(f"Run {run_id} is {run.state}; only a queued run can be started. `train` queues a new one.")
        return claimed
    if run.state is not State.RUNNING or run.attempt != attempt:
        raise RunError(f"Run {run_id} is {run.state} at attempt {run.attempt}; attempt {attempt} is out of date.")
    return run


def _guarded(settings: Settings, database: Database, run: Run) -> None:
    recorder = RunRecorder(database, run)
    try:
        _attempt(settings, database, run, recorder)
    except StoreError:
        # Nothing can be written down now. The supervisor finds this process dead and queues the run again.
        raise
    except MnistDashError as e:
        recorder.fail(str(e))
    except Exception as e:
        told = traceback.format_exc()
        sys.stderr.write(told)
        # TensorFlow's own error is known by its name: its class would have to be loaded.
        if isinstance(e, MemoryError) or type(e).__name__ == "ResourceExhaustedError":
            recorder.fail(
                "Memory ran out, of this machine or of its graphics card. "
                "Choose a smaller batch or fewer training images, or close other programs.",
                told,
            )
            return
        log = process.run_log(settings, run.id)
        # Elsewhere the page has it, or whoever started this by hand sees it.
        where = log if log.exists() else "its last output"
        said = " ".join(str(e).split())[:300]
        recorder.fail(f"{type(e).__name__}: {said}. This is a fault of the program; {where} has the details.", told)
        raise


def _attempt(settings: Settings, database: Database, run: Run, recorder: RunRecorder) -> None:
    if _is_unwanted(recorder, recorder.phase("reading the data")):
        return
    # It may have to be fetched from the database, which is waited for.
    dataset = database.repeat(lambda _: open_dataset(settings, run.spec.data))
    # An audit remembers by itself of which images it is.
    digest = None if run.kind is AUDIT else digest_of(dataset)
    if not run.kind.is_tested:
        # Whoever chooses among trials must not have seen what the choice is tested on.
        dataset = replace(dataset, test=dataset.test.take(slice(0)))
    train = len(draw_run_split(run.spec, dataset.train).train)
    estimate_cost(run.spec, train, 1.0, process.read_memory())
    recorder.begin(train, PARTS if run.spec.is_fitted else run.spec.steps(len(dataset.train)), digest)
    fitting = run.spec.fitting
    if fitting and not _is_unwanted(recorder, recorder.phase("starting the fit")):
        _fit(database, run, recorder, dataset, fitting)
    elif not fitting and not _is_unwanted(recorder, recorder.phase("loading TensorFlow")):
        if run.kind is AUDIT:
            _audit(database, run, recorder, dataset)
        else:
            known, teacher = _open_known(settings, run.spec), open_teacher(database, run.spec)
            _learn(database, run, recorder, dataset, known, teacher)


def _is_unwanted(recorder: RunRecorder, command: Command) -> bool:
    """Whether people want to stop or pause before TensorFlow was loaded, which then happens at once."""
    if command is Command.PAUSE:
        command = recorder.pause(attached=False)
    if command is Command.STOP:
        recorder.end(State.STOPPED, {}, None)
    return command is not Command.GO_ON


def _fit(database: Database, run: Run, recorder: RunRecorder, dataset: Dataset, fitting: Fitting) -> None:
    """Fit what is not fitted yet, and test what is kept of it."""
    session = FittingSession(fitting, run, recorder, dataset.train)
    if run.spec.learns and not run.epoch and session.fit() is Command.STOP:
        recorder.end(State.STOPPED, {}, None)
        return
    recorder.phase("testing the model")
    content = model_at(database, run.id, 1, ModelFormat.ARRAYS) if run.spec.learns else None
    model = fitting.open(read_arrays(content) if content else {}, run.spec.parameters)
    recorder.end(State.DONE, {}, _score(model, dataset), _explain_no_test(run, dataset))


def _open_known(settings: Settings, spec: RunSpec) -> Digits | None:
    """MNIST's training images, where they are replayed."""
    return open_dataset(settings, MNIST).train if spec.fine_tuning and spec.fine_tuning.replays_mnist else None


def _learn(
    database: Database,
    run: Run,
    recorder: RunRecorder,
    dataset: Dataset,
    known: Digits | None,
    teacher: Classifier | None,
) -> None:
    # TensorFlow takes seconds and 600 MB: whatever can go wrong before has gone wrong by here.
    from mnist_dash.training.session import TrainingSession

    session = TrainingSession(database, run, recorder, dataset.train, known, teacher)
    state, reason = State.DONE, _explain_no_test(run, dataset)
    try:
        outcome = session.train()
        state = State.STOPPED if outcome.command is Command.STOP else State.DONE
        reason = " ".join(filter(None, (outcome.reason, reason))) or None
        if outcome.command is Command.PAUSE:
            return
    except DivergenceError as e:
        state, reason = State.FAILED, str(e)
    if state is State.STOPPED:
        recorder.stop()
    else:
        recorder.phase("testing the model")
    models, score = _tested(database, run, dataset) if session.finished else ({}, None)
    recorder.end(state, models, score, reason)


def _audit(database: Database, run: Run, recorder: RunRecorder, dataset: Dataset) -> None:
    from mnist_dash.training.audit import AuditSession

    session = AuditSession(database, run, recorder, dataset)
    command = session.train().command
    if command is Command.STOP:
        recorder.end(State.STOPPED, {}, None)
    if command is not Command.GO_ON:
        return
    recorder.phase("looking for label issues")
    audit = session.find_issues()
    models = {(audit.folds, ModelFormat.AUDIT): to_bytes(audit)}
    recorder.end(State.DONE, models, _scored(audit.test, dataset), explain_no_test(dataset))


def _tested(database: Database, run: Run, dataset: Dataset) -> tuple[ModelFiles, RunScore | None]:
    """The last epoch and the best one in the form that answers, and what the last one scores on test images, if any."""
    from mnist_dash.training import files

    now = run_of(database, run.id)
    models = {}
    for epoch in {now.epoch, now.best or now.epoch}:
        content = model_at(database, run.id, epoch, ModelFormat.KERAS)
        if content is not None:
            models[epoch, ModelFormat.LITERT] = files.to_litert(files.from_keras(content))
    return models, _score(LiteRT(models[now.epoch, ModelFormat.LITERT]), dataset)


def _explain_no_test(run: Run, dataset: Dataset) -> str | None:
    """Why a run is not tested on its data set; None where it is, and of a trial, of which its sweep says so."""
    return explain_no_test(dataset) if run.kind.is_tested else None


def _score(classifier: Classifier, dataset: Dataset) -> RunScore | None:
    return _scored(classifier.probabilities(dataset.test.images), dataset)


def _scored(probabilities: Probabilities, dataset: Dataset) -> RunScore | None:
    if not dataset.test:
        return None
    result = evaluate(probabilities, dataset.test.labels)
    return RunScore(result.accuracy, *result.interval, result.images)
