"""What a Keras file says of its model, read as JSON before anything is loaded: nobody's code is ever run.

Keras' own safe mode refuses functions (in `.keras` and, since 3.11.3, in `.h5`); here whatever is no layer of Keras'
own is refused by its name, and layers that read files or other programs' models too.
"""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any
from zipfile import BadZipFile, ZipFile

from mnist_dash.errors import ModelError

_LARGEST = 20_000_000
"""Bytes of a configuration; that of the largest models in use takes less than one."""
_CODE = ("Lambda", "TFOpLambda", "SlicingOpLambda", "__lambda__", "TensorFlowOpLayer", "AddLoss", "AddMetric")
_OTHERS = ("TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper", "StringLookup", "IntegerLookup", "Hashing")
_OTHERS_BY_FILE = (*_OTHERS, "TextVectorization", "HubModule", "KerasLayer", "get_file", "run_python_code")
_BUILT_IN = ("builtins", "keras", "keras_core", "tensorflow.keras", "tf_keras", "tensorflow.python.keras")
_KERAS = "keras.models.load_model"


def check_keras_zip(content: bytes) -> None:
    """Raise ModelError where a `.keras` file is none, is cut short, or holds code or layers that are not Keras'."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if "config.json" not in names or "model.weights.h5" not in names:
                raise ModelError("This is a ZIP, but no Keras model: it lacks config.json or model.weights.h5.")
            if archive.getinfo("config.json").file_size > _LARGEST:
                raise ModelError(f"Its config.json is larger than {_LARGEST:,} bytes, which no model's is.")
            config = archive.read("config.json")
    except BadZipFile as e:
        raise ModelError(CUT) from e
    _check_json(config)


CUT = "The file is cut short or damaged: its end is missing or does not fit. Download or save it again."


def check_keras_hdf5(content: bytes) -> None:
    """Raise ModelError where an HDF5 file holds no whole Keras model, is cut short, or holds code."""
    import h5py

    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            config = file.attrs.get("model_config")
    except (OSError, RuntimeError, KeyError, ValueError) as e:
        raise ModelError(CUT) from e
    if config is None:
        raise ModelError(
            "This HDF5 file holds weights alone, and not what network they belong to. Build the network in Python, "
            "give it the weights with model.load_weights(...), and save it whole: model.save('model.keras')."
        )
    _check_json(config if isinstance(config, bytes) else str(config).encode())


def _check_json(content: bytes) -> None:
    try:
        config = json.loads(content)
    except (ValueError, RecursionError) as e:
        raise ModelError("What the file says of its layers is no JSON: it is damaged. Save it again.") from e
    for found in _objects(config):
        _check(found)


def _objects(config: object) -> Iterator[Mapping[str, Any]]:
    """Every object of Keras' that a configuration names, at any depth."""
    waiting = [config]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get("class_name"), str):
                yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _check(found: Mapping[str, Any]) -> None:
    name, module, registered = found["class_name"], found.get("module"), found.get("registered_name")
    if name in _CODE:
        raise ModelError(
            f"The model holds a {'Lambda' if 'ambda' in name else name} layer: Python code, which would be run when it "
            "is loaded, and nobody's code is run here. Put a layer of Keras' own in its place (Rescaling instead of "
            "x / 255, Reshape, Flatten), train it and save it again."
        )
    if name in _OTHERS_BY_FILE:
        raise ModelError(
            f"The model holds {name!r}, which reads other files or runs another program's model. Save a model of "
            "Keras' own layers alone."
        )
    if _is_own(module, registered):
        raise ModelError(
            f"The model has {name[:80]!r}, a layer (or other part) of its author's own, whose code is not in the file "
            f"and would not be run here. Convert it where that code is: model = {_KERAS}('model.keras', "
            "custom_objects=...); model.export('model.tflite', format='litert')."
        )


def _is_own(module: object, registered: object) -> bool:
    """Whether an object is none of Keras'; older files name no module, and Keras knows its own names."""
    if isinstance(module, str):
        return not any(module == one or module.startswith(f"{one}.") for one in _BUILT_IN)
    return isinstance(registered, str) and bool(registered)
