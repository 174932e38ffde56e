"""The loop does what Keras does, batch for batch, whatever the size of its chunks."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from mnist_dash.arrays import Images, Probabilities
from mnist_dash.data.augmentation import Augmentation
from mnist_dash.data.dataset import Digits, scale_to_input
from mnist_dash.data.split import epoch_order
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.schedule import compute_rates
from mnist_dash.methods.spec import RunSpec
from mnist_dash.training.batch_loader import BatchLoader
from tests.training.lazily import MARKS, Model, epoch_of, feed, make_distilling_trainer, make_trainer, model_of, score

pytestmark = MARKS
BATCH, STEPS = 30, 5
SMALL: dict[str, Value] = {"layers": "flatten, dense 16"}
CONVOLUTION: dict[str, Value] = {"layers": "conv 4 3, norm, pool 2, flatten, dense 8"}
OPTIMIZERS: dict[str, tuple[dict[str, Value], Callable[[Any], Any]]] = {
    "adam": (SMALL, lambda of: of.Adam()),
    "adamw": (SMALL | {"optimizer": "adamw", "weight_decay": 0.1}, lambda of: of.AdamW(weight_decay=0.1)),
    "decay": (SMALL | {"weight_decay": 0.2}, lambda of: of.Adam(weight_decay=0.2)),
    "sgd": (SMALL | {"optimizer": "sgd"}, lambda of: of.SGD()),
    "momentum": (SMALL | {"optimizer": "momentum"}, lambda of: of.SGD(momentum=0.9)),
    "nesterov": (SMALL | {"optimizer": "nesterov"}, lambda of: of.SGD(momentum=0.9, nesterov=True)),
    "rmsprop": (SMALL | {"optimizer": "rmsprop"}, lambda of: of.RMSprop()),
    "clipped": (SMALL | {"optimizer": "sgd", "clip_norm": 0.1}, lambda of: of.SGD(global_clipnorm=0.1)),
    "convolution": (CONVOLUTION, lambda of: of.Adam()),
}
LOSSES: dict[str, tuple[dict[str, Value], Callable[[Any], Any]]] = {
    "smoothed": ({"label_smoothing": 0.2}, lambda of: of.CategoricalCrossentropy(label_smoothing=0.2)),
    "focal": ({"loss": "focal"}, lambda of: of.CategoricalFocalCrossentropy()),
    "squared": ({"loss": "squared_error"}, lambda of: of.MeanSquaredError()),
}


def _rates(epoch: int, schedule: str = "cosine") -> npt.NDArray[np.float64]:
    spec = RunSpec.of("dense_128", "mnist", epochs=2, schedule=schedule, learning_rate=0.02)
    return compute_rates(spec, STEPS, epoch, [])


def _copy(model: Model, optimizer: Any, loss: Any) -> Model:  # noqa: ANN401 - no types
    """Keras' own: the same network with the same weights, to be trained as Keras does."""
    import keras

    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    copy.compile(optimizer, loss)
    return copy


def _assert_same_steps(ours: Model, theirs: Model, digits: Digits, **loss: Value) -> None:
    """Two epochs, ours as a whole and theirs batch by batch, where every step has a rate of its own."""
    trainer = make_trainer(ours, BATCH, **loss)
    for epoch in (1, 2):
        order, taken = epoch_order(len(digits), 0, epoch), _rates(epoch)
        expected = []
        for step, rate in enumerate(taken):
            batch = order[step * BATCH : (step + 1) * BATCH]
            theirs.optimizer.learning_rate = rate
            # Keras' metric is a mean since its last reset.
            theirs.reset_metrics()
            labels = np.eye(10, dtype=np.float32)[digits.labels[batch]]
            expected.append(theirs.train_on_batch(scale_to_input(digits.images[batch]), labels))
        losses = np.concatenate([chunk.loss for chunk in trainer.epoch(feed(digits, epoch), taken)])
        np.testing.assert_allclose(losses, np.array(expected, float).reshape(-1), rtol=1e-4, atol=1e-6)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_step_is_that_of_keras_down_to_a_smaller_last_batch(part: Digits, name: str) -> None:
    import keras

    changes, optimizer = OPTIMIZERS[name]
    ours = model_of("custom", **changes)
    theirs = _copy(ours, optimizer(keras.optimizers), keras.losses.CategoricalCrossentropy())
    _assert_same_steps(ours, theirs, part)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_that_of_keras(part: Digits, name: str) -> None:
    import keras

    changes, loss = LOSSES[name]
    ours = model_of("custom", **SMALL, **changes)
    _assert_same_steps(ours, _copy(ours, keras.optimizers.Adam(), loss(keras.losses)), part, **changes)


def test_the_rate_of_every_step_reaches_that_step(part: Digits) -> None:
    model = model_of("custom", layers="flatten", optimizer="sgd")
    trainer, order = make_trainer(model), epoch_order(len(part), 0, 1)
    for step in range(STEPS):
        model.set_weights([np.zeros_like(weights) for weights in model.get_weights()])
        list(trainer.epoch(feed(part), np.where(np.arange(STEPS) == step, 0.5, 0.0)))
        labels = part.labels[order[step * BATCH : (step + 1) * BATCH]]
        # From zero, the gradient of a bias is a tenth less the share of its digit in the batch.
        moved = -0.5 * (0.1 - np.bincount(labels, minlength=10) / len(labels))
        np.testing.assert_allclose(model.get_weights()[1], moved, atol=1e-6)


@pytest.mark.parametrize("schedule", ["one_cycle", "cosine", "step"])
def test_the_optimizer_ends_an_epoch_at_the_rate_of_its_last_step(part: Digits, schedule: str) -> None:
    model, taken = model_of("custom", **SMALL), _rates(2, schedule)
    list(make_trainer(model).epoch(feed(part), taken))
    assert float(model.optimizer.learning_rate.numpy()) == pytest.approx(taken[-1])


def test_a_batchs_accuracy_is_the_share_of_right_answers_before_its_step(part: Digits) -> None:
    model = model_of()
    order = epoch_order(len(part), 0, 1)
    before = model(scale_to_input(part.images[order[:BATCH]])).numpy().argmax(axis=1)
    _, accuracy = epoch_of(make_trainer(model), part)
    assert accuracy[0] == pytest.approx(np.mean(before == part.labels[order[:BATCH]]))


@pytest.mark.parametrize(("size", "images"), [(1, 130), (2, 130), (5, 130), (1_000, 130), (3, 30), (2, 1)])
def test_chunks_of_any_size_report_every_batch_once_in_order(
    part: Digits, monkeypatch: pytest.MonkeyPatch, size: int, images: int
) -> None:
    monkeypatch.setattr("mnist_dash.training.loop._FIRST_CHUNK", size)
    digits = part.take(slice(images))
    steps = -(-images // BATCH)
    chunks = list(make_trainer(model_of("custom", **SMALL)).epoch(feed(digits), np.full(steps, 0.001)))
    assert [chunk.step + i for chunk in chunks for i in range(len(chunk.loss))] == list(range(steps))
    assert all(len(chunk.loss) == len(chunk.accuracy) for chunk in chunks)


@pytest.mark.parametrize("changes", [SMALL | {"dropout": 0.5}, CONVOLUTION], ids=["dense", "convolution"])
def test_the_size_of_the_chunks_does_not_change_a_bit_of_the_result(
    part: Digits, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Value]
) -> None:
    from mnist_dash.training.networks import reseed

    ends, losses = [], []
    for size in (1, 3, 5):
        monkeypatch.setattr("mnist_dash.training.loop._FIRST_CHUNK", size)
        model = model_of("custom", **changes)
        reseed(model, 0, 1)
        loader = BatchLoader(part, Augmentation(rotation=10, elastic=1), 0, 1)
        chunks = list(make_trainer(model).epoch(loader, _rates(1)))
        losses.append(np.concatenate([chunk.loss for chunk in chunks]))
        ends.append(model.get_weights())
    for end, loss in zip(ends[1:], losses[1:], strict=True):
        assert np.array_equal(loss, losses[0])
        assert all(np.array_equal(one, other) for one, other in zip(end, ends[0], strict=True))


def test_chunks_grow_to_the_time_that_they_should_take(small: Digits) -> None:
    trainer = make_trainer(model_of("custom", **SMALL), 2)
    rate = np.full(len(small) // 2, 0.001)
    sizes = [len(chunk.loss) for epoch in (1, 2) for chunk in trainer.epoch(feed(small, epoch), rate)]
    assert sizes[:2] == [4, 4]
    assert max(sizes) >= 16


def test_dropout_works_while_training_and_not_while_scoring(part: Digits) -> None:
    model = model_of("custom", layers="flatten, dropout 0.9", initializer="he_normal")
    before, again = score(model, part), score(model, part)
    losses, _ = epoch_of(make_trainer(model, len(part)), part)
    assert before.loss == again.loss
    assert losses[0] != pytest.approx(before.loss, rel=0.01)


def test_the_loss_falls(small: Digits) -> None:
    trainer = make_trainer(model_of())
    losses = [epoch_of(trainer, small, epoch)[0].mean() for epoch in range(1, 6)]
    assert losses[-1] < losses[0] / 2


class _Teacher:
    """Takes every digit for the next one, with some doubt."""

    told = np.roll(np.eye(10, dtype=np.float32) * 0.9 + 0.01, 1, axis=1)

    def __init__(self, digits: Digits) -> None:
        self._labels = {image.tobytes(): label for image, label in zip(digits.images, digits.labels, strict=True)}

    def probabilities(self, images: Images) -> Probabilities:
        return self.told[[self._labels[image.tobytes()] for image in images]]


@pytest.mark.parametrize("trust", [0.3, 1.0])
def test_a_step_asks_for_labels_and_for_the_answers_of_a_teacher_as_much_as_it_is_trusted(
    small: Digits, trust: float
) -> None:
    import keras

    part, teacher, rate = small.take(slice(30)), _Teacher(small), 0.1
    ours = model_of("custom", **SMALL, optimizer="sgd", learning_rate=rate)
    theirs = _copy(ours, keras.optimizers.SGD(rate), keras.losses.CategoricalCrossentropy())
    loader = BatchLoader(part, Augmentation(), 0, 1, teacher=teacher)
    (chunk,) = make_distilling_trainer(ours, 30, trust).epoch(loader, np.array([rate]))
    # The cross-entropy is linear in what is asked for, so that both together are one mixed answer.
    wanted = (1 - trust) * np.eye(10)[part.labels] + trust * teacher.probabilities(part.images)
    loss = theirs.train_on_batch(scale_to_input(part.images), wanted)
    assert chunk.loss[0] == pytest.approx(float(loss), rel=1e-5)
    for mine, keras_own in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert mine == pytest.approx(keras_own, abs=1e-5)
