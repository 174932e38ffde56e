"""Keras and LiteRT models as tutorials make them: converted, asked, and answering as they do where they come from."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.errors import ModelError
from mnist_dash.models.classifier import LiteRT
from mnist_dash.models.network import Network
from mnist_dash.models.preparation import PLAIN, Outputs, Preparation
from mnist_dash.models.registry.examining import open_unnamed
from mnist_dash.models.registry.imported import import_model, prepare_imported
from mnist_dash.models.registry.lookup import open_model
from mnist_dash.models.registry.model_files import Kind, find_kind
from mnist_dash.store.database import Database
from tests.training.lazily import MARKS, Model

pytestmark = MARKS


def make(shape: tuple[int | None, ...], *layers: tuple[str, Any], dtype: str = "float32") -> Model:
    """A Keras model of layers, each by its name and what it is given."""
    import keras

    keras.utils.set_random_seed(0)
    named = [getattr(keras.layers, name)(*(given if isinstance(given, tuple) else (given,))) for name, given in layers]
    return keras.Sequential([keras.Input(shape, dtype=dtype), *named])


SOFTMAX = ("Flatten", ()), ("Dense", (10, "softmax"))
LOGITS = ("Flatten", ()), ("Dense", (10,))


def save(model: Model, suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"model{suffix}"
        model.save(path)
        return path.read_bytes()


def convert(content: bytes) -> bytes:
    from mnist_dash.training.foreign import convert_foreign

    return convert_foreign(content, find_kind(content, "model"))


def lite(model: Model, **changes: object) -> bytes:
    """The model as TensorFlow's own converter makes it, with these settings."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    for name, value in changes.items():
        setattr(converter, name, value)
    return bytes(converter.convert())


def assert_answers(model: Model, content: bytes, digits: Digits, preparation: Preparation = PLAIN) -> None:
    given = preparation.prepare(digits.images[:7], tuple(model.input_shape[1:]))
    answers = LiteRT(content, preparation).outputs(digits.images[:7])
    np.testing.assert_allclose(answers, np.asarray(model(given, training=False)), atol=1e-3)


TUTORIALS: dict[str, Callable[[], Model]] = {
    "Keras' convnet": lambda: make(
        (28, 28, 1),
        ("Conv2D", (4, 3)),
        ("MaxPooling2D", 2),
        ("Flatten", ()),
        ("Dropout", 0.5),
        ("Dense", (10, "softmax")),
    ),
    "beginner, logits": lambda: make(
        (28, 28), ("Flatten", ()), ("Dense", (8, "relu")), ("Dropout", 0.2), ("Dense", 10)
    ),
    "784": lambda: make((784,), ("Dense", (10, "softmax"))),
    "Rescaling": lambda: make((28, 28, 1), ("Rescaling", 1 / 255), *SOFTMAX),
    "augmentation": lambda: make((28, 28, 1), ("RandomRotation", 0.1), ("RandomZoom", 0.1), *SOFTMAX),
    "LSTM": lambda: make((28, 28), ("LSTM", 4), *SOFTMAX),
    "GRU": lambda: make((28, 28), ("GRU", 4), *SOFTMAX),
    "SimpleRNN": lambda: make((28, 28), ("SimpleRNN", 4), *SOFTMAX),
    "32×32×3": lambda: make((32, 32, 3), ("Conv2D", (2, 5)), *SOFTMAX),
    "any size": lambda: make((None, None, 1), ("Conv2D", (4, 3)), ("GlobalAveragePooling2D", ()), ("Dense", 10)),
}


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorials_model_answers_as_it_does_in_keras(small: Digits, name: str) -> None:
    model = TUTORIALS[name]()
    content = convert(save(model, ".keras"))
    if name == "any size":
        given = PLAIN.prepare(small.images[:7], (28, 28, 1))
        np.testing.assert_allclose(
            LiteRT(content).outputs(small.images[:7]), np.asarray(model(given, training=False)), atol=1e-3
        )
    else:
        assert_answers(model, content, small)
    np.testing.assert_allclose(open_unnamed(content).probabilities(small.images[:7]).sum(axis=1), 1, atol=1e-4)


def test_mixed_precision_becomes_single_and_answers_alike(small: Digits) -> None:
    import keras

    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        model = make((28, 28, 1), ("Conv2D", (4, 3, 1, "valid")), ("BatchNormalization", ()), *SOFTMAX)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    content = convert(save(model, ".keras"))
    given = PLAIN.prepare(small.images[:7], (28, 28, 1))
    np.testing.assert_allclose(
        LiteRT(content).outputs(small.images[:7]), np.asarray(model(given, training=False)), atol=5e-3
    )


def test_a_bidirectional_layer_is_read_and_one_over_all_pixels_is_refused_with_the_reason() -> None:
    import keras

    both = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Bidirectional(keras.layers.LSTM(2)), keras.layers.Dense(10)]
    )
    assert LiteRT(convert(save(both, ".keras"))).tensors.shape == (28, 28)
    with pytest.raises(ModelError, match=r"reads 784 steps one after another\. .*Bring a model that reads rows"):
        convert(save(make((784, 1), ("LSTM", 2), *SOFTMAX), ".keras"))


def test_hdf5_is_read_under_either_name(small: Digits) -> None:
    model = make((28, 28, 1), *SOFTMAX)
    model.compile("adam", "sparse_categorical_crossentropy")
    content = save(model, ".h5")
    assert find_kind(content, "model.keras") is Kind.HDF5
    assert_answers(model, convert(content), small)


def test_keras_itself_refuses_code_in_hdf5_too() -> None:
    """What stands behind the look at the file: its safe mode holds for .h5 as well."""
    import keras

    from mnist_dash.training.foreign import load_foreign

    layers = [
        keras.Input((28, 28)),
        keras.layers.Lambda(lambda x: x / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(10),
    ]
    model = keras.Sequential(layers)
    for suffix, kind in ((".keras", Kind.KERAS), (".h5", Kind.HDF5)):
        with pytest.raises(ModelError, match="can load safely"):
            load_foreign(save(model, suffix), kind)


@pytest.mark.parametrize("batch", [1, 4])
def test_a_fixed_batch_is_asked_as_many_at_a_time_as_it_takes(small: Digits, batch: int) -> None:
    import keras

    takes = keras.Input(batch_shape=(batch, 28, 28, 1))
    # Whatever else is told of the batch: a place within it makes that no other number will do.
    content = lite(keras.Model(takes, keras.layers.Dense(10)(keras.ops.reshape(takes, (batch, 784)))))
    model = LiteRT(content)
    if model.tensors.batch is None:
        pytest.fail("the converter has left the batch open, and the test shows nothing")
    assert model.tensors.batch == batch
    together = model.outputs(small.images[:6])
    assert together.shape == (6, 10)
    for i in range(6):
        np.testing.assert_allclose(model.outputs(small.images[i : i + 1])[0], together[i], atol=1e-5)
    assert model.outputs(small.images[:0]).shape == (0, 10)


@pytest.mark.filterwarnings("ignore:Statistics for quantized inputs were expected:UserWarning")
@pytest.mark.parametrize("kind", ["uint8", "int8"])
def test_quantised_numbers_are_read_by_scale_and_zero_point(small: Digits, kind: str) -> None:
    import tensorflow as tf

    model = make((28, 28, 1), ("Conv2D", (4, 3)), *SOFTMAX)
    given = PLAIN.prepare(small.images[:50], (28, 28, 1))
    content = lite(
        model,
        optimizations=[tf.lite.Optimize.DEFAULT],
        representative_dataset=lambda: ([given[i : i + 1]] for i in range(50)),
        inference_input_type=getattr(tf, kind),
        inference_output_type=getattr(tf, kind),
    )
    answers = LiteRT(content).outputs(small.images[:20])
    np.testing.assert_allclose(answers, np.asarray(model(given[:20], training=False)), atol=0.08)
    np.testing.assert_allclose(open_unnamed(content).probabilities(small.images[:20]).sum(axis=1), 1, atol=1e-5)
    with pytest.raises(ModelError, match="The model is quantised"):
        Network(content)


def test_whole_numbers_without_a_scale_are_grey_values(small: Digits) -> None:
    model = make((28, 28, 1), ("Rescaling", 1 / 255), *SOFTMAX, dtype="uint8")
    answers = LiteRT(convert(save(model, ".keras"))).outputs(small.images[:5])
    np.testing.assert_allclose(answers, np.asarray(model(small.images[:5, :, :, None])), atol=1e-4)


def _join(*outputs: Sequence[int]) -> bytes:
    import keras

    takes = keras.Input((28, 28, 1))
    flat = keras.layers.Flatten()(takes)
    return convert(save(keras.Model(takes, [keras.layers.Dense(*units)(flat) for units in outputs]), ".keras"))


def test_of_several_outputs_the_one_with_ten_values_is_read(small: Digits) -> None:
    assert LiteRT(_join((10,), (2,))).probabilities(small.images[:2]).shape == (2, 10)


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        (((11,),), r"gives \(11,\); allowed are ten values, one for each digit"),
        (((10,), (10,)), "nothing tells which ten are the digits"),
    ],
)
def test_outputs_that_are_not_ten_digits_are_refused(outputs: Sequence[Sequence[int]], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        LiteRT(_join(*outputs))


def test_two_inputs_and_two_channels_are_refused_with_the_reason() -> None:
    import keras

    takes = [keras.Input((28, 28)), keras.Input((28, 28))]
    both = keras.layers.Dense(10)(keras.layers.Flatten()(keras.layers.Add()(takes)))
    with pytest.raises(ModelError, match="takes 2 inputs at once"):
        LiteRT(convert(save(keras.Model(takes, both), ".keras")))
    with pytest.raises(ModelError, match=r"takes \(28, 28, 2\).*one channel or three"):
        LiteRT(convert(save(make((28, 28, 2), *SOFTMAX), ".keras")))


def test_a_linear_model_for_inverted_digits_to_255_is_imported_and_prepared(
    database: Database, tmp_path: Path, calm: Digits
) -> None:
    """Through all that an import is: a Keras file in a process of its own, its logits, and what its images need."""
    needed = Preparation(255, 0, outputs=Outputs.LOGITS)
    model = make((28, 28), ("Rescaling", (1 / 127.5, -1)), ("Flatten", ()), ("Dense", (64, "relu")), ("Dense", (10,)))
    hidden = np.asarray(model.layers[2](model.layers[1](model.layers[0](needed.prepare(calm.images, (28, 28))))))
    known = np.concatenate([hidden, np.ones((len(hidden), 1))], axis=1)
    wanted = np.eye(10)[calm.labels] * 20
    found = np.linalg.solve(known.T @ known + np.eye(65), known.T @ wanted)
    model.layers[3].set_weights([found[:-1], found[-1]])
    path = tmp_path / "inverted.keras"
    model.save(path)
    data = Dataset(name="mine", train=calm, test=calm.take(slice(0)), origin="a test")
    record = import_model(database, path, "inverted", data)
    assert record.plain.accuracy < 0.5
    assert record.offer is not None
    assert record.offer.accuracy > 0.8
    assert record.offer.preparation == needed
    assert "logits" in record.describe()[-1]
    prepare_imported(database, "inverted", prepared=True)
    answers = open_model(database, "inverted").probabilities(calm.images)
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)
    assert (answers.argmax(axis=1) == calm.labels).mean() > 0.8
