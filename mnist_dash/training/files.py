"""Keras models to bytes and back, and to LiteRT."""

import tempfile
from pathlib import Path
from zipfile import BadZipFile

import keras

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
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.tflite"
        model.export(path, format="litert", verbose=False)
        return path.read_bytes()
