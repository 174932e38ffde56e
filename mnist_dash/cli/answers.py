"""Commands that look at data and ask models."""

import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from mnist_dash.analysis import evaluation
from mnist_dash.cli.terminal import progress
from mnist_dash.data.catalog import open_dataset
from mnist_dash.data.dataset import CLASSES, Images
from mnist_dash.data.formats import write_npz
from mnist_dash.data.generated import generate as draw
from mnist_dash.errors import ImageError
from mnist_dash.models.catalog import open_model
from mnist_dash.models.classifier import Classifier
from mnist_dash.runs.database import open_database
from mnist_dash.settings import Settings
from mnist_dash.sketch import ink
from mnist_dash.sketch.procedure import Ink, stages
from mnist_dash.words import certainty, interval, percent

SUFFIXES = (".png", ".jpg", ".jpeg")


def data(settings: Settings, asked: Namespace) -> None:
    """Find or fetch the data, verify it, summarise it."""
    found = open_dataset(replace(settings, data=asked.source) if asked.source else settings, progress=progress)
    if asked.json:
        sizes = {"train": len(found.train), "test": len(found.test), "classes": CLASSES}
        named = {"name": found.name, "official": found.official, "origin": found.origin, "notice": found.notice}
        print(json.dumps(named | sizes | {"sha256": dict(found.sha256)}))
        return
    kind = "the official set" if found.official else "not the official set"
    print(f"{found.name} ({kind}) from {found.origin}")
    print(f"{len(found.train):,} training and {len(found.test):,} test images of 28×28 pixels, {CLASSES} classes")
    if found.notice:
        print(found.notice)


def evaluate(settings: Settings, asked: Namespace) -> None:
    """Accuracy with interval, confusion matrix, per-class figures on the test images."""
    dataset = open_dataset(settings, asked.data, progress=progress)
    with open_database(settings) as database:
        model = open_model(database, asked.model)
    result = evaluation.evaluate(model.probabilities(dataset.test.images), dataset.test.labels)
    if asked.json:
        print(json.dumps({"model": asked.model, "data": dataset.name} | asdict(result)))
        return
    print(f"{asked.model} on {dataset.name}: {percent(result.accuracy)} of {result.images:,} test images right")
    print(interval(*result.interval))
    print("digit  images  precision     recall         f1")
    for row in result.per_class:
        shares = "  ".join(f"{percent(share):>9}" for share in (row.precision, row.recall, row.f1))
        print(f"{row.digit:5}  {row.images:6,}  {shares}")


@dataclass(frozen=True, slots=True)
class Reading:
    """One image file and what a model read in it; `reason` says why nothing was read."""

    file: str
    digit: int | None
    probabilities: list[float] | None
    reason: str | None


def predict(settings: Settings, asked: Namespace) -> None:
    """Read the digits in image files."""
    files = list(_files(asked.images))
    with open_database(settings) as database:
        model = open_model(database, asked.model)
    read = False
    for file in files:
        reading = _read(model, file, asked.as_is)
        read = read or reading.digit is not None
        print(json.dumps(asdict(reading)) if asked.json else _sentence(reading))
    if not read:
        raise ImageError(f"None of {len(files)} images was read; the output says why of each. Mend or replace them.")


def generate(_settings: Settings, asked: Namespace) -> None:
    """Draw digits with a pen and write them to a file."""
    digits = draw(asked.count, asked.seed)
    write_npz(asked.out, digits)
    summary = {"file": str(asked.out), "count": len(digits), "seed": asked.seed}
    print(json.dumps(summary) if asked.json else f"{len(digits):,} digits written to {asked.out}")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        try:
            is_folder, exists = path.is_dir(), path.exists()
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES) if is_folder else [path]
        except OSError as e:
            raise ImageError(f"{str(path)[:200]} cannot be opened ({e.strerror}). Give images or a folder.") from e
        if not inside or not exists:
            missing = f"has no {', '.join(SUFFIXES)} file" if is_folder else "does not exist"
            raise ImageError(f"{path} {missing}. Give PNG or JPEG images, or a folder of them.")
        yield from inside


def _read(model: Classifier, file: Path, as_is: bool) -> Reading:
    try:
        picture = ink.read_image(file)
        image = ink.as_is(picture) if as_is else _through_procedure(ink.from_image(picture))
    except ImageError as e:
        return Reading(str(file), None, None, str(e))
    probabilities = model.probabilities(image[np.newaxis])[0]
    return Reading(str(file), int(probabilities.argmax()), [float(p) for p in probabilities], None)


def _through_procedure(drawn: Ink) -> Images:
    made = stages(drawn)
    if made is None:
        raise ImageError("There is no ink in the image: it is blank, or its contrast is too low.")
    return made.image


def _sentence(reading: Reading) -> str:
    if reading.probabilities is None or reading.digit is None:
        return f"{reading.file}: not read. {reading.reason}"
    return f"{reading.file}: {reading.digit} (sure: {certainty(reading.probabilities[reading.digit])})"
