"""What a pen did on a sheet, trace by trace: as the canvas tells it, as plain numbers to keep, and as ink.

A trace is one movement of the pen, as in W3C's InkML. The ink comes from the traces and from nothing else, so that a
drawing that was kept is read exactly as it was when it was drawn.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from mnist_dash.arrays import Ink, Stroke
from mnist_dash.errors import ImageError
from mnist_dash.sketch import pen

Point = tuple[float, float]
"""x to the right and y down, in pixels of the sheet, to a tenth."""

MOST_TRACES = 500
MOST_POINTS = 10_000
"""Points of all traces together: some minutes of drawing without a pause."""
FURTHEST = 5_000.0
"""Pixels from the corner of the sheet: a pen may leave it, but not by that much."""
BROADEST = 60.0
_FINE = 4
"""Parts of a pixel, each way, of which half must be covered to make it ink."""
_BEND = 0.1
"""Pixels by which a curve may miss what the canvas draws."""
_PIECES = 8
_MEND = "Undo a stroke or clear the sheet, and draw again."


@dataclass(frozen=True, slots=True)
class Trace:
    """One movement of a round pen `breadth` pixels wide through `points`; an eraser takes away the ink below it."""

    points: tuple[Point, ...]
    breadth: float
    erases: bool = False


Drawing = tuple[Trace, ...]


def from_canvas(told: object, paper: str) -> Drawing:
    """The traces in what a canvas tells (JSON of Fabric.js); those in the colour of the `paper` erase.

    Raises ImageError for what no pen drew, and for more than `MOST_TRACES` or `MOST_POINTS`.
    """
    objects = told.get("objects") if isinstance(told, dict) else None
    if not isinstance(objects, list):
        raise ImageError(f"The canvas sent {_kind(told)} without a list of strokes. {_MEND}")
    _check_count(objects, [stroke.get("path") if isinstance(stroke, dict) else None for stroke in objects])
    return tuple(
        _trace(_points(stroke), stroke.get("strokeWidth"), stroke.get("stroke") == paper) for stroke in objects
    )


def to_canvas(drawing: Drawing, ink: str, paper: str) -> dict[str, Any]:
    """A drawing as a canvas takes it, in these colours; `from_canvas` answers the same drawing again."""
    return {"objects": [_object(trace, paper if trace.erases else ink) for trace in drawing]}


def pack(drawing: Drawing) -> list[list[float]]:
    """A drawing as plain numbers: of each trace the breadth, whether it erases, and x and y of its points in turn."""
    return [[trace.breadth, int(trace.erases), *(x for point in trace.points for x in point)] for trace in drawing]


def unpack(numbers: object) -> Drawing:
    """What `pack` made; raises ImageError for anything else."""
    if not isinstance(numbers, list) or not all(isinstance(row, list) and len(row) % 2 == 0 for row in numbers):
        raise ImageError(f"This is no list of strokes, each with pairs of numbers. {_MEND}")
    _check_count(numbers, [row[2::2] for row in numbers])
    return tuple(
        _trace([*zip(row[2::2], row[3::2], strict=True)], row[0] if row else 0, row[1:2] == [1]) for row in numbers
    )


def ink_drawing(drawing: Drawing, width: int, height: int, below: Ink | None = None) -> Ink:
    """Ink (height, width) of a drawing, over the ink `below` it that is there already."""
    ink = np.zeros((height, width), bool) if below is None else below.copy()
    for trace in drawing:
        curve = _curve(np.array(trace.points))
        left, top = np.clip(np.floor(curve.min(axis=0) - trace.breadth), 0, (width, height)).astype(int).tolist()
        right, bottom = np.clip(np.ceil(curve.max(axis=0) + trace.breadth), 0, (width, height)).astype(int).tolist()
        if left < right and top < bottom:
            covered = _covered(curve - (left, top), right - left, bottom - top, trace.breadth)
            ink[top:bottom, left:right][covered] = not trace.erases
    return ink


def _check_count(traces: Sequence[object], points: Sequence[object]) -> None:
    if len(traces) > MOST_TRACES:
        raise ImageError(f"The sheet has {len(traces):,} strokes; allowed are {MOST_TRACES:,}. {_MEND}")
    count = sum(len(path) for path in points if isinstance(path, list))
    if count > MOST_POINTS:
        raise ImageError(f"The strokes have {count:,} points; allowed are {MOST_POINTS:,}. {_MEND}")


def _points(stroke: object) -> list[Sequence[object]]:
    """Where the pen was: the ends of lines and the control points of curves, between whose middles Fabric draws."""
    path = stroke.get("path") if isinstance(stroke, dict) else None
    if not isinstance(path, list) or not all(isinstance(step, list) and len(step) in (3, 5) for step in path):
        raise ImageError(f"The canvas sent {_kind(stroke)} that no pen drew. {_MEND}")
    # A curve begins where the pen was set down, so that this point is told twice.
    return [step[1:3] for step in (path[1:] if len(path) > 2 else path)]


def _trace(points: Sequence[Sequence[object]], breadth: object, erases: bool) -> Trace:
    """A trace of numbers that make sense; raises ImageError."""
    if not points or not all(_is_within(x, FURTHEST) for point in points for x in point):
        raise ImageError(f"A stroke has points that are no numbers from −{FURTHEST:g} to {FURTHEST:g}. {_MEND}")
    if not _is_within(breadth, BROADEST) or not float(breadth) > 0:  # type: ignore[arg-type]
        raise ImageError(f"A pen is {breadth!r:.20} pixels wide; allowed is up to {BROADEST:g}. {_MEND}")
    rounded = tuple((round(float(x), 1), round(float(y), 1)) for x, y in points)  # type: ignore[arg-type]
    return Trace(rounded, float(breadth), erases)  # type: ignore[arg-type]


def _is_within(value: object, limit: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= limit


def _kind(value: object) -> str:
    return f"an object of type {value['type']!r:.20}" if isinstance(value, dict) and "type" in value else "something"


def _object(trace: Trace, colour: str) -> dict[str, Any]:
    """A trace as Fabric's pencil brush makes it, so that it looks the same when it is drawn again."""
    return {
        "type": "Path",
        "path": _path(trace),
        "stroke": colour,
        "strokeWidth": trace.breadth,
        "fill": None,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
    }


def _path(trace: Trace) -> list[list[float | str]]:
    (x, y), *_ = trace.points
    curves: list[list[float | str]] = [
        ["Q", *point, (point[0] + after[0]) / 2, (point[1] + after[1]) / 2]
        for point, after in zip(trace.points[:-1], trace.points[1:], strict=True)
    ]
    end_x, end_y = trace.points[-1]
    # A browser draws nothing for a line without any length.
    return [["M", x, y], *curves, ["L", end_x + trace.breadth / 1000, end_y]]


def _curve(points: npt.NDArray[np.float64]) -> Stroke:
    """(n, 2): the curve that the canvas draws along these points, as close points on it."""
    if len(points) < 3:
        return points
    middles = (points[:-1] + points[1:]) / 2
    start, control, end = middles[:-1], points[1:-1], middles[1:]
    bend = float(np.hypot(*(start - 2 * control + end).T).max())
    pieces = min(_PIECES, max(1, math.ceil(math.sqrt(bend / 8 / _BEND))))
    share = (np.arange(1, pieces + 1) / pieces)[np.newaxis, :, np.newaxis]
    bent = (1 - share) ** 2 * start[:, np.newaxis] + 2 * share * (1 - share) * control[:, np.newaxis]
    bent += share**2 * end[:, np.newaxis]
    return np.concatenate([points[:1], middles[:1], bent.reshape(-1, 2), points[-1:]])


def _covered(curve: Stroke, width: int, height: int, breadth: float) -> Ink:
    """(height, width): the pixels of which a pen along the curve covers half."""
    fine = Image.new("L", (width * _FINE, height * _FINE))
    # Pixels are counted from their middles by the pen, and from their corners by the canvas.
    pen.follow(ImageDraw.Draw(fine), curve * _FINE - 0.5, breadth * _FINE, fill=255)
    return np.asarray(fine.reduce(_FINE)) > 127
