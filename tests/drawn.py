"""Drawings on the sheet, and digits on their way to 28×28."""

from collections.abc import Sequence
from dataclasses import replace

from mnist_dash.own_digits import collection
from mnist_dash.own_digits.records import Answer, label_digit
from mnist_dash.sketch.mnist_preprocessing import Stages, preprocess
from mnist_dash.sketch.traces import Drawing, Trace, ink_drawing
from mnist_dash.store.database import Database

SIDE = 280
SEVEN = ((80, 60), (200, 60), (130, 230))
ONE = ((150, 50), (140, 230))

Points = Sequence[tuple[float, float]]


def drawing(*strokes: Points, breadth: float = 20) -> Drawing:
    """Strokes of a pen on the sheet."""
    return tuple(Trace(tuple(points), breadth) for points in strokes)


def sketch(*strokes: Points, breadth: float = 20) -> Stages:
    """The stages of what these strokes leave on the sheet."""
    made = preprocess(ink_drawing(drawing(*strokes, breadth=breadth), SIDE, SIDE))
    assert made is not None
    return made


def an_answer(read: int = 7, model: str = "cnn", run: int | None = None, epoch: int | None = None) -> Answer:
    """The answer of a model that is 91 % sure of the digit that it reads."""
    shares = tuple(0.91 if digit == read else 0.01 for digit in range(10))
    return Answer(model, f"Model {model}", run, epoch, shares)


def write_ones_and_sevens(database: Database, count: int, set_key: str) -> None:
    """So many own digits, in turn 1s and 7s, each a little elsewhere on the sheet, by somebody who takes 2 s each."""
    for place in range(count):
        label, stroke = ((1, ONE), (7, SEVEN))[place % 2]
        points = [(x + place % 10 - 5, y + place // 10 - 5) for x, y in stroke]
        digit = label_digit(sketch(points), label, an_answer(label), drawing(points))
        collection.save(database, replace(digit, seconds=2.0), set_key)
