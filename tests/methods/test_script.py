"""A script holds a run's whole configuration, and nothing that is not active."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_dash.methods.kinds import Choice, Number, Parameter, Value
from mnist_dash.methods.parameters import PARAMETERS
from mnist_dash.methods.registry import CUSTOM, METHODS, READER
from mnist_dash.methods.script import write_script
from mnist_dash.methods.spec import RunSpec

CNN = '''\
"""Convolutional network on MNIST, with Keras 3: 93,322 parameters."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)

(images, labels), (test_images, test_labels) = keras.datasets.mnist.load_data()
images, test_images = (x[..., np.newaxis].astype("float32") / 255 for x in (images, test_images))
order = np.random.default_rng([0, 0]).permutation(len(images))
train, validation = order[:54_000], order[54_000:]

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, activation="relu"),
    layers.Flatten(),
    layers.Dense(64, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(
    images[train],
    labels[train],
    batch_size=64,
    epochs=5,
    validation_data=(images[validation], labels[validation]),
)
loss, accuracy = model.evaluate(test_images, test_labels)
print(f"Test accuracy: {accuracy:.2%}")
'''


def _script(method: str = "dense_128", /, **changes: Value) -> str:
    return write_script(RunSpec.of(method, "mnist", **changes))


def _values(parameter: Parameter) -> st.SearchStrategy[Value]:
    match parameter:
        case Choice(options=options):
            return st.sampled_from(options)
        case Number(low=low, high=high, whole=True):
            return st.integers(int(low), int(high))
        case Number(low=low, high=high):
            return st.just(low) | st.floats(low, high)
        case _:
            return st.none()


VALUES = st.fixed_dictionaries({name: _values(parameter) for name, parameter in PARAMETERS.items()})


def test_the_script_of_the_plain_cnn_is_short_and_says_everything() -> None:
    assert _script("cnn") == CNN


@given(
    method=st.sampled_from([name for name, method in METHODS.items() if name != CUSTOM and not method.own]),
    data=st.text(),
    values=VALUES,
    finished=st.integers(1, 9),
)
def test_whatever_can_be_run_can_be_written_as_a_script(
    method: str, data: str, values: dict[str, Value], finished: int
) -> None:
    spec = replace(RunSpec.of(method, data, **values), continued=(finished,))
    assert compile(write_script(spec), "script.py", "exec")


def test_a_network_of_ones_own_is_written_layer_by_layer() -> None:
    layers = "crop 2, conv 32 3 same, norm, pool 2, conv 64 5, average 2, dropout 0.25, flatten, dense 64"
    written = _script(CUSTOM, layers=layers).partition("Input((28, 28, 1)),\n")[2].partition("])")[0]
    assert written == (
        "    layers.Cropping2D(2),\n"
        '    layers.Conv2D(32, 3, padding="same", activation="relu"),\n'
        "    layers.BatchNormalization(),\n"
        "    layers.MaxPooling2D(2),\n"
        '    layers.Conv2D(64, 5, activation="relu"),\n'
        "    layers.AveragePooling2D(2),\n"
        "    layers.Dropout(0.25),\n"
        "    layers.Flatten(),\n"
        '    layers.Dense(64, activation="relu"),\n'
        '    layers.Dense(10, activation="softmax"),\n'
    )
    assert "    layers.GlobalAveragePooling2D(),\n" in _script(CUSTOM, layers="global")
    assert "    layers.Rescaling(255),\n" in _script(CUSTOM, layers="scale 255, flatten")


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"seed": 7}, "keras.utils.set_random_seed(7)"),
        ({"seed": 7}, "order = np.random.default_rng([7, 0]).permutation(len(images))"),
        ({"train_size": 1_000}, "train, validation = order[:900], order[900:1_000]\n"),
        ({"train_size": 1_000, "validation_split": 0.0}, "train = order[:1_000]\n"),
        ({"validation_split": 0.0}, "model.fit(images, labels, batch_size=64, epochs=5)\n"),
        ({"batch_size": 128}, "    batch_size=128,\n"),
        ({"epochs": 1_000}, "    epochs=1_000,\n"),
        ({"learning_rate": 0.02}, "keras.optimizers.Adam(0.02)"),
        ({"optimizer": "adamw"}, "keras.optimizers.AdamW(0.001, weight_decay=0.0)"),
        ({"optimizer": "sgd"}, "keras.optimizers.SGD(0.001)"),
        ({"optimizer": "momentum"}, "keras.optimizers.SGD(0.001, momentum=0.9)"),
        ({"optimizer": "nesterov"}, "keras.optimizers.SGD(0.001, momentum=0.9, nesterov=True)"),
        ({"optimizer": "rmsprop"}, "keras.optimizers.RMSprop(0.001)"),
        ({"weight_decay": 0.004}, "keras.optimizers.Adam(0.001, weight_decay=0.004)"),
        ({"clip_norm": 1.5}, "keras.optimizers.Adam(0.001, global_clipnorm=1.5)"),
        (
            {"schedule": "step"},
            "PiecewiseConstantDecay([2_531, 3_586], [0.001, 0.001 / 10, 0.001 / 100])\n",
        ),
        ({"schedule": "cosine"}, "CosineDecay(0.001, decay_steps=4_220)\nmodel.compile(keras.optimizers.Adam(rate)"),
        ({"schedule": "one_cycle"}, "    warmup_target=0.001,\n    warmup_steps=1_266,\n    decay_steps=2_954,\n"),
        ({"schedule": "plateau"}, 'ReduceLROnPlateau("val_loss", factor=0.5, patience=3, min_delta=0)'),
        ({"schedule": "plateau", "validation_split": 0.0}, 'ReduceLROnPlateau("loss", factor=0.5'),
        ({"patience": 3}, 'callbacks=[keras.callbacks.EarlyStopping("val_loss", patience=3)]'),
        ({"patience": 3, "validation_split": 0.0}, 'EarlyStopping("loss", patience=3)'),
        ({"activation": "gelu"}, 'layers.Dense(128, activation="gelu"),\n'),
        ({"initializer": "he_normal"}, 'layers.Dense(10, activation="softmax", kernel_initializer="he_normal"),\n'),
        ({"initializer": "small_normal"}, "        kernel_initializer=keras.initializers.RandomNormal(stddev=0.05),\n"),
        ({"dropout": 0.3}, 'layers.Dense(128, activation="relu"),\n    layers.Dropout(0.3),\n'),
        ({"loss": "focal"}, "keras.losses.CategoricalFocalCrossentropy()"),
        ({"loss": "focal", "label_smoothing": 0.1}, "CategoricalFocalCrossentropy(label_smoothing=0.1)"),
        ({"loss": "squared_error"}, '"mean_squared_error"'),
        ({"loss": "squared_error"}, "(keras.utils.to_categorical(y) for y in (labels, test_labels))\n"),
        ({"loss": "squared_error", "label_smoothing": 0.1}, "labels = labels * (1 - 0.1) + 0.1 / 10\n"),
        ({"label_smoothing": 0.1}, "keras.losses.CategoricalCrossentropy(label_smoothing=0.1)"),
        ({"rotation": 12.5}, '    layers.RandomRotation(12.5 / 360, fill_mode="constant"),\n'),
        ({"shift": 2.0}, '    layers.RandomTranslation(2 / 28, 2 / 28, fill_mode="constant"),\n'),
        ({"zoom": 0.1}, '    layers.RandomZoom(0.1, fill_mode="constant"),\n'),
        ({"shear": 0.2}, '    layers.RandomShear(0.2, fill_mode="constant"),\n'),
        ({"shear": 0.2}, "# RandomShear keeps the top row of an image in its place"),
        ({"validation_by": "writer"}, "# The run held out whole writers; Keras' MNIST names none, so"),
        ({"elastic": 1.0, "thickness": 1.0}, "# Left out: elastic and thickness, for which"),
        ({"thickness": 1.0}, "# Left out: thickness, for which"),
        ({"elastic": 1.0, "thickness": 1.0, "disturbance": 0.5}, "# Left out: elastic, thickness and disturbance, for"),
    ],
)
def test_what_is_asked_for_is_in_the_script_and_only_then(changes: dict[str, Value], wanted: str) -> None:
    assert wanted in _script(**changes)
    assert wanted not in _script()


@pytest.mark.parametrize(
    "word",
    [
        "#",
        "Random",
        "Dropout",
        "initializer",
        "decay",
        "clipnorm",
        "schedules",
        "callbacks",
        "to_categorical",
        "losses",
    ],
)
def test_what_is_not_asked_for_is_not_in_the_script(word: str) -> None:
    assert word not in _script()


def test_whose_validation_images_were_is_no_matter_where_there_are_none() -> None:
    assert "#" not in _script(validation_by="writer", validation_split=0.0)


def test_other_data_than_mnist_are_named() -> None:
    note = "# The run learnt from the data set 'generated', which Keras cannot load; this script takes MNIST.\n"
    assert note in write_script(RunSpec.of("dense_128", "generated"))


def test_the_script_of_the_reader_says_what_keras_cannot_do_of_it() -> None:
    notes = [line for line in write_script(RunSpec.of(READER, READER)).splitlines() if line.startswith("#")]
    assert notes[:2] == [
        "# The run learnt from the data set 'reader', which Keras cannot load; this script takes MNIST.",
        "# `mnist-dash data --data 'reader' --out FILE.npz` writes those digits, named as in Keras' own file.",
    ]
    assert any(note.startswith("# Left out: elastic, thickness and disturbance, for which") for note in notes)
    assert max(map(len, notes)) <= 120


def test_more_images_than_mnist_has_are_not_asked_for() -> None:
    assert "train, validation = order[:54_000], order[54_000:]\n" in _script(train_size=1_000_000)


@pytest.mark.parametrize(("changes", "count"), [({}, 0), ({"schedule": "cosine"}, 1), ({"patience": 2}, 1)])
def test_a_schedule_that_began_anew_is_named(changes: dict[str, Value], count: int) -> None:
    spec = RunSpec.of("dense_128", "mnist", **changes).further(3, 5).further(2, 8)
    note = "# The run was continued after epoch 5 and 8, where its schedule began anew; here it is one.\n"
    assert write_script(spec).count(note) == count
    assert "epochs=10," in write_script(spec)


def test_a_random_guess_needs_no_network() -> None:
    script = _script("random", seed=3)
    assert "np.random.default_rng(3).integers(10, size=len(labels))" in script
    assert "layers" not in script
