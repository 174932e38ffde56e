"""Whatever interrupts a training session, it ends with the very weights and figures that it would have had."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.split import choose_gallery, draw_split, draw_split_by_writer
from mnist_dash.methods.architecture import write_layers
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.method import Classifier
from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.schedule import compute_rates, is_patience_over
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import load_bundled
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import batches_of, checkpoint_of, epochs_of, kept_epochs_of, run_of
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import Batches, Epoch, ModelFormat, Run, State
from mnist_dash.store.database import Database
from mnist_dash.training.pause import wait
from tests.awaiting import deadline, until
from tests.training.lazily import MARKS, from_keras

if TYPE_CHECKING:
    from mnist_dash.training.epoch_runner import Outcome
    from mnist_dash.training.session import TrainingSession

pytestmark = MARKS
DENSE, CONVOLUTION = "flatten, dense 16", "conv 4 3, pool 2, flatten, dense 8"
SPECS: dict[str, dict[str, Value]] = {
    "convolution": {"layers": CONVOLUTION},
    "dropout": {"layers": "flatten, dropout 0.2, dense 16, dense 16", "dropout": 0.5},
    "normalised": {"layers": "conv 4 3, norm, pool 2, flatten, dense 8", "optimizer": "rmsprop"},
    "one cycle with momentum": {
        "layers": DENSE,
        "schedule": "one_cycle",
        "optimizer": "momentum",
        "learning_rate": 0.1,
    },
    "cosine with augmentation": {"layers": DENSE, "schedule": "cosine", "rotation": 10.0, "shift": 2.0, "elastic": 1.0},
    "as the method fast": {
        "layers": write_layers((METHODS["fast"].layers or ())[:-1]),
        **{name: METHODS["fast"].defaults[name] for name in ("schedule", "learning_rate", "label_smoothing", "shift")},
    },
    # Its validation loss rises from the second epoch on, so that the rate is halved after the fourth.
    "plateau": {
        **{"layers": DENSE, "schedule": "plateau", "optimizer": "momentum", "learning_rate": 0.5, "clip_norm": 1.0},
        "epochs": 5,
    },
    "restrained": {
        **{"layers": DENSE, "optimizer": "adamw", "weight_decay": 0.1, "clip_norm": 0.5, "label_smoothing": 0.1},
        **{"loss": "focal", "validation_split": 0.0},
    },
}
EVERY = pytest.mark.parametrize("name", SPECS)


def _spec(changes: Mapping[str, Value] = MappingProxyType({}), /, **more: Value) -> RunSpec:
    """Four epochs of 240 images in seven batches of 32 and one of 16, 60 held out."""
    small: dict[str, Value] = {"epochs": 4, "batch_size": 32, "train_size": 300, "validation_split": 0.2, "seed": 5}
    return RunSpec.of("custom", "mnist", **{**small, "layers": DENSE, **changes, **more})


def _session(database: Database, run: Run, digits: Digits, teacher: Classifier | None = None) -> "TrainingSession":
    from mnist_dash.training.session import TrainingSession

    claimed = queue.claim(database, "here", run.id)
    assert claimed is not None
    recorder = RunRecorder(database, claimed)
    recorder.begin(240, 8)
    return TrainingSession(database, claimed, recorder, digits, teacher=teacher)


def _trained(database: Database, run: Run, digits: Digits, teacher: Classifier | None = None) -> "Outcome":
    """One attempt, to its end."""
    return _session(database, run, digits, teacher).train()


def _whole(database: Database, spec: RunSpec, digits: Digits, teacher: Classifier | None = None) -> Run:
    """The run that nobody interrupts."""
    run = queue.submit(database, spec)
    assert _trained(database, run, digits, teacher).command is Command.GO_ON
    RunRecorder(database, run_of(database, run.id)).end(State.DONE, {}, None)
    return run_of(database, run.id)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of paused runs leave at once."""
    from mnist_dash.training import epoch_runner

    monkeypatch.setattr(epoch_runner, "wait", partial(wait, linger=0.0))


def _measured(database: Database, run: Run) -> list[Epoch]:
    """What was measured of the epochs, but for the clock and Keras' names of layers, which count on in a process."""
    return [replace(epoch, seconds=0.0, details=_nameless(epoch)) for epoch in epochs_of(database, run.id)]


def _nameless(epoch: Epoch) -> Any:  # noqa: ANN401 - a record or None
    details = epoch.details
    return details and replace(details, dead=tuple(("", share) for _, share in details.dead))


def _state(database: Database, run: Run) -> list[Any]:
    """Every number that the last checkpoint holds: weights, averages and the optimizer's own."""
    model = from_keras(checkpoint_of(database, run.id))
    return [*model.get_weights(), *(variable.numpy() for variable in model.optimizer.variables)]


def _steps(database: Database, run: Run) -> list[tuple[int, int, float, float]]:
    """Each recorded batch: its epoch, its place, its loss and its accuracy."""
    return [
        (some.epoch, some.step + i, loss, accuracy)
        for some in batches_of(database, run.id)
        for i, (loss, accuracy) in enumerate(zip(some.loss, some.accuracy, strict=True))
    ]


def _assert_same(database: Database, one: Run, other: Run) -> None:
    """Bit for bit the same weights, optimizer and figures, and every batch once."""
    assert _measured(database, one) == _measured(database, other)
    states = _state(database, one), _state(database, other)
    assert all(np.array_equal(a, b) for a, b in zip(*states, strict=True))
    assert _steps(database, one) == _steps(database, other)
    epochs, steps = one.spec.epochs, one.spec.steps(500)
    assert [s[:2] for s in _steps(database, one)] == [(i, step) for i in range(1, epochs + 1) for step in range(steps)]
    assert _last_rates(database, one) == _last_rates(database, other)


def _last_rates(database: Database, run: Run) -> dict[int, float | None]:
    """The rate of the last step of each epoch."""
    return {some.epoch: some.rate for some in batches_of(database, run.id)}


class TestInterrupted:
    """Two epochs and two more are four, to the last bit."""

    @EVERY
    @pytest.mark.usefixtures("impatient")
    def test_behind_an_epoch(self, database: Database, small: Digits, name: str) -> None:
        spec = _spec(SPECS[name])
        whole = _whole(database, spec, small)
        run = queue.submit(database, spec, pause_at=2)
        assert _trained(database, run, small).command is Command.PAUSE
        left = run_of(database, run.id)
        assert (left.state, left.host, left.epoch) == (State.PAUSED, None, 2)
        control.resume(database, run.id, 1)
        assert _trained(database, run, small).command is Command.GO_ON
        assert run_of(database, run.id).attempt == 2
        _assert_same(database, whole, run)

    @pytest.mark.usefixtures("impatient")
    @pytest.mark.parametrize("name", ["dropout", "cosine with augmentation", "as the method fast"])
    def test_in_the_middle_of_an_epoch(
        self, database: Database, small: Digits, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        spec = _spec(SPECS[name])
        whole = _whole(database, spec, small)
        run = queue.submit(database, spec)
        with monkeypatch.context() as patch:
            _pause_in_epoch(patch, database, run, 3)
            assert _trained(database, run, small).command is Command.PAUSE
        assert max(step[0] for step in _steps(database, run)) == 3
        assert run_of(database, run.id).epoch == 2
        control.resume(database, run.id, 1)
        assert _trained(database, run, small).command is Command.GO_ON
        _assert_same(database, whole, run)

    @pytest.mark.parametrize("name", ["dropout"])
    def test_by_a_pause_in_memory(
        self, database: Database, small: Digits, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        spec = _spec(SPECS[name])
        whole = _whole(database, spec, small)
        run = queue.submit(database, spec)
        session = _session(database, run, small)
        _pause_in_epoch(monkeypatch, database, run, 2)
        with ThreadPoolExecutor(1) as pool:
            training = pool.submit(session.train)
            until(lambda: run_of(database, run.id).state is State.PAUSED)
            paused = run_of(database, run.id)
            assert (paused.host, paused.epoch, _steps(database, run)[-1][0]) == ("here", 1, 2)
            control.resume(database, run.id, 1)
            assert training.result(deadline()).command is Command.GO_ON
        assert run_of(database, run.id).attempt == 1
        _assert_same(database, whole, run)

    @pytest.mark.usefixtures("impatient")
    def test_while_it_fine_tunes(self, database: Database, small: Digits) -> None:
        changes: dict[str, Value] = {"epochs": 2, "batch_size": 250, "train_size": 40, "validation_split": 0.5}
        spec = RunSpec.of("fine_tuned", "mine", **changes, start="generated", replay=0.2)
        whole = _whole(database, spec, small)
        run = queue.submit(database, spec, pause_at=1)
        assert _trained(database, run, small).command is Command.PAUSE
        control.resume(database, run.id, 1)
        assert _trained(database, run, small).command is Command.GO_ON
        # Twenty images fifty times, and a quarter as many others: five batches.
        assert len(_steps(database, run)) == 2 * 5
        _assert_same(database, whole, run)

    @pytest.mark.usefixtures("impatient")
    def test_while_it_distils(self, database: Database, small: Digits) -> None:
        changes: dict[str, Value] = {"epochs": 2, "batch_size": 40, "train_size": 100, "validation_split": 0.2}
        spec, teacher = RunSpec.of("distilled", "mine", **changes), load_bundled("cnn")
        whole = _whole(database, spec, small, teacher)
        run = queue.submit(database, spec, pause_at=1)
        assert _trained(database, run, small, teacher).command is Command.PAUSE
        control.resume(database, run.id, 1)
        assert _trained(database, run, small, teacher).command is Command.GO_ON
        _assert_same(database, whole, run)
        # Who learns from labels alone ends elsewhere.
        alone = _whole(database, RunSpec.of("distilled", "mine", **changes, trust=0.0), small, teacher)
        assert epochs_of(database, alone.id)[0].loss != epochs_of(database, run.id)[0].loss

    def test_one_epoch_at_a_time(self, database: Database, small: Digits) -> None:
        whole = _whole(database, _spec(), small)
        run = queue.submit(database, _spec(), pause_at=0)
        session = _session(database, run, small)
        with ThreadPoolExecutor(1) as pool:
            training = pool.submit(session.train)
            for epoch in range(4):
                until(lambda: run_of(database, run.id).state is State.PAUSED)
                assert len(epochs_of(database, run.id)) == epoch
                control.resume(database, run.id, 1, step=True)
            assert training.result(deadline()).command is Command.GO_ON
        _assert_same(database, whole, run)

    def test_by_a_model_that_is_made_ready_to_answer_behind_each_epoch(
        self, database: Database, small: Digits, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from mnist_dash.training import session

        spec = _spec(SPECS["dropout"], epochs=2)
        whole = _whole(database, spec, small)
        monkeypatch.setattr(session, "_WORTH", 0)
        monkeypatch.setattr(session, "LOOK_SECONDS", 0.0)
        run = queue.submit(database, spec)
        _trained(database, run, small)
        assert kept_epochs_of(database, run.id, ModelFormat.LITERT) == [1]
        first, *others = batches_of(database, run.id)
        assert first.answers is None
        assert others
        assert all(some.answers is not None for some in others)
        _assert_same(database, whole, run)


def _pause_in_epoch(monkeypatch: pytest.MonkeyPatch, database: Database, run: Run, epoch: int) -> None:
    """Ask the run to pause just before the first batches of that epoch are recorded."""
    write = RunRecorder.batches

    def pause_and_write(recorder: RunRecorder, batches: Batches) -> Command:
        if (batches.epoch, batches.step) == (epoch, 0) and recorder._run == run.id:
            control.pause(database, run.id)
        return write(recorder, batches)

    monkeypatch.setattr(RunRecorder, "batches", pause_and_write)


def test_a_pause_before_the_first_epoch_skips_none(database: Database, small: Digits) -> None:
    run = queue.submit(database, _spec(epochs=2), pause_at=0)
    session = _session(database, run, small)
    with ThreadPoolExecutor(1) as pool:
        training = pool.submit(session.train)
        until(lambda: run_of(database, run.id).state is State.PAUSED)
        assert _steps(database, run) == []
        control.resume(database, run.id, 1)
        assert training.result(deadline()).command is Command.GO_ON
    assert [epoch.epoch for epoch in epochs_of(database, run.id)] == [1, 2]


class TestTrainedFurther:
    """A run that has ended goes on as if it had not, but for the schedule, which starts anew."""

    def _further(self, database: Database, run: Run, epochs: int, digits: Digits) -> Run:
        control.train_further(database, run.id, epochs)
        assert _trained(database, run, digits).command is Command.GO_ON
        return run_of(database, run.id)

    @pytest.mark.parametrize("name", ["convolution", "dropout", "restrained"])
    def test_at_a_constant_rate_two_epochs_and_two_further_ones_are_four(
        self, database: Database, small: Digits, name: str
    ) -> None:
        four = _whole(database, _spec(SPECS[name]), small)
        two = _whole(database, _spec(SPECS[name], epochs=2), small)
        further = self._further(database, two, 2, small)
        assert (further.spec.continued, further.spec.epochs, further.epoch) == ((2,), 4, 4)
        _assert_same(database, four, further)

    @pytest.mark.parametrize("schedule", ["cosine", "one_cycle", "step"])
    def test_the_rates_start_anew(self, database: Database, small: Digits, schedule: str) -> None:
        two = _whole(database, _spec(epochs=2, schedule=schedule), small)
        further = self._further(database, two, 2, small)
        taken = {(some.epoch, some.step + len(some.loss) - 1): some.rate for some in batches_of(database, two.id)}
        for epoch in (1, 2):
            planned = compute_rates(_spec(epochs=2, schedule=schedule), 8, epoch, [])
            assert taken[epoch, 7] == taken[epoch + 2, 7] == planned[-1]
        assert further.epoch == 4

    def test_a_run_that_ended_early_goes_on(self, database: Database, small: Digits) -> None:
        early = _whole(database, _wavering(1), small)
        assert early.epoch < 30
        further = self._further(database, early, 2, small)
        assert further.epoch in (early.epoch + 1, early.epoch + 2)

    def test_a_run_that_broke_down_goes_on_from_its_last_good_epoch(self, database: Database, small: Digits) -> None:
        whole = _whole(database, _spec(), small)
        run = queue.submit(database, _spec(epochs=2))
        _trained(database, run, small)
        RunRecorder(database, run_of(database, run.id)).fail("The loss became NaN.")
        _assert_same(database, whole, self._further(database, run, 2, small))


def _wavering(patience: int) -> RunSpec:
    """A run whose steps are so large that its validation loss soon rises."""
    return _spec(epochs=30, patience=patience, optimizer="momentum", learning_rate=0.5, clip_norm=1.0)


class TestEarlyStopping:
    """A run ends when its watched loss has not fallen for long enough, and does so again after an interruption."""

    @pytest.mark.parametrize("patience", [1, 2])
    def test_it_ends_at_the_first_epoch_that_exhausts_the_patience(
        self, database: Database, small: Digits, patience: int
    ) -> None:
        run = queue.submit(database, _wavering(patience))
        outcome = _trained(database, run, small)
        losses = [epoch.validation_loss or 0.0 for epoch in epochs_of(database, run.id)]
        assert 1 < len(losses) < 30
        ends = [is_patience_over(run.spec, losses[:epoch]) for epoch in range(1, len(losses) + 1)]
        assert ends == [False] * (len(losses) - 1) + [True]
        for_so_long = "epoch" if patience == 1 else f"{patience} epochs"
        assert outcome.command is Command.GO_ON
        assert outcome.reason == (
            f"Stopped early after epoch {len(losses)}: the validation loss had not fallen for {for_so_long}."
        )

    def test_a_run_that_died_between_its_early_end_and_its_test_trains_no_epoch_more(
        self, database: Database, small: Digits
    ) -> None:
        run = queue.submit(database, _wavering(1))
        first = _trained(database, run, small)
        before = epochs_of(database, run.id)
        queue.mark_dead(database, run.id, 1, "Its process was killed.")
        assert _trained(database, run, small) == first
        assert epochs_of(database, run.id) == before

    def test_without_held_out_images_the_loss_of_training_is_watched(self, database: Database, small: Digits) -> None:
        spec = replace(_wavering(1), validation_split=0.0)
        run = queue.submit(database, spec)
        _trained(database, run, small)
        losses = [epoch.loss for epoch in epochs_of(database, run.id)]
        assert is_patience_over(spec, losses)
        assert not is_patience_over(spec, losses[:-1])


class TestPlateau:
    """The rate follows the validation loss, as Keras' own callback makes it."""

    def test_the_rates_are_those_of_keras_reduce_lr_on_plateau(self, database: Database, small: Digits) -> None:
        spec = _spec(epochs=14, schedule="plateau", optimizer="momentum", learning_rate=0.5, clip_norm=1.0)
        run = _whole(database, spec, small)
        losses = [epoch.validation_loss or 0.0 for epoch in epochs_of(database, run.id)]
        taken = [some.rate for some in batches_of(database, run.id) if some.step == 0]
        assert taken == _keras_rates(losses)
        assert len(set(taken)) > 1

    @pytest.mark.parametrize("seed", range(20))
    def test_the_rates_are_those_of_keras_for_any_losses(self, seed: int) -> None:
        losses = np.random.default_rng(seed).integers(0, 8, 25).astype(float).tolist()
        spec = _spec(epochs=25, schedule="plateau", learning_rate=0.5)
        ours = [float(compute_rates(spec, 1, epoch, losses[: epoch - 1])[0]) for epoch in range(1, 26)]
        assert ours == _keras_rates(losses)


def _keras_rates(losses: list[float]) -> list[float]:
    """The rate of each epoch by Keras' callback, from 0.5 on."""
    import keras

    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.5))
    callback = keras.callbacks.ReduceLROnPlateau("val_loss", factor=0.5, patience=3, min_delta=0.0)
    callback.set_model(model)
    callback.on_train_begin()
    taken = []
    for epoch, loss in enumerate(losses):
        taken.append(float(model.optimizer.learning_rate.numpy()))
        callback.on_epoch_end(epoch, {"val_loss": loss})
    return taken


def test_insight_is_what_the_held_out_digits_teach(database: Database, small: Digits) -> None:
    spec = _spec(epochs=2)
    run = _whole(database, spec, small)
    epoch = epochs_of(database, run.id)[-1]
    parts = draw_split(len(small), 240, 60, spec.seed)
    validation, shown = small.take(parts.validation), small.take(choose_gallery(small.labels, parts))
    model = from_keras(checkpoint_of(database, run.id))
    assert epoch.details is not None
    assert sum(map(sum, epoch.details.confusion)) == 60
    assert [sum(row) for row in epoch.details.confusion] == np.bincount(validation.labels, minlength=10).tolist()
    right = sum(epoch.details.confusion[i][i] for i in range(10))
    assert epoch.validation_accuracy == pytest.approx(right / 60)
    answers = model(shown.images[..., None].astype(np.float32) / 255).numpy()
    assert epoch.details.answers.digits == tuple(answers.argmax(axis=1).tolist())
    np.testing.assert_allclose(epoch.details.answers.shares, answers.max(axis=1), atol=1e-4)
    ((_, dead),) = epoch.details.dead
    hidden = np.maximum(0, (validation.images.reshape(60, -1) / 255) @ model.get_weights()[0] + model.get_weights()[1])
    assert dead == pytest.approx(np.mean(hidden.max(axis=0) == 0))


def test_by_writer_a_run_is_watched_by_people_it_does_not_learn_from(database: Database, small: Digits) -> None:
    spec = _spec(epochs=1, validation_by="writer")
    epoch = epochs_of(database, _whole(database, spec, small).id)[-1]
    parts = draw_split_by_writer(small.writers, 240, 60, spec.seed)  # type: ignore[arg-type]
    expected = np.bincount(small.labels[parts.validation], minlength=10).tolist()
    assert epoch.details is not None
    assert [sum(row) for row in epoch.details.confusion] == expected
    other = small.labels[draw_split(len(small), 240, 60, spec.seed).validation]
    assert np.bincount(other, minlength=10).tolist() != expected


def test_the_gallery_is_asked_while_an_epoch_goes_on_but_nobody_waits_for_it_at_first(
    database: Database, small: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mnist_dash.training import session

    monkeypatch.setattr(session, "LOOK_SECONDS", 0.0)
    run = _whole(database, _spec(epochs=1), small)
    first, *others = batches_of(database, run.id)
    assert first.answers is None
    assert others
    for batches in others:
        assert batches.answers is not None
        assert len(batches.answers.digits) == len(batches.answers.shares) <= 20
        assert all(0 < share <= 1 for share in batches.answers.shares)
