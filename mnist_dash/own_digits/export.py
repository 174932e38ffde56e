"""Own digits as downloads: as arrays, as rows, or as JSON with everything that is known of them."""

import base64
import io
import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from mnist_dash.data.io.export import FileFormat, format_of, save, write_whole
from mnist_dash.own_digits.collection import digits_of, read_every
from mnist_dash.own_digits.records import OwnDigit
from mnist_dash.store.database import Database


class OwnDigitFormat(StrEnum):
    """What own digits can be written as; the value is how the name of the file ends."""

    NPZ = ".npz"
    CSV = ".csv"
    JSON = ".json"


def write_content(database: Database, file_format: OwnDigitFormat) -> bytes:
    """The own digits as a file; what is no digit, and what is known beside image and label, stands in JSON alone."""
    if file_format is OwnDigitFormat.JSON:
        return json.dumps([describe_digit(digit) for digit in read_every(database)]).encode()
    stream = io.BytesIO()
    save(stream, FileFormat(file_format), digits_of(database))
    return stream.getvalue()


def write(database: Database, path: Path) -> None:
    """Write them to a file in the format of its name, whole or not at all; raises DataError."""
    made = write_content(database, format_of(path, OwnDigitFormat))
    with write_whole(path) as stream:
        stream.write(made)


def describe_digit(digit: OwnDigit) -> dict[str, Any]:
    """Everything that is known of a digit, as JSON takes it: the ink as a PNG in Base64, the image as 28 rows."""
    answer = digit.answer
    return {
        "label": digit.label,
        "saved": datetime.fromtimestamp(digit.created, UTC).isoformat(),
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
