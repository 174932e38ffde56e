"""The models that come with the program, each with a card; nothing here needs the database of runs.

What is told of them is read once: pages ask for it again and again, and the program's own files stay as they are.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from mnist_dash.methods.fine_tuning import GENERATED
from mnist_dash.models.calibration import CalibratedModel
from mnist_dash.models.classifier import Classifier, LiteRT

DEFAULT = "reader"
"""The bundled model that answers where none is named."""
DIGIT_OR_NOT = "digit_or_not"
"""The bundled network that tells digits from the rest; it reads none, and is no model to choose."""


@dataclass(frozen=True, slots=True)
class Strictness:
    """A threshold below which images are refused, and the shares of validation `digits` and of `others` that are."""

    threshold: float
    digits: float
    others: float


@dataclass(frozen=True, slots=True)
class Card:
    """What a bundled model is: where it came from, what it scored, and what was chosen on validation images.

    `temperature` calibrates it (1 where nothing was held out). Of a network that tells digits from the rest: an image
    is refused below `threshold` and unusual below `usual`, and `strictness` lists what could be chosen instead, the
    mildest first.
    """

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
    temperature: float = 1.0
    threshold: float = 0.0
    usual: float = 0.0
    strictness: tuple[Strictness, ...] = ()


@cache
def list_bundled() -> tuple[str, ...]:
    """The names of the models that come with the program to read digits; that of `GENERATED` is only to begin with."""
    names = {Path(file.name).stem for file in _folder().iterdir() if file.name.endswith(".tflite")}
    return tuple(sorted(names - {DIGIT_OR_NOT, GENERATED}))


@cache
def read_card(name: str) -> Card:
    """The card of a bundled model."""
    fields = json.loads(_folder().joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return Card(**fields | {"strictness": tuple(Strictness(**each) for each in fields.get("strictness", ()))})


def load_bundled(name: str) -> Classifier:
    """A bundled model, ready to answer, and calibrated where its card says how."""
    model, degrees = LiteRT(read_bundled_file(name)), read_card(name).temperature
    return model if degrees == 1 else CalibratedModel(model, degrees)


def read_bundled_file(name: str) -> bytes:
    """The LiteRT file of a bundled model."""
    return _folder().joinpath(f"{name}.tflite").read_bytes()


@cache
def digest_bundled(name: str) -> str:
    """The SHA-256 of a bundled model's LiteRT file."""
    return hashlib.sha256(read_bundled_file(name)).hexdigest()


def _folder() -> Traversable:
    return resources.files("mnist_dash.models") / "files"
