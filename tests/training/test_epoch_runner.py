"""An epoch is recorded where it belongs, and what people want is heeded in it."""

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.errors import DivergenceError
from mnist_dash.methods.audit import audit_spec
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import batches_of, run_of
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import Run
from mnist_dash.store.database import Database
from tests.training.lazily import MARKS, feed, make_trainer, model_of, steps_of

pytestmark = MARKS
RATES = np.array([0.001, 0.002, 0.003, 0.004, 0.005])


@pytest.fixture
def run(database: Database) -> Run:
    """An audit that is at work."""
    queue.submit(database, audit_spec("mnist", "dense_128"))
    run = queue.claim(database, "here")
    assert run is not None
    return run


def test_a_later_epoch_of_a_round_is_recorded_behind_those_before_it(
    database: Database, run: Run, part: Digits
) -> None:
    from mnist_dash.training.epoch_runner import EpochRunner, Place

    runner = EpochRunner(make_trainer(model_of()), RunRecorder(database, run))
    whole = [runner.epoch(Place(2, "fold", steps), feed(part), RATES, 30) for steps in (0, 5)]
    assert [result.command for result in whole] == [Command.GO_ON, Command.GO_ON]
    assert runner.seconds == pytest.approx(sum(result.seconds for result in whole))
    assert steps_of(database, run) == [(2, step) for step in range(10)]
    batches = batches_of(database, run.id)
    assert [batch.seconds for batch in batches] == sorted(batch.seconds for batch in batches)
    assert [batch.rate for batch in batches if (batch.step + len(batch.loss)) % 5 == 0] == [0.005, 0.005]
    second = [loss for batch in batches if batch.step >= 5 for loss in batch.loss]
    assert whole[1].loss == pytest.approx(np.average(second, weights=[30, 30, 30, 30, 10]), rel=1e-4)
    assert {batch.answers for batch in batches} == {None}


def test_a_stop_that_was_wanted_before_trains_nothing(database: Database, run: Run, part: Digits) -> None:
    from mnist_dash.training.epoch_runner import EpochRunner, Place

    control.stop(database, run.id)
    result = EpochRunner(make_trainer(model_of()), RunRecorder(database, run)).epoch(
        Place(1, "epoch"), feed(part), RATES, 30
    )
    assert result.command is Command.STOP
    assert batches_of(database, run.id) == []
    assert run_of(database, run.id).phase == "training"


def test_a_loss_that_is_no_number_is_told_with_its_round_and_batch(database: Database, run: Run, part: Digits) -> None:
    from mnist_dash.training.epoch_runner import EpochRunner, Place

    model = model_of()
    model.set_weights([weights * np.nan for weights in model.get_weights()])
    runner = EpochRunner(make_trainer(model), RunRecorder(database, run))
    with pytest.raises(DivergenceError, match=r"^The loss became NaN in fold 3, batch 11: the steps were too large\."):
        runner.epoch(Place(3, "fold", 10), feed(part), RATES, 30)
