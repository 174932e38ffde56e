"""The loop does what Keras does, batch for batch, whatever the size of its chunks."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from mnist_dash.data.dataset import Digits, as_input
from mnist_dash.data.split import epoch_order
from tests.training.lazily import MARKS, model_of, score, trainer

if TYPE_CHECKING:
    from mnist_dash.training.loop import Trainer

pytestmark = MARKS
BATCH = 30


def _epoch(course: "Trainer", images: int, epoch: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    chunks = list(course.epoch(epoch_order(images, 0, epoch)))
    return np.concatenate([chunk.loss for chunk in chunks]), np.concatenate([chunk.accuracy for chunk in chunks])


@pytest.mark.parametrize(
    ("method", "optimizer", "rate"),
    [
        ("dense_128", "adam", 0.001),
        ("dense_128", "sgd", 0.1),
        ("dense_128", "momentum", 0.05),
        ("dense_128", "rmsprop", 0.001),
        ("cnn", "adam", 0.001),
    ],
)
def test_every_step_is_that_of_keras_down_to_a_smaller_last_batch(
    part: Digits, method: str, optimizer: str, rate: float
) -> None:
    ours, theirs = model_of(method, optimizer, rate), model_of(method, optimizer, rate)
    course = trainer(ours, part, BATCH)
    for epoch in (1, 2):
        order = epoch_order(len(part), 0, epoch)
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        assert [len(batch) for batch in batches] == [30, 30, 30, 30, 10]
        expected = []
        for batch in batches:
            # Keras' metric is a mean since its last reset.
            theirs.reset_metrics()
            expected.append(theirs.train_on_batch(as_input(part.images[batch]), part.labels[batch].astype(np.int32)))
        loss, _ = _epoch(course, len(part), epoch)
        np.testing.assert_allclose(loss, np.array(expected, float).reshape(-1), rtol=1e-5, atol=1e-7)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_a_batchs_accuracy_is_the_share_of_right_answers_before_its_step(part: Digits) -> None:
    model = model_of()
    order = epoch_order(len(part), 0, 1)
    before = model(as_input(part.images[order[:BATCH]])).numpy().argmax(axis=1)
    _, accuracy = _epoch(trainer(model, part, BATCH), len(part), 1)
    assert accuracy[0] == pytest.approx(np.mean(before == part.labels[order[:BATCH]]))


@pytest.mark.parametrize(("size", "images"), [(1, 130), (2, 130), (5, 130), (1_000, 130), (3, 30), (2, 1)])
def test_chunks_of_any_size_report_every_batch_once_in_order(
    part: Digits, monkeypatch: pytest.MonkeyPatch, size: int, images: int
) -> None:
    monkeypatch.setattr("mnist_dash.training.loop._FIRST_CHUNK", size)
    chunks = list(trainer(model_of(), part, BATCH).epoch(epoch_order(images, 0, 1)))
    steps = [chunk.step + i for chunk in chunks for i in range(len(chunk.loss))]
    assert steps == list(range(-(-images // BATCH)))
    assert all(len(chunk.loss) == len(chunk.accuracy) for chunk in chunks)


def test_the_size_of_the_chunks_does_not_change_the_result(part: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    losses = []
    for size in (1, 5):
        monkeypatch.setattr("mnist_dash.training.loop._FIRST_CHUNK", size)
        losses.append(_epoch(trainer(model_of(), part, BATCH), len(part), 1)[0])
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-5)


def test_chunks_grow_to_the_time_that_they_should_take(small: Digits) -> None:
    course = trainer(model_of(), small, 2)
    sizes = [len(chunk.loss) for epoch in (1, 2) for chunk in course.epoch(epoch_order(len(small), 0, epoch))]
    assert sizes[:2] == [4, 4]
    assert max(sizes) >= 16


def test_dropout_works_while_training_and_not_while_scoring(part: Digits) -> None:
    import keras

    flat = [keras.layers.Input((28, 28, 1)), keras.layers.Flatten()]
    model = keras.Sequential([*flat, keras.layers.Dropout(0.9, seed=0), keras.layers.Dense(10, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    before, again = score(model, part), score(model, part)
    losses, _ = _epoch(trainer(model, part, len(part)), len(part), 1)
    assert before == again
    assert losses[0] != pytest.approx(before[0], rel=0.01)


def test_the_loss_falls(small: Digits) -> None:
    course = trainer(model_of(), small, BATCH)
    losses = [_epoch(course, len(small), epoch)[0].mean() for epoch in range(1, 6)]
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize("images", [1, 7, 130])
def test_the_score_is_keras_own(part: Digits, monkeypatch: pytest.MonkeyPatch, images: int) -> None:
    monkeypatch.setattr("mnist_dash.training.loop._EVALUATION_BATCH", 50)
    model, digits = model_of(), part.take(slice(images))
    loss, accuracy = score(model, digits)
    labels = digits.labels.astype(np.int32)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    expected = model.evaluate(as_input(digits.images), labels, verbose=0)
    assert (loss, accuracy) == pytest.approx(tuple(expected), rel=1e-5)
