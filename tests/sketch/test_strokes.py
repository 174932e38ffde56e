"""Strokes are kept as the pen went, in a fraction of what the canvas says of them."""

import json
import math
from typing import Any

import numpy as np
import pytest

from mnist_dash.errors import ImageError
from mnist_dash.sketch import pen
from mnist_dash.sketch.strokes import compact
from tests.drawn import ONE, SEVEN, drawing, sketch

TOLD = [["M", 79.98, 60], ["Q", 80, 60, 92, 60], ["Q", 104.04, 60, 116, 60], ["L", 129.98, 230.02]]
"""A path as fabric.js 7.4 told it of a stroke."""


def test_a_path_becomes_the_points_where_the_pen_was() -> None:
    told = {"objects": [{"type": "Path", "strokeWidth": 20, "path": TOLD}]}
    kept = {
        "width": 280,
        "height": 200,
        "strokes": [{"pen": 20, "points": [[80, 60], [80, 60], [104, 60], [130, 230]]}],
    }
    assert json.loads(compact(told, 280, 200)) == kept


def test_every_stroke_keeps_the_width_of_its_pen() -> None:
    told = {"objects": [*drawing(SEVEN, breadth=12.5)["objects"], *drawing(ONE, breadth=28)["objects"]]}
    assert [stroke["pen"] for stroke in json.loads(compact(told, 280, 280))["strokes"]] == [12.5, 28]


def test_what_is_kept_can_be_drawn_again() -> None:
    kept = json.loads(compact(drawing(SEVEN), 280, 280))
    strokes = [np.array(stroke["points"], float) for stroke in kept["strokes"]]
    again = pen.draw(strokes, kept["width"], kept["height"], kept["strokes"][0]["pen"])
    assert np.array_equal(again, sketch(SEVEN).ink)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"objects": None},
        {"objects": [{"type": "Path", "strokeWidth": 20}]},
        {"objects": [{"type": "Path", "strokeWidth": "wide", "path": TOLD}]},
        {"objects": [{"type": "Path", "strokeWidth": 20, "path": [["C", 1, 2]]}]},
        {"objects": [{"type": "Path", "strokeWidth": 20, "path": [["M", 1]]}]},
        {"objects": [{"type": "Path", "strokeWidth": 20, "path": [["M", 1, math.nan]]}]},
        {"objects": [{"type": "Path", "strokeWidth": 20, "path": [[]]}]},
    ],
)
def test_what_no_pen_has_drawn_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ImageError, match="Clear the sheet and draw again"):
        compact(told, 280, 280)
