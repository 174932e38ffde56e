"""Digits written elsewhere, at another size and by another pen: on a sheet as the page Sketch has it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Float64s, Image, Images, Ink, Stroke
from mnist_dash.data.dataset import SIDE, Digits
from mnist_dash.data.generator.writers import NOBODY, Written
from mnist_dash.data.progress import tell_share
from mnist_dash.data.reader_set.centre_lines import find_segments, open_loops, thin
from mnist_dash.sketch import sheet, traces
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.sketch.pen import draw

SHEET = 280
"""Pixels along each side of the sheet."""
PEN = 8.0, 30.0
"""Pixels of the sheet, as broad as a pen may be."""
SIZE = 0.35, 0.9
"""Shares of the sheet that the longer side of the ink may take."""
_CHUNK = 100
_FINE = 1_000
"""Units along a digit that is one unit high, where it is drawn on the sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class Placements:
    """How each of n digits is written.

    `pen` and `side` (n,) are the breadth of the pen and the longer side of the ink, in pixels of the sheet; `corner`
    (n, 2) is the share of the room to the left and above, of all that the ink leaves.
    """

    pen: Float64s
    side: Float64s
    corner: Float64s


def draw_placements(count: int, seed: int, pen: tuple[float, float] = PEN) -> Placements:
    """Independent and uniform: pen, size and place of each of `count` digits."""
    rng = np.random.default_rng(seed)
    return Placements(rng.uniform(*pen, count), SHEET * rng.uniform(*SIZE, count), rng.random((count, 2)))


def redraw(images: Images, placements: Placements) -> Iterator[Ink]:
    """The centre line of each image (n, 28, 28), drawn on the sheet by a pen: ink (280, 280)."""
    for start in range(0, len(images), _CHUNK):
        lines = thin(open_loops(images[start : start + _CHUNK]))
        for i, line in enumerate(lines, start):
            pen = placements.pen[i]
            yield draw(_fit(find_segments(line), placements.side[i], pen, placements.corner[i]), SHEET, SHEET, pen)


def _fit(drawn: Float64s, side: float, pen: float, corner: Float64s) -> Sequence[Stroke]:
    """Strokes (s, 2, 2) moved and scaled such that their ink, with the pen's breadth, takes `side` pixels."""
    low, high = drawn.min(axis=(0, 1)), drawn.max(axis=(0, 1))
    scale = (side - pen) / max(1.0, float((high - low).max()))
    room = SHEET - pen - (high - low) * scale
    return list((drawn - low) * scale + (pen - 1) / 2 + corner * room)


def draw_on_sheet(strokes: Sequence[Stroke], pen: float, side: float, corner: Iterable[float]) -> Ink:
    """Ink (280, 280) as the page Sketch has it on its sheet, its longer side as long as `side` pixels, pen and all.

    `corner` is the share of the room that the ink leaves, to its left and above it. A stroke may be told in any unit of
    which the digit is many long.
    """
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = (side - pen) / max(1.0, float(extent.max()))
    room = sheet.HEIGHT - pen - extent * scale
    at = pen / 2 + np.asarray(corner) * room
    drawing = [np.round((stroke - low) * scale + at, 1) for stroke in strokes]
    return traces.ink_drawing(
        tuple(traces.Trace(tuple((x, y) for x, y in stroke.tolist()), pen) for stroke in drawing),
        sheet.WIDTHS[sheet.Paper.DIGIT],
        sheet.HEIGHT,
    )


def draw_strokes(
    digits: Sequence[Written],
    seed: int,
    told: Callable[[float], None] = lambda _share: None,
    pen: tuple[float, float] = PEN,
) -> Digits:
    """Each digit once on the sheet, with a place, a size and a `pen` of its own instead of its writer's; at least one.

    Their writers are known where each one's is. `told` hears the share that is drawn, from 0 to 1.
    """
    placed = draw_placements(len(digits), seed, pen)
    inks = (
        draw_on_sheet([_FINE * stroke for stroke in digit.strokes], placed.pen[i], placed.side[i], placed.corner[i])
        for i, digit in enumerate(digits)
    )
    images = preprocess_inks(tell_share(inks, len(digits), told))
    writers = np.array([digit.writer for digit in digits])
    return Digits(images, np.array([digit.label for digit in digits], np.uint8), None if NOBODY in writers else writers)


def preprocess_inks(inks: Iterable[Ink]) -> Images:
    """The images (n, 28, 28) that the program makes of sketches; blank where there is no ink."""
    # The image alone is kept of each: with its stages, tens of thousands would take gigabytes.
    return np.stack([_preprocess_ink(ink) for ink in inks])


def _preprocess_ink(ink: Ink) -> Image:
    made = preprocess(ink)
    return np.zeros((SIDE, SIDE), np.uint8) if made is None else made.image
