"""A model survives as a file with all that training needs, and answers the same as LiteRT."""

import io
import zipfile
from collections.abc import Callable

import numpy as np
import onnxruntime
import pytest

from mnist_dash.arrays import Float32s
from mnist_dash.data.dataset import Digits, scale_to_input
from mnist_dash.data.generator.writers import generate
from mnist_dash.errors import ModelError
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.parameters import Activation, Optimizer
from mnist_dash.models.classifier import LiteRT
from mnist_dash.models.registry.model_files import Kind
from tests.training.lazily import (
    MARKS,
    Model,
    epoch_of,
    from_keras,
    make_trainer,
    model_of,
    to_half_litert,
    to_keras,
    to_litert,
    to_onnx,
)

pytestmark = MARKS


def _trained(digits: Digits, method: str = "dense_128", **changes: Value) -> Model:
    model = model_of(method, **changes)
    epoch_of(make_trainer(model), digits)
    return model


@pytest.mark.parametrize("optimizer", Optimizer)
def test_weights_and_the_state_of_the_optimizer_are_kept(part: Digits, optimizer: str) -> None:
    model = _trained(part, optimizer=str(optimizer), weight_decay=0.1, clip_norm=1.0)
    again = from_keras(to_keras(model))
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        assert np.array_equal(one, other)
    states = [variable.numpy() for variable in model.optimizer.variables]
    assert int(states[0]) == 5
    for state, kept in zip(states, again.optimizer.variables, strict=True):
        assert np.array_equal(state, kept.numpy())
    assert again.optimizer.get_config() == model.optimizer.get_config()


def test_training_goes_on_from_a_file_as_it_would_have_without(part: Digits) -> None:
    model = _trained(part)
    again = from_keras(to_keras(model))
    losses = [epoch_of(make_trainer(one), part, 2)[0] for one in (model, again)]
    assert np.array_equal(losses[0], losses[1])


EVERY_LAYER = "crop 1, conv 4 3 same, norm, pool 2, conv 6 3, average 2, dropout 0.2, global, dense 8"
ANSWERING: dict[str, dict[str, Value]] = {
    "cnn": {},
    "fast": {},
    "tiny": {},
    "champion": {},
    "mlp_900": {},
    "custom": {"layers": EVERY_LAYER},
}


def _assert_answers(model: Model, digits: Digits) -> None:
    answers = LiteRT(to_litert(model)).probabilities(digits.images)
    np.testing.assert_allclose(answers, model(scale_to_input(digits.images)).numpy(), atol=1e-5)


@pytest.mark.parametrize("method", ANSWERING)
def test_litert_answers_as_keras_does(part: Digits, method: str) -> None:
    _assert_answers(_trained(part, method, **ANSWERING[method]), part)


@pytest.mark.parametrize("method", ANSWERING)
def test_in_half_precision_a_file_takes_half_and_answers_nearly_the_same(part: Digits, method: str) -> None:
    model = _trained(part, method, **ANSWERING[method])
    whole, half = to_litert(model), to_half_litert(model)
    # What it holds besides weights stays as large: a few kilobytes.
    assert len(half) < len(whole) / 2 + 12_000
    answers, wanted = (LiteRT(content).probabilities(part.images) for content in (half, whole))
    np.testing.assert_allclose(answers, wanted, atol=5e-3)
    assert LiteRT(half).count_parameters() == LiteRT(whole).count_parameters()


def test_litert_answers_as_keras_does_with_every_activation(part: Digits) -> None:
    import keras

    model = model_of("custom", layers=f"conv 2 3, flatten{', dense 9' * len(Activation)}")
    hidden = [layer for layer in model.layers if getattr(layer, "units", 0) == 9]
    for layer, activation in zip(hidden, Activation, strict=True):
        layer.activation = keras.activations.get(str(activation))
    _assert_answers(model, part)


@pytest.fixture(scope="module")
def thousand() -> Digits:
    """1,000 digits of the generator."""
    return generate(1_000, 2)


def _answer(content: bytes, images: Float32s) -> Float32s:
    session = onnxruntime.InferenceSession(content)
    (taken,) = session.get_inputs()
    assert taken.shape == ["images", 28, 28, 1]
    answers: Float32s = session.run(None, {taken.name: images})[0]
    return answers


ONNX: dict[str, dict[str, Value]] = {
    "dense_128": {},
    "cnn": {},
    "fast": {},
    "tiny": {},
    "champion": {},
    "custom": {"layers": f"scale 2, {EVERY_LAYER}"},
    **{
        str(activation): {"activation": str(activation), "layers": "conv 3 3, flatten, dense 9"}
        for activation in Activation
    },
}


# tf2onnx asks for a name that numpy 2 will give another meaning; Keras answers for it.
of_tf2onnx = pytest.mark.filterwarnings("ignore:In the future `np.object` will be defined:FutureWarning")


@of_tf2onnx
@pytest.mark.parametrize("name", ONNX)
def test_onnx_answers_as_litert_does(part: Digits, thousand: Digits, name: str) -> None:
    method = "custom" if "layers" in ONNX[name] else name
    model = _trained(part, method, **ONNX[name])
    wanted = LiteRT(to_litert(model)).probabilities(thousand.images)
    found = _answer(to_onnx(model), scale_to_input(thousand.images))
    np.testing.assert_allclose(found, wanted, atol=1e-5)


@of_tf2onnx
def test_what_onnx_has_no_counterpart_for_is_refused() -> None:
    import keras

    from mnist_dash.training.foreign import convert_foreign

    model = keras.Sequential([keras.layers.Discretization([0.5]), *_other_model((28, 28)).layers])
    model.build((None, 28, 28))
    words = (
        r"^The model cannot be converted to ONNX \(.*Bucketize.*\)\. It has the layers Dense, Discretization, Flatten"
    )
    with pytest.raises(ModelError, match=words):
        convert_foreign(to_keras(model), Kind.KERAS, Kind.ONNX)


@of_tf2onnx
def test_onnx_says_what_it_takes_and_gives() -> None:
    told = onnxruntime.InferenceSession(to_onnx(model_of())).get_modelmeta().custom_metadata_map
    assert "28 x 28 x 1: grey values divided by 255, bright digits on black" in told["input"]
    assert "probabilities of 0 to 9" in told["output"]


def _other_model(shape: tuple[int, ...], units: int = 10) -> Model:
    import keras

    layers = [keras.layers.Input(shape), keras.layers.Flatten(), keras.layers.Dense(units, "softmax")]
    return keras.Sequential(layers)


@pytest.mark.parametrize("shape", [(28, 28), (784,), (28, 28, 1)])
def test_models_of_other_people_may_take_their_images_in_any_usual_shape(small: Digits, shape: tuple[int, ...]) -> None:
    model = _other_model(shape)
    answers = LiteRT(to_litert(model)).probabilities(small.images[:7])
    given = scale_to_input(small.images[:7]).reshape(7, *shape)
    np.testing.assert_allclose(answers, model(given).numpy(), atol=1e-5)


def _flipped(content: bytes) -> bytes:
    """The same archive with one wrong byte in its weights."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        weights = archive.getinfo("model.weights.h5")
    damaged = bytearray(content)
    damaged[weights.header_offset + weights.compress_size // 2] ^= 0xFF
    return bytes(damaged)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "garbage": lambda _: b"garbage" * 100,
    "cut short": lambda content: content[: len(content) // 2],
    "a wrong byte": _flipped,
    "an empty archive": lambda _: b"PK\x05\x06" + bytes(18),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=list(DAMAGE))
def test_a_file_that_is_no_whole_model_is_refused_in_one_line(part: Digits, damage: Callable[[bytes], bytes]) -> None:
    content = damage(to_keras(_trained(part)))
    with pytest.raises(ModelError, match=r"This is no Keras model that can be loaded safely \(.+\)\.") as refused:
        from_keras(content)
    assert "\n" not in str(refused.value)


def test_a_model_with_code_of_its_own_is_refused() -> None:
    import keras

    model = keras.Sequential([keras.layers.Input((28, 28)), keras.layers.Lambda(lambda x: x + 1)])
    content = to_keras(model)
    with pytest.raises(ModelError, match="without Lambda layers or custom code"):
        from_keras(content)
