"""The models that come with the program, each with a card; nothing here needs the database of runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from mnist_dash.models.classifier import Classifier, LiteRT

DEFAULT = "cnn"
"""The bundled model that answers where none is named."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a bundled model is: where it came from and what it scored."""

    name: str
    title: str
    parameters: int
    spec: Mapping[str, Any]
    data: str
    data_sha256: Mapping[str, str]
    test_accuracy: float
    test_interval: tuple[float, float]
    test_images: int
    trained: str
    versions: Mapping[str, str]
    note: str


def bundled() -> tuple[str, ...]:
    """The names of the models that come with the program."""
    return tuple(sorted(Path(file.name).stem for file in _folder().iterdir() if file.name.endswith(".tflite")))


def card_of(name: str) -> Card:
    """The card of a bundled model."""
    return Card(**json.loads(_folder().joinpath(f"{name}.json").read_text(encoding="utf-8")))


def bundled_model(name: str) -> Classifier:
    """A bundled model, ready to answer."""
    return LiteRT(bundled_file(name))


def bundled_file(name: str) -> bytes:
    """The LiteRT file of a bundled model."""
    return _folder().joinpath(f"{name}.tflite").read_bytes()


def _folder() -> Traversable:
    return resources.files("mnist_dash.models") / "files"
