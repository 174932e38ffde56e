"""Model files of any kind: told by their content, made a LiteRT file where that is safe, or refused by name.

Nothing is unpickled and no code of a file is run: a Keras file is looked at before it is loaded, in a process of its
own. A kind that is refused is named with the line that converts it.
"""

import io
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from mnist_dash.errors import ModelError
from mnist_dash.models.registry import keras_config
from mnist_dash.runs import process
from mnist_dash.words import size

LARGEST = 500_000_000
"""Bytes of a model file; models of digits take some 100 kB to 50 MB."""


class Kind(StrEnum):
    """What a file with a model is, as people call it.

    ONNX is written alone, and answers elsewhere; a LiteRT file in half precision is read as any other.
    """

    KERAS = "Keras"
    HDF5 = "HDF5 (Keras)"
    LITERT = "LiteRT"
    HALF = "LiteRT in half precision"
    ONNX = "ONNX"


SUFFIXES = {
    Kind.KERAS: ".keras",
    Kind.HDF5: ".h5",
    Kind.LITERT: ".tflite",
    Kind.HALF: ".half.tflite",
    Kind.ONNX: ".onnx",
}
_WRITTEN = Kind.HALF, Kind.ONNX
"""What a Keras file can be made, besides LiteRT in single precision."""


ALLOWED = "a .keras file, an .h5 file with a whole Keras model, or a .tflite file"


@dataclass(frozen=True, slots=True)
class _Refused:
    """A kind that cannot answer here: what it is called, and how to make of it one that can."""

    name: str
    remedy: str


_EXPORT = "open('model.tflite', 'wb').write(tf.lite.TFLiteConverter.from_saved_model('FOLDER').convert())"
_TORCH = (
    "torch.onnx.export(model, torch.zeros(1, 1, 28, 28), 'model.onnx'), then `onnx2tf -i model.onnx`, which writes a "
    ".tflite file"
)
_SAVED_MODEL = _Refused("a TensorFlow SavedModel", f"Convert it in Python: {_EXPORT}")
_PYTORCH = _Refused("a PyTorch file", f"Convert it: {_TORCH}")
_ONNX = _Refused("an ONNX file", "Convert it: `onnx2tf -i model.onnx`, which writes a .tflite file")
_PICKLE = _Refused(
    "a pickle, which would run code when it is opened, and never is here",
    "Save the network in its own format: model.save('model.keras') in Keras",
)
_JSON = _Refused("JSON", "Bring the whole model: model.save('model.keras') in Keras")
_IN_BROWSER = _Refused(
    "a model of TensorFlow.js, whose weights are in the .bin files beside it",
    "Convert all of them: `pip install tensorflowjs`, then `tensorflowjs_converter --input_format tfjs_layers_model "
    "--output_format keras model.json model.h5`",
)
_GRAPH_IN_BROWSER = _Refused(
    "a graph of TensorFlow.js, which leads back to no other format",
    "Bring what it was made of: a SavedModel or a model of Keras",
)
_LAYERS_ALONE = _Refused(
    "the layers of a Keras model without its weights",
    "Join them where both are: model = keras.models.model_from_json(open('model.json').read()); "
    "model.load_weights('weights.h5'); model.save('model.keras')",
)
_GRAPH = _Refused(
    "a part of a TensorFlow graph or checkpoint", "Load it where it was trained and call model.save('model.keras')"
)
_BY_SUFFIX = {
    **dict.fromkeys((".pt", ".pth", ".ckpt.pt", ".safetensors", ".bin"), _PYTORCH),
    ".onnx": _ONNX,
    **dict.fromkeys((".pkl", ".pickle", ".joblib", ".sav"), _PICKLE),
    **dict.fromkeys((".pb", ".ckpt", ".index", ".meta", ".data-00000-of-00001"), _GRAPH),
}


def read_litert_file(path: Path, called: str) -> tuple[bytes, Kind]:
    """A model file as LiteRT, and what it was; raises ModelError, which names it as it is `called`."""
    content, kind = check_model_file(path, called)
    try:
        return (content if kind is Kind.LITERT else convert(content, kind)), kind
    except ModelError as e:
        raise ModelError(f"{called}: {e}") from e


def check_model_file(path: Path, called: str) -> tuple[bytes, Kind]:
    """The bytes of a model file and what it is, before anything of it is loaded; raises ModelError, which names it."""
    try:
        content = read_content(path)
        return content, find_kind(content, called)
    except ModelError as e:
        raise ModelError(f"{called}: {e}") from e


def read_content(path: Path) -> bytes:
    """The bytes of a model file; raises ModelError where it is a folder, too large or cannot be read."""
    try:
        if path.is_dir():
            raise _describe_folder(path)
        if path.stat().st_size > LARGEST:
            raise ModelError(f"it has {size(path.stat().st_size)}; allowed are {size(LARGEST)}. Bring a smaller model.")
        return path.read_bytes()
    except OSError as e:
        raise ModelError(f"it cannot be read ({e.strerror}). Check the path and its permissions.") from e


def find_kind(content: bytes, name: str) -> Kind:
    """What a file is by its content, with its name for what content does not tell; raises ModelError where refused."""
    if not content:
        raise ModelError("The file is empty. Download or save it again.")
    if content.startswith(b"\x89HDF\r\n\x1a\n"):
        keras_config.check_keras_hdf5(content)
        return Kind.HDF5
    if content[4:8] == b"TFL3":
        return Kind.LITERT
    if content.startswith(b"PK\x03\x04"):
        return _find_zip(content)
    raise _describe_other(content, name)


def find_target(name: str) -> Kind:
    """What a Keras file becomes in a file of that name: LiteRT in single precision unless it says otherwise."""
    return next((kind for kind in _WRITTEN if name.lower().endswith(SUFFIXES[kind])), Kind.LITERT)


def convert(content: bytes, kind: Kind = Kind.KERAS, into: Kind = Kind.LITERT) -> bytes:
    """A Keras file as LiteRT or ONNX; raises ModelError where it cannot be loaded safely or has no counterpart."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = (Path(folder) / f"model{SUFFIXES[of]}" for of in (kind, into))
        source.write_bytes(content)
        # In a process of its own, since TensorFlow has no place in this one.
        done = subprocess.run(
            process.make_command("convert", str(source), str(target)),
            capture_output=True,
            text=True,
            check=False,
            env=process.make_environment(),
        )
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["It cannot be read."])[-1].removeprefix("mnist_dash: ")
            # A path of our own tells nobody anything.
            for path, word in ((source, "the file"), (target, "the result"), (Path(folder), "")):
                said = said.replace(str(path), word)
            raise ModelError(said.removeprefix("the file: "))
        return target.read_bytes()


def _find_zip(content: bytes) -> Kind:
    try:
        names = _list_names(content)
    except BadZipFile as e:
        raise ModelError(keras_config.CUT) from e
    inside = {Path(name).name for name in names}
    if "saved_model.pb" in inside:
        raise _refuse(_SAVED_MODEL, "Unpack the ZIP first.")
    if "data.pkl" in inside or "constants.pkl" in inside:
        raise _refuse(_PYTORCH)
    models = [name for name in inside if name.endswith((".keras", ".h5", ".tflite")) and "weights" not in name]
    if "config.json" not in names and models:
        raise ModelError(f"This is a ZIP that holds {', '.join(sorted(models))[:200]}. Unpack it and bring that file.")
    keras_config.check_keras_zip(content)
    return Kind.KERAS


def _list_names(content: bytes) -> Sequence[str]:
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def _describe_json(content: bytes) -> ModelError:
    """What a .json file is of a model; the topology of one of TensorFlow.js has layers like Keras' too."""
    if b'"weightsManifest"' in content:
        return _refuse(_GRAPH_IN_BROWSER if b'"graph-model"' in content else _IN_BROWSER)
    return _refuse(_LAYERS_ALONE if b'"class_name"' in content and b'"config"' in content else _JSON)


def _describe_other(content: bytes, name: str) -> ModelError:
    suffix = Path(name).suffix.lower()
    if content.startswith(b"version https://git-lfs"):
        return ModelError("This is a pointer of Git LFS, not the model itself. Fetch the file with `git lfs pull`.")
    if content.lstrip()[:15].lower().startswith((b"<!doctype", b"<html")):
        return ModelError("This is a web page, not a model: the download went wrong. Download the file itself.")
    if content.startswith(b"PK"):
        return ModelError(keras_config.CUT)
    if content[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        # PyTorch's older files are pickles that begin with its number.
        is_torch = suffix in (".pt", ".pth") or b"l\xfc\x9cF\xf9 j\xa8P\x19" in content[:20]
        return _refuse(_PYTORCH if is_torch else _PICKLE)
    if suffix == ".json":
        return _describe_json(content)
    if suffix in (".keras", ".h5", ".hdf5"):
        return ModelError(f"This is no Keras model that can be loaded (neither a ZIP nor HDF5). Bring {ALLOWED}.")
    if suffix == ".tflite":
        return ModelError(f"This is no LiteRT model that can answer (it does not begin as one). Bring {ALLOWED}.")
    known = _BY_SUFFIX.get(suffix) or (_ONNX if content[:1] == b"\x08" and content[2:3] == b"\x12" else None)
    if known:
        return _refuse(known)
    return ModelError(f"This is no model that is known here ({suffix or 'no ending'}). Bring {ALLOWED}.")


def _describe_folder(path: Path) -> ModelError:
    if (path / "saved_model.pb").is_file():
        return _refuse(_SAVED_MODEL)
    return ModelError(f"it is a folder. Bring one file: {ALLOWED}.")


def _refuse(kind: _Refused, first: str = "") -> ModelError:
    words = (f"This is {kind.name}; taken are Keras and LiteRT files.", first, f"{kind.remedy}.")
    return ModelError(" ".join(filter(None, words)))
