"""Keras models to bytes and back, to LiteRT in single and in half precision, and to ONNX."""

import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

import keras
import numpy as np
import tensorflow as tf

from mnist_dash.errors import ModelError


def to_keras(model: keras.Model) -> bytes:
    """The model with weights and optimizer state, as the content of a `.keras` file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()


def from_keras(content: bytes) -> keras.Model:
    """The model that `to_keras` wrote, in safe mode; raises ModelError where it is none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(content)
        try:
            return keras.saving.load_model(path, safe_mode=True)
        except (ValueError, TypeError, OSError, KeyError, BadZipFile) as e:
            said = " ".join(str(e).split())[:200]
            raise ModelError(
                f"This is no Keras model that can be loaded safely ({said}). Save it again "
                "with model.save('name.keras'), without Lambda layers or custom code."
            ) from e


def to_litert(model: keras.Model) -> bytes:
    """The model as a LiteRT flatbuffer."""
    return _write_litert(model)


def to_half_litert(model: keras.Model) -> bytes:
    """The model as a LiteRT flatbuffer whose weights take two bytes each; it still computes in single precision."""
    halves = {"supported_types": [tf.float16]}
    return _write_litert(model, optimizations=[tf.lite.Optimize.DEFAULT], target_spec=halves)


def _write_litert(model: keras.Model, **settings: object) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.tflite"
        model.export(path, format="litert", verbose=False, **settings)
        return path.read_bytes()


def to_onnx(model: keras.Model) -> bytes:
    """The model in ONNX, which says of itself what it takes: any number of images, as its Keras file takes them."""
    import onnx  # for those who ask for it alone, and after TensorFlow: both bring a protobuf

    # Keras exports what has answered once: it learns the shapes by that.
    model(np.zeros((1, *model.input_shape[1:]), np.float32))
    with tempfile.TemporaryDirectory() as folder, _write_out_gelu(model):
        path = Path(folder) / "model.onnx"
        model.export(path, format="onnx", verbose=False)
        made = onnx.load(path)
    # What tf2onnx has no counterpart for it leaves in, under a name that ONNX does not know.
    onnx.checker.check_model(made)
    for value in (*made.graph.input, *made.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "images"
    onnx.helper.set_model_props(made, _ONNX_WORDS)
    return bytes(made.SerializeToString())


@contextmanager
def _write_out_gelu(model: keras.Model) -> Iterator[None]:
    """Let GELU be computed by erf meanwhile: TensorFlow computes it by erfc, which tf2onnx 1.17 does not know."""
    layers = [
        layer for layer in model._flatten_layers() if getattr(layer, "activation", None) is keras.activations.gelu
    ]
    for layer in layers:
        layer.activation = _gelu
    try:
        yield
    finally:
        for layer in layers:
            layer.activation = keras.activations.gelu


def _gelu(values: tf.Tensor) -> tf.Tensor:
    return values * 0.5 * (1 + keras.ops.erf(values / math.sqrt(2)))


_ONNX_WORDS = {
    "input": "float32, images x rows x columns x channels, as the Keras file takes them; of a run of MNIST Dash "
    "28 x 28 x 1: grey values divided by 255, bright digits on black",
    "output": "float32, images x 10, as the Keras file gives them; of a run of MNIST Dash the probabilities of 0 to 9",
}
