"""A photo from the file to its digits: the picture itself, the ink that was found, and where each digit stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from mnist_dash.arrays import Ink
from mnist_dash.sketch import ink
from mnist_dash.sketch.cutting import CutConfidence
from mnist_dash.sketch.digits import Piece, segment_digits
from mnist_dash.sketch.image_files import open_image
from mnist_dash.sketch.lines import segment_lines
from mnist_dash.sketch.thin_pens import broaden_thin_pen

SHOWN_SIDE = 960
"""Pixels of the longer side of a photo as it is shown."""

_OPENED, _SEEN = 0.03, 0.3
"""The shares of the work after which the photo is open, and its ink is found."""

TURNED = {
    1: "The page lay on its side: it was turned to the left.",
    2: "The page stood on its head: it was turned.",
    3: "The page lay on its side: it was turned to the right.",
}
"""What is said of a page that was turned by so many quarters to the left."""


@dataclass(frozen=True, slots=True)
class _Tuning:
    """When a page is turned: set by hand, and tried on the pages of `benchmarks.real_photos` in all four directions."""

    # So many digits say how a page lies, from all over it.
    asked: int = 100
    # Fewer digits say too little of how a page lies.
    digits: int = 4
    # A page stays as it is where a reader is so sure of its digits, …
    readable: float = 0.8
    # … or not so much surer of them when it is turned.
    better: float = 0.15


_TUNED = _Tuning()

Segment = Callable[[Ink, CutConfidence | None], list[list[Piece]]]
"""Parts ink (h, w) into lines of digits."""

Tell = Callable[[str, float], None]
"""Hears what is done and the share that was, from 0 to 1."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, as shares of the photo's width and height."""


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photo that was read.

    `shown` is the picture, small enough for a page · `ink` (h, w) what was taken for ink · `alone` each digit's ink on
    its part of the sheet, with room around it, as a pen of the usual breadth would have drawn it · `boxes` where each
    of them stands · `lines` how many digits each line has; digits come line by line, from left to right · `notes` what
    a person should know.
    """

    name: str
    shown: Image.Image
    ink: Ink
    alone: Sequence[Ink]
    boxes: Sequence[Box]
    lines: Sequence[int]
    notes: Sequence[str]


def read_photo(
    source: Path | BinaryIO,
    name: str,
    confidence: CutConfidence | None = None,
    *,
    one_line: bool = False,
    tell: Tell = lambda _text, _share: None,
) -> Photo:
    """The digits in a photo; none where it is blank. Raises ImageError where it cannot be opened.

    A cut confidence makes cuts between touching digits surer, and lets a page be turned. What is known to be `one_line`
    is one, however its digits stand.
    """
    segment = _take_as_one if one_line else segment_lines
    found = open_image(source, ink.PHOTO_SIDE)
    tell("Telling ink from paper", _OPENED)
    image, seen = found.image, ink.read_ink(found.image)
    tell("Looking for lines of digits", _SEEN)
    lines = segment(seen, confidence)
    quarters = _find_turn(seen, segment, lines, confidence) if confidence else 0
    if quarters:
        # Once more from the start: what lies down is taken for no stroke.
        image = image.rotate(90 * quarters, expand=True)
        seen = ink.read_ink(image)
        lines = segment(seen, confidence)
    pieces = [piece for line in lines for piece in line]
    return Photo(
        name,
        _shown(image),
        seen,
        [draw_alone(piece.ink) for piece in pieces],
        [_box(piece, seen.shape) for piece in pieces],
        [len(line) for line in lines],
        (*found.notes, *([TURNED[quarters]] if quarters else [])),
    )


def _take_as_one(seen: Ink, confidence: CutConfidence | None) -> list[list[Piece]]:
    digits = segment_digits(seen, confidence)
    return [digits] if digits else []


def _find_turn(seen: Ink, segment: Segment, lines: list[list[Piece]], confidence: CutConfidence) -> int:
    """By how many quarters to the left a page is to be turned: of the four ways, the one that reads best.

    Too few digits, or digits that read well, stay as they are: a 6 on its head is a 9. Turned, they are parted by shape
    alone: a page of a thousand letters would take a minute.
    """
    if sum(map(len, lines)) < _TUNED.digits:
        return 0
    sure = _measure_readability(lines, confidence)
    if sure >= _TUNED.readable:
        return 0
    ways = {quarters: _measure_readability(segment(np.rot90(seen, quarters), None), confidence) for quarters in TURNED}
    best = max(ways, key=lambda quarters: ways[quarters])
    return best if ways[best] > sure + _TUNED.better else 0


def _measure_readability(lines: list[list[Piece]], confidence: CutConfidence) -> float:
    """How sure a reader is of some digits in lines, from 0 to 1."""
    inks = [piece.ink for line in lines for piece in line]
    return float(np.mean(confidence(inks[:: -(-len(inks) // _TUNED.asked)]))) if inks else 0.0


def draw_alone(digit: Ink) -> Ink:
    """The digit on a sheet of its own, with half its longer side as room on each side, drawn by no thin pen."""
    return broaden_thin_pen(np.pad(digit, max(digit.shape) // 2))


def _box(digit: Piece, sheet: tuple[int, ...]) -> Box:
    (height, width), (rows, columns) = digit.ink.shape, sheet
    return digit.left / columns, digit.top / rows, (digit.left + width) / columns, (digit.top + height) / rows


def _shown(image: Image.Image) -> Image.Image:
    """The photo in colours, small, with white behind what is transparent."""
    small = ink.put_on_paper(image).convert("RGB")
    small.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    return small
