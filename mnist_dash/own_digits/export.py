"""Own digits as downloads: as arrays, rows or pictures, as pen strokes, or as JSON with everything that is known."""

import base64
import io
import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from statistics import mode
from typing import Any

from mnist_dash.data.io.export import FileFormat, format_of, save, write_whole
from mnist_dash.own_digits.collection import digits_of, read_every
from mnist_dash.own_digits.records import OwnDigit, drawing_of, key_of
from mnist_dash.own_digits.sets import SKETCH
from mnist_dash.sketch.traces import ink_drawing
from mnist_dash.store.database import Database


class OwnDigitFormat(StrEnum):
    """What own digits can be written as; the value is how the name of the file ends."""

    NPZ = ".npz"
    CSV = ".csv"
    JSON = ".json"
    LINES = ".jsonl"
    INKML = ".inkml"
    IDX = ".idx.zip"
    PICTURES = ".zip"
    PARQUET = ".parquet"


def write_content(database: Database, file_format: OwnDigitFormat, set_key: str = SKETCH) -> bytes:
    """The own digits of a set as a file; what is no digit, and all that is known, stands in JSON alone.

    JSON lines and InkML hold pen strokes as `data.io` reads them: digits that are all of what was drawn and in which
    nothing was erased.
    """
    if file_format is OwnDigitFormat.JSON:
        return json.dumps([describe_digit(digit) for digit in read_every(database, set_key)]).encode()
    if file_format in (OwnDigitFormat.LINES, OwnDigitFormat.INKML):
        every = map(_describe_strokes, read_every(database, set_key))
        return _write_strokes(file_format, [told for told in every if told])
    stream = io.BytesIO()
    save(stream, FileFormat(file_format), digits_of(database, set_key))
    return stream.getvalue()


def write(database: Database, path: Path, set_key: str = SKETCH) -> None:
    """Write them to a file in the format of its name, whole or not at all; raises DataError."""
    made = write_content(database, format_of(path, OwnDigitFormat), set_key)
    with write_whole(path) as stream:
        stream.write(made)


def _write_strokes(file_format: OwnDigitFormat, digits: list[dict[str, Any]]) -> bytes:
    if file_format is OwnDigitFormat.INKML:
        from mnist_dash.data.io.inkml_files import write_inkml  # with a pen that few need

        return write_inkml(digits)
    return b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in digits)


def _describe_strokes(digit: OwnDigit) -> dict[str, Any] | None:
    """A digit as a line of pen strokes; None where its strokes are not known, or not those of this digit alone."""
    drawing, width, height = drawing_of(digit.strokes) if digit.strokes else ((), 0, 0)
    points = [point for trace in drawing for point in trace.points]
    side = max((max(axis) - min(axis) for axis in zip(*points, strict=True)), default=0)
    alone = drawing and not any(trace.erases for trace in drawing)
    if digit.label is None or not alone or key_of(ink_drawing(drawing, width, height)) != digit.key or side <= 0:
        return None
    pen = min(mode(trace.breadth for trace in drawing), side)
    strokes = [[[*point] for point in trace.points] for trace in drawing]
    donor = {"donor": digit.writer} if digit.writer else {}
    return {"label": digit.label, **donor, "pen": pen, "strokes": strokes}


def describe_digit(digit: OwnDigit) -> dict[str, Any]:
    """Everything that is known of a digit, as JSON takes it: the ink as a PNG in Base64, the image as 28 rows."""
    answer = digit.answer
    return {
        "label": digit.label,
        "saved": datetime.fromtimestamp(digit.created, UTC).isoformat(),
        "writer": digit.writer,
        "seconds": digit.seconds,
        "source": digit.source,
        "steps_left_out": list(digit.without),
        "program": digit.program,
        "model": {"name": answer.model, "title": answer.title, "run": answer.run, "epoch": answer.epoch},
        "read": answer.read,
        "probabilities": list(answer.probabilities),
        "strokes": None if digit.strokes is None else json.loads(digit.strokes),
        "ink_png": base64.b64encode(digit.ink).decode("ascii"),
        "image": digit.image.tolist(),
    }
