"""A home is saved while a network learns in it, and the network learns on in another home, from where it was."""

from pathlib import Path

import psutil
import pytest

from mnist_dash.backup.restore import restore
from mnist_dash.backup.save import back_up
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import batches_of, epochs_of, run_of
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.awaiting import deadline, until
from tests.conftest import Start

EPOCHS = 25


@pytest.mark.training
def test_a_run_at_work_keeps_every_finished_epoch_and_goes_on_elsewhere(
    with_data: Settings, database: Database, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = RunSpec.of("dense_128", "mnist", epochs=EPOCHS, batch_size=10, train_size=500, validation_split=0.1, seed=5)
    run = queue.submit(database, spec)
    worker = start("worker", "--idle", "0.1")
    until(lambda: run_of(database, run.id).epoch >= 2)
    saved = tmp_path / "home.zip"
    before = epochs_of(database, run.id)
    assert back_up(with_data, saved).active == 1
    assert run_of(database, run.id).state is State.RUNNING
    assert psutil.Process(worker.pid).children()
    control.stop(database, run.id)
    assert worker.wait(deadline()) == 0

    there = Settings(home=tmp_path / "elsewhere", data=with_data.data, offline=True)
    assert restore(there, saved).active == 1
    monkeypatch.setenv("MNIST_DASH_HOME", str(there.home))
    with open_database(there) as came:
        kept = epochs_of(came, run.id)
        assert kept[: len(before)] == before
        assert (run_of(came, run.id).state, run_of(came, run.id).epoch) == (State.RUNNING, len(kept))
        assert kept == epochs_of(database, run.id)[: len(kept)]
        assert start("worker", "--idle", "0.1").wait(deadline()) == 0
        done = run_of(came, run.id)
        assert (done.state, done.attempt, done.epoch) == (State.DONE, 2, EPOCHS)
        assert done.reason is not None
        assert f"Epoch {len(kept)} and all before it are kept." in done.reason
        assert epochs_of(came, run.id)[: len(kept)] == kept
        assert [epoch.epoch for epoch in epochs_of(came, run.id)] == list(range(1, EPOCHS + 1))
        steps = [(each.epoch, each.step + at) for each in batches_of(came, run.id) for at in range(len(each.loss))]
        assert steps == [(epoch, step) for epoch in range(1, EPOCHS + 1) for step in range(45)]
