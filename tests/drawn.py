"""Drawings as the canvas would tell them, and digits on their way to 28×28."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mnist_dash.runs.labelled import Answer
from mnist_dash.sketch import pen
from mnist_dash.sketch.procedure import Stages, stages

SIDE = 280
SEVEN = ((80, 60), (200, 60), (130, 230))
ONE = ((150, 50), (140, 230))

Points = Sequence[tuple[float, float]]


def drawing(*strokes: Points, breadth: float = 20) -> dict[str, Any]:
    """What fabric.js says of strokes of a pencil; a part of it, by its own names."""
    return {"version": "7.4.0", "objects": [_path(points, breadth) for points in strokes], "background": ""}


def _path(points: Points, breadth: float) -> dict[str, Any]:
    (x, y), *rest = points
    path = [["M", x, y], *(["Q", x, y, x + 1, y + 1] for x, y in rest[:-1]), ["L", *rest[-1]]]
    return {"type": "Path", "strokeWidth": breadth, "stroke": "#222", "strokeLineCap": "round", "path": path}


def sketch(*strokes: Points, breadth: float = 20) -> Stages:
    """The stages of what these strokes leave on the sheet."""
    made = stages(pen.draw([np.array(points, float) for points in strokes], SIDE, SIDE, breadth))
    assert made is not None
    return made


def an_answer(read: int = 7, model: str = "cnn", run: int | None = None, epoch: int | None = None) -> Answer:
    """The answer of a model that is 91 % sure of the digit that it reads."""
    shares = tuple(0.91 if digit == read else 0.01 for digit in range(10))
    return Answer(model, f"Model {model}", run, epoch, shares)
