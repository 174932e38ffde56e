"""Commands that ask models."""

import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from mnist_dash.analysis import evaluation
from mnist_dash.arrays import Images, Ink
from mnist_dash.cli.numbers import REFUSED, describe_line, read_lines
from mnist_dash.cli.terminal import say, show_progress
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.errors import ImageError
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.preparation_search import RANDOM
from mnist_dash.models.registry.export import Export, export_model, write
from mnist_dash.models.registry.lookup import open_model
from mnist_dash.models.rejection import DigitDetector, Verdict, load_digit_detector
from mnist_dash.settings import Settings
from mnist_dash.sketch import image_files, ink
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.store.database import open_database
from mnist_dash.words import certainty, interval, percent


def evaluate(settings: Settings, asked: Namespace) -> None:
    """Accuracy with interval, confusion matrix, per-class figures on the test images."""
    dataset = open_dataset(settings, asked.data, progress=show_progress)
    with open_database(settings) as database:
        model = open_model(database, asked.model)
    result = evaluation.evaluate(model.probabilities(dataset.test.images), dataset.test.labels)
    if asked.json:
        say(json.dumps({"model": asked.model, "data": dataset.name} | asdict(result)))
        return
    say(f"{asked.model} on {dataset.name}: {percent(result.accuracy)} of {result.images:,} test images right")
    say(interval(*result.interval))
    if result.accuracy < RANDOM and Path(asked.model).suffix:
        say(f"Its answers look random. `import-model {asked.model}` tries what it may need.", error=True)
    say("digit  images  precision     recall         f1")
    for row in result.per_class:
        shares = "  ".join(f"{percent(share):>9}" for share in (row.precision, row.recall, row.f1))
        say(f"{row.digit:5}  {row.images:6,}  {shares}")


@dataclass(frozen=True, slots=True)
class Reading:
    """One image file and what a model read in it; `reason` says why nothing was read, or why that is no digit.

    `unusual` tells that few digits are written in that form.
    """

    file: str
    digit: int | None
    probabilities: list[float] | None
    reason: str | None
    unusual: bool = False


def predict(settings: Settings, asked: Namespace) -> None:
    """Read the digits in image files: one in each, or numbers, line by line."""
    files = list(_files(asked.images))
    with open_database(settings) as database:
        model, detector = open_model(database, asked.model), load_digit_detector()
    several, read = asked.number or asked.photo, False
    confidence = make_cut_confidence(load_bundled(DEFAULT), detector) if several else None
    for file in files:
        if confidence:
            lines = read_lines(model, detector, confidence, file, one_line=asked.number)
            read = read or any(line.number and line.number.strip(REFUSED) for line in lines)
            for line in lines:
                say(json.dumps(asdict(line)) if asked.json else describe_line(line))
            continue
        reading = _read(model, detector, file, asked.as_is)
        read = read or reading.digit is not None
        say(json.dumps(asdict(reading)) if asked.json else _sentence(reading))
    if not read:
        raise ImageError(f"None of {len(files)} images was read; the output says why of each. Mend or replace them.")


def export(settings: Settings, asked: Namespace) -> None:
    """Write a model, its figures by epoch, or its script to a file."""
    with open_database(settings) as database:
        content = export_model(database, asked.model, Export(asked.format))
    write(asked.out, content)
    summary = {"file": str(asked.out), "model": asked.model, "format": asked.format, "bytes": len(content)}
    say(json.dumps(summary) if asked.json else f"{asked.model} written to {asked.out} ({len(content):,} bytes)")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        try:
            is_folder, exists = path.is_dir(), path.exists()
            inside = (
                sorted(p for p in path.iterdir() if p.suffix.lower() in image_files.SUFFIXES) if is_folder else [path]
            )
        except OSError as e:
            raise ImageError(f"{str(path)[:200]} cannot be opened ({e.strerror}). Give images or a folder.") from e
        if not inside or not exists:
            missing = f"has no {', '.join(image_files.SUFFIXES)} file" if is_folder else "does not exist"
            raise ImageError(f"{path} {missing}. Give PNG, JPEG or HEIC images, or a folder of them.")
        yield from inside


def _read(model: Classifier, detector: DigitDetector, file: Path, as_is: bool) -> Reading:
    try:
        found = image_files.open_image(file, None if as_is else ink.PHOTO_SIDE)
        image = ink.read_as_is(found.image) if as_is else _through_procedure(ink.read_ink(found.image))
    except ImageError as e:
        return Reading(str(file), None, None, str(e))
    for note in found.notes:
        say(f"{file}: {note}", error=True)
    probabilities = [float(share) for share in model.probabilities(image[np.newaxis])[0]]
    (verdict,) = detector.give_verdicts(image[np.newaxis])
    if verdict is Verdict.NONE:
        return Reading(str(file), None, probabilities, _no_digit(int(np.argmax(probabilities))))
    return Reading(str(file), int(np.argmax(probabilities)), probabilities, None, verdict is Verdict.UNUSUAL)


def _no_digit(nearest: int) -> str:
    return f"This does not look like one digit; if it had to be one: {nearest}. Cut one digit out, or write it anew."


def _through_procedure(drawn: Ink) -> Images:
    made = preprocess(drawn)
    if made is None:
        raise ImageError("There is no ink in the image: it is blank, or its contrast is too low.")
    return made.image


def _sentence(reading: Reading) -> str:
    if reading.digit is None or reading.probabilities is None:
        return f"{reading.file}: not read. {reading.reason}"
    form = ", in an unusual form" if reading.unusual else ""
    return f"{reading.file}: {reading.digit}{form} (sure: {certainty(reading.probabilities[reading.digit])})"
