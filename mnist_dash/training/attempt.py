"""One attempt at a run, from the claimed row to the finished model."""

import traceback

from filelock import Timeout

from mnist_dash.analysis.evaluation import evaluate
from mnist_dash.data.catalog import open_dataset
from mnist_dash.data.dataset import Dataset
from mnist_dash.errors import DivergenceError, MnistDashError, RunError
from mnist_dash.methods.registry import method_named
from mnist_dash.models.classifier import Classifier, LiteRT, RandomGuess
from mnist_dash.runs import process, queue
from mnist_dash.runs.database import Database
from mnist_dash.runs.history import checkpoint_of, run_of
from mnist_dash.runs.journal import Journal
from mnist_dash.runs.records import Artifact, Figures, Run, State
from mnist_dash.runs.supervisor import host_of
from mnist_dash.settings import Settings

LOCK_PATIENCE = 10
"""Seconds to wait for the lock of a run: somebody may just be asking whether its process lives."""


def execute(settings: Settings, database: Database, run_id: int, attempt: int | None = None) -> Run:
    """Do one attempt at a run and return the run as it ended; raises RunError where it cannot be taken.

    `attempt` is the number under which a supervisor claimed it; None claims a queued run here.
    """
    try:
        with process.run_lock(settings, run_id).acquire(timeout=LOCK_PATIENCE):
            run = _taken(database, run_id, attempt)
            _guarded(settings, database, run)
    except Timeout as e:
        raise RunError(f"Run {run_id} is being worked on by another process. Wait for it, or stop it first.") from e
    return run_of(database, run_id)


def _taken(database: Database, run_id: int, attempt: int | None) -> Run:
    run = run_of(database, run_id)
    if attempt is None:
        claimed = queue.claim(database, host_of(database), run_id)
        if claimed is None:
            raise RunError(f"Run {run_id} is {run.state}; only a queued run can be started. `train` queues a new one.")
        return claimed
    if run.state is not State.RUNNING or run.attempt != attempt:
        raise RunError(f"Run {run_id} is {run.state} at attempt {run.attempt}; attempt {attempt} is out of date.")
    return run


def _guarded(settings: Settings, database: Database, run: Run) -> None:
    journal = Journal(database, run)
    try:
        _attempt(settings, database, run, journal)
    except MnistDashError as e:
        journal.fail(str(e))
    except MemoryError:
        journal.fail("Memory ran out. Choose a smaller batch or fewer training images, or close other programs.")
    except Exception as e:
        traceback.print_exc()
        log = process.run_log(settings, run.id)
        said = " ".join(str(e).split())[:300]
        journal.fail(f"{type(e).__name__}: {said}. This is a fault of the program; {log} has the details.")
        raise


def _attempt(settings: Settings, database: Database, run: Run, journal: Journal) -> None:
    if run.stop_requested:
        journal.end(State.STOPPED, {}, None)
        return
    journal.phase("reading the data")
    dataset = open_dataset(settings, run.spec.data)
    train, _ = run.spec.split(len(dataset.train))
    journal.begin(train, run.spec.steps(len(dataset.train)))
    if method_named(run.spec.method).layers is None:
        journal.end(State.DONE, {}, _figures(RandomGuess(run.spec.seed), dataset))
        return
    if journal.phase("loading TensorFlow"):
        journal.end(State.STOPPED, {}, None)
        return
    _learn(database, run, journal, dataset)


def _learn(database: Database, run: Run, journal: Journal, dataset: Dataset) -> None:
    # TensorFlow takes seconds and 600 MB: whatever can go wrong before has gone wrong by here.
    from mnist_dash.training import course, files

    reason = None
    try:
        state, checkpoint = course.train(database, run, journal, dataset.train)
    except DivergenceError as e:
        state, checkpoint, reason = State.FAILED, checkpoint_of(database, run.id), str(e)
    artifacts, figures = {}, None
    if checkpoint is not None:
        journal.phase("testing the model")
        litert = files.to_litert(files.from_keras(checkpoint))
        artifacts = {Artifact.KERAS: checkpoint, Artifact.LITERT: litert}
        figures = _figures(LiteRT(litert), dataset)
    journal.end(state, artifacts, figures, reason)


def _figures(classifier: Classifier, dataset: Dataset) -> Figures:
    result = evaluate(classifier.probabilities(dataset.test.images), dataset.test.labels)
    return Figures(result.accuracy, *result.interval, result.images)
