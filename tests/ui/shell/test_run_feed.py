"""A watched run is read bit by bit, and is at every moment what the database holds."""

import numpy as np
import pytest

from mnist_dash.figures.curves import Curves, extend_curves, start_curves
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queries, queue
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Answers, Batches, Epoch, Run
from mnist_dash.store.database import Database
from mnist_dash.ui.shell.run_feed import RunFeed

STEPS = 4


@pytest.fixture
def run(database: Database) -> Run:
    """A claimed run of four batches an epoch."""
    queue.submit(database, RunSpec.of("dense_128", "mnist", batch_size=100))
    return claimed(database)


def claimed(database: Database) -> Run:
    run = queue.claim(database, "here")
    assert run
    RunRecorder(database, run).begin(400, STEPS)
    return run


def some(epoch: int, step: int, loss: float, answers: Answers | None = None) -> Batches:
    return Batches(epoch, step, (loss, loss), (0.5, 0.6), 0.1 * step + epoch, 0.001, answers)


def assert_same(seen: Curves, database: Database, run: Run) -> None:
    """What was read bit by bit is what is read at once."""
    batches, epochs = queries.batches_of(database, run.id), queries.epochs_of(database, run.id)
    whole = extend_curves(start_curves(STEPS, run.spec.batch_size), batches, epochs)
    assert seen.step.tolist() == whole.step.tolist()
    assert seen.batch_loss.tolist() == whole.batch_loss.tolist()
    assert np.array_equal(seen.val_loss, whole.val_loss)


def test_a_run_that_has_not_begun_has_empty_curves(database: Database) -> None:
    run = queue.submit(database, RunSpec.of("dense_128", "mnist"))
    seen = RunFeed(database, run.id).look()
    assert seen.run == run
    assert not len(seen.curves.step)


def test_every_look_adds_what_is_new(database: Database, run: Run) -> None:
    watch, recorder = RunFeed(database, run.id), RunRecorder(database, run)
    for step in (0, 2):
        recorder.batches(some(1, step, 1.0 - step / 10))
        assert_same(watch.look().curves, database, run)
    recorder.epoch(Epoch(1, 0.9, 0.5, 0.8, 0.6, 1.0), b"checkpoint")
    recorder.batches(some(2, 0, 0.5))
    seen = watch.look()
    assert_same(seen.curves, database, run)
    assert [epoch.epoch for epoch in seen.epochs] == [1]


def test_an_epoch_that_is_trained_anew_replaces_what_an_interruption_left(database: Database, run: Run) -> None:
    watch, recorder = RunFeed(database, run.id), RunRecorder(database, run)
    recorder.batches(some(1, 0, 0.9))
    recorder.batches(some(1, 2, 0.8))
    watch.look()
    queue.mark_dead(database, run.id, run.attempt, "Its process was killed.")
    again = claimed(database)
    assert not queries.batches_of(database, run.id)
    RunRecorder(database, again).batches(some(1, 0, 0.7))
    seen = watch.look()
    assert seen.curves.batch_loss.tolist() == pytest.approx([0.7, 0.7])
    assert_same(seen.curves, database, again)


def test_the_latest_answers_stay_until_newer_ones_come(database: Database, run: Run) -> None:
    watch, recorder = RunFeed(database, run.id), RunRecorder(database, run)
    first, second = Answers((1, 2), (0.5, 0.6)), Answers((1, 3), (0.9, 0.8))
    recorder.batches(some(1, 0, 0.9, first))
    recorder.batches(some(1, 2, 0.9))
    assert watch.look().answers == first
    assert watch.look().answers == first
    recorder.batches(some(2, 0, 0.9, second))
    assert watch.look().answers == second


def test_what_is_drawn_of_a_run_is_drawn_once_for_all_until_something_is_new(database: Database, run: Run) -> None:
    watch, recorder, drawn = RunFeed(database, run.id), RunRecorder(database, run), list[int]()

    def plot() -> bytes:
        drawn.append(len(watch.look().curves.step))
        return bytes(len(drawn))

    def draw(key: str = "loss") -> int:
        return len(watch.look().drawings.once(key, plot))

    assert [draw(), draw(), draw("rate")] == [1, 1, 2]
    recorder.batches(some(1, 0, 0.9))
    assert [draw(), draw()] == [3, 3]
    recorder.epoch(Epoch(1, 0.9, 0.5, 0.8, 0.6, 1.0), b"checkpoint")
    assert [draw(), draw()] == [4, 4]
    queue.mark_dead(database, run.id, run.attempt, "Its process was killed.")
    assert draw() == 5
