"""A run's whole configuration as a script, to be read, changed and run anywhere without this program.

Only what is active is in it. The order of the images, first weights and variations are Keras' own, the rest the run's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from math import ceil
from textwrap import indent
from types import MappingProxyType

from mnist_dash.data.dataset import CLASSES, MNIST, SIDE
from mnist_dash.methods.architecture import PLAIN_LAYERS
from mnist_dash.methods.distillation import Distillation
from mnist_dash.methods.layers import INPUT, Conv, Dense, Layer
from mnist_dash.methods.parameters import Initializer, Loss, Optimizer, Schedule, ValidationBy
from mnist_dash.methods.registry import get_method
from mnist_dash.methods.schedule import PLATEAU_EPOCHS, PLATEAU_FACTOR, STEPS_AT, WARM_UP
from mnist_dash.methods.source import Code, write_call
from mnist_dash.methods.spec import RunSpec
from mnist_dash.words import join_words

IMAGES = 60_000
"""Training images of MNIST, from which the script learns."""

_OPTIMIZERS: Mapping[Optimizer, tuple[str, Mapping[str, object]]] = MappingProxyType(
    {
        Optimizer.ADAM: ("Adam", {}),
        Optimizer.ADAMW: ("AdamW", {}),
        Optimizer.SGD: ("SGD", {}),
        Optimizer.MOMENTUM: ("SGD", {"momentum": 0.9}),
        Optimizer.NESTEROV: ("SGD", {"momentum": 0.9, "nesterov": True}),
        Optimizer.RMSPROP: ("RMSprop", {}),
    }
)

_SCRIPT = '''\
"""{title} on MNIST, with Keras 3: {parameters:,} parameters."""

import keras
import numpy as np
from keras import layers

{notes}keras.utils.set_random_seed({seed})

(images, labels), (test_images, test_labels) = keras.datasets.mnist.load_data()
images, test_images = (x[..., np.newaxis].astype("float32") / 255 for x in (images, test_images))
{data}
{network}
{compile}
{fit}
loss, accuracy = model.evaluate(test_images, test_labels)
print(f"Test accuracy: {{accuracy:.2%}}")
'''


def write_script(spec: RunSpec) -> str:
    """Python source that trains and tests on MNIST as the run did: a network with Keras 3 and NumPy."""
    if spec.network is None:
        assert spec.fitting is not None  # noqa: S101 - what is no network brings its own
        return spec.fitting.write_script(spec.parameters, _sizes(spec)[0])
    return _SCRIPT.format(
        title=get_method(spec.method).title,
        parameters=spec.parameter_count,
        notes="".join(f"# {note}\n" for note in _notes(spec)),
        seed=spec.seed,
        data="".join(f"{line}\n" for line in _data(spec)),
        network=_write_network(list(_layers(spec.network, spec)), functional=get_method(spec.method).functional),
        compile="\n".join(_compile(spec)),
        fit=_fit(spec),
    )


def _write_network(layers: Sequence[Code], *, functional: bool) -> str:
    """The layers as a list, or each as a function of what the one before it gives."""
    if not functional:
        return "\n".join(("model = keras.Sequential([", *(indent(f"{layer},", "    ") for layer in layers), "])"))
    first, *hidden, last = layers
    calls = [f"x = {layer}({'x' if number else 'inputs'})" for number, layer in enumerate(hidden)]
    return "\n".join((f"inputs = {first}", *calls, f"outputs = {last}(x)", "model = keras.Model(inputs, outputs)"))


def _notes(spec: RunSpec) -> Iterator[str]:
    if spec.data != MNIST:
        yield f"The run learnt from the data set {spec.data!r}, which Keras cannot load; this script takes MNIST."
        yield f"`mnist-dash data --data {spec.data!r} --out FILE.npz` writes those digits, named as in Keras' own file."
    if spec.validation_by == ValidationBy.WRITER and spec.validation_split:
        yield "The run held out whole writers; Keras' MNIST names none, so validation images are drawn one by one here."
    if spec.continued and (spec.patience or spec.schedule != Schedule.CONSTANT):
        epochs = " and ".join(map(str, spec.continued))
        yield f"The run was continued after epoch {epochs}, where its schedule began anew; here it is one."
    if spec.fine_tuning:
        yield "The run began with the weights of a bundled network and replayed digits; this script begins anew."
    if distilled := Distillation.of(spec.own):
        yield f"The run learnt what the model {distilled.teacher!r} answers too; this script learns from labels alone."
    if spec.shear:
        yield "RandomShear keeps the top row of an image in its place, not the middle one as the run did."
    if missing := [name for name in ("elastic", "thickness", "disturbance") if getattr(spec, name)]:
        yield f"Left out: {join_words(missing)}, for which Keras has no layer that does it image by image."


def _sizes(spec: RunSpec) -> tuple[int, int]:
    """How many images the script learns from, and how many it holds out."""
    size = min(spec.train_size or IMAGES, IMAGES)
    validation = round(size * spec.validation_split)
    return size - validation, validation


def _data(spec: RunSpec) -> Iterator[str]:
    if spec.loss != Loss.CROSSENTROPY or spec.label_smoothing:
        yield "labels, test_labels = (keras.utils.to_categorical(y) for y in (labels, test_labels))"
    if spec.loss == Loss.SQUARED_ERROR and spec.label_smoothing:
        yield f"labels = labels * (1 - {spec.label_smoothing}) + {spec.label_smoothing} / {CLASSES}"
    train, validation = _sizes(spec)
    if train < IMAGES:
        yield f"order = np.random.default_rng([{spec.seed}, 0]).permutation(len(images))"
        end = f"{train + validation:_}" if train + validation < IMAGES else ""
        parts = f"train, validation = order[:{train:_}], order[{train:_}:{end}]"
        yield parts if validation else f"train = order[:{train:_}]"


def _layers(layers: tuple[Layer, ...], spec: RunSpec) -> Iterator[Code]:
    yield Code(f"keras.Input({INPUT})")
    yield from _augmentation(spec)
    for layer in layers[:-1]:
        yield _layer(layer, spec)
        if isinstance(layer, Dense) and spec.dropout:
            yield write_call("layers.Dropout", spec.dropout)
    yield write_call("layers.Dense", CLASSES, activation="softmax", kernel_initializer=_initializer(spec))


def _augmentation(spec: RunSpec) -> Iterator[Code]:
    shift, turn = Code(f"{spec.shift:g} / {SIDE}"), Code(f"{spec.rotation:g} / 360")
    layers = (
        (spec.shear, "RandomShear", (spec.shear,)),
        (spec.rotation, "RandomRotation", (turn,)),
        (spec.zoom, "RandomZoom", (spec.zoom,)),
        (spec.shift, "RandomTranslation", (shift, shift)),
    )
    for active, name, values in layers:
        if active:
            yield write_call(f"layers.{name}", *values, fill_mode="constant")


def _layer(layer: Layer, spec: RunSpec) -> Code:
    weights = {"activation": spec.activation, "kernel_initializer": _initializer(spec)}
    match layer:
        case Conv(filters, kernel, padding):
            padded = None if padding == "valid" else padding
            return write_call("layers.Conv2D", filters, kernel, padding=padded, **weights)
        case Dense(units):
            return write_call("layers.Dense", units, **weights)
        case _:
            return write_call(f"layers.{PLAIN_LAYERS[type(layer)]}", *astuple(layer))


def _initializer(spec: RunSpec) -> str | None:
    if spec.initializer == Initializer.SMALL_NORMAL:
        return write_call("keras.initializers.RandomNormal", stddev=0.05)
    return None if spec.initializer == Initializer.GLOROT_UNIFORM else spec.initializer


def _compile(spec: RunSpec) -> Iterator[str]:
    rate = _schedule(spec)
    if rate:
        yield f"rate = {rate}"
    optimizer = _optimizer(spec, Code("rate") if rate else spec.learning_rate)
    yield write_call("model.compile", optimizer, _loss(spec), metrics=["accuracy"])


def _schedule(spec: RunSpec) -> Code | None:
    """The learning rate as a function of the step; None where it is a number that only a callback may change."""
    steps = spec.epochs * ceil(_sizes(spec)[0] / spec.batch_size)
    rate, schedules = float(spec.learning_rate), "keras.optimizers.schedules"
    match Schedule(spec.schedule):
        case Schedule.STEP:
            # Keras still takes the old rate at the boundary itself.
            boundaries = [ceil(at * steps) - 1 for at in STEPS_AT]
            rates = Code(f"[{rate}, {rate} / 10, {rate} / 100]")
            return write_call(f"{schedules}.PiecewiseConstantDecay", boundaries, rates)
        case Schedule.COSINE:
            return write_call(f"{schedules}.CosineDecay", rate, decay_steps=steps)
        case Schedule.ONE_CYCLE:
            rise, start = round(WARM_UP * steps), Code(f"{rate} / 10")
            cycle = {"warmup_target": rate, "warmup_steps": rise, "decay_steps": steps - rise, "alpha": 0.001}
            return write_call(f"{schedules}.CosineDecay", start, **cycle)
        case Schedule.CONSTANT | Schedule.PLATEAU:
            return None


def _optimizer(spec: RunSpec, rate: float | Code) -> Code:
    name, options = _OPTIMIZERS[Optimizer(spec.optimizer)]
    # Without a word AdamW decays by 0.004.
    decay = Code(spec.weight_decay) if name == "AdamW" else spec.weight_decay
    return write_call(f"keras.optimizers.{name}", rate, **options, weight_decay=decay, global_clipnorm=spec.clip_norm)


def _loss(spec: RunSpec) -> str:
    match Loss(spec.loss):
        case Loss.CROSSENTROPY if not spec.label_smoothing:
            return "sparse_categorical_crossentropy"
        case Loss.CROSSENTROPY:
            return write_call("keras.losses.CategoricalCrossentropy", label_smoothing=spec.label_smoothing)
        case Loss.FOCAL:
            return write_call("keras.losses.CategoricalFocalCrossentropy", label_smoothing=spec.label_smoothing)
        case Loss.SQUARED_ERROR:
            return "mean_squared_error"


def _fit(spec: RunSpec) -> Code:
    train, validation = _sizes(spec)
    which = "[train]" if train < IMAGES else ""
    return write_call(
        "model.fit",
        Code(f"images{which}"),
        Code(f"labels{which}"),
        batch_size=spec.batch_size,
        epochs=spec.epochs,
        validation_data=Code("(images[validation], labels[validation])") if validation else None,
        callbacks=list(_callbacks(spec, "val_loss" if validation else "loss")),
    )


def _callbacks(spec: RunSpec, watched: str) -> Iterator[Code]:
    if spec.schedule == Schedule.PLATEAU:
        plateau = {"factor": PLATEAU_FACTOR, "patience": PLATEAU_EPOCHS, "min_delta": Code("0")}
        yield write_call("keras.callbacks.ReduceLROnPlateau", watched, **plateau)
    if spec.patience:
        yield write_call("keras.callbacks.EarlyStopping", watched, patience=spec.patience)
