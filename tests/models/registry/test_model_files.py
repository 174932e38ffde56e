"""Model files of every kind that people bring: told by their content, and refused by name with the way to convert."""

import io
import json
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from mnist_dash.errors import ModelError
from mnist_dash.models.registry.model_files import Kind, find_kind, find_target, read_content, read_litert_file

DENSE = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 10}, "registered_name": None}


def make_zip(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return stream.getvalue()


def make_config(*layers: Mapping[str, Any]) -> bytes:
    return json.dumps({"module": "keras", "class_name": "Sequential", "config": {"layers": layers}}).encode()


def make_keras(*layers: Mapping[str, Any]) -> bytes:
    """What Keras 3 writes, without weights in it: enough to be looked at."""
    return make_zip(
        config_dot_json=make_config(*layers), metadata_dot_json=b"{}", model_dot_weights_dot_h5=b"w" * 2_000
    )


def make_hdf5(config: bytes | None) -> bytes:
    """What Keras 2 and 3 write under .h5; weights alone where there is no configuration."""
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file["weights"] = np.zeros(500)
        if config is not None:
            file.attrs["model_config"] = config.decode()
    return stream.getvalue()


def test_a_kind_is_told_by_content_and_not_by_name(content: bytes) -> None:
    hdf5 = make_hdf5(make_config(DENSE))
    for name in ("model", "model.keras", "model.h5", "model.tflite", "model.pt"):
        assert find_kind(make_keras(DENSE), name) is Kind.KERAS
        assert find_kind(hdf5, name) is Kind.HDF5
        assert find_kind(content, name) is Kind.LITERT


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("model.tflite", Kind.LITERT),
        ("model.half.tflite", Kind.HALF),
        ("MODEL.HALF.TFLITE", Kind.HALF),
        ("half.tflite", Kind.LITERT),
        ("model.onnx", Kind.ONNX),
        ("model", Kind.LITERT),
    ],
)
def test_what_is_written_is_told_by_the_name(name: str, kind: Kind) -> None:
    assert find_target(name) is kind


REFUSED = {
    "a new PyTorch file": ("m.pt", make_zip(archive__data_dot_pkl=b"x", archive__version=b"3"), "PyTorch.*onnx2tf"),
    "an old PyTorch file": ("m.pth", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.", "a PyTorch file"),
    "TorchScript": ("m.pt", make_zip(m__constants_dot_pkl=b"x"), "a PyTorch file"),
    "safetensors": ("m.safetensors", b"\x10\x00\x00\x00\x00\x00\x00\x00{}", "a PyTorch file"),
    "ONNX": ("m.onnx", b"\x08\x07\x12\x07pytorch", "an ONNX file.*onnx2tf -i model.onnx"),
    "ONNX without its ending": ("m", b"\x08\x07\x12\x07pytorch", "an ONNX file"),
    "a pickle": ("m.pkl", pickle.dumps([1, 2]), "a pickle, which would run code.*never is here"),
    "a pickle under another name": ("m.keras", pickle.dumps([1, 2]), "a pickle"),
    "joblib": ("m.joblib", b"x\x9c\x01\x02", "a pickle"),
    "a SavedModel as a ZIP": ("m.zip", make_zip(m__saved_model_dot_pb=b"x"), "SavedModel.*from_saved_model"),
    "a ZIP with a model": ("m.zip", make_zip(m__best_dot_keras=b"x"), "holds best.keras. Unpack it"),
    "a ZIP of anything": ("m.keras", make_zip(photo_dot_png=b"x"), "a ZIP, but no Keras model"),
    "a graph": ("saved_model.pb", b"\x08\x01abc", "a part of a TensorFlow graph"),
    "JSON": ("model.json", b"{}", "This is JSON"),
    "layers of Keras": (
        "model.json",
        b'{"class_name": "Sequential", "config": {"layers": []}}',
        "the layers of a Keras model without its weights",
    ),
    "TensorFlow.js": (
        "model.json",
        b'{"modelTopology": {"model_config": {"class_name": "Sequential", "config": {}}}, "weightsManifest": []}',
        "a model of TensorFlow.js, whose weights are in the .bin files beside it",
    ),
    "a graph of TensorFlow.js": (
        "model.json",
        b'{"format": "graph-model", "weightsManifest": []}',
        "a graph of TensorFlow.js, which leads back to no other format",
    ),
    "a web page": ("m.keras", b"\n<!DOCTYPE html><html>", "a web page, not a model"),
    "Git LFS": ("m.keras", b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS.*git lfs pull"),
    "nothing": ("m.keras", b"", "The file is empty"),
    "text": ("notes.txt", b"hello", r"no model that is known here \(.txt\)"),
    "weights alone": ("m.weights.h5", make_hdf5(None), "weights alone.*load_weights"),
}


@pytest.mark.parametrize(("name", "content", "words"), REFUSED.values(), ids=REFUSED)
def test_other_kinds_are_called_by_name_with_the_way_to_convert(name: str, content: bytes, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        find_kind(content, name)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("kind", ["keras", "hdf5"])
def test_a_file_that_is_cut_short_is_called_that(kind: str, share: float) -> None:
    whole = make_keras(DENSE) if kind == "keras" else make_hdf5(make_config(DENSE))
    with pytest.raises(ModelError, match="cut short or damaged"):
        find_kind(whole[: int(len(whole) * share)], "model.keras")


CODE = {
    "Lambda": ({"module": "keras.layers", "class_name": "Lambda", "config": {}}, "holds a Lambda layer: Python code"),
    "Keras 2 Lambda": ({"class_name": "Lambda", "config": {"function": ["4wEAAA==", None, None]}}, "a Lambda layer"),
    "function": ({"class_name": "__lambda__", "config": {"code": "4wEAAA=="}}, "a Lambda layer"),
    "own layer": ({"module": None, "class_name": "Mine", "config": {}, "registered_name": "Mine"}, "'Mine'"),
    "own module": ({"module": "os", "class_name": "system", "config": {}}, "'system'"),
    "alike": ({"module": "keras_evil", "class_name": "Dense", "config": {}}, "of its author's own"),
    "file": ({"module": "keras.layers", "class_name": "StringLookup", "config": {}}, "reads other files"),
    "SavedModel": ({"module": "keras.layers", "class_name": "TFSMLayer", "config": {}}, "runs another program's model"),
}


@pytest.mark.parametrize(("layer", "words"), CODE.values(), ids=CODE)
def test_nobodys_code_is_loaded(layer: Mapping[str, Any], words: str) -> None:
    nested = {**DENSE, "config": {"inner": [{"deep": layer}]}}
    for found in (layer, nested):
        for content in (make_keras(DENSE, found), make_hdf5(make_config(DENSE, found))):
            with pytest.raises(ModelError, match=words):
                find_kind(content, "model.keras")


def test_a_folder_is_refused_and_a_saved_model_is_called_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"it is a folder. Bring one file"):
        read_content(tmp_path)
    (tmp_path / "saved_model.pb").write_bytes(b"")
    with pytest.raises(ModelError, match=r"a TensorFlow SavedModel.*TFLiteConverter.from_saved_model"):
        read_content(tmp_path)


@pytest.mark.slow
@pytest.mark.training
def test_an_error_names_the_file_and_no_path_of_our_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.keras"
    path.write_bytes(make_keras(DENSE))
    with pytest.raises(ModelError, match=r"^mine.keras: This is no Keras model that Keras [\d.]+ can load") as refused:
        read_litert_file(path, path.name)
    assert "/" not in str(refused.value).replace("https://", "")
    assert "\n" not in str(refused.value)
