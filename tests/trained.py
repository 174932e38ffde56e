"""Runs that have been trained, as their recorders would have left them."""

from collections.abc import Sequence
from itertools import zip_longest

from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Batches, Epoch, EpochDetails, ModelFormat, Run, RunScore, State
from mnist_dash.store.database import Database

IMAGES = 1_000
"""Test images of the runs here."""


def trained(
    database: Database,
    spec: RunSpec,
    right: int = 910,
    scores: Sequence[float | None] = (0.8, 0.9),
    litert: bytes = b"litert",
    details: Sequence[EpochDetails | None] = (),
) -> Run:
    """A run that is done: `right` of IMAGES test images, `scores` on validation images epoch by epoch.

    `details` are those of the epochs, where they are of interest.
    """
    run, recorder = begun(database, spec, scores, details)
    figures = RunScore(right / IMAGES, *wilson_interval(right, IMAGES), IMAGES)
    recorder.end(State.DONE, {(len(scores), ModelFormat.LITERT): litert} if scores else {}, figures)
    return run_of(database, run.id)


def begun(
    database: Database,
    spec: RunSpec,
    scores: Sequence[float | None] = (0.8,),
    details: Sequence[EpochDetails | None] = (),
) -> tuple[Run, RunRecorder]:
    """A run at work after as many epochs as there are `scores`, and its recorder."""
    submitted = queue.submit(database, spec)
    run = queue.claim(database, "here", submitted.id)
    assert run is not None
    recorder = RunRecorder(database, run)
    recorder.begin(450, 2)
    for number, (score, told) in enumerate(zip_longest(scores, details), 1):
        recorder.batches(Batches(number, 0, (2.25, 1.5), (0.25, 0.5), 0.75, 0.001))
        epoch = Epoch(number, 0.75, 0.625, None if score is None else 0.5, score, 2.0, told)
        recorder.epoch(epoch, f"keras {number}".encode())
    return run_of(database, run.id), recorder
