"""Commands that ask models."""

import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.arrays import Float32s, Images, Ink
from mnist_dash.cli.numbers import describe_line, read_lines
from mnist_dash.cli.sets import find_named_set
from mnist_dash.cli.tables import is_table_file, read_table_images, write_submission
from mnist_dash.cli.terminal import say, show_time_left
from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.io.folders import DIGITS, list_folder
from mnist_dash.data.progress import Progress, within
from mnist_dash.errors import ImageError, MnistDashError
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.drawing_answers import REFUSED, Answers, answer_sketches
from mnist_dash.models.registry.export import Export, export_model, write
from mnist_dash.models.registry.lookup import open_model
from mnist_dash.models.rejection import DigitDetector, Verdict, load_digit_detector
from mnist_dash.settings import Settings
from mnist_dash.sketch import image_files, ink
from mnist_dash.sketch.mnist_preprocessing import Stages, preprocess
from mnist_dash.store.database import open_database
from mnist_dash.words import certainty, interval, percent

_BATCH = 1_000
"""Images of a table that are asked between two words on how far it is."""
_OPENED = 0.7
"""The share of the work on a table after which it is open."""
_NO_INK = "There is no ink in the image: it is blank, or its contrast is too low."


@dataclass(frozen=True, slots=True)
class Reading:
    """One image file or row and what a model read in it; `reason` says why nothing was read, or why that is no digit.

    `unusual` tells that few digits are written in that form.
    """

    file: str
    digit: int | None
    probabilities: list[float] | None
    reason: str | None
    unusual: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """A file to be read, and the digit in it where its folder says so."""

    path: Path
    label: int | None = None


def predict(settings: Settings, asked: Namespace) -> None:
    """Read the digits in image files or in the rows of tables: one in each; or numbers, line by line."""
    files = list(_files(asked.images))
    several = asked.number or asked.photo
    tables = [file.path for file in files if is_table_file(file.path)]
    if tables and several:
        raise ImageError(f"{tables[0]} is a table, a digit a row; --number and --photo are for pictures. Drop them.")
    with open_database(settings) as database:
        model = open_model(database, asked.model, partial(find_named_set, settings))
        detector = load_digit_detector()
    if asked.out:
        _submit(model, detector, asked, tables, len(files))
    elif several:
        _predict_numbers(model, detector, asked, [file.path for file in files])
    else:
        _predict_digits(model, detector, asked, files, tables)


def _predict_numbers(model: Classifier, detector: DigitDetector, asked: Namespace, files: Sequence[Path]) -> None:
    confidence, read = make_cut_confidence(load_bundled(DEFAULT), detector), False
    for file in files:
        lines = read_lines(model, detector, confidence, file, one_line=asked.number)
        read = read or any(line.number and line.number.strip(REFUSED) for line in lines)
        for line in lines:
            say(json.dumps(asdict(line)) if asked.json else describe_line(line))
    _check_read(read, len(files))


def _predict_digits(
    model: Classifier, detector: DigitDetector, asked: Namespace, files: Sequence[_Asked], tables: Sequence[Path]
) -> None:
    known: list[bool] = []
    images, read = 0, False
    for file in files:
        is_table = file.path in tables
        readings, labels = (
            _read_table(model, detector, file.path, asked.as_is)
            if is_table
            else ([_read(model, detector, file.path, asked.as_is)], [file.label])
        )
        for reading, label in zip(readings, labels, strict=True):
            say(json.dumps(asdict(reading)) if asked.json else _sentence(reading))
            read, images = read or reading.digit is not None, images + 1
            known += [reading.digit == label] if label is not None else []
    _check_read(read, images)
    if known:
        say(_score(known), error=True)


def _check_read(read: bool, images: int) -> None:
    if not read:
        raise ImageError(f"None of {images} images was read; the output says why of each. Mend or replace them.")


def _score(right: Sequence[bool]) -> str:
    share = percent(sum(right) / len(right))
    told = interval(*wilson_interval(sum(right), len(right)))
    return f"{share} of {len(right):,} labelled images read right ({told}); what is refused counts as wrong."


def _submit(model: Classifier, detector: DigitDetector, asked: Namespace, tables: Sequence[Path], files: int) -> None:
    """Write the likeliest digit of every row of one table."""
    if len(tables) != 1 or files != 1:
        raise ImageError(f"--out takes the rows of one table, but {files} files came. Name one CSV file.")
    watch = show_time_left()
    found = read_table_images(tables[0], as_is=asked.as_is, progress=within(watch, 0, _OPENED))
    if len(found.images) < found.count:
        empty = int(np.setdiff1d(np.arange(found.count), found.rows)[0]) + 1
        raise ImageError(f"Row {empty:,} of {tables[0]} has no ink, and every row needs an answer. Drop that row.")
    probabilities, verdicts = _ask(model, detector, found.images, within(watch, _OPENED, 1))
    strange = verdicts.count(Verdict.NONE)
    _tell_notes(tables[0], found.notes)
    write(asked.out, write_submission(probabilities.argmax(axis=1)))
    if found.labels is not None:
        say(_score((probabilities.argmax(axis=1) == found.labels).tolist()), error=True)
    summary = {"file": str(asked.out), "rows": found.count, "like_no_digit": strange}
    text = f"{found.count:,} answers written to {asked.out}; {strange:,} of the rows look like no digit"
    say(json.dumps(summary) if asked.json else text)


def _read_table(
    model: Classifier, detector: DigitDetector, path: Path, as_is: bool
) -> tuple[list[Reading], list[int | None]]:
    """What is read in each row, and its label."""
    try:
        watch = show_time_left()
        found = read_table_images(path, as_is=as_is, progress=within(watch, 0, _OPENED))
    except MnistDashError as e:
        return [Reading(str(path), None, None, str(e))], [None]
    readings = [Reading(f"{path}:{row}", None, None, _NO_INK) for row in range(1, found.count + 1)]
    shares, verdicts = _ask(model, detector, found.images, within(watch, _OPENED, 1))
    _tell_notes(path, found.notes)
    for row, row_shares, verdict in zip(found.rows.tolist(), shares, verdicts, strict=True):
        readings[row] = _judged(readings[row].file, row_shares, verdict)
    labels = [None] * found.count if found.labels is None else found.labels.tolist()
    return readings, labels


def _ask(
    model: Classifier, detector: DigitDetector, images: Images, progress: Progress
) -> tuple[Float32s, list[Verdict]]:
    """The probabilities (n, 10) and the verdicts on all images of a table."""
    shares, verdicts = [np.empty((0, CLASSES), np.float32)], list[Verdict]()
    told = f"Reading {len(images):,} digits"
    for start in range(0, len(images), _BATCH):
        progress(told, start / len(images))
        some = images[start : start + _BATCH]
        shares.append(model.probabilities(some))
        verdicts += detector.give_verdicts(some)
    progress(told, 1)
    return np.concatenate(shares), verdicts


def _tell_notes(path: Path, notes: Sequence[str]) -> None:
    for note in notes:
        say(f"{path}: {note}", error=True)


def export(settings: Settings, asked: Namespace) -> None:
    """Write a model, its figures by epoch, or its script to a file."""
    with open_database(settings) as database:
        content = export_model(database, asked.model, Export(asked.format))
    write(asked.out, content)
    summary = {"file": str(asked.out), "model": asked.model, "format": asked.format, "bytes": len(content)}
    say(json.dumps(summary) if asked.json else f"{asked.model} written to {asked.out} ({len(content):,} bytes)")


def _files(paths: Sequence[Path]) -> Iterator[_Asked]:
    """The files that are named; of a folder its images, or else those in folders below it."""
    for path in paths:
        try:
            is_folder, exists = path.is_dir(), path.exists()
            inside = sorted(filter(_is_image, path.iterdir())) if is_folder else [path]
        except OSError as e:
            raise ImageError(f"{str(path)[:200]} cannot be opened ({e.strerror}). Give images or a folder.") from e
        below = [path / file.name for file in list_folder(path)] if is_folder and not inside else []
        nested = sorted(filter(_is_image, below))
        if not (inside or nested) or not exists:
            missing = f"has no {', '.join(image_files.SUFFIXES)} file" if is_folder else "does not exist"
            raise ImageError(f"{path} {missing}. Give PNG, JPEG or HEIC images, or a folder of them.")
        yield from map(_Asked, inside)
        yield from (_Asked(file, int(file.parent.name) if file.parent.name in DIGITS else None) for file in nested)


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in image_files.SUFFIXES


def _read(model: Classifier, detector: DigitDetector, file: Path, as_is: bool) -> Reading:
    try:
        found = image_files.open_image(file, None if as_is else ink.PHOTO_SIDE)
        if as_is:
            image = ink.read_as_is(found.image)[np.newaxis]
            said = Answers(model.probabilities(image), detector.give_verdicts(image))
        else:
            said = answer_sketches(model, detector, [_through_procedure(ink.read_ink(found.image))])
    except ImageError as e:
        return Reading(str(file), None, None, str(e))
    _tell_notes(file, found.notes)
    return _judged(str(file), said.probabilities[0], said.verdicts[0])


def _judged(file: str, shares: Float32s, verdict: Verdict) -> Reading:
    probabilities, likeliest = [float(share) for share in shares], int(np.argmax(shares))
    if verdict.is_refusal:
        return Reading(file, None, probabilities, _refuse(verdict, likeliest))
    return Reading(file, likeliest, probabilities, None, verdict is Verdict.UNUSUAL)


def _refuse(verdict: Verdict, nearest: int) -> str:
    if verdict is Verdict.STRUCK:
        return f"This looks struck through; if it were to be read: {nearest}. Cut out a digit that counts."
    return f"This does not look like one digit; if it had to be one: {nearest}. Cut one digit out, or write it anew."


def _through_procedure(drawn: Ink) -> Stages:
    made = preprocess(drawn)
    if made is None:
        raise ImageError(_NO_INK)
    return made


def _sentence(reading: Reading) -> str:
    if reading.digit is None or reading.probabilities is None:
        return f"{reading.file}: not read. {reading.reason}"
    form = ", in an unusual form" if reading.unusual else ""
    return f"{reading.file}: {reading.digit}{form} (sure: {certainty(reading.probabilities[reading.digit])})"
