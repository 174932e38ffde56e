"""`predict --number` and `predict --photo`: pictures of several digits, line by line."""

from dataclasses import dataclass
from pathlib import Path

from mnist_dash.cli.terminal import say
from mnist_dash.errors import ImageError
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.drawing_answers import answer_sketches
from mnist_dash.models.rejection import DigitDetector, Verdict
from mnist_dash.sketch.cutting import CutConfidence
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.sketch.photo import Box, read_photo

"""Stands in a number for what looks like no digit."""


@dataclass(frozen=True, slots=True)
class LineReading:
    """One line of digits in one image file, counted from 1, and what a model read in it.

    `number` has a digit or `?` for each of `boxes` (left, top, right and bottom, as shares of the upright picture),
    of `probabilities` (n, 10) and of `unusual` (n,), which tells that few digits are written in that form. Where
    nothing was read, `reason` says why, and there is no line.
    """

    file: str
    line: int | None
    number: str | None
    boxes: list[Box]
    probabilities: list[list[float]]
    unusual: list[bool]
    reason: str | None


def read_lines(
    model: Classifier, detector: DigitDetector, confidence: CutConfidence, file: Path, *, one_line: bool
) -> list[LineReading]:
    """Every line of digits in a file, all of it as one where it is known to be `one_line`; or why there is none."""
    try:
        photo = read_photo(file, str(file), confidence, one_line=one_line)
    except ImageError as e:
        return [LineReading(str(file), None, None, [], [], [], str(e))]
    for note in photo.notes:
        say(f"{file}: {note}", error=True)
    sketches = [made for alone in photo.alone if (made := preprocess(alone))]
    if not sketches:
        return [LineReading(str(file), None, None, [], [], [], "There is no digit in it: no ink was found.")]
    said = answer_sketches(model, detector, sketches)
    unusual = [verdict is Verdict.UNUSUAL for verdict in said.verdicts]
    readings, start = [], 0
    for line, count in enumerate(photo.lines, 1):
        part = slice(start, start + count)
        number = said.number[part]
        readings.append(
            LineReading(
                str(file), line, number, list(photo.boxes[part]), said.probabilities[part].tolist(), unusual[part], None
            )
        )
        start += count
    return readings


def describe_line(reading: LineReading) -> str:
    """A line for people: the file, and the number or why there is none."""
    if reading.number is None:
        return f"{reading.file}: not read. {reading.reason}"
    pairs = zip(reading.number, reading.unusual, strict=True)
    forms = ", ".join(f"{digit} at place {place}" for place, (digit, odd) in enumerate(pairs, 1) if odd)
    return f"{reading.file}, line {reading.line}: {reading.number}" + (f" (unusual: {forms})" if forms else "")
