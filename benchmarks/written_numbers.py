"""Numbers as people write them with a pen, on the sheets of the page Sketch: digits of one hand side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.hand_sets import DOUBLE, read_strokes
from mnist_dash.arrays import Float64s, Ink, Stroke
from mnist_dash.sketch import sheet, traces
from mnist_dash.sketch.sheet import Paper

HEIGHTS = 0.32, 0.6
"""The height of a number's digits, as a share of the sheet."""
VARIED = 0.85, 1.1
"""What one digit may be lower or higher than that, as a factor."""
GAPS = 0.04, 0.4
"""Columns between two digits, in heights of a digit."""
PENS = 8, 22
"""Pixels of the sheet, as broad as a pen may be."""
_WIDEST = 0.8
"""Width by height of a digit above which its width says how large it is."""
_DRIFT = 6.0
"""Pixels by which digits leave the line."""


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """One number on a sheet: its ink (280, w), and its digits."""

    ink: Ink
    digits: tuple[int, ...]


def write_numbers(paper: Paper, lengths: tuple[int, int], count: int, seed: int) -> Iterator[Number]:
    """So many seeded numbers, each by one donor of `../shared/pen` and of so many digits, as far as the sheet holds."""
    rows = [row for i, row in enumerate(read_strokes()) if i not in DOUBLE]
    hands = [[row for row in rows if row["donor"] == donor] for donor in sorted({row["donor"] for row in rows})]
    rng = np.random.default_rng(seed)
    made = 0
    while made < count:
        hand = hands[rng.integers(len(hands))]
        chosen = [hand[i] for i in rng.integers(len(hand), size=rng.integers(lengths[0], lengths[1] + 1))]
        number = _write(chosen, paper, rng)
        if number:
            yield number
            made += 1


def _write(rows: Sequence[dict[str, Any]], paper: Paper, rng: np.random.Generator) -> Number | None:
    """Digits from left to right in the middle of the sheet; None where they do not fit."""
    height, pen, at = sheet.HEIGHT * rng.uniform(*HEIGHTS), int(rng.integers(PENS[0], PENS[1] + 1)), 0.0
    strokes: list[Stroke] = []
    for row in rows:
        digit, width = _scale([np.asarray(stroke, float) for stroke in row["strokes"]], height * rng.uniform(*VARIED))
        place = np.array([at, rng.uniform(-_DRIFT, _DRIFT)])
        strokes += [stroke + place for stroke in digit]
        at += width + pen + height * rng.uniform(*GAPS)
    low, high = _box(strokes)
    room = np.array([sheet.WIDTHS[paper], sheet.HEIGHT]) - (high - low)
    if (room < 2 * pen).any():
        return None
    drawing = [np.round(stroke - low + room / 2, 1) for stroke in strokes]
    written = tuple(traces.Trace(tuple((x, y) for x, y in stroke.tolist()), pen) for stroke in drawing)
    ink = traces.ink_drawing(written, sheet.WIDTHS[paper], sheet.HEIGHT)
    return Number(ink, tuple(row["label"] for row in rows))


def _scale(strokes: Sequence[Stroke], height: float) -> tuple[list[Stroke], float]:
    """A digit so many pixels high, or as wide as one of that height may be, and its width."""
    low, high = _box(strokes)
    width, tall = (high - low).tolist()
    scale = height / max(tall, _WIDEST * width)
    return [(stroke - low) * scale for stroke in strokes], width * scale


def _box(strokes: Sequence[Stroke]) -> tuple[Float64s, Float64s]:
    points = np.concatenate(strokes)
    return points.min(axis=0), points.max(axis=0)
