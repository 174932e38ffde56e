"""Strokes as the canvas tells them, without what its library adds to each: a hundredth of the text, and all of the pen.

The canvas is fabric.js': its pencil draws a path from `M x y` through `Q x y mx my`, whose first point is where the
pen was and whose second lies half-way to the next one, to `L x y`.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from mnist_dash.errors import ImageError

DIGITS = 1
"""Decimals of a pixel that are kept."""
_COMMANDS = {"M": 3, "L": 3, "Q": 5}
"""The commands of a pencil's path, and how long each is."""


def compact(drawing: Mapping[str, Any], width: int, height: int) -> str:
    """The drawing of a canvas `width` × `height` pixels large as JSON: for each stroke how wide the pen is and its way.

    `{"width": 280, "height": 280, "strokes": [{"pen": 20, "points": [[80, 60], …]}]}`, x to the right and y down.
    Raises ImageError where it is no drawing of such a canvas.
    """
    try:
        strokes = [_stroke(found) for found in drawing["objects"]]
    except (KeyError, TypeError, ValueError, IndexError) as e:
        raise ImageError(
            "The strokes of this drawing cannot be read; allowed are those of the pen. Clear the sheet and draw again."
        ) from e
    return json.dumps({"width": width, "height": height, "strokes": strokes}, separators=(",", ":"))


def _stroke(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"pen": _number(found["strokeWidth"]), "points": [_point(*command) for command in found["path"]]}


def _point(command: str, *values: float) -> list[float]:
    if len(values) + 1 != _COMMANDS[command]:
        raise ValueError(command)
    return [_number(value) for value in values[:2]]


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(value)
    short = round(float(value), DIGITS)
    return int(short) if short.is_integer() else short
