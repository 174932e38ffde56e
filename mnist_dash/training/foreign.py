"""Keras models by others: loaded in safe mode, and made such that LiteRT can answer with them.

Recurrent layers are unrolled, since LiteRT has no loop over a list whose size only the batch tells, and half
precision becomes single, in which the weights of mixed precision are kept anyway: answers stay the same.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import keras

from mnist_dash.errors import ModelError
from mnist_dash.models.registry.model_files import Kind
from mnist_dash.training.files import to_half_litert, to_litert, to_onnx

_LONGEST = 128
"""Steps of a recurrent layer that are unrolled: 28 rows take a second each, 784 pixels would take minutes."""


def load_foreign(content: bytes, kind: Kind) -> keras.Model:
    """The model in a `.keras` or `.h5` file; raises ModelError where it cannot be loaded safely or never answer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"model{'.h5' if kind is Kind.HDF5 else '.keras'}"
        path.write_bytes(content)
        try:
            model = keras.saving.load_model(path, compile=False, safe_mode=True)
        except (ValueError, TypeError, OSError, KeyError, AttributeError, NotImplementedError, BadZipFile) as e:
            said = " ".join(str(e).split()).replace(str(path), "the file")[:200]
            raise ModelError(
                f"This is no Keras model that Keras {keras.__version__} can load safely ({said}). Save it again where "
                "it was trained, whole and without Lambda layers or code of its own: "
                "keras.models.load_model('model.h5').save('model.keras')."
            ) from e
    return _mend(model)


def _mend(model: keras.Model) -> keras.Model:
    """The same model without what LiteRT cannot do, where it has any of that."""
    config = keras.saving.serialize_keras_object(model)
    changed = [_change(found) for found in list(_dicts(config))]
    if not any(changed):
        return model
    _check_length(model)
    mended: keras.Model = keras.saving.deserialize_keras_object(config, safe_mode=True)
    mended.set_weights(model.get_weights())
    return mended


def _dicts(config: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(config, dict):
        yield config
    for inner in config.values() if isinstance(config, dict) else config if isinstance(config, list | tuple) else ():
        yield from _dicts(inner)


def _change(found: dict[str, Any]) -> bool:
    changed = False
    if str(found.get("class_name", "")).endswith("DTypePolicy") and "float16" in str(found.get("config")):
        found["config"] = {**found["config"], "name": "float32"}
        changed = True
    if isinstance(found.get("dtype"), str) and "float16" in found["dtype"]:
        found["dtype"] = "float32"
        changed = True
    if found.get("unroll") is False:
        found["unroll"] = changed = True
    return changed


def _check_length(model: keras.Model) -> None:
    for layer in model._flatten_layers():
        if not isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional):
            continue
        try:
            steps = layer.input.shape[1]
        except AttributeError:  # within Bidirectional, which was looked at itself
            continue
        if steps is None or steps > _LONGEST:
            length = "any number of" if steps is None else f"{steps:,}"
            raise ModelError(
                f"The layer {layer.name!r} reads {length} steps one after another. LiteRT, which answers here, needs "
                f"them written out, and that is done up to {_LONGEST}. Bring a model that reads rows: (28, 28)."
            )


def convert_foreign(content: bytes, kind: Kind, target: Kind = Kind.LITERT) -> bytes:
    """The model in a `.keras` or `.h5` file as `target`; raises ModelError where it cannot be loaded or made."""
    model = load_foreign(content, kind)
    try:
        return _WRITERS[target](model)
    except Exception as e:
        said = " ".join(str(e).split())[:200]
        layers = sorted({type(layer).__name__ for layer in model._flatten_layers(include_self=False)})
        answers = "" if target is Kind.ONNX else ", which answers here"
        raise ModelError(
            f"The model cannot be converted to {target}{answers} ({said}). It has the layers "
            f"{', '.join(layers)[:200]}. Bring one of layers that {target} has, such as Dense, Conv2D or LSTM."
        ) from e


_WRITERS = {Kind.LITERT: to_litert, Kind.HALF: to_half_litert, Kind.ONNX: to_onnx}
