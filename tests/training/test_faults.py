"""Faults from outside, such as bad stores, full disks and killed processes, cost a run one epoch at the most."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest

from mnist_dash.data.dataset import scale_to_input
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.errors import StoreError
from mnist_dash.methods.kept_models import KeptModels
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.lookup import open_model, read_litert_model
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import batches_of, checkpoint_of, epochs_of, kept_epochs_of, model_at, run_of
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import Batches, Epoch, ModelFormat, Run, State
from mnist_dash.runs.supervisor import THIS_MACHINE, Supervisor
from mnist_dash.settings import Settings
from mnist_dash.store import database as store
from mnist_dash.store.database import Database, open_database
from mnist_dash.training.attempt import execute
from tests.awaiting import deadline, until
from tests.conftest import Start
from tests.runs.conftest import an_epoch
from tests.training.lazily import MARKS, from_keras, steps_of

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
KILLED: dict[str, Value] = {
    **{"layers": "conv 4 3, norm, pool 2, flatten, dense 16", "dropout": 0.3, "epochs": 20, "batch_size": 40},
    **{"schedule": "one_cycle", "rotation": 10.0, "seed": 5},
}


class TestBadStore:
    """Where nothing can be written down, the run is not failed but queued again, and nothing is lost."""

    @pytest.fixture
    def claimed(self, with_data: Settings, database: Database) -> Run:
        """A run that this machine's supervisor has claimed, of whose process nothing is known."""
        assert with_data.data is not None
        queue.submit(database, RunSpec.of("random", "mnist"))
        run = queue.claim(database, THIS_MACHINE)
        assert run is not None
        return run

    def test_where_another_program_keeps_it_locked(
        self, with_data: Settings, database: Database, claimed: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(store, "PATIENCE", 0.05)
            impatient = open_database(with_data)
        other = sqlite3.connect(_file(with_data), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with impatient, pytest.raises(StoreError, match="was kept locked by another program"):
            execute(with_data, impatient, claimed.id, claimed.attempt)
        assert run_of(database, claimed.id) == claimed
        other.close()
        self._assert_goes_on(with_data, database, claimed)

    def test_where_it_is_read_only(self, with_data: Settings, database: Database, claimed: Run) -> None:
        with (
            Database(f"sqlite:///file:{_file(with_data)}?mode=ro&uri=true") as reader,
            pytest.raises(StoreError, match="is read-only"),
        ):
            execute(with_data, reader, claimed.id, claimed.attempt)
        assert run_of(database, claimed.id) == claimed
        self._assert_goes_on(with_data, database, claimed)

    def _assert_goes_on(self, settings: Settings, database: Database, run: Run) -> None:
        Supervisor(replace(settings, slots=0), database).tick()
        again = run_of(database, run.id)
        assert (again.state, again.host) == (State.QUEUED, None)
        assert execute(settings, database, run.id).state is State.DONE


def _file(settings: Settings) -> Path:
    return settings.home / "mnist-dash.db"


def _full(settings: Settings, database: Database) -> None:
    """No page more may be added to the file, as on a full disk, and none in it is free."""
    with closing(sqlite3.connect(_file(settings), isolation_level=None)) as other:
        other.execute("VACUUM")
    with database.write() as connection:
        # SQLite takes the present size where less is asked for. The connection goes back to the pool with it.
        connection.exec_driver_sql("PRAGMA max_page_count = 1")


class TestFullDisk:
    """A disk that fills up while a network learns costs the epoch at work, and no more."""

    pytestmark = MARKS

    def test_a_run_goes_on_from_its_last_recorded_epoch_when_there_is_space_again(
        self, dataset_read: Settings, database: Database, spec: RunSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Where the last model alone is kept, it takes the room of the one before it.
        run = queue.submit(database, replace(spec, epochs=3, kept_models=KeptModels.EVERY_EPOCH))
        write = RunRecorder.batches

        def fill_the_disk_and_write(recorder: RunRecorder, some: Batches) -> Command:
            if some.epoch == 2:
                _full(dataset_read, database)
            return write(recorder, some)

        with monkeypatch.context() as patch:
            patch.setattr(RunRecorder, "batches", fill_the_disk_and_write)
            with pytest.raises(StoreError, match=r"the disk is full\. Nothing recorded before was lost"):
                execute(dataset_read, database, run.id)
        left = run_of(database, run.id)
        assert (left.state, left.epoch) == (State.RUNNING, 1)
        assert len(epochs_of(database, run.id)) == left.epoch
        from_keras(checkpoint_of(database, run.id))
        database.close()
        queue.mark_dead(database, run.id, left.attempt, "Its process ended with exit status 2.")
        done = execute(dataset_read, database, run.id)
        assert (done.state, done.attempt, done.epoch) == (State.DONE, 2, 3)
        assert steps_of(database, done) == [(epoch, step) for epoch in (1, 2, 3) for step in range(12)]


class TestProcesses:
    """Runs in processes of their own, as a supervisor starts them."""

    pytestmark = MARKS

    @on_posix
    def test_a_run_whose_process_is_killed_ends_as_one_that_was_not(
        self, dataset_read: Settings, database: Database, start: Start
    ) -> None:
        spec = RunSpec.of("custom", "mnist", **KILLED)
        run = queue.submit(database, spec)
        worker = start("worker", "--idle", "0.1")
        until(lambda: run_of(database, run.id).epoch >= 2)
        _kill(worker)
        assert worker.wait(deadline()) == 0
        done = run_of(database, run.id)
        assert (done.state, done.attempt, done.epoch) == (State.DONE, 2, spec.epochs)
        assert done.reason is not None
        assert "all before it are kept. The run was queued again, to go on from there." in done.reason
        assert steps_of(database, done) == [(epoch, step) for epoch in range(1, spec.epochs + 1) for step in range(12)]

        whole = execute(dataset_read, database, queue.submit(database, spec).id)
        for one, other in zip(epochs_of(database, whole.id), epochs_of(database, done.id), strict=True):
            assert _figures(one) == _figures(other)
        weights = [from_keras(checkpoint_of(database, i)).get_weights() for i in (whole.id, done.id)]
        assert all(np.array_equal(one, other) for one, other in zip(*weights, strict=True))
        assert done.score == whole.score

    def test_a_run_is_paused_resumed_stepped_and_stopped_within_two_seconds(
        self, dataset_read: Settings, database: Database, start: Start
    ) -> None:
        assert dataset_read.data is not None
        run = queue.submit(database, RunSpec.of("cnn", "mnist", epochs=1_000))
        start("worker", "--idle", "0.1")
        until(lambda: run_of(database, run.id).epoch >= 1)

        paused = _within(2, lambda: control.pause(database, run.id), partial(_is, database, run, State.PAUSED))
        assert paused.host is not None
        assert paused.attempt == 1
        batches = len(batches_of(database, run.id))
        _within(2, lambda: control.resume(database, run.id, 1), lambda: len(batches_of(database, run.id)) > batches)
        before = run_of(database, run.id)
        control.resume(database, run.id, 1, step=True)
        until(partial(_is, database, run, State.PAUSED))
        assert run_of(database, run.id).epoch > before.epoch
        control.resume(database, run.id, 1)
        until(lambda: len(batches_of(database, run.id)) > batches)

        stopped = _within(2, lambda: control.stop(database, run.id), partial(_is, database, run, State.STOPPED))
        assert stopped.attempt == 1
        until(lambda: not run_of(database, run.id).changing)
        tested = run_of(database, run.id)
        assert tested.score is not None
        assert set(kept_epochs_of(database, run.id, ModelFormat.KERAS)) == {tested.best, tested.epoch}
        assert set(kept_epochs_of(database, run.id, ModelFormat.LITERT)) == {tested.best, tested.epoch}
        assert len(epochs_of(database, run.id)) == tested.epoch >= 1


def _figures(epoch: Epoch) -> tuple[object, ...]:
    """What was measured but for the clock and Keras' names of layers, which count on in a process."""
    assert epoch.details is not None
    confusion, answers, dead = (
        epoch.details.confusion,
        epoch.details.answers,
        [share for _, share in epoch.details.dead],
    )
    return epoch.loss, epoch.accuracy, epoch.validation_loss, epoch.validation_accuracy, confusion, answers, dead


def _is(database: Database, run: Run, state: State) -> bool:
    return run_of(database, run.id).state is state


def _within(seconds: float, act: Callable[[], Run], look: Callable[[], bool]) -> Run:
    """Act, and see the effect in so many seconds; the run as it is then."""
    run = act()
    until(look, seconds)
    return run


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    psutil.Process(worker.pid).children()[0].send_signal(signal.SIGKILL)


class TestAnswering:
    """A run's model answers wherever it stands, if its form for that has to be made first."""

    pytestmark = MARKS

    def test_a_run_that_was_stopped_while_nobody_tested_it_is_converted_once_and_kept(
        self, dataset_read: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from tests.training.lazily import model_of, to_keras

        model = model_of("custom", layers="flatten, dense 8")
        queue.submit(database, RunSpec.of("custom", "mnist", layers="flatten, dense 8"))
        run = queue.claim(database, "here")
        assert run is not None
        RunRecorder(database, run).epoch(an_epoch(1), to_keras(model))
        RunRecorder(database, run).end(State.STOPPED, {}, None)
        images = open_dataset(dataset_read).test.images
        answers = open_model(database, str(run.id)).probabilities(images)
        np.testing.assert_allclose(answers, model(scale_to_input(images)).numpy(), atol=1e-5)
        assert kept_epochs_of(database, run.id, ModelFormat.LITERT) == [1]

        def again(*_: object, **__: object) -> None:
            raise AssertionError("it was converted again")

        monkeypatch.setattr(subprocess, "run", again)
        kept = read_litert_model(database, run_of(database, run.id))
        assert kept == read_litert_model(database, run_of(database, run.id), best=True)
        assert kept == model_at(database, run.id, 1, ModelFormat.LITERT)
