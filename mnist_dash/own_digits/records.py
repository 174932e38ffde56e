"""What is known of a digit that somebody wrote and labelled, as frozen records."""

import hashlib
import io
import json
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from mnist_dash import VERSION
from mnist_dash.arrays import Ink
from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import DataError
from mnist_dash.sketch.mnist_preprocessing import Stages, Step, preprocess
from mnist_dash.sketch.traces import Drawing, Trace
from mnist_dash.users import User

LARGEST = 1_000_000
"""Bytes that the strokes of a drawing may take, and its ink as a picture."""
LONGEST_NAME = 40
"""Letters of the name of a writer or an owner."""


class Source(StrEnum):
    """Where the ink of a digit comes from."""

    DRAWN = "drawn"
    PHOTO = "photo"
    FORM = "form"
    """A box on a sheet of paper that asked for its digit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered: `model` is its name, `title` what people call it, `epoch` that of its `run`, if any."""

    model: str
    title: str
    run: int | None
    epoch: int | None
    probabilities: tuple[float, ...]

    @property
    def read(self) -> int:
        """The likeliest digit."""
        return int(np.argmax(self.probabilities))


@dataclass(frozen=True, slots=True, eq=False)
class OwnDigit:
    """A digit with its `label`, None where it is no digit.

    `image` (28, 28) was made from the ink by the whole procedure; the model was asked without the steps in `without`.
    `ink` is a PNG of the sheet with this digit alone; `strokes` are those of the whole drawing as
    `strokes_of` writes them, None where it was a photo. `created` are seconds since 1970, `program` is the
    version that kept it. `writer` is whoever wrote it, and `seconds` is for how long; None where nobody knows.
    `account` is of whoever kept it, where people sign in.
    """

    key: str
    label: int | None
    image: npt.NDArray[np.uint8]
    ink: bytes
    strokes: str | None
    source: Source
    without: tuple[Step, ...]
    answer: Answer
    created: float
    program: str
    writer: str | None = None
    seconds: float | None = None
    account: str = ""


def sign(digit: OwnDigit, user: User) -> OwnDigit:
    """The digit as this user's, where it is nobody's yet."""
    return digit if digit.account else replace(digit, account=user.account)


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """A digit as it was saved, and what it was `before`, where it had another label."""

    digit: OwnDigit
    before: OwnDigit | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known around a digit: how many own digits there `are`, whether it is among them and with which label.

    A model has read `right` of the `asked` ones that were saved while it answered, with no step left out. They are
    in Sketch's set, whose name is `in_set`.
    """

    are: int
    saved: bool
    label: int | None
    right: int
    asked: int
    in_set: str


def key_of(ink: Ink) -> str:
    """The checksum of ink (h, w) by which it is known."""
    digest = hashlib.blake2b(repr(ink.shape).encode(), digest_size=16)
    digest.update(np.packbits(ink).data)
    return digest.hexdigest()


def label_digit(
    sketch: Stages,
    label: int | None,
    answer: Answer,
    drawing: Drawing | None = None,
    without: Collection[Step] = (),
) -> OwnDigit:
    """A digit of the sheet with its label, ready to be saved; `drawing` is that of the whole sheet, None of a photo.

    Raises DataError for a label that is none, for an empty sheet, and for what takes more than LARGEST bytes.
    """
    if label is not None and label not in range(CLASSES):
        raise DataError(f"The label is {label}; allowed are the digits 0 to 9, or none where it is no digit.")
    whole = preprocess(sketch.ink)
    if whole is None:
        raise DataError("The sheet is empty; there must be ink to keep. Draw a digit first.")
    height, width = sketch.ink.shape
    strokes = None if drawing is None else _bounded(strokes_of(drawing, width, height).encode(), "strokes").decode()
    source = Source.PHOTO if drawing is None else Source.DRAWN
    steps = tuple(step for step in Step if step in without)
    ink = _bounded(_png(sketch.ink), "ink")
    return OwnDigit(key_of(sketch.ink), label, whole.image, ink, strokes, source, steps, answer, time.time(), VERSION)


def name_label(label: int | None) -> str:
    """A label in a sentence: a 7, an 8, not a digit."""
    return "not a digit" if label is None else f"{'an' if label == 8 else 'a'} {label}"


def clean_name(text: str, whose: str) -> str:
    """A person's name without the spaces around it, empty where there is none; raises DataError if it is long."""
    name = text.strip()
    if len(name) > LONGEST_NAME:
        raise DataError(
            f"The name of the {whose} has {len(name):,} letters; allowed are {LONGEST_NAME}. Take a shorter one."
        )
    return name


def strokes_of(drawing: Drawing, width: int, height: int) -> str:
    """The strokes on a sheet `width` × `height` pixels large as JSON: of each how wide the pen is, and its way.

    `{"width": 280, "height": 280, "strokes": [{"pen": 20, "points": [[80, 60], …]}]}`, x to the right and y down; one
    with `"erases": true` takes ink away.
    """
    strokes = [_stroke(trace) for trace in drawing]
    return json.dumps({"width": width, "height": height, "strokes": strokes}, separators=(",", ":"))


def drawing_of(strokes: str) -> tuple[Drawing, int, int]:
    """The drawing of which `strokes_of` wrote, and the width and height of its sheet."""
    kept = json.loads(strokes)
    traces = (
        Trace(tuple((x, y) for x, y in stroke["points"]), stroke["pen"], stroke.get("erases", False))
        for stroke in kept["strokes"]
    )
    return tuple(traces), kept["width"], kept["height"]


def _stroke(trace: Trace) -> dict[str, Any]:
    points = [[_short(x), _short(y)] for x, y in trace.points]
    return {"pen": _short(trace.breadth), "points": points} | ({"erases": True} if trace.erases else {})


def _short(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _png(ink: Ink) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(ink).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _bounded(content: bytes, what: str) -> bytes:
    if len(content) > LARGEST:
        raise DataError(
            f"The {what} of this drawing would take {len(content):,} bytes; allowed are {LARGEST:,}. Clear the sheet "
            "and draw the digit again, with fewer strokes."
        )
    return content
