"""Digits as pen strokes in JSON lines, as UNIPEN's are kept and the generator's are exported: an object for each digit.

`label` is a digit; `strokes` is a list of strokes, each a list of points [x, y] with x to the right and y downwards, in
any unit, pen down; `pen` is the breadth of the pen in that unit and `donor` whoever wrote the digit, where somebody
knows it; all else is passed over.
"""

import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import IO, Any, TypeGuard

import numpy as np

from mnist_dash.arrays import Curve
from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.generator.parameters import USUAL
from mnist_dash.data.generator.writers import NOBODY, Written, draw_image
from mnist_dash.data.io.array_files import bytes_taken, open_file
from mnist_dash.data.io.limits import MAX_IMAGES
from mnist_dash.data.io.raw_images import Files, RawDataset, RawImages
from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import DataError

MOST_STROKES, MOST_POINTS = 500, 10_000
"""Of one digit."""
LONGEST = 1_000_000
"""Characters of a line."""
FARTHEST = 1e9
"""How far a point may be from the origin."""
UNIT = 1_000
"""The longer side of a digit's box in what is written here."""
STEP = 500
"""Digits between two reports of progress."""


class StrokeFormat(StrEnum):
    """What strokes can be written as; the value is how the name of the file ends."""

    LINES = ".jsonl"
    PACKED = ".jsonl.gz"


def read_stroke_set(files: Files, progress: Progress) -> RawDataset:
    """The digits of a file, each drawn by its pen or the usual one; raises DataError with the line that is wrong.

    Their writers are known where every line names its donor.
    """
    path = files[0]
    needed = "needed is a JSON object with label and strokes in each line"
    return draw_set(path, read_strokes(path, progress), needed)


def draw_set(path: Path, digits: Iterable[Written], needed: str, progress: Progress = silent) -> RawDataset:
    """Draw the digits of a file; raises DataError where there are too many or none, with what is `needed`."""
    images, labels, writers = [], [], []
    for written in digits:
        images.append(draw_image(written))
        labels.append(written.label)
        writers.append(written.writer)
        if len(images) % STEP == 1:
            progress(f"Drawing the strokes of {path.name}", 0.5)
        if len(images) > MAX_IMAGES:
            raise DataError(f"{path} holds more than {MAX_IMAGES:,} digits. Import a part of it.")
    if not images:
        raise DataError(f"{path} holds no digits; {needed}.")
    known = None if NOBODY in writers else np.array(writers)
    return RawDataset(RawImages(np.stack(images), np.array(labels, np.uint8), known), None)


def write_strokes(stream: IO[bytes], digits: Iterable[Written], form: StrokeFormat = StrokeFormat.LINES) -> int:
    """Write digits to a binary stream, a line each, and answer how many; the longer side of a box is UNIT long."""
    # Without the time, so that the same digits are the same bytes.
    packed = gzip.GzipFile("", "wb", mtime=0, fileobj=stream) if form is StrokeFormat.PACKED else nullcontext(stream)
    with packed as lines:
        return sum(1 for written in digits if lines.write(_line(written)))


def _line(written: Written) -> bytes:
    every = np.vstack(written.strokes)
    low = every.min(axis=0)
    scale = UNIT / float((every.max(axis=0) - low).max())
    told = {
        "label": written.label,
        "donor": f"writer {written.writer}",
        "pen": round(written.breadth * scale),
        "strokes": [np.rint((stroke - low) * scale).astype(int).tolist() for stroke in written.strokes],
    }
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"


def read_strokes(path: Path, progress: Progress) -> Iterator[Written]:
    """The digits of a file, their longer side one unit long; raises DataError with the line that is wrong.

    Donors are numbered as they come, from 0; a digit without one is NOBODY's.
    """
    donors: dict[str, int] = {}
    with _text(path) as text:
        size = max(1, path.stat().st_size)
        for number in count(1):
            line = text.readline(LONGEST + 1)
            if not line:
                return
            if number % STEP == 1:
                progress(f"Drawing the strokes of {path.name}", min(1.0, bytes_taken(text) / size))
            if line.strip():
                yield _parse(path, number, line, donors)


@contextmanager
def _text(path: Path) -> Iterator[io.TextIOWrapper]:
    with open_file(path) as stream, io.TextIOWrapper(stream, "utf-8-sig") as text:
        try:
            yield text
        except UnicodeDecodeError as e:
            raise DataError(f"{path} is not text ({e}). Save it as JSON lines in UTF-8.") from e


def _parse(path: Path, number: int, line: str, donors: dict[str, int]) -> Written:
    try:
        return read_digit(_object(line), donors)
    except ValueError as e:
        raise DataError(f"Line {number:,} of {path} {e}.") from e


def read_digit(told: Mapping[str, Any], donors: dict[str, int]) -> Written:
    """The digit of an object; raises ValueError with what came, what is allowed and what to do."""
    strokes = _strokes(told.get("strokes"))
    every = np.vstack(strokes)
    side = float(np.ptp(every, axis=0).max())
    if side <= 0:
        raise ValueError(f"has {len(every):,} points in one place; a digit needs two places at least. Remove it")
    breadth = _pen(told.get("pen"), side)
    writer = _number_donor(told.get("donor"), donors)
    return Written(_label(told.get("label")), writer, tuple(stroke / side for stroke in strokes), breadth)


def _object(line: str) -> dict[str, Any]:
    if len(line) > LONGEST:
        most = f"{MOST_POINTS:,} points a digit"
        raise ValueError(f"has more than {LONGEST:,} characters; allowed are {most}. Thin them out")
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as e:
        raise ValueError(f"is no JSON ({e}); needed is an object with label and strokes. Mend or remove it") from e
    if not isinstance(told, dict):
        needed = "needed is an object with label and strokes"
        raise ValueError(f"is {_kind(told)}; {needed}. Mend or remove it")  # noqa: TRY004 - it is the line's fault
    return told


def _number_donor(told: object, donors: dict[str, int]) -> int:
    """The number of a donor, who is named by text or a whole number; a new one for whoever was not among `donors`."""
    if not isinstance(told, str | int) or isinstance(told, bool) or not str(told).strip():
        return NOBODY
    return donors.setdefault(str(told).strip(), len(donors))


def _label(told: object) -> int:
    if not isinstance(told, int) or isinstance(told, bool) or not 0 <= told < CLASSES:
        raise ValueError(f"has the label {told!r:.40}; allowed are the digits 0 to 9. Correct or remove it")
    return told


def _pen(told: object, side: float) -> float:
    """The breadth of the pen as a share of the longer side."""
    if told is None:
        return USUAL.pen / 100
    if not _is_number(told) or not 0 < told <= side:
        raise ValueError(f"has a pen {told!r:.40} broad; allowed is up to the digit's longer side, {side:g}. Mend it")
    return told / side


def _strokes(told: object) -> list[Curve]:
    if not isinstance(told, list) or not told:
        raise ValueError(f"has {_kind(told)} for strokes; needed is a list of strokes. Mend or remove it")
    if len(told) > MOST_STROKES:
        raise ValueError(f"has {len(told):,} strokes; allowed are {MOST_STROKES}. Give every digit a line of its own")
    points = sum(len(stroke) for stroke in told if isinstance(stroke, list))
    if points > MOST_POINTS:
        raise ValueError(f"has {points:,} points; allowed are {MOST_POINTS:,}. Thin them out")
    return [_stroke(stroke, at) for at, stroke in enumerate(told, 1)]


def _stroke(told: object, number: int) -> Curve:
    if not isinstance(told, list) or not told:
        raise ValueError(f"has {_kind(told)} for stroke {number}; needed are points [x, y]. Remove that stroke")
    for at, point in enumerate(told, 1):
        if not isinstance(point, list) or len(point) != 2 or not all(map(_is_number, point)):
            raise ValueError(
                f"has {point!r:.60} for point {at:,} of stroke {number}; needed are two numbers [x, y], each from "
                f"−{FARTHEST:g} to {FARTHEST:g}. Mend or remove that point"
            )
    return np.array(told, np.float64)


def _is_number(told: object) -> TypeGuard[float]:
    # What is no number at all, NaN, is not smaller than any other either.
    return isinstance(told, int | float) and not isinstance(told, bool) and abs(told) <= FARTHEST


def _kind(told: object) -> str:
    if isinstance(told, list):
        return "a list" if told else "an empty list"
    return {"NoneType": "nothing", "dict": "an object", "str": "text"}.get(type(told).__name__, "a number")
